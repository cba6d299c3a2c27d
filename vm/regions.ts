/**
 * The region table: which bytes of linear memory a program may touch, and how. Regions are added in ascending order
 * (memory is handed out from below), so the table is sorted without sorting. Strict mode asks it for every access.
 */
import type { LinearAddress } from './address.ts';

export type RegionKind =
  | 'stack'
  | 'context'
  | 'staging'
  | 'map'
  | 'ring buffer'
  | 'kernel'
  | 'user'
  | 'packet';

export interface RegionOptions {
  readonly kind: RegionKind;
  /** What it holds, for messages: `map @x`. */
  readonly label: string;
  /** Programs may store here. Default false. */
  readonly writable?: boolean;
  /**
   * Bytes from one element to the next: an access must stay inside one element. Default 0: no elements.
   * Stores below `writableFrom` inside an element (its key) are refused; `readableFrom` hides bookkeeping.
   */
  readonly stride?: number;
  readonly readableFrom?: number;
  readonly writableFrom?: number;
  /** Bytes of an element that may be touched, counted from its start. Default `stride`. */
  readonly used?: number;
}

export interface Region extends RegionOptions {
  readonly start: LinearAddress;
  /** First byte after it. */
  readonly end: LinearAddress;
}

/** A region with every field present: all have one shape, which the checks on each access depend on. */
class Entry {
  readonly region: Region;
  start: number;
  end: number;
  readonly user: boolean;
  readonly writable: boolean;
  readonly stride: number;
  readonly readableFrom: number;
  readonly writableFrom: number;
  readonly used: number;

  constructor(region: Region) {
    this.region = region;
    this.start = region.start;
    this.end = region.end;
    this.user = region.kind === 'user';
    this.writable = region.writable === true;
    this.stride = region.stride ?? 0;
    this.readableFrom = region.readableFrom ?? 0;
    this.writableFrom = region.writableFrom ?? 0;
    this.used = region.used ?? this.stride;
  }

  allows(address: LinearAddress, bytes: number, write: boolean): boolean {
    if (address + bytes > this.end || this.user || (write && !this.writable)) return false;
    if (this.stride === 0) return true;
    const offset = (address - this.start) % this.stride;
    return offset >= (write ? this.writableFrom : this.readableFrom) && offset + bytes <= this.used;
  }
}

/** The part of a region that programs may touch now, as of a packet that grows and shrinks in its room. */
export class RegionWindow {
  readonly #entry: Entry;

  constructor(entry: Entry) {
    this.#entry = entry;
  }

  /** From `start` to before `end`, which must lie in the region. */
  move(start: LinearAddress, end: LinearAddress): void {
    const { region } = this.#entry;
    if (!(start >= region.start && start <= end && end <= region.end))
      throw new RangeError(`${region.label} has no window ${start} to ${end}`);
    this.#entry.start = start;
    this.#entry.end = end;
  }
}

/** Holds no address. */
const NOWHERE: Region = { kind: 'kernel', label: 'nowhere', start: 0, end: 0 };

export class RegionTable {
  readonly #entries: Entry[] = [];
  // Programs go back and forth between their stack and one map or context: the last two places asked for.
  #last = new Entry(NOWHERE);
  #before = this.#last;

  get count(): number {
    return this.#entries.length;
  }

  /** Forgets all but the first `count`. Nothing may have been asked about the others. */
  truncate(count: number): void {
    this.#entries.length = count;
  }

  /** `region` must lie above all regions there are. */
  add(region: Region): RegionWindow {
    const entry = new Entry(region);
    this.#entries.push(entry);
    return new RegionWindow(entry);
  }

  /** The region that holds the byte at `address`. */
  at(address: LinearAddress): Region | undefined {
    return this.#entry(address)?.region;
  }

  #entry(address: LinearAddress): Entry | undefined {
    const last = this.#last;
    if (address >= last.start && address < last.end) return last;
    const before = this.#before;
    if (address >= before.start && address < before.end) return before;
    return this.#search(address);
  }

  #search(address: LinearAddress): Entry | undefined {
    let low = 0;
    let high = this.#entries.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const entry = this.#entries[middle]!;
      if (address < entry.start) high = middle - 1;
      else if (address >= entry.end) low = middle + 1;
      else {
        this.#before = this.#last;
        this.#last = entry;
        return entry;
      }
    }
    return undefined;
  }

  /** True when all of the bytes lie in one region of the user or the kernel side. */
  covers(address: LinearAddress, bytes: number, user: boolean): boolean {
    const entry = this.#entry(address);
    return entry !== undefined && address + bytes <= entry.end && entry.user === user;
  }

  /** True when a program may access these bytes through a kernel pointer. */
  allows(address: LinearAddress, bytes: number, write: boolean): boolean {
    const entry = this.#entry(address);
    return entry?.allows(address, bytes, write) === true;
  }

  /** What lies at an address, in words: `12 bytes into map @x`. */
  describe(address: LinearAddress): string {
    if (address < 65536) return 'near NULL';
    const entry = this.#entry(address);
    if (entry === undefined) return this.#describeGap(address);
    const readOnly = entry.writable ? '' : ' (read-only)';
    return `${address - entry.start} bytes into ${entry.region.label}${readOnly}`;
  }

  #describeGap(address: LinearAddress): string {
    const below = this.#entries.findLast((one) => one.end <= address);
    if (below === undefined || address - below.end > 4096) return 'nothing is mapped there';
    return `${address - below.end} bytes past the end of ${below.region.label}`;
  }
}
