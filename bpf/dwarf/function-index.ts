/**
 * `FunctionIndex`: which entries are functions of a name. One pass over all units; of each function only numbers are
 * kept (where its name is in `.debug_str`, which entry it completes), so that a large program costs a few megabytes.
 */
import { FormatError } from '../format-error.ts';
import type { Abbreviation, AttributeSpec } from './abbreviations.ts';
import { type AttributeValue, readValue } from './attribute.ts';
import { ATTRIBUTE, TAG } from './constants.ts';
import type { DwarfCursor } from './cursor.ts';
import { firstAddress } from './ranges.ts';
import type { DwarfSections } from './sections.ts';
import { skipEntry, skipForm } from './skip.ts';
import { offsetsOf } from './strings.ts';
import type { UnitReader } from './unit-reader.ts';
import type { UnitTable } from './unit-table.ts';

/** The first ones tell enough. */
const MAX_PROBLEMS = 100;

/** Functions found under a name, as offsets in `.debug_info`. */
export type EntryOffset = number;

export class FunctionIndex {
  /** Where each name stands in `.debug_str` → entries; numbers only. */
  readonly #byOffset = new Multimap();
  /** FNV-1a of names that are written in the entry itself → entries. */
  readonly #byHash = new Multimap();
  /** An entry → those that complete it (`DW_AT_specification`, `DW_AT_abstract_origin`). */
  readonly #completions = new Multimap();
  /** Address of the first instruction → entries. */
  readonly #byAddress = new Multimap();
  /** Why units were left out: the first of them. */
  readonly problems: readonly FormatError[];
  readonly #sections: DwarfSections;

  constructor(sections: DwarfSections, units: UnitTable) {
    this.#sections = sections;
    const problems: FormatError[] = units.problem === undefined ? [] : [units.problem];
    for (const header of units.headers) {
      if (header.section !== '.debug_info') continue;
      try {
        this.#scan(units.open(header));
      } catch (error) {
        if (!(error instanceof FormatError)) throw error;
        if (problems.length < MAX_PROBLEMS) problems.push(error);
      }
    }
    this.problems = problems;
    for (const map of [this.#byOffset, this.#byHash, this.#completions, this.#byAddress]) map.seal();
  }

  /**
   * Entries that may be functions of that name (or linkage name), with those that complete them, ascending. Names
   * written in an entry are found by hash: the caller compares.
   */
  candidates(name: string): readonly EntryOffset[] {
    const found = new Set<EntryOffset>(this.#byHash.get(hashOf(new TextEncoder().encode(name))));
    const strings = this.#sections.section('.debug_str');
    if (strings !== undefined) {
      for (const offset of offsetsOf(strings, name)) {
        for (const entry of this.#byOffset.get(offset)) found.add(entry);
      }
    }
    // The set grows while it is walked: a completion may be completed in turn.
    for (const entry of found) for (const other of this.#completions.get(entry)) found.add(other);
    return [...found].sort((left, right) => left - right);
  }

  /** Entries of functions that begin at an address. */
  at(address: bigint): readonly EntryOffset[] {
    return this.#byAddress.get(Number(address));
  }

  #scan(unit: UnitReader): void {
    const { header } = unit;
    const cursor = unit.cursor(header.entries);
    while (cursor.remaining > 0) {
      const offset = header.unitOffset + cursor.position;
      const abbreviation = unit.abbreviation(cursor);
      if (abbreviation === undefined) continue;
      if (abbreviation.tag === TAG.subprogram) this.#addFunction(unit, cursor, offset, abbreviation);
      else skipEntry(cursor, abbreviation.steps, header);
    }
  }

  #addFunction(unit: UnitReader, cursor: DwarfCursor, entry: number, abbreviation: Abbreviation): void {
    for (const spec of abbreviation.attributes) {
      switch (spec.attribute) {
        case ATTRIBUTE.name:
        case ATTRIBUTE.linkageName:
        case ATTRIBUTE.mipsLinkageName:
          this.#addName(unit, entry, readValue(cursor, spec, unit.header));
          break;
        case ATTRIBUTE.specification:
        case ATTRIBUTE.abstractOrigin:
          this.#addCompletion(unit, cursor, entry, spec);
          break;
        case ATTRIBUTE.lowPc:
          this.#addAddress(entry, unit.address(readValue(cursor, spec, unit.header)));
          break;
        case ATTRIBUTE.ranges:
          this.#addAddress(entry, firstAddress(unit, readValue(cursor, spec, unit.header)));
          break;
        default:
          skipForm(cursor, spec.form, unit.header);
      }
    }
  }

  #addName(unit: UnitReader, entry: number, name: AttributeValue): void {
    if (name.kind === 'text') this.#byHash.add(hashOf(new TextEncoder().encode(name.text)), entry);
    if (name.kind === 'text offset' && name.section === '.debug_str') this.#byOffset.add(name.offset, entry);
    if (name.kind === 'text index') this.#byOffset.add(unit.stringOffset(name.index), entry);
  }

  #addAddress(entry: number, address: bigint | undefined): void {
    // 0: the linker dropped the function.
    if (address !== undefined && address !== 0n) this.#byAddress.add(Number(address), entry);
  }

  #addCompletion(unit: UnitReader, cursor: DwarfCursor, entry: number, spec: AttributeSpec): void {
    const target = readValue(cursor, spec, unit.header);
    if (target.kind === 'reference') this.#completions.add(target.offset, entry);
  }
}

function hashOf(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash;
}

/** Pairs of numbers, sorted once all are there: eight times smaller than a `Map` of lists. */
class Multimap {
  #pairs = new Float64Array(64);
  #count = 0;

  add(key: number, value: number): void {
    if (this.#count * 2 === this.#pairs.length) {
      const larger = new Float64Array(this.#pairs.length * 2);
      larger.set(this.#pairs);
      this.#pairs = larger;
    }
    this.#pairs[this.#count * 2] = key;
    this.#pairs[this.#count * 2 + 1] = value;
    this.#count++;
  }

  seal(): void {
    const pairs = this.#pairs;
    const order = Uint32Array.from({ length: this.#count }, (_, index) => index);
    order.sort((left, right) => (pairs[left * 2] ?? 0) - (pairs[right * 2] ?? 0) || left - right);
    const sorted = new Float64Array(this.#count * 2);
    order.forEach((from, to) => {
      sorted.set(pairs.subarray(from * 2, from * 2 + 2), to * 2);
    });
    this.#pairs = sorted;
  }

  get(key: number): readonly number[] {
    let low = 0;
    let high = this.#count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#pairs[middle * 2] ?? 0) < key) low = middle + 1;
      else high = middle;
    }
    const found: number[] = [];
    for (let index = low; index < this.#count && this.#pairs[index * 2] === key; index++) {
      found.push(this.#pairs[index * 2 + 1] ?? 0);
    }
    return found;
  }
}
