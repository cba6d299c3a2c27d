/**
 * A file's records by time. perf writes what it found in each CPU's buffer one buffer after the other; FINISHED_ROUND says
 * that all buffers were visited once more, so that whatever is older than all that was seen at the round before can go.
 * The order is the one perf's own tools show (`ordered_events` of tools/perf/util), late records included. A file without
 * rounds waits in the queue to its end, as a place of some 36 bytes a record.
 */
import type { WarningList } from '../recording-error.ts';
import type { EventIndex } from './event-index.ts';
import type { FileWindows } from './file-windows.ts';
import type { PerfRecord } from './perf-record.ts';
import type { RawRecords } from './raw-records.ts';
import { RecordQueue } from './record-queue.ts';
import { FIRST_USER_TYPE, LAST_KERNEL_TYPE, LAST_USER_TYPE, RECORD } from './record-types.ts';

/** Decompressed bytes that may wait, from the file's size; more are let go before their round ends. */
const LEAST_HELD: number = 4 * 1024 * 1024;
const MOST_HELD: number = 64 * 1024 * 1024;
const HELD_FILES = 4;
const SECTION = 'event data';

export class OrderedRecords implements PerfRecord {
  type = 0;
  misc = 0;
  size = 0;
  bytes: Uint8Array = new Uint8Array(0);
  view: DataView = new DataView(new ArrayBuffer(0));
  offset = 0;
  readonly littleEndian: boolean;
  /** Records that came after later ones were given out. */
  late = 0;
  readonly #raw: RawRecords;
  readonly #windows: FileWindows;
  readonly #events: EventIndex;
  readonly #warnings: WarningList;
  readonly #queue = new RecordQueue();
  /** The records up to this time go now. */
  #limitHigh = 0;
  #limitLow = 0;
  #isFlushing = false;
  /** The limit of the next round's end: the latest time that waited at the last one's. */
  #roundHigh = 0;
  #roundLow = 0;
  #latestHigh = 0;
  #latestLow = 0;
  #givenHigh = 0;
  #givenLow = 0;
  #isEndOfRound = false;
  #isOver = false;
  #unknownTypes: Set<number> | undefined;
  readonly #maxHeld: number;
  #warnedHeld = false;

  constructor(raw: RawRecords, windows: FileWindows, events: EventIndex, warnings: WarningList) {
    this.#raw = raw;
    this.#windows = windows;
    this.#events = events;
    this.#warnings = warnings;
    this.littleEndian = raw.littleEndian;
    this.#maxHeld = Math.min(MOST_HELD, Math.max(LEAST_HELD, HELD_FILES * raw.dataSize));
  }

  /** In the file, of what was read last. */
  get position(): number {
    return this.#raw.filePosition;
  }

  /** Bytes that records waiting for their turn take. */
  get held(): number {
    return this.#queue.held + this.#queue.capacityBytes;
  }

  get consumed(): number {
    return this.#raw.consumed;
  }

  /** Steps to the next record; false when there are no more. */
  next(): boolean {
    for (;;) {
      if (this.#isFlushing) {
        if (this.#nextWaiting()) return true;
        this.#endFlush();
      }
      if (this.#isOver) return false;
      if (!this.#raw.next()) {
        this.#isOver = true;
        this.#flush(0xffff_ffff, 0xffff_ffff);
      } else if (this.#accept()) return true;
    }
  }

  /** Takes the raw record in; true when it needs no turn and is the current one now. */
  #accept(): boolean {
    const raw = this.#raw;
    const { type } = raw;
    if (type === RECORD.finishedRound) {
      this.#finishRound();
      return false;
    }
    if (type === RECORD.buildId) {
      this.#take(raw);
      return true;
    }
    if (type >= FIRST_USER_TYPE || type > LAST_KERNEL_TYPE) {
      if (type > LAST_USER_TYPE || type < FIRST_USER_TYPE || type === 0) this.#warnUnknown(type);
      return false;
    }
    if (type === RECORD.sample || this.#events.isTimed) {
      if (this.#events.readTime(raw)) {
        this.#enqueue();
        return false;
      }
    }
    this.#take(raw);
    return true;
  }

  #enqueue(): void {
    const raw = this.#raw;
    const { timeHigh, timeLow } = this.#events;
    const queue = this.#queue;
    if (isBefore(timeHigh, timeLow, this.#givenHigh, this.#givenLow)) this.late++;
    if (queue.count === 0 || !isBefore(timeHigh, timeLow, this.#latestHigh, this.#latestLow)) {
      this.#latestHigh = timeHigh;
      this.#latestLow = timeLow;
    }
    const position = raw.memory === undefined ? raw.filePosition : raw.offset;
    queue.push(timeHigh, timeLow, position, raw.size, raw.memory);
    if (queue.held > this.#maxHeld) this.#flushHalf();
  }

  #finishRound(): void {
    if (this.#queue.count === 0) return;
    this.#isEndOfRound = true;
    this.#flush(this.#roundHigh, this.#roundLow);
  }

  #flush(high: number, low: number): void {
    this.#limitHigh = high;
    this.#limitLow = low;
    this.#isFlushing = true;
  }

  #endFlush(): void {
    this.#isFlushing = false;
    if (!this.#isEndOfRound) return;
    this.#isEndOfRound = false;
    this.#roundHigh = this.#latestHigh;
    this.#roundLow = this.#latestLow;
  }

  /** The earlier half of the waiting time span goes before its round is over. */
  #flushHalf(): void {
    const first = this.#queue.firstHigh * 2 ** 32 + this.#queue.firstLow;
    const half = first + (this.#latestHigh * 2 ** 32 + this.#latestLow - first) / 2;
    const high = Math.max(Math.floor(half / 2 ** 32), this.#queue.firstHigh);
    const low =
      high === this.#queue.firstHigh ? Math.max(half % 2 ** 32, this.#queue.firstLow) : half % 2 ** 32;
    this.#flush(high, Math.floor(low));
    if (this.#warnedHeld) return;
    this.#warnedHeld = true;
    const mib = Math.round(this.#maxHeld / 2 ** 20);
    this.#warnings.add(
      SECTION,
      this.#raw.filePosition,
      `more than ${mib} MiB of decompressed records wait for the end of a round; some go before it, perhaps out of order`,
    );
  }

  #nextWaiting(): boolean {
    const queue = this.#queue;
    if (queue.count === 0 || isBefore(this.#limitHigh, this.#limitLow, queue.firstHigh, queue.firstLow))
      return false;
    this.#givenHigh = queue.firstHigh;
    this.#givenLow = queue.firstLow;
    queue.pop();
    if (queue.memory !== undefined) {
      this.bytes = queue.memory.bytes;
      this.view = queue.memory.view;
      this.offset = queue.position;
    } else if (this.#windows.locate(queue.position, queue.size)) {
      this.bytes = this.#windows.bytes;
      this.view = this.#windows.view;
      this.offset = this.#windows.offset;
    } else {
      this.#warnings.add(SECTION, queue.position, 'the file became shorter while it is read');
      return false;
    }
    this.#describe(queue.size);
    return true;
  }

  #take(record: PerfRecord): void {
    this.bytes = record.bytes;
    this.view = record.view;
    this.offset = record.offset;
    this.#describe(record.size);
  }

  #describe(size: number): void {
    this.size = size;
    this.type = this.view.getUint32(this.offset, this.littleEndian);
    this.misc = this.view.getUint16(this.offset + 4, this.littleEndian);
  }

  #warnUnknown(type: number): void {
    this.#unknownTypes ??= new Set();
    // Each once; a damaged file has many.
    if (this.#unknownTypes.size >= 8 || this.#unknownTypes.has(type)) return;
    this.#unknownTypes.add(type);
    this.#warnings.add(SECTION, this.#raw.filePosition, `records of the unknown type ${type} are skipped`);
  }
}

function isBefore(high: number, low: number, thanHigh: number, thanLow: number): boolean {
  return high === thanHigh ? low < thanLow : high < thanHigh;
}
