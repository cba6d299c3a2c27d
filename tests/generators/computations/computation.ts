/**
 * Random computations: programs that use the whole instruction set, branches, loops, calls, callbacks, stack and maps,
 * and are accepted by any verifier. The same seed is the same program. What they compute depends on the contents of map
 * `a`, which no verifier knows: {@link fillInputs}.
 */
import type { MapDefinition, MapTypeName } from '../../../bpf/maps.ts';
import type { BpfFunction, BpfObject } from '../../../bpf/object.ts';
import { Dice } from '../programs/dice.ts';
import { FP, Routine } from './routine.ts';
import { statements, type World } from './statements.ts';

const CALLBACK_WORDS = 3;
const RESULT_KEY = -8;

function definition(
  name: string,
  type: MapTypeName,
  keySize: number,
  valueSize: number,
  maxEntries: number,
): MapDefinition {
  return { name, type, keySize, valueSize, maxEntries, flags: 0 };
}

/** `a` has the inputs, `r` takes the result. */
export const COMPUTATION_MAPS: readonly MapDefinition[] = [
  definition('a', 'array', 4, 64, 8),
  definition('r', 'array', 4, 8, 1),
  definition('p', 'percpu_array', 4, 32, 4),
  definition('h', 'hash', 8, 32, 12),
  definition('k', 'percpu_hash', 4, 16, 12),
  definition('q', 'queue', 0, 8, 5),
  definition('s', 'stack', 0, 16, 5),
];

const MAPS: World['maps'] = [
  { name: 'a', keySize: 4, keys: 15, bytes: 64 },
  { name: 'p', keySize: 4, keys: 7, bytes: 32 },
  { name: 'h', keySize: 8, keys: 15, bytes: 32 },
  { name: 'k', keySize: 4, keys: 15, bytes: 16 },
];
/** Updates take their values from the stack. */
const QUEUES: World['queues'] = [
  { name: 'q', bytes: 8 },
  { name: 's', bytes: 16 },
];

const EMPTY: World = {
  functions: [],
  callbacks: [],
  callbackWords: CALLBACK_WORDS,
  visitors: [],
  maps: MAPS,
  queues: QUEUES,
};

/** `size`: about how many statements its entry has. */
export function computation(seed: number, size = 30): BpfObject {
  const dice = new Dice(seed);
  const functions: BpfFunction[] = [];
  const add = (name: string, routine: Routine): string => {
    functions.push({ name, instructions: routine.instructions });
    return name;
  };
  const leaf = dice.chance(0.6) ? [add('leaf', plainFunction(dice, EMPTY))] : [];
  const callbacks = dice.chance(0.6) ? [add('round', callback(dice, { ...EMPTY, functions: leaf }))] : [];
  const visitors = dice.chance(0.4) ? [add('visit', visitor(dice))] : [];
  const inner: World = { ...EMPTY, functions: leaf, callbacks, visitors };
  const outer = dice.chance(0.5) ? [add('outer', plainFunction(dice, inner))] : [];
  const main = entry(dice, { ...inner, functions: [...leaf, ...outer] }, size);
  return {
    name: `computation ${seed}`,
    endian: 'little',
    license: 'GPL',
    programs: [
      { name: 'main', type: 'socket_filter', section: 'socket', attach: [], instructions: main.instructions },
    ],
    functions,
    maps: COMPUTATION_MAPS,
    data: new Map(),
    sources: [],
  };
}

/** Contents of the elements of `a` before a run. */
export function fillInputs(seed: number, set: (key: Uint8Array, value: Uint8Array) => void): void {
  const dice = new Dice(seed ^ 0x5eed);
  for (let index = 0; index < 8; index++) {
    const value = new Uint8Array(64);
    const view = new DataView(value.buffer);
    for (let at = 0; at < 64; at += 4) {
      view.setUint32(
        at,
        dice.chance(0.4) ? dice.of([0, 1, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff]) : dice.word(),
        true,
      );
    }
    set(Uint8Array.of(index, 0, 0, 0), value);
  }
}

/** The entry: inputs into its registers and stack, statements, the mixture of all into `r` and r0. */
function entry(dice: Dice, world: World, size: number): Routine {
  const f = new Routine(dice, dice.between(CALLBACK_WORDS, 8));
  f.begin([0, 6, 7, 8, 9]);
  inputs(f, dice.below(8));
  statements(f, world, size, 0);
  f.fold();
  f.op('stx64', FP, 0, -8 * f.slots + RESULT_KEY);
  lookup(f, 'r', 0);
  f.op('jne_k', 0, 0, 2, 0);
  f.op('mov64_k', 0, 0, 0, 0);
  f.op('exit');
  f.op('ldx64', 1, FP, -8 * f.slots + RESULT_KEY);
  f.op('stx64', 0, 1, 0);
  f.op('mov64_x', 0, 1);
  f.op('exit');
  return f;
}

function inputs(f: Routine, index: number): void {
  lookup(f, 'a', index);
  f.op('jne_k', 0, 0, 2, 0);
  f.op('mov64_k', 0, 0, 0, 0);
  f.op('exit');
  for (const [at, register] of [6, 7, 8, 9].entries()) f.op('ldx64', register, 0, at * 8);
  for (let slot = 1; slot <= Math.min(4, f.slots); slot++) {
    f.op('ldx64', 1, 0, 24 + slot * 8);
    f.op('stx64', FP, 1, -8 * slot);
  }
  f.live = 0x3c0;
  f.constant(0);
}

/** r0 = the value's address, or NULL. The key goes below the result's place. */
function lookup(f: Routine, name: string, index: number): void {
  const key = -8 * f.slots + RESULT_KEY - 8;
  f.op('st32', FP, 0, key, index);
  f.op('lddw', 1, 0, 0, 0, { kind: 'map', name });
  f.op('mov64_x', 2, FP);
  f.op('add64_k', 2, 0, 0, key);
  f.op('call', 0, 0, 0, 1);
}

function plainFunction(dice: Dice, world: World): Routine {
  const f = new Routine(dice, dice.between(CALLBACK_WORDS, 5));
  f.live = 0x3e;
  f.begin([0, 6, 7, 8, 9]);
  statements(f, world, dice.between(2, 8), 1);
  f.fold();
  f.op('exit');
  return f;
}

/** `bpf_loop`: r1 the round, r2 the caller's words. Going on or not depends on what is computed. */
function callback(dice: Dice, world: World): Routine {
  const f = new Routine(dice, 1);
  f.op('mov64_x', 6, 2);
  f.op('mov64_x', 7, 1);
  f.live = 1 << 7;
  f.held = 1 << 6;
  f.begin([0, 8, 9]);
  const words = { base: 6, off: 0, bytes: 8 * CALLBACK_WORDS };
  for (let n = dice.between(1, 4); n > 0; n--) {
    f.load(words);
    statements(f, world, 1, 2);
    f.constant(1);
    f.store(words);
  }
  stopOrGoOn(f);
  return f;
}

/** `bpf_for_each_map_elem`: r2 key, r3 value, r4 the caller's words. */
function visitor(dice: Dice): Routine {
  const f = new Routine(dice, 1);
  f.op('mov64_x', 6, 3);
  f.op('mov64_x', 7, 4);
  f.op('ldx32', 8, 2, 0);
  f.live = 1 << 8;
  f.held = (1 << 6) | (1 << 7);
  f.begin([0, 9]);
  for (let n = dice.between(1, 4); n > 0; n--) {
    f.load({ base: 6, off: 0, bytes: 64 });
    f.computation();
    f.store({ base: dice.of([6, 7]), off: 0, bytes: 8 * CALLBACK_WORDS });
  }
  stopOrGoOn(f);
  return f;
}

/** 1 ends the rounds: rarely. */
function stopOrGoOn(f: Routine): void {
  f.live &= ~f.held;
  f.op('mov64_x', 0, f.source());
  f.op('and64_k', 0, 0, 0, 7);
  f.op('jeq_k', 0, 0, 1, 7);
  f.op('mov64_k', 0, 0, 0, 0);
  f.op('and64_k', 0, 0, 0, 1);
  f.op('exit');
}
