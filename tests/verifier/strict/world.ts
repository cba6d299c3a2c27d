/**
 * A machine in which an accepted program runs many times, each time with other inputs, map contents and helper results.
 * Every access is checked: a fault is something the verifier should have refused.
 */
import type { ContextField } from '../../../bpf/contexts.ts';
import { CONTEXTS } from '../../../bpf/contexts.ts';
import { opcodeOf } from '../../../bpf/opcodes.ts';
import { programType } from '../../../bpf/programs.ts';
import type { Case } from '../../../verifier/case/case.ts';
import { KERNEL_TAG } from '../../../vm/address.ts';
import { LoadError, VmFault } from '../../../vm/fault.ts';
import { createMachine, type Machine } from '../../../vm/machine.ts';
import type { UserMap } from '../../../vm/maps/user-map.ts';
import type { Program } from '../../../vm/program.ts';
import { Dice } from '../../generators/programs/dice.ts';
import { caseObject, FIRST_KFUNC } from './case-object.ts';
import { anyHelpers } from './helpers.ts';
import { KernelObjects } from './kernel-objects.ts';
import { machineKfuncs, Thrown } from './kfuncs.ts';
import { fillRandom } from './words.ts';

export type Outcome =
  | { readonly kind: 'ran'; readonly runs: number; readonly steps: number }
  /** The machine lacks something. */
  | { readonly kind: 'not runnable'; readonly why: string }
  | { readonly kind: 'fault'; readonly fault: VmFault; readonly run: number };

/** Types whose context holds numbers, and packets at most. */
const RUNNABLE = [
  'kprobe',
  'raw_tracepoint',
  'tracepoint',
  'perf_event',
  'syscall',
  'socket_filter',
  'xdp',
  'sched_cls',
  'sched_act',
  'cgroup_skb',
  'lwt_in',
  'lwt_xmit',
  'cgroup_device',
  'cgroup_sysctl',
  'sk_msg',
  'tracing',
  'netfilter',
];

const MEMORY = 1 << 20;
/** Instructions of one run; it is let be after these. */
const STEPS = 20_000;
const CONTEXT_SIZE = 4096;
/** A tracepoint's record lies within a buffer: Linux lets programs read what is before it. */
const BEFORE_RECORD = 32_768;
const PACKET_SIZE = 256;
/** r10 and what lies below it in one frame. */
const FRAME = 512;

/** Runs an accepted program. */
export function runStrict(one: Case, runs: number, seed: number): Outcome {
  if (!RUNNABLE.includes(one.programType)) return { kind: 'not runnable', why: `type ${one.programType}` };
  const made = caseObject(one);
  if (typeof made === 'string') return { kind: 'not runnable', why: made };
  let world: World;
  try {
    world = new World(one, made, seed);
  } catch (error) {
    if (!(error instanceof LoadError)) throw error;
    return { kind: 'not runnable', why: error.message.replace(/.*: /, '') };
  }
  for (let run = 0; run < runs; run++) {
    const fault = world.run();
    if (fault === undefined) continue;
    if (fault.details.kind === 'helper') return { kind: 'not runnable', why: fault.problem };
    return { kind: 'fault', fault, run };
  }
  return { kind: 'ran', runs, steps: world.steps };
}

class World {
  readonly #machine: Machine;
  readonly #program: Program;
  readonly #maps: readonly UserMap[];
  /** What a map holds: numbers, constants of the program, pointers to the kernel. */
  readonly #contents: readonly ('numbers' | 'constants' | 'pointers')[];
  readonly #kernel: KernelObjects;
  /** The context holds pointers. */
  readonly #typed: boolean;
  readonly #context: number;
  readonly #packet: number;
  readonly #fields: readonly ContextField[];
  readonly #dice: Dice;
  readonly #accesses: Accesses;
  steps = 0;

  constructor(one: Case, made: Exclude<ReturnType<typeof caseObject>, string>, seed: number) {
    this.#dice = new Dice(seed);
    this.#machine = createMachine({
      memoryLimit: MEMORY,
      fuel: 2 * STEPS,
      helpers: (machine) =>
        anyHelpers(
          machine,
          () => this.#dice,
          () => this.#kernel,
        ),
    });
    this.#kernel = new KernelObjects(this.#machine);
    const kfuncs = machineKfuncs(this.#machine, () => this.#dice, this.#kernel);
    this.#typed = one.programType === 'tracing' || one.programType === 'netfilter';
    for (const [i, name] of made.kfuncs.entries()) {
      this.#machine.helpers[FIRST_KFUNC + i] = kfuncs.get(name);
    }
    const image = this.#machine.load(made.object);
    this.#program = image.programs.get('main')!;
    this.#maps = made.object.maps.map(({ name }) => image.maps.get(name)!);
    this.#contents = one.maps.map(({ data, btf }) =>
      data !== undefined ? 'constants' : btf === undefined ? 'numbers' : 'pointers',
    );
    const { memory } = this.#machine;
    this.#packet = memory.allocateRegion(PACKET_SIZE, { kind: 'packet', label: 'packet', writable: true });
    const before = one.programType === 'tracepoint' ? BEFORE_RECORD : 0;
    const contexts = { kind: 'context', label: 'context', writable: true } as const;
    this.#context = memory.allocateRegion(before + CONTEXT_SIZE, contexts) + before;
    const { context } = programType(one.programType);
    this.#fields = context === null ? [] : CONTEXTS[context].fields;
    this.#accesses = new Accesses(this.#machine, this.#program, this.#context, this.#packet, this.#fields);
  }

  /** One run with inputs of its own; the fault it ended with. */
  run(): VmFault | undefined {
    this.#setUp();
    let steps = 0;
    try {
      this.#machine.onStep = (_, instruction, registers) => {
        this.steps++;
        if (++steps > STEPS) throw new Thrown();
        this.#accesses.check(instruction, registers);
      };
      this.#machine.run(this.#program, 0, this.#context);
      return undefined;
    } catch (error) {
      if (error instanceof Thrown) return undefined;
      if (error instanceof VmFault) return error;
      throw error;
    }
  }

  #setUp(): void {
    const { view, u8 } = this.#machine.memory;
    const dice = this.#dice;
    fillRandom(view, this.#context, 512, dice);
    fillRandom(view, this.#packet, PACKET_SIZE, dice);
    const length = dice.below(dice.chance(0.5) ? 24 : PACKET_SIZE);
    this.#accesses.begin(length);
    for (const { kind, offset, size, count } of this.#fields) {
      const at = this.#context + offset;
      if (kind === 'scalar') continue;
      u8.fill(0, at, at + size * count);
      if (!kind.startsWith('packet')) continue;
      view.setInt32(at, kind === 'packet-end' ? this.#packet + length : this.#packet, true);
      if (size === 8) view.setInt32(at + 4, KERNEL_TAG, true);
    }
    this.#machine.packet = {
      load: (offset, bytes) => (offset + bytes <= length ? dice.word() >>> (32 - bytes * 8) : undefined),
    };
    this.#kernel.reset();
    if (this.#typed) for (let i = 0; i < 128; i += 8) this.#kernel.put(view, this.#context + i);
    for (const [i, map] of this.#maps.entries()) this.#fillMap(map, this.#contents[i]!);
  }

  #fillMap(map: UserMap, contents: 'numbers' | 'constants' | 'pointers'): void {
    const dice = this.#dice;
    if (map.valueSize === 0 || map.keySize === 0 || contents === 'constants') return;
    const value = new Uint8Array(map.valueSize * map.copies);
    const key = new Uint8Array(map.keySize);
    const isArray = map.map.definition.type.endsWith('array');
    const count = isArray ? map.map.definition.maxEntries : 4;
    for (let i = 0; i < count; i++) {
      const view = new DataView(value.buffer);
      if (contents === 'numbers') fillRandom(view, 0, value.length, dice);
      else for (let at = 0; at + 8 <= value.length; at += 8) this.#kernel.put(view, at);
      if (isArray) key[0] = i;
      else for (let b = 0; b < key.length; b += 4) key[b] = dice.below(3);
      map.update(key, value);
    }
  }
}

/** What an instruction does to memory. */
interface Access {
  readonly base: number;
  readonly off: number;
  readonly bytes: number;
  /** Of a packet's pointer in the context, when the base is the context. */
  readonly packetField: boolean;
  readonly dst: number;
}

/** Checks what regions do not tell: frames of callees, ends of packets. It makes pointers of a context's packet fields, too. */
class Accesses {
  readonly #machine: Machine;
  readonly #context: number;
  readonly #packet: number;
  readonly #table: readonly (Access | undefined)[];
  #length = 0;
  /** Register that gets the high half of a pointer at the next step. */
  #pending = -1;

  constructor(
    machine: Machine,
    program: Program,
    context: number,
    packet: number,
    fields: readonly ContextField[],
  ) {
    this.#machine = machine;
    this.#context = context;
    this.#packet = packet;
    const starts = new Set(
      fields.flatMap(({ kind, offset, size }) => (kind.startsWith('packet') && size === 4 ? [offset] : [])),
    );
    this.#table = program.instructions.map(({ op, dst, src, off }) => {
      const { form, bytes } = opcodeOf(op);
      const loads = form === 'ldx' || form === 'ldsx' || form === 'load_acquire';
      const stores = ['stx', 'st', 'atomic', 'atomic_fetch', 'cmpxchg', 'store_release'].includes(form);
      if (!loads && !stores) return undefined;
      const packetField = form === 'ldx' && bytes === 4 && starts.has(off);
      return { base: loads ? src : dst, off, bytes, packetField, dst };
    });
  }

  begin(length: number): void {
    this.#length = length;
    this.#pending = -1;
  }

  check(instruction: number, r: Int32Array): void {
    if (this.#pending >= 0) {
      r[this.#pending * 2 + 1] = KERNEL_TAG;
      this.#pending = -1;
    }
    const access = this.#table[instruction];
    if (access === undefined) return;
    const { base, off, bytes } = access;
    const address = (r[base * 2]! >>> 0) + off;
    if (access.packetField && r[base * 2] === this.#context) this.#pending = access.dst;
    const inPacket = address >= this.#packet && address < this.#packet + PACKET_SIZE;
    if (inPacket && address + bytes > this.#packet + this.#length) this.#fail(r, base, bytes);
    const region = this.#machine.memory.regions.at(address);
    if (region?.kind === 'stack' && address < (r[20]! >>> 0) - FRAME) this.#fail(r, base, bytes);
  }

  #fail(r: Int32Array, base: number, bytes: number): never {
    throw this.#machine.accessFault(r[base * 2]!, r[base * 2 + 1]!, bytes, 'read');
  }
}
