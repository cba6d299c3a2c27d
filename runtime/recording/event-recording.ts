/**
 * `EventRecording`: what every recording is to those who replay or print it, whatever file it comes from. The records
 * of a tracepoint are the very bytes a program attached to it would see.
 */
import type { AttachPoint } from '../../bpf/attach-point.ts';
import type { CallChain } from '../helpers/execution-context.ts';
import type { EventTable } from './event-table.ts';
import type { KernelSymbols } from './kernel-symbols.ts';
import type { SymbolisedChain, SymbolPorts } from './perf-data/stack-frames.ts';
import type { RecordBytes } from './record-field.ts';
import type { RecordedMachine } from './recorded-machine.ts';
import type { RecordingWarning } from './recording-error.ts';
import type { RecordRoom, ResidentRecords } from './stream-state.ts';

/** A cursor over records in time order. The current record is in the fields; nothing is allocated per record. */
export interface EventCursor extends RecordBytes {
  readonly cpu: number;
  /** Index into {@link EventRecording.buffers}, where the file has several. */
  readonly buffer?: number;
  /** Nanoseconds (where the clock counts them) as int32 halves of a 64-bit number. */
  readonly timeHigh: number;
  readonly timeLow: number;
  /** The same as a double: exact below 2^53. */
  readonly time: number;
  /** Id in the recording's {@link EventTable}, or one that {@link EventRecording.eventOf} gives. */
  readonly eventId: number;
  /** The thread that ran when the event happened. */
  readonly tid: number;
  /** Its process where the record itself says it (perf.data), else -1. */
  readonly tgid?: number;
  /** Records lost just before this one: a count, or `LOST_UNKNOWN`. */
  readonly lost: number;
  /** Sum of the counted losses so far. */
  readonly lostRecords: number;
  /** Places so far where records were lost without a count. */
  readonly lostUncounted: number;
  /** Bytes of event data read so far, for progress. */
  readonly consumed: number;
  /** The record's call chain, innermost first, or undefined where none was recorded. Valid until the next record. */
  callChain?(): CallChain | undefined;
  /** The same with names, where the recording tells what was mapped. Valid until the next record. */
  stackFrames?(ports: SymbolPorts): SymbolisedChain | undefined;
  /** Steps to the next record; false when there are no more. */
  next(): boolean;
  /** Where generated code may step as well, and {@link load} then takes the record it has come to. */
  readonly resident?: ResidentRecords | undefined;
  load?(): void;
}

export type { CallChain };

/** What is known of threads at the point a cursor has reached. */
export interface ThreadNames {
  /** Grows whenever what {@link commOf} or {@link tgidOf} answer may change. */
  readonly changes: number;
  commOf(tid: number, cpu: number): string | undefined;
  tgidOf(tid: number): number | undefined;
  /** Ids of the events that {@link observe} learns from; absent where it may be any. */
  readonly observed?: readonly number[];
  /** Learns from the cursor's record; call it for each record in order. */
  observe(cursor: EventCursor): void;
}

export interface EventRecording {
  /** `trace.dat`, `perf.data`, `perf script text`, ...: for messages. */
  readonly format: string;
  readonly littleEndian: boolean;
  /** sizeof(long) of the recorded kernel, where the file says it. */
  readonly longSize?: 4 | 8;
  readonly machine: RecordedMachine;
  /** The machine's CPUs, at least those with data. */
  readonly cpus: number;
  /** Clock of the times, such as `local` or `mono`. */
  readonly clock: string;
  /** Times count nanoseconds; otherwise they count the clock's own unit. */
  readonly nanoseconds: boolean;
  /** What to add to times to have nanoseconds since 1970, where the recording tells it. */
  readonly wallClockOffsetNs?: bigint;
  readonly events: EventTable;
  /** Bytes of event data; a cursor's `consumed` comes up to it. */
  readonly dataSize: number;
  /** Of which threads the process is known. */
  readonly processIds: 'always' | 'partly' | 'never';
  /** What was lost so far. Reading on may add to it. */
  readonly warnings: readonly RecordingWarning[];
  /** Warnings beyond those kept in {@link warnings}. */
  readonly omittedWarnings: number;
  /** Records may have call chains. */
  readonly callChains: boolean;
  /** {@link kernelSymbols} has the recorded kernel's symbols. */
  readonly hasSymbols: boolean;
  /** Functions whose calls were recorded: programs of kprobes on them run, without registers. */
  readonly functions?: { has(name: string): boolean; list(): readonly string[] };
  /** The `eventId` of the records that run programs at a point other than a tracepoint; undefined when it has none. */
  eventOf(point: AttachPoint): number | undefined;
  /** For messages: what the samples of such an event stand for, such as `cpu-clock, 4000 times a second`. */
  sampling?(eventId: number): string | undefined;
  /** A new cursor before the first record. Cursors are independent. Records may be read into the room, in place; `cpus`: those of these alone. */
  cursor(room?: RecordRoom, cpus?: ReadonlySet<number>): EventCursor;
  /** Bytes of event data by CPU, where a cursor can be of some CPUs alone. */
  readonly cpuSizes?: ReadonlyMap<number, number>;
  /** A new table with what the file saved of threads; it learns from the records it is shown. */
  threads(): ThreadNames;
  /** Reads and indexes the symbols at the first call. @throws RecordingError */
  kernelSymbols(): KernelSymbols;
  /** The name that was saved for a thread, where the file has a list of names. */
  commOf?(tid: number): string | undefined;
  /** Constant strings of the kernel by address, where the file has them. @throws RecordingError */
  printkFormats?(): ReadonlyMap<bigint, string>;
  /** The trace instances of the file, the top one first; a cursor's `buffer` is an index into them. */
  readonly buffers?: readonly { readonly name: string }[];
}
