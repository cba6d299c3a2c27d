/**
 * A whole sample, every field that was recorded. Sizes and counts in it are checked against the record's end: what does
 * not fit ends the reading and {@link PerfSample.damaged} names it. The cursor reads only what it needs; this is for all else.
 */
import { BRANCH, type EventAttr, READ_FORMAT, SAMPLE } from './event-attr.ts';
import type { PerfRecord } from './perf-record.ts';
import { RECORD_HEADER_SIZE } from './record-types.ts';
import { readSizes } from './sample-layout.ts';

export interface CounterValue {
  readonly value: bigint;
  readonly id?: bigint;
  readonly lost?: bigint;
}

export interface SampledRegisters {
  /** `PERF_SAMPLE_REGS_ABI_*`: 0 none, 1 32-bit, 2 64-bit. */
  readonly abi: bigint;
  /** In the order of the mask's bits. */
  readonly values: readonly bigint[];
}

export interface BranchEntry {
  readonly from: bigint;
  readonly to: bigint;
  /** Prediction, transaction, cycles, type: as the kernel packs them. */
  readonly flags: bigint;
}

export interface PerfSample {
  readonly identifier?: bigint;
  readonly ip?: bigint;
  readonly pid?: number;
  readonly tid?: number;
  readonly time?: bigint;
  readonly address?: bigint;
  readonly id?: bigint;
  readonly streamId?: bigint;
  readonly cpu?: number;
  readonly period?: bigint;
  readonly read?: readonly CounterValue[];
  readonly timeEnabled?: bigint;
  readonly timeRunning?: bigint;
  /** Addresses and context markers as recorded. */
  readonly callChain?: readonly bigint[];
  readonly raw?: Uint8Array;
  readonly branchIndex?: bigint;
  readonly branches?: readonly BranchEntry[];
  readonly userRegisters?: SampledRegisters;
  /** The bytes of the user stack that were live. */
  readonly userStack?: Uint8Array;
  readonly weight?: bigint;
  readonly dataSource?: bigint;
  readonly transaction?: bigint;
  readonly interruptRegisters?: SampledRegisters;
  readonly physicalAddress?: bigint;
  readonly cgroup?: bigint;
  readonly dataPageSize?: bigint;
  readonly codePageSize?: bigint;
  readonly aux?: Uint8Array;
  /** What did not fit into the record; the fields after it are missing. */
  readonly damaged?: string;
}

type Draft = { -readonly [Key in keyof PerfSample]: PerfSample[Key] };

/** The sample in `record`, whose event has the attribute `attr`. Shares the record's memory. */
export function readSample(record: PerfRecord, attr: EventAttr): PerfSample {
  const fields = new FieldReader(record);
  const sample: Draft = {};
  try {
    readFixed(fields, attr.sampleType, sample);
    readVariable(fields, attr, sample);
  } catch (error) {
    if (!(error instanceof ShortRecord)) throw error;
    sample.damaged = error.message;
  }
  return sample;
}

function readFixed(fields: FieldReader, type: number, sample: Draft): void {
  if (type & SAMPLE.identifier) sample.identifier = fields.u64('identifier');
  if (type & SAMPLE.ip) sample.ip = fields.u64('ip');
  if (type & SAMPLE.tid) {
    sample.pid = fields.i32('pid');
    sample.tid = fields.i32('tid');
  }
  if (type & SAMPLE.time) sample.time = fields.u64('time');
  if (type & SAMPLE.address) sample.address = fields.u64('address');
  if (type & SAMPLE.id) sample.id = fields.u64('id');
  if (type & SAMPLE.streamId) sample.streamId = fields.u64('stream id');
  if (type & SAMPLE.cpu) {
    sample.cpu = fields.u32('cpu');
    fields.u32('cpu');
  }
  if (type & SAMPLE.period) sample.period = fields.u64('period');
}

function readVariable(fields: FieldReader, attr: EventAttr, sample: Draft): void {
  const type = attr.sampleType;
  if (type & SAMPLE.read) readCounters(fields, attr.readFormat, sample);
  if (type & SAMPLE.callChain) sample.callChain = fields.list('call chain', fields.u64('call chain length'));
  if (type & SAMPLE.raw) sample.raw = fields.take('raw data', fields.u32('raw size'));
  if (type & SAMPLE.branchStack) readBranches(fields, attr.branchSampleType, sample);
  if (type & SAMPLE.userRegisters) sample.userRegisters = readRegisters(fields, attr.userRegisters);
  if (type & SAMPLE.userStack) sample.userStack = readUserStack(fields);
  if (type & (SAMPLE.weight | SAMPLE.weightStruct)) sample.weight = fields.u64('weight');
  if (type & SAMPLE.dataSource) sample.dataSource = fields.u64('data source');
  if (type & SAMPLE.transaction) sample.transaction = fields.u64('transaction');
  if (type & SAMPLE.interruptRegisters)
    sample.interruptRegisters = readRegisters(fields, attr.interruptRegisters);
  if (type & SAMPLE.physicalAddress) sample.physicalAddress = fields.u64('physical address');
  if (type & SAMPLE.cgroup) sample.cgroup = fields.u64('cgroup');
  if (type & SAMPLE.dataPageSize) sample.dataPageSize = fields.u64('data page size');
  if (type & SAMPLE.codePageSize) sample.codePageSize = fields.u64('code page size');
  if (type & SAMPLE.aux) sample.aux = fields.take('aux data', fields.count('aux size'));
}

function readCounters(fields: FieldReader, format: number, sample: Draft): void {
  const isGroup = (format & READ_FORMAT.group) !== 0;
  const count = isGroup ? fields.u64('count of counters') : 1n;
  // Alone, a counter's value comes before the times; in a group, after them.
  const alone = isGroup ? 0n : fields.u64('counter');
  if (format & READ_FORMAT.timeEnabled) sample.timeEnabled = fields.u64('time enabled');
  if (format & READ_FORMAT.timeRunning) sample.timeRunning = fields.u64('time running');
  const { value: size } = readSizes(format);
  fields.need('counters', count * BigInt(size) - (isGroup ? 0n : 8n));
  const values: CounterValue[] = [];
  for (let index = 0n; index < count; index++) {
    const value = isGroup ? fields.u64('counter') : alone;
    const id = format & READ_FORMAT.id ? { id: fields.u64('counter id') } : {};
    const lost = format & READ_FORMAT.lost ? { lost: fields.u64('lost samples') } : {};
    values.push({ value, ...id, ...lost });
  }
  sample.read = values;
}

function readBranches(fields: FieldReader, branchType: number, sample: Draft): void {
  const count = fields.u64('count of branches');
  if (branchType & BRANCH.hardwareIndex) sample.branchIndex = fields.u64('branch index');
  fields.need('branches', count * 24n);
  const branches: BranchEntry[] = [];
  for (let index = 0n; index < count; index++) {
    branches.push({ from: fields.u64('branch'), to: fields.u64('branch'), flags: fields.u64('branch') });
  }
  if (branchType & BRANCH.counters) fields.list('branch counters', count);
  sample.branches = branches;
}

function readRegisters(fields: FieldReader, mask: bigint): SampledRegisters {
  const abi = fields.u64('register ABI');
  if (abi === 0n) return { abi, values: [] };
  let count = 0n;
  for (let bits = mask; bits !== 0n; bits &= bits - 1n) count++;
  return { abi, values: fields.list('registers', count) };
}

function readUserStack(fields: FieldReader): Uint8Array {
  const size = fields.count('stack size');
  if (size === 0) return new Uint8Array(0);
  const stack = fields.take('user stack', size);
  const live = fields.u64('live stack size');
  return live < BigInt(size) ? stack.subarray(0, Number(live)) : stack;
}

class ShortRecord extends Error {}

/** Reads the fields of one record in order. */
class FieldReader {
  readonly #record: PerfRecord;
  readonly #end: number;
  #at: number;

  constructor(record: PerfRecord) {
    this.#record = record;
    this.#at = record.offset + RECORD_HEADER_SIZE;
    this.#end = record.offset + record.size;
  }

  need(what: string, size: bigint): void {
    if (size > BigInt(this.#end - this.#at)) throw new ShortRecord(what);
  }

  u32(what: string): number {
    const at = this.#advance(what, 4);
    return this.#record.view.getUint32(at, this.#record.littleEndian);
  }

  i32(what: string): number {
    return this.u32(what) | 0;
  }

  u64(what: string): bigint {
    const at = this.#advance(what, 8);
    return this.#record.view.getBigUint64(at, this.#record.littleEndian);
  }

  count(what: string): number {
    const value = this.u64(what);
    this.need(what, value);
    return Number(value);
  }

  list(what: string, count: bigint): bigint[] {
    this.need(what, count * 8n);
    return Array.from({ length: Number(count) }, () => this.u64(what));
  }

  take(what: string, length: number): Uint8Array {
    const at = this.#advance(what, length);
    return this.#record.bytes.subarray(at, at + length);
  }

  #advance(what: string, length: number): number {
    const at = this.#at;
    if (length > this.#end - at) throw new ShortRecord(what);
    this.#at = at + length;
    return at;
  }
}
