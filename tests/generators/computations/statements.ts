/** What a computation does, statement by statement: branches, loops, calls, maps. */
import type { HelperName } from '../../../bpf/helpers/helper.ts';
import { helper } from '../../../bpf/helpers/lookup.ts';
import { FP, JUMPS_K, JUMPS_X, type Place, type Routine } from './routine.ts';

/** Functions it may call, and maps. */
export interface World {
  /** Names of functions that take five numbers and give one. */
  readonly functions: readonly string[];
  /** Names of callbacks of `bpf_loop`, and the words of stack they are given. */
  readonly callbacks: readonly string[];
  readonly callbackWords: number;
  /** Names of callbacks of `bpf_for_each_map_elem` over `a`. */
  readonly visitors: readonly string[];
  /** Maps whose lookups give `bytes` of numbers for small keys of `keySize` bytes. */
  readonly maps: readonly {
    readonly name: string;
    readonly keySize: 4 | 8;
    readonly keys: number;
    readonly bytes: number;
  }[];
  readonly queues: readonly { readonly name: string; readonly bytes: number }[];
}

/** Bytes of the frame below the numbers: a key and a value. */
const KEY = -8;
const VALUE = -72;

/** Writes about `count` statements. `depth` of loops and branches around. */
export function statements(f: Routine, world: World, count: number, depth: number): void {
  for (let i = 0; i < count; i++) statement(f, world, depth);
}

function statement(f: Routine, world: World, depth: number): void {
  const { dice } = f;
  const choice = dice.below(100);
  if (choice < 50) f.computation();
  else if (choice < 58) f.load(f.stack());
  else if (choice < 66) f.store(f.stack());
  else if (choice < 69) f.atomic(f.stack());
  else if (choice < 78) branch(f, world, depth);
  else if (choice < 82) loop(f, world, depth);
  else if (choice < 91) useMap(f, world, dice.below(10));
  else if (choice < 93) queue(f, world);
  else if (choice < 96) callFunction(f, world);
  else callBack(f, world);
}

/** A forward branch over some statements, perhaps with an `else`. */
function branch(f: Routine, world: World, depth: number): void {
  const { dice } = f;
  if (depth > 3) return;
  const otherwise = f.newLabel();
  condition(f, otherwise);
  const before = f.live;
  statements(f, world, dice.between(1, 4), depth + 1);
  const first = f.live;
  if (dice.chance(0.5)) {
    f.place(otherwise);
    f.live = first & before;
    f.computation();
    return;
  }
  const end = f.newLabel();
  f.jump('ja', 0, 0, 0, end);
  f.place(otherwise);
  f.live = before;
  f.computation();
  statements(f, world, dice.between(0, 3), depth + 1);
  const second = f.live;
  f.place(end);
  f.live = first & second;
  f.op('mov64_k', 0, 0, 0, 5);
  f.live |= 1;
}

function condition(f: Routine, label: string): void {
  const { dice } = f;
  if (dice.chance(0.5)) f.jump(dice.of(JUMPS_K), f.source(), 0, f.imm(), label);
  else f.jump(dice.of(JUMPS_X), f.source(), f.source(), 0, label);
}

/** Counts a register up to a constant, or to a small number under the budget of `may_goto`. */
function loop(f: Routine, world: World, depth: number): void {
  const { dice } = f;
  const counter = [9, 8].find((register) => ((f.held >> register) & 1) === 0);
  if (counter === undefined || depth > 2) return;
  const again = f.newLabel();
  const out = f.newLabel();
  f.op('mov64_k', counter, 0, 0, 0);
  f.live |= 1 << counter;
  f.held |= 1 << counter;
  const before = f.live;
  const mayGoto = dice.chance(0.3);
  // Verifiers walk each round of a counted loop anew.
  f.live = before & 0x3c0;
  f.place(again);
  if (mayGoto) f.jump('may_goto', 0, 0, 0, out);
  f.constant(0);
  statements(f, world, dice.between(1, 3), depth + 2);
  f.op('add64_k', counter, 0, 0, 1);
  if (mayGoto) {
    const bound = 1;
    f.op('ldx64', bound, FP, -8);
    f.op('and64_k', bound, 0, 0, 7);
    f.jump('jlt_x', counter, bound, 0, again);
  } else
    f.jump(dice.of(['jlt_k', 'jne_k', 'jlt32_k', 'jslt_k'] as const), counter, 0, dice.between(1, 6), again);
  f.place(out);
  f.live = before & 0x3c0;
  f.held &= ~(1 << counter);
  f.constant(0);
}

/** Below the routine's numbers. */
function scratch(f: Routine, off: number): number {
  return -8 * f.slots + off;
}

function address(f: Routine, dst: number, off: number): void {
  f.op('mov64_x', dst, FP);
  f.op('add64_k', dst, 0, 0, scratch(f, off));
}

function call(f: Routine, name: HelperName): void {
  f.op('call', 0, 0, 0, helper(name).id);
}

function mapPointer(f: Routine, dst: number, name: string): void {
  f.op('lddw', dst, 0, 0, 0, { kind: 'map', name });
}

function useMap(f: Routine, world: World, what: number): void {
  const { dice } = f;
  const { name, keySize, keys, bytes } = dice.of(world.maps);
  const key = f.source();
  const [and, store] = keySize === 4 ? (['and32_k', 'stx32'] as const) : (['and64_k', 'stx64'] as const);
  f.op('mov64_x', 1, key);
  // Keys beyond an array's entries are missed.
  f.op(and, 1, 0, 0, keys);
  f.op(store, FP, 1, scratch(f, KEY));
  if (what < 2) {
    update(f, name, bytes);
    return;
  }
  mapPointer(f, 1, name);
  address(f, 2, KEY);
  if (what < 3) {
    call(f, 'map_delete_elem');
    f.called(true);
    return;
  }
  call(f, 'map_lookup_elem');
  f.called(false);
  const missing = f.newLabel();
  f.jump('jeq_k', 0, 0, 0, missing);
  f.op('mov64_x', 5, 0);
  touch(f, { base: 5, off: 0, bytes });
  f.place(missing);
  f.live &= ~0x3f;
  f.constant(0);
}

/** Loads, stores and atomics in a value, also at an offset that is not known. */
function touch(f: Routine, place: Place): void {
  const { dice } = f;
  f.held |= 1 << place.base;
  f.constant(0);
  let where = place;
  if (place.bytes >= 32 && dice.chance(0.4)) {
    f.op('mov64_x', 4, f.source());
    f.op('and64_k', 4, 0, 0, 24);
    f.op('add64_x', place.base, 4);
    f.live &= ~(1 << 4);
    where = { ...place, bytes: place.bytes - 24 };
  }
  for (let n = dice.between(1, 4); n > 0; n--) {
    const kind = dice.below(4);
    if (kind === 0) f.store(where);
    else if (kind === 1) f.atomic(where);
    else f.load(where);
    f.computation();
  }
  f.held &= ~(1 << place.base);
  f.live &= ~(1 << place.base);
}

function update(f: Routine, name: string, bytes: number): void {
  const { dice } = f;
  fillValue(f, bytes);
  mapPointer(f, 1, name);
  address(f, 2, KEY);
  address(f, 3, VALUE);
  f.op('mov64_k', 4, 0, 0, dice.of([0, 0, 1, 2]));
  call(f, 'map_update_elem');
  f.called(true);
}

function fillValue(f: Routine, bytes: number): void {
  for (let at = 0; at < bytes; at += 8) f.op('stx64', FP, f.source(), scratch(f, VALUE + at));
}

function queue(f: Routine, world: World): void {
  const { dice } = f;
  const { name, bytes } = dice.of(world.queues);
  fillValue(f, bytes);
  mapPointer(f, 1, name);
  address(f, 2, VALUE);
  const helperName = dice.of(['map_push_elem', 'map_pop_elem', 'map_peek_elem'] as const);
  if (helperName === 'map_push_elem') f.op('mov64_k', 3, 0, 0, dice.of([0, 2]));
  call(f, helperName);
  f.called(true);
  f.op('ldx64', 1, FP, scratch(f, VALUE));
  f.live |= 2;
}

function callFunction(f: Routine, world: World): void {
  if (world.functions.length === 0) return;
  for (let register = 1; register <= 5; register++) {
    if (((f.live >> register) & 1) === 0) f.constant(register);
  }
  f.op('call', 0, 1, 0, 0, { kind: 'function', name: f.dice.of(world.functions) });
  f.called(true);
}

function callBack(f: Routine, world: World): void {
  const { dice } = f;
  const visits = dice.chance(0.4) && world.visitors.length > 0;
  const choice = visits ? world.visitors : world.callbacks;
  if (choice.length === 0 || f.slots < world.callbackWords) return;
  f.op('mov64_x', 1, f.source());
  f.op('and64_k', 1, 0, 0, 7);
  if (visits) mapPointer(f, 1, 'a');
  f.op('lddw', 2, 0, 0, 0, { kind: 'function', name: dice.of(choice) });
  f.op('mov64_x', 3, FP);
  f.op('add64_k', 3, 0, 0, -8 * world.callbackWords);
  f.op('mov64_k', 4, 0, 0, 0);
  call(f, visits ? 'for_each_map_elem' : 'loop');
  f.called(true);
}
