/**
 * `Kernel`: the one interface of the simulated kernel, recordings and Linux. A session loads an object, attaches its
 * programs and pumps: each pump lets the world go on for a while and hands over what programs wrote. Asynchronous where
 * Linux needs it; simulation and recordings work in batches and resolve at once.
 */
import type { AttachPoint } from '../bpf/attach-point.ts';
import type { KernelInfo } from '../bpf/kernel-info.ts';
import type { BpfObject, BpfProgram } from '../bpf/object.ts';
import type { Identities } from './identities.ts';
import type { SymbolSource } from './symbols.ts';

/** User space's view of a loaded map: bytes in, bytes out (bpf(2) semantics). */
export interface MapHandle {
  readonly name: string;
  readonly keySize: number;
  /** Bytes of one CPU's value. */
  readonly valueSize: number;
  /** Copies a lookup returns: 1, or the number of possible CPUs for per-CPU maps. */
  readonly copies: number;
  /** All copies one after the other (`copies * valueSize` bytes), or undefined. */
  lookup(key: Uint8Array): Uint8Array | undefined;
  /** 0 or a negative errno. `value` has all copies. */
  update(key: Uint8Array, value: Uint8Array, flags: number): number;
  delete(key: Uint8Array): number;
  entries(): Iterable<{ readonly key: Uint8Array; readonly value: Uint8Array }>;
}

export interface LoadedObject {
  readonly object: BpfObject;
  map(name: string): MapHandle;
}

export interface Link {
  readonly point: AttachPoint;
  detach(): void;
}

/** A text that a program printed with `bpf_trace_printk`, and the moment it did so in. */
export interface PrintkLine {
  /** One character a byte, as `text`. */
  readonly comm: string;
  readonly tid: number;
  readonly cpu: number;
  /** `common_flags` and `common_preempt_count` of the event the program ran at; 0 where it has none. */
  readonly flags: number;
  readonly preemptCount: number;
  /** Nanoseconds of the clock programs see. */
  readonly time: number;
  readonly text: string;
}

/** Takes what programs wrote, in order. The bytes are only valid during the call. */
export interface OutputConsumer {
  record(bytes: Uint8Array): void;
  /** Records or events lost at this place; `source` says where ("the recording", "the output buffer"). */
  lost(count: number | undefined, source: string): void;
  /** Something the user should know once, e.g. a process id that the recording does not tell. */
  warning(message: string): void;
  /** What programs printed for the trace pipe; nobody reads it where this is absent. */
  printk?(line: PrintkLine): void;
  /** Asks the kernel to stop pumping as soon as it can (`exit()` was seen). */
  readonly stopped: boolean;
}

export interface OnceResult {
  /** What the last run returned: the low 32 bits, unsigned. */
  readonly result: number;
  /** All runs together, in the host's time. */
  readonly nanoseconds: number;
}

/** Nanoseconds of `CLOCK_BOOTTIME`, and what wall-clock time and `CLOCK_TAI` are ahead of it, of the machine programs see. */
export interface KernelClock {
  readonly bootNs: bigint;
  readonly wallOffsetNs: bigint;
  readonly taiOffsetNs: bigint;
}

export type PumpState = 'more' | 'idle' | 'ended';

export interface Kernel {
  readonly kind: 'sim' | 'recording' | 'linux';
  describe(): KernelInfo;
  /** `accepted`: names of programs that a verifier has accepted; accesses of the others are checked. */
  load(object: BpfObject, accepted?: ReadonlySet<string>): Promise<LoadedObject>;
  /** Rejects with an AttachError that names the point. */
  attach(program: BpfProgram, point: AttachPoint, output: string): Promise<Link>;
  /** Runs a program now, on one CPU, without an event (BEGIN, END); `repeat` times, once unless told. */
  runOnce(program: BpfProgram, output: OutputConsumer, repeat?: number): Promise<OnceResult>;
  /** Lets the world go on for a bounded piece of work; `output` gets what is written meanwhile. */
  pump(output: OutputConsumer): Promise<PumpState>;
  /** Told once programs are attached that may see the events of different CPUs in any order. */
  allowAnyOrder?(): void;
  /** When no more is pumped: what was begun is brought to an end, and maps hold the result. */
  settle?(): Promise<void>;
  clock(): KernelClock;
  /** Names of users and cgroups; absent where nobody tells. */
  identities?(): Identities;
  /** The process that the tracer started to trace it (`-c`). */
  childPid?(): number | undefined;
  /** Names of addresses; absent where nothing tells them. */
  symbols?(): SymbolSource;
  /** What was found wrong with the kernel's data since the last call and no pump has told, e.g. damage of a recording. */
  takeWarnings?(): readonly string[];
  /** Work done and in all, for a progress bar; absent when unknown. */
  progress?(): { readonly done: number; readonly total: number; readonly events: number };
  close(): Promise<void>;
}
