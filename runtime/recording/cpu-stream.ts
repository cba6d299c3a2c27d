/**
 * The records of one CPU in order, decoded from ring-buffer pages (kernel `struct ring_buffer_event`):
 *
 *     31            5 4      0        big-endian machines: 31 type_len 27 26   time_delta   0
 *    +---------------+--------+
 *    |  time_delta   |type_len|       1..28: data of type_len * 4 bytes       0: u32 length (itself included), data
 *    +---------------+--------+      29: padding, u32 length   30: time extend, u32 bits 27..58   31: absolute time
 *
 * Where the stream stands is in its words ({@link Stream}); nothing is allocated per record.
 */
import type { PageLayout } from './page-layout.ts';
import type { PageSource } from './page-source.ts';
import type { RecordingClock } from './recording-clock.ts';
import type { WarningList } from './recording-error.ts';
import { type RecordRoom, Stream } from './stream-state.ts';

const MAX_DATA_TYPE = 28;
const PADDING = 29;
const TIME_EXTEND = 30;

const COMMIT_MASK = 0x07ff_ffff;
const MISSED_EVENTS = 0x8000_0000 | 0;
const MISSED_STORED = 0x4000_0000;

/** The common fields: type, flags, preempt count, pid. */
const MIN_RECORD = 8;

/** `lost` when the kernel did not say how many. */
export const LOST_UNKNOWN = -1;

export interface CpuStreamOptions {
  readonly cpu: number;
  /** Index of the buffer. */
  readonly buffer: number;
  /** Rank among streams whose records have the same time. */
  readonly order: number;
  readonly pages: PageSource;
  readonly pageSize: number;
  readonly layout: PageLayout;
  readonly littleEndian: boolean;
  readonly clock: RecordingClock;
  readonly warnings: WarningList;
  readonly words: Int32Array;
  /** Where windows are read into, `size` bytes at `address`; absent where they are kept as they come. */
  readonly place?: { readonly room: RecordRoom; readonly address: number; readonly size: number };
}

export class CpuStream {
  readonly cpu: number;
  readonly buffer: number;
  readonly pages: PageSource;
  readonly words: Int32Array;
  /** What the places in the words count in. */
  bytes: Uint8Array = new Uint8Array(0);
  view: DataView = new DataView(new ArrayBuffer(0));
  private readonly pageSize: number;
  private readonly layout: PageLayout;
  private readonly littleEndian: boolean;
  private readonly clock: RecordingClock;
  private readonly warnings: WarningList;
  private readonly room: RecordRoom | undefined;
  private readonly target: Uint8Array | undefined;
  /** The window of `bytes` that is read. */
  private windowStart = 0;
  private windowEnd = 0;
  private nextPage = 0;
  private pendingLost = 0;
  /** The current page's end is missing: told before the first record after it. */
  private cutOff = false;

  constructor(options: CpuStreamOptions) {
    this.cpu = options.cpu;
    this.buffer = options.buffer;
    this.pages = options.pages;
    this.words = options.words;
    this.words[Stream.cpu] = options.cpu;
    this.words[Stream.order] = options.order;
    this.pageSize = options.pageSize;
    this.layout = options.layout;
    this.littleEndian = options.littleEndian;
    this.clock = options.clock;
    this.warnings = options.warnings;
    const { place } = options;
    this.room = place?.room;
    this.target = place?.room.u8.subarray(place.address, place.address + place.size);
  }

  /** Records lost after the last one; their place is the end of the stream. */
  get lostAtEnd(): number {
    return this.pendingLost;
  }

  /** Steps to the next record; false at the end. The bytes of the record before may be gone then. */
  next(): boolean {
    const { words } = this;
    for (;;) {
      while (words[Stream.position]! >= words[Stream.end]!) if (!this.loadPage()) return false;
      const at = words[Stream.position]!;
      const word = this.view.getUint32(at, this.littleEndian);
      const type = this.littleEndian ? word & 31 : word >>> 27;
      const delta = this.littleEndian ? word >>> 5 : word & COMMIT_MASK;
      const isData = type > 0 && type <= MAX_DATA_TYPE;
      const start = isData ? at + 4 : this.special(at, type, delta);
      if (start === 0) continue;
      const length = isData ? type * 4 : this.longLength(at);
      const end = start + length;
      if (end > words[Stream.end]! || length < MIN_RECORD) {
        this.abandonPage(at, `a record of ${length} bytes`);
        continue;
      }
      if (isData) this.advance(delta);
      words[Stream.position] = end;
      words[Stream.offset] = start;
      words[Stream.length] = length;
      this.finishRecord();
      return true;
    }
  }

  private finishRecord(): void {
    const { words, clock } = this;
    words[Stream.lost] = this.pendingLost;
    this.pendingLost = 0;
    if (clock.identity) {
      words[Stream.timeHigh] = words[Stream.rawHigh]!;
      words[Stream.timeLow] = words[Stream.rawLow]!;
      return;
    }
    clock.convert(words[Stream.rawHigh]!, words[Stream.rawLow]!);
    words[Stream.timeHigh] = clock.high;
    words[Stream.timeLow] = clock.low;
  }

  /** Bytes of a long record's data; the word before it counts itself. */
  private longLength(at: number): number {
    const value = this.view.getUint32(at + 4, this.littleEndian);
    return value < 4 ? 0 : ((value - 4 + 3) & ~3) >>> 0;
  }

  /** What is not a short data record. Gives where a long record's data starts, or 0 when there is none. */
  private special(at: number, type: number, delta: number): number {
    const { words } = this;
    if (type === PADDING && delta === 0) {
      // The rest of the page was never written.
      words[Stream.position] = words[Stream.end]!;
      return 0;
    }
    if (at + 8 > words[Stream.end]!) {
      this.abandonPage(at, `an event of type ${type}`);
      return 0;
    }
    const value = this.view.getUint32(at + 4, this.littleEndian);
    switch (type) {
      case 0:
        this.advance(delta);
        return at + 8;
      case PADDING:
        this.advance(delta);
        this.skipPadding(at, value);
        return 0;
      case TIME_EXTEND:
        this.advance(delta);
        this.advanceHigh(value);
        words[Stream.position] = at + 8;
        return 0;
      default:
        this.setTime(delta, value);
        words[Stream.position] = at + 8;
        return 0;
    }
  }

  /** A discarded event: `length` bytes after its header, at least the length word itself. */
  private skipPadding(at: number, length: number): void {
    const end = at + 4 + Math.max(length, 4);
    if (end > this.words[Stream.end]! || (end & 3) !== 0) this.abandonPage(at, `padding of ${length} bytes`);
    else this.words[Stream.position] = end;
  }

  private advance(delta: number): void {
    const { words } = this;
    const low = (words[Stream.rawLow]! >>> 0) + delta;
    if (low > 0xffff_ffff) words[Stream.rawHigh] = words[Stream.rawHigh]! + 1;
    words[Stream.rawLow] = low;
  }

  /** Adds `value` << 27. */
  private advanceHigh(value: number): void {
    this.advance((value & 31) * 0x800_0000);
    this.words[Stream.rawHigh] = this.words[Stream.rawHigh]! + (value >>> 5);
  }

  /** 59 bits of an absolute time; the page's time has the bits above (kernel `rb_fix_abs_ts`). */
  private setTime(low: number, value: number): void {
    const { words } = this;
    const before = words[Stream.rawHigh]!;
    const beforeLow = words[Stream.rawLow]! >>> 0;
    const time = low | (value << 27);
    words[Stream.rawLow] = time;
    let high = (value >>> 5) | (before & 0xf800_0000);
    const wrapped = high >>> 0 < before >>> 0 || (high === before && time >>> 0 < beforeLow);
    if ((before & 0xf800_0000) !== 0 && wrapped) high += 0x0800_0000;
    words[Stream.rawHigh] = high;
  }

  /** Steps to the next page with a readable header, perhaps an empty one; false at the end. */
  private loadPage(): boolean {
    if (this.cutOff) this.addLost(LOST_UNKNOWN);
    this.cutOff = false;
    if (this.nextPage >= this.windowEnd && !this.loadWindow()) return false;
    const { layout, words } = this;
    const page = this.nextPage;
    const available = Math.min(this.pageSize, this.windowEnd - page);
    this.nextPage = page + this.pageSize;
    words[Stream.position] = 0;
    words[Stream.end] = 0;
    const capacity = available - layout.dataOffset;
    if (capacity < 0) {
      this.lose(page, 'a page is cut off inside its header');
      return true;
    }
    const time = this.timeHalves(page + layout.timeOffset);
    if (words[Stream.rawHigh] !== 0 || words[Stream.rawLow] !== 0) {
      this.checkOrder(page, time.high, time.low);
    }
    words[Stream.rawHigh] = time.high;
    words[Stream.rawLow] = time.low;
    const commit = this.lowWord(page + layout.commitOffset);
    const used = commit & COMMIT_MASK;
    const data = page + layout.dataOffset;
    if (used > this.pageSize - layout.dataOffset) {
      this.lose(page, `a page claims ${used} bytes of records`);
      return true;
    }
    if (used > capacity) {
      this.warn(page, `a page is cut off after ${capacity} of ${used} bytes`);
      this.cutOff = true;
    }
    words[Stream.position] = data;
    words[Stream.end] = data + (Math.min(used, capacity) & ~3);
    if ((commit & MISSED_EVENTS) !== 0) this.addLost(this.storedLost(commit, data + used, page + available));
    return true;
  }

  private loadWindow(): boolean {
    const { target, room } = this;
    const bytes = this.pages.next(target);
    if (this.pages.takeLoss()) this.addLost(LOST_UNKNOWN);
    if (bytes === undefined) {
      this.nextPage = this.windowEnd;
      return false;
    }
    const isResident = room !== undefined && bytes.buffer === room.u8.buffer;
    this.words[Stream.resident] = isResident ? 1 : 0;
    this.bytes = isResident ? room.u8 : bytes;
    this.view = isResident ? room.view : new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.windowStart = isResident ? bytes.byteOffset : 0;
    this.windowEnd = this.windowStart + bytes.length;
    this.nextPage = this.windowStart;
    return true;
  }

  /** The count of lost events is stored after the records where there was room (kernel `RB_MISSED_STORED`). */
  private storedLost(commit: number, offset: number, pageEnd: number): number {
    if ((commit & MISSED_STORED) === 0 || offset + this.layout.longSize > pageEnd) return LOST_UNKNOWN;
    const count = this.lowWord(offset) >>> 0;
    return count > 0x7fff_ffff ? LOST_UNKNOWN : count;
  }

  /** Low 32 bits of a long. */
  private lowWord(offset: number): number {
    const high = this.littleEndian || this.layout.longSize === 4 ? 0 : 4;
    return this.view.getInt32(offset + high, this.littleEndian);
  }

  private timeHalves(offset: number): { readonly high: number; readonly low: number } {
    const first = this.view.getInt32(offset, this.littleEndian);
    const second = this.view.getInt32(offset + 4, this.littleEndian);
    return this.littleEndian ? { low: first, high: second } : { low: second, high: first };
  }

  private checkOrder(page: number, high: number, low: number): void {
    const lastHigh = this.words[Stream.rawHigh]!;
    const lastLow = this.words[Stream.rawLow]!;
    const earlier = high >>> 0 < lastHigh >>> 0 || (high === lastHigh && low >>> 0 < lastLow >>> 0);
    if (earlier) this.warn(page, 'time goes backwards at this page');
  }

  private abandonPage(at: number, what: string): void {
    const { words } = this;
    const left = words[Stream.end]! - at;
    this.lose(at, `${what} does not fit; the page's last ${left} bytes are lost`);
    words[Stream.position] = words[Stream.end]!;
  }

  private lose(at: number, problem: string): void {
    this.warn(at, problem);
    this.addLost(LOST_UNKNOWN);
  }

  private warn(at: number, problem: string): void {
    const offset = this.pages.base + at - this.windowStart;
    this.warnings.add(this.pages.section, offset, problem);
  }

  private addLost(count: number): void {
    const unknown = count === LOST_UNKNOWN || this.pendingLost === LOST_UNKNOWN;
    this.pendingLost = unknown ? LOST_UNKNOWN : this.pendingLost + count;
  }
}
