/**
 * All records of a recording in time order: a merge of the CPU streams of all buffers. Records of the same time come
 * in the order trace-cmd shows them: top instance before others, lower CPU first.
 * The current record is in the fields and nothing is allocated per record.
 */
import { type CpuStream, LOST_UNKNOWN } from './cpu-stream.ts';

/** Where the common fields are in each record; the formats say it and no kernel has moved them. */
export interface CommonFields {
  readonly typeOffset: number;
  readonly typeSize: 2 | 4;
  readonly pidOffset: number;
}

export class RecordCursor {
  cpu = 0;
  /** Index into the recording's buffers. */
  buffer = 0;
  /** Nanoseconds (where the clock counts them) as int32 halves of a 64-bit number. */
  timeHigh = 0;
  timeLow = 0;
  /** `common_type`: the id of the event's format. */
  eventId = 0;
  /** `common_pid`: the thread that ran when the event happened. */
  tid = 0;
  /** The record is `length` bytes of `bytes` at `offset`, padded to four. They are valid until the next {@link next}. */
  bytes: Uint8Array = new Uint8Array(0);
  /** Over the same memory as `bytes`. */
  view: DataView = new DataView(new ArrayBuffer(0));
  offset = 0;
  length = 0;
  /** Records of this CPU lost just before this one: a count, or {@link LOST_UNKNOWN}. */
  lost = 0;
  /** Sum of the counted losses so far. */
  lostRecords = 0;
  /** Places so far where records were lost without a count. */
  lostUncounted = 0;
  readonly littleEndian: boolean;
  private readonly common: CommonFields;
  private readonly streams: readonly CpuStream[];
  /** A heap by time: no stream is earlier than its parent at (index - 1) / 2. */
  private readonly heap: CpuStream[] = [];
  private started = false;

  constructor(streams: readonly CpuStream[], common: CommonFields, littleEndian: boolean) {
    this.streams = streams;
    this.common = common;
    this.littleEndian = littleEndian;
  }

  /** The time as a double: exact below 2^53 ns, which is 104 days of uptime. */
  get time(): number {
    return (this.timeHigh >>> 0) * 2 ** 32 + (this.timeLow >>> 0);
  }

  /** Bytes of event data in the file read so far, for progress. */
  get consumed(): number {
    return this.streams.reduce((sum, stream) => sum + stream.pages.consumed, 0);
  }

  /** Steps to the next record; false when there are no more. */
  next(): boolean {
    const { heap } = this;
    if (!this.started) this.start();
    else if (heap.length > 0) this.advance(heap[0]!);
    const stream = heap[0];
    if (stream === undefined) return false;
    this.cpu = stream.cpu;
    this.buffer = stream.buffer;
    this.timeHigh = stream.timeHigh;
    this.timeLow = stream.timeLow;
    this.bytes = stream.bytes;
    this.view = stream.view;
    this.offset = stream.offset;
    this.length = stream.length;
    this.lost = stream.lost;
    if (stream.lost !== 0) this.countLost(stream.lost);
    const type = stream.offset + this.common.typeOffset;
    this.eventId =
      this.common.typeSize === 2
        ? stream.view.getUint16(type, this.littleEndian)
        : stream.view.getUint32(type, this.littleEndian);
    this.tid = stream.view.getInt32(stream.offset + this.common.pidOffset, this.littleEndian);
    return true;
  }

  private start(): void {
    this.started = true;
    for (const stream of this.streams) {
      if (stream.next()) this.heap.push(stream);
      else this.countLost(stream.lostAtEnd);
    }
    for (let index = (this.heap.length >> 1) - 1; index >= 0; index--) this.sink(index);
  }

  /** Moves the earliest stream on, and keeps the heap in order. */
  private advance(stream: CpuStream): void {
    const { heap } = this;
    if (!stream.next()) {
      this.countLost(stream.lostAtEnd);
      const last = heap.pop()!;
      if (heap.length === 0) return;
      heap[0] = last;
    }
    if (heap.length > 1) this.sink(0);
  }

  private sink(from: number): void {
    const { heap } = this;
    const stream = heap[from]!;
    let index = from;
    for (;;) {
      let child = index * 2 + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isEarlier(heap[child + 1]!, heap[child]!)) child++;
      if (!isEarlier(heap[child]!, stream)) break;
      heap[index] = heap[child]!;
      index = child;
    }
    heap[index] = stream;
  }

  private countLost(lost: number): void {
    if (lost === LOST_UNKNOWN) this.lostUncounted++;
    else this.lostRecords += lost;
  }
}

function isEarlier(a: CpuStream, b: CpuStream): boolean {
  if (a.timeHigh !== b.timeHigh) return a.timeHigh >>> 0 < b.timeHigh >>> 0;
  if (a.timeLow !== b.timeLow) return a.timeLow >>> 0 < b.timeLow >>> 0;
  return a.order < b.order;
}
