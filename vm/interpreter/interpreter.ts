/**
 * The reference interpreter: the readable judge of what a program means. It owns the register file, the frames and the
 * instruction budget; `execute.ts` is its loop. In strict mode every load and store is checked against the region table.
 */
import { KERNEL_TAG, type LinearAddress } from '../address.ts';
import { type AccessKind, type FaultDetails, type FaultKind, hex64, VmFault } from '../fault.ts';
import type { HelperFunction } from '../helper-port.ts';
import type { Memory } from '../memory.ts';
import { codeIndex, type Program } from '../program.ts';
import { Divider } from './alu64.ts';
import { execute } from './execute.ts';

/** Bytes of one function's stack frame. */
export const FRAME_SIZE = 512;
/** MAX_CALL_FRAMES of the kernel. */
export const MAX_FRAMES = 8;
/** BPF_MAX_LOOPS: how often `may_goto` falls through in one frame. */
export const MAX_LOOPS: number = 1 << 23;

/** Words a call saves: return place, loop budget, r6 ... r10. */
export const SAVED = 12;

/** What the packet loads read: an `sk_buff`'s bytes. */
export interface PacketPort {
  /** The bytes at `offset` as a host number, or undefined when the packet does not reach that far. */
  load(offset: number, bytes: number): number | undefined;
}

/** Called before each instruction: its index in the program and the registers. */
export type StepHook = (program: Program, instruction: number, registers: Int32Array) => void;

export interface InterpreterOptions {
  readonly memory: Memory;
  readonly registers: Int32Array;
  /** Top of each CPU's frames: r10 of the entry function. */
  readonly frameTops: readonly LinearAddress[];
  readonly strict: boolean;
  /** Instructions one run may take; each of its first {@link MAX_LOOPS} callbacks may take as many. */
  readonly fuel: number;
}

export class Interpreter {
  readonly memory: Memory;
  readonly registers: Int32Array;
  readonly divider: Divider = new Divider();
  /** What calls saved, by depth of the caller. */
  readonly saved: Int32Array = new Int32Array(SAVED * (MAX_FRAMES + 1));
  /** By helper id; filled before the first run. */
  readonly helpers: (HelperFunction | undefined)[] = [];
  strict: boolean;
  fuelLimit: number;
  program!: Program;
  /** Instructions left that are not handed to the loop. */
  fuel = 0;
  /** Calls back of this run that still come with a full budget: as many rounds as the kernel grants one bpf_loop. */
  refills = 0;
  /** Word index of the instruction that runs, as far as a helper may ask. */
  pc = 0;
  /** Frames in use: 1 in the entry function. */
  depth = 0;
  packet: PacketPort | undefined;
  onStep: StepHook | undefined;
  readonly #frameTops: readonly LinearAddress[];

  constructor(options: InterpreterOptions) {
    this.memory = options.memory;
    this.registers = options.registers;
    this.#frameTops = options.frameTops;
    this.strict = options.strict;
    this.fuelLimit = options.fuel;
  }

  /** Runs a program from its entry; r0 holds the result. Throws VmFault. */
  run(program: Program, cpu: number, context: LinearAddress): void {
    const r = this.registers;
    r.fill(0);
    r[2] = context;
    r[3] = context === 0 ? 0 : KERNEL_TAG;
    r[20] = this.#frameTops[cpu]!;
    r[21] = KERNEL_TAG;
    this.program = program;
    this.fuel = this.fuelLimit;
    this.refills = MAX_LOOPS;
    this.depth = 1;
    try {
      execute(this, 0);
    } catch (error) {
      // Without checks a helper may have been given an address beyond all memory.
      if (this.strict || !(error instanceof RangeError)) throw error;
      throw this.fault('access', 'gave a helper an address outside memory');
    }
  }

  /** For helpers: runs the function at a code address with r1 ... r5 as they are; its result is in r0. r6 ... r10 survive. */
  callback(low: number, high: number): void {
    const r = this.registers;
    const target = codeIndex(this.program, low, high);
    if (target < 0)
      throw this.fault('target', `calls back ${hex64(low, high)}, which is no code of this program`);
    if (this.depth >= MAX_FRAMES) throw this.fault('call-depth', `more than ${MAX_FRAMES} frames`);
    const { pc, saved } = this;
    const at = this.depth * SAVED;
    for (let i = 0; i < 10; i++) saved[at + 2 + i] = r[12 + i]!;
    r[20] = r[20]! - FRAME_SIZE;
    this.depth++;
    if (this.refills > 0) {
      this.refills--;
      this.fuel = this.fuelLimit;
    }
    execute(this, target);
    this.depth--;
    this.pc = pc;
    for (let i = 0; i < 10; i++) r[12 + i] = saved[at + 2 + i]!;
  }

  /** Hands instructions to the loop when it has none left. */
  refill(pc: number): number {
    this.pc = pc;
    if (this.fuel <= 0) throw this.fault('fuel', `ran ${this.fuelLimit} instructions without an end`);
    if (this.onStep === undefined) {
      const all = this.fuel;
      this.fuel = 0;
      return all;
    }
    this.onStep(this.program, pc >> 2, this.registers);
    this.fuel--;
    return 1;
  }

  /** Strict mode: throws unless `bytes` at `low` (high half `high`) may be accessed so. Returns the linear address. */
  check(low: number, high: number, bytes: number, write: boolean): LinearAddress {
    if (high === KERNEL_TAG && this.memory.regions.allows(low >>> 0, bytes, write)) return low;
    throw this.accessFault(low, high, bytes, write ? 'write' : 'read');
  }

  /** As {@link check}, for helper arguments; does nothing when not strict. */
  checkArgument(low: number, high: number, bytes: number, write: boolean): void {
    if (this.strict && bytes > 0) this.check(low, high, bytes, write);
  }

  accessFault(low: number, high: number, bytes: number, access: AccessKind): VmFault {
    const address = hex64(low, high);
    const region = this.#regionText(low, high);
    const many = bytes === 1 ? '1 byte' : `${bytes} bytes`;
    return this.fault('access', `${access} of ${many} at ${address}: ${region}`, {
      address,
      region,
      access,
      bytes,
    });
  }

  #regionText(low: number, high: number): string {
    if (high === KERNEL_TAG) return this.memory.regions.describe(low >>> 0);
    if (high === 0 && low >>> 0 < 65536) return 'near NULL';
    const user = high >= 0 && this.memory.regions.at(low >>> 0)?.kind === 'user';
    return user ? 'user memory, which only the probe_read_user helpers read' : 'not a kernel address';
  }

  fault(kind: FaultKind, message: string, more: Partial<FaultDetails> = {}): VmFault {
    const instruction = this.pc >> 2;
    const { program } = this;
    const span = program.instructions[instruction]?.span;
    return new VmFault(message, { ...more, kind, program: program.name, instruction, span });
  }
}
