/**
 * The files mapped into one address space, ordered by address and never overlapping: a new mapping takes the place of
 * what it covers. Forked processes share their parent's until one of them changes.
 */

/** A mapping of executable memory as the recording tells it. */
export interface Mapping {
  readonly start: bigint;
  /** First address behind it. */
  readonly end: bigint;
  /** Offset in the file of what `start` holds. */
  readonly fileOffset: bigint;
  /** Path, or a name such as `[vdso]` or `//anon`. */
  readonly path: string;
  /** Build id of the file in hexadecimal, where the recording tells it. */
  readonly buildId?: string;
}

/** The kernel allows a process this many (`vm.max_map_count`). */
const MAX_MAPPINGS = 65_530;
/** Of all processes together; a machine with thousands of processes has a tenth of it. */
const MAX_TOTAL: number = 1 << 20;

/** How many mappings are kept in all: a small file could fork endlessly and change each copy. */
export class MappingBudget {
  /** Some mappings were not kept. */
  exceeded = false;
  #used = 0;

  /** False when there is no room for `count` more. */
  take(count: number): boolean {
    if (this.#used + count > MAX_TOTAL) {
      this.exceeded = true;
      return false;
    }
    this.#used += count;
    return true;
  }

  release(count: number): void {
    this.#used -= count;
  }
}

export class AddressMap {
  #mappings: Mapping[] = [];
  #isShared = false;
  readonly #budget: MappingBudget;

  constructor(budget: MappingBudget) {
    this.#budget = budget;
  }

  /** One with the same contents; they are copied when one of both changes. */
  clone(): AddressMap {
    const copy = new AddressMap(this.#budget);
    copy.#mappings = this.#mappings;
    copy.#isShared = true;
    this.#isShared = true;
    return copy;
  }

  get size(): number {
    return this.#mappings.length;
  }

  list(): readonly Mapping[] {
    return this.#mappings;
  }

  at(address: bigint): Mapping | undefined {
    const index = this.#firstEndingAfter(address);
    const mapping = this.#mappings[index];
    return mapping !== undefined && mapping.start <= address ? mapping : undefined;
  }

  /** Empty mappings are nothing. */
  add(mapping: Mapping): void {
    if (mapping.end <= mapping.start) return;
    const first = this.#firstEndingAfter(mapping.start);
    let last = first;
    while (last < this.#mappings.length && this.#mappings[last]!.start < mapping.end) last++;
    const pieces: Mapping[] = [mapping];
    const before = this.#mappings[first];
    if (before !== undefined && before.start < mapping.start)
      pieces.unshift({ ...before, end: mapping.start });
    const after = this.#mappings[last - 1];
    if (last > first && after !== undefined && after.end > mapping.end) pieces.push(tail(after, mapping.end));
    if (this.#mappings.length - (last - first) + pieces.length > MAX_MAPPINGS) return;
    if (!this.#own() || !this.#budget.take(pieces.length)) return;
    this.#budget.release(last - first);
    this.#mappings.splice(first, last - first, ...pieces);
  }

  /** Takes out the mapping that begins at `start`. */
  remove(start: bigint): void {
    const index = this.#firstEndingAfter(start);
    if (this.#mappings[index]?.start !== start || !this.#own()) return;
    this.#mappings.splice(index, 1);
    this.#budget.release(1);
  }

  /** Nobody looks into it any more. */
  drop(): void {
    if (!this.#isShared) this.#budget.release(this.#mappings.length);
    this.#mappings = [];
    this.#isShared = true;
  }

  /** Makes the list its own before it changes; false when there is no room for another. */
  #own(): boolean {
    if (!this.#isShared) return true;
    if (!this.#budget.take(this.#mappings.length)) return false;
    this.#mappings = this.#mappings.slice();
    this.#isShared = false;
    return true;
  }

  #firstEndingAfter(address: bigint): number {
    let start = 0;
    let end = this.#mappings.length;
    while (start < end) {
      const middle = (start + end) >>> 1;
      if (this.#mappings[middle]!.end <= address) start = middle + 1;
      else end = middle;
    }
    return start;
  }
}

function tail(mapping: Mapping, start: bigint): Mapping {
  return { ...mapping, start, fileOffset: mapping.fileOffset + (start - mapping.start) };
}
