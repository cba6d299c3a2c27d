/**
 * The event bus: every place in the simulated kernel that may be traced asks its static key first. A disabled
 * tracepoint builds no record; an enabled one writes it into its CPU's staging area, and the sink runs the programs.
 */

import { KERNEL_TAG, type LinearAddress } from '../../vm/address.ts';
import type { CurrentTask } from '../helpers/execution-context.ts';

/** Linear memory as the simulation uses it. `view` and `bytes` change when the memory grows. */
export interface SimMemory {
  readonly view: DataView;
  readonly bytes: Uint8Array;
  /** A new zeroed place, aligned to 8, that programs may read. `kind` names it in faults. */
  allocate(size: number, kind: 'kernel' | 'user' | 'context'): LinearAddress;
}

/** Who runs the programs of a tracepoint. `time` is the machine's; the record stays valid during the call. */
export interface TraceSink {
  fire(point: TracePoint, cpu: number, task: TracedTask, address: LinearAddress, length: number): void;
}

/** What records and helpers tell of a task. */
export interface TracedTask extends CurrentTask {
  readonly prio: number;
}

/** One tracepoint, or the raw form of one. */
export class TracePoint {
  /** `system:event`, or `raw:event`. */
  readonly name: string;
  /** `common_type` of its records; 0 for raw ones. */
  readonly id: number;
  /** The static key: programs are attached. */
  enabled = false;
  /** Records built so far. */
  built = 0;

  constructor(name: string, id: number) {
    this.name = name;
    this.id = id;
  }
}

/** Largest record: a system call's six arguments, or a path. */
const RECORD_SIZE = 1024;
const RAW_ARGUMENTS = 12;

export class Tracer {
  readonly memory: SimMemory;
  readonly sink: TraceSink;
  /** Times any tracepoint was passed, traced or not. */
  passed = 0;
  private readonly records: readonly LinearAddress[];

  constructor(memory: SimMemory, sink: TraceSink, cpus: number) {
    this.memory = memory;
    this.sink = sink;
    // Nested records do not happen: programs do not cause events here.
    this.records = Array.from({ length: cpus }, () => memory.allocate(RECORD_SIZE, 'context'));
  }

  /** Starts a record: zeroed, common fields written. Returns its address. */
  begin(point: TracePoint, cpu: number, task: TracedTask, size: number): LinearAddress {
    const { memory } = this;
    const address = this.records[cpu]!;
    point.built++;
    memory.bytes.fill(0, address, address + size);
    memory.view.setUint16(address, point.id, true);
    memory.view.setInt32(address + 4, task.tid, true);
    return address;
  }

  commit(point: TracePoint, cpu: number, task: TracedTask, size: number): void {
    this.sink.fire(point, cpu, task, this.records[cpu]!, size);
  }

  comm(address: LinearAddress, task: TracedTask): void {
    this.memory.bytes.set(task.comm, address);
  }

  /** A 64-bit number from a whole double, negative ones as two's complement. */
  set64(address: LinearAddress, value: number): void {
    const { view } = this.memory;
    view.setUint32(address, value >>> 0, true);
    view.setInt32(address + 4, Math.floor(value / 0x1_0000_0000), true);
  }

  /** `__data_loc` at `field`, its text at `at`. Returns the record's length. */
  text(record: LinearAddress, field: number, at: number, text: Uint8Array): number {
    const length = Math.min(text.length, RECORD_SIZE - at - 1);
    this.memory.view.setUint32(record + field, ((length + 1) << 16) | at, true);
    this.memory.bytes.set(text.subarray(0, length), record + at);
    this.memory.bytes[record + at + length] = 0;
    // Records are padded to eight bytes (perf_trace_* rounds up).
    return (at + length + 1 + 7) & ~7;
  }

  /** Runs a raw tracepoint's programs on `u64 args[]`. */
  raw(point: TracePoint, cpu: number, task: TracedTask, args: readonly number[]): void {
    const address = this.records[cpu]!;
    point.built++;
    this.memory.bytes.fill(0, address, address + RAW_ARGUMENTS * 8);
    args.forEach((value, index) => {
      this.set64(address + index * 8, value);
    });
    this.sink.fire(point, cpu, task, address, RAW_ARGUMENTS * 8);
  }
}

/** A kernel pointer as a whole double is beyond 2^53: as a negative number it is exact. */
export function kernelPointer(address: LinearAddress): number {
  return KERNEL_TAG * 0x1_0000_0000 + address;
}
