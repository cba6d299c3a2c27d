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

export class RegionTable {
  readonly #regions: Region[] = [];
  #last: Region | undefined;

  /** `region` must lie above all regions there are. */
  add(region: Region): void {
    this.#regions.push(region);
  }

  /** The region that holds the byte at `address`. */
  at(address: LinearAddress): Region | undefined {
    const last = this.#last;
    if (last !== undefined && address >= last.start && address < last.end) return last;
    let low = 0;
    let high = this.#regions.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const region = this.#regions[middle]!;
      if (address < region.start) high = middle - 1;
      else if (address >= region.end) low = middle + 1;
      else {
        this.#last = region;
        return region;
      }
    }
    return undefined;
  }

  /** True when all of the bytes lie in one region of the user or the kernel side. */
  covers(address: LinearAddress, bytes: number, user: boolean): boolean {
    const region = this.at(address);
    return region !== undefined && address + bytes <= region.end && (region.kind === 'user') === user;
  }

  /** True when a program may access these bytes through a kernel pointer. */
  allows(address: LinearAddress, bytes: number, write: boolean): boolean {
    const region = this.at(address);
    if (region === undefined || address + bytes > region.end || region.kind === 'user') return false;
    if (write && region.writable !== true) return false;
    const stride = region.stride ?? 0;
    if (stride === 0) return true;
    const offset = (address - region.start) % stride;
    const from = (write ? region.writableFrom : region.readableFrom) ?? 0;
    return offset >= from && offset + bytes <= (region.used ?? stride);
  }

  /** What lies at an address, in words: `12 bytes into map @x`. */
  describe(address: LinearAddress): string {
    if (address < 65536) return 'near NULL';
    const region = this.at(address);
    if (region === undefined) return this.#describeGap(address);
    const readOnly = region.writable === true ? '' : ' (read-only)';
    return `${address - region.start} bytes into ${region.label}${readOnly}`;
  }

  #describeGap(address: LinearAddress): string {
    const below = this.#regions.findLast((one) => one.end <= address);
    if (below === undefined || address - below.end > 4096) return 'nothing is mapped there';
    return `${address - below.end} bytes past the end of ${below.label}`;
  }
}
