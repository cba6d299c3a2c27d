/**
 * All records of a recording in time order: a merge of the CPU streams of all buffers. Records of the same time come
 * in the order trace-cmd shows them: top instance before others, lower CPU first.
 * The current record is in the fields and nothing is allocated per record.
 */
import { type CpuStream, LOST_UNKNOWN } from './cpu-stream.ts';
import {
  type CommonFields,
  type ResidentRecords,
  STREAM_WORDS,
  Stream,
  type StreamStates,
} from './stream-state.ts';

export interface RecordCursorOptions {
  /** In the order of their states. */
  readonly streams: readonly CpuStream[];
  readonly states: StreamStates;
  readonly common: CommonFields;
  readonly littleEndian: boolean;
  /** Times are shown as they are stored. */
  readonly exactTimes: boolean;
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
  readonly resident: ResidentRecords | undefined;
  private readonly common: CommonFields;
  private readonly streams: readonly CpuStream[];
  /** The number of streams that have a record, then their heap by time. */
  private readonly heap: Int32Array;
  private started = false;

  constructor({ streams, states, common, littleEndian, exactTimes }: RecordCursorOptions) {
    this.streams = streams;
    this.heap = states.heap;
    this.common = common;
    this.littleEndian = littleEndian;
    const usual = littleEndian && common.typeSize === 2 && exactTimes;
    this.resident = usual && states.address !== 0 ? { states, common } : undefined;
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
    if (!this.started) this.start();
    else if (this.heap[0] !== 0) this.advance();
    if (this.heap[0] === 0) return false;
    this.load();
    return true;
  }

  /** Takes the earliest stream's record as the current one, and counts what was lost before it, once. */
  load(): void {
    const stream = this.top;
    const { words, view } = stream;
    this.cpu = stream.cpu;
    this.buffer = stream.buffer;
    this.timeHigh = words[Stream.timeHigh]!;
    this.timeLow = words[Stream.timeLow]!;
    this.bytes = stream.bytes;
    this.view = view;
    const offset = words[Stream.offset]!;
    this.offset = offset;
    this.length = words[Stream.length]!;
    this.lost = words[Stream.lost]!;
    if (this.lost !== 0) this.countLost(this.lost);
    words[Stream.lost] = 0;
    const type = offset + this.common.typeOffset;
    this.eventId =
      this.common.typeSize === 2
        ? view.getUint16(type, this.littleEndian)
        : view.getUint32(type, this.littleEndian);
    this.tid = view.getInt32(offset + this.common.pidOffset, this.littleEndian);
  }

  /** The stream with the earliest record. */
  private get top(): CpuStream {
    return this.streams[this.heap[1]! / STREAM_BYTES]!;
  }

  private start(): void {
    this.started = true;
    const { heap } = this;
    this.streams.forEach((stream, index) => {
      if (!stream.next()) {
        this.countLost(stream.lostAtEnd);
        return;
      }
      heap[0] = heap[0]! + 1;
      heap[heap[0]!] = index * STREAM_BYTES;
    });
    for (let index = (heap[0]! >> 1) - 1; index >= 0; index--) this.sink(index);
  }

  /** Moves the earliest stream on, and keeps the heap in order. */
  private advance(): void {
    const { heap } = this;
    const stream = this.top;
    if (!stream.next()) {
      this.countLost(stream.lostAtEnd);
      const count = heap[0]! - 1;
      heap[0] = count;
      if (count === 0) return;
      heap[1] = heap[1 + count]!;
    }
    if (heap[0]! > 1) this.sink(0);
  }

  private sink(from: number): void {
    const { heap } = this;
    const count = heap[0]!;
    const moved = heap[1 + from]!;
    let index = from;
    for (;;) {
      let child = index * 2 + 1;
      if (child >= count) break;
      if (child + 1 < count && this.isEarlier(heap[2 + child]!, heap[1 + child]!)) child++;
      if (!this.isEarlier(heap[1 + child]!, moved)) break;
      heap[1 + index] = heap[1 + child]!;
      index = child;
    }
    heap[1 + index] = moved;
  }

  /** Compares the records of the streams at two offsets. */
  private isEarlier(left: number, right: number): boolean {
    const a = this.streams[left / STREAM_BYTES]!.words;
    const b = this.streams[right / STREAM_BYTES]!.words;
    const high = a[Stream.timeHigh]!;
    const otherHigh = b[Stream.timeHigh]!;
    if (high !== otherHigh) return high >>> 0 < otherHigh >>> 0;
    const low = a[Stream.timeLow]!;
    const otherLow = b[Stream.timeLow]!;
    if (low !== otherLow) return low >>> 0 < otherLow >>> 0;
    return a[Stream.order]! < b[Stream.order]!;
  }

  private countLost(lost: number): void {
    if (lost === LOST_UNKNOWN) this.lostUncounted++;
    else this.lostRecords += lost;
  }
}

const STREAM_BYTES: number = STREAM_WORDS * 4;
