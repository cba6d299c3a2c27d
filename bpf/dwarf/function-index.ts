/**
 * `FunctionIndex`: which entries are functions of a name. One pass over all units; of each function only numbers are
 * kept (where its name is in `.debug_str`, which entry it completes), so that a large program costs a few megabytes.
 */
import { FormatError } from '../format-error.ts';
import type { Abbreviation, AttributeSpec } from './abbreviations.ts';
import { readValue } from './attribute.ts';
import { ATTRIBUTE, TAG } from './constants.ts';
import type { DwarfCursor } from './cursor.ts';
import { Multimap } from './multimap.ts';
import { type EntryOffset, NameIndex } from './name-index.ts';
import { firstAddress } from './ranges.ts';
import type { DwarfSections } from './sections.ts';
import { skipEntry, skipForm } from './skip.ts';
import type { UnitReader } from './unit-reader.ts';
import type { UnitTable } from './unit-table.ts';

/** The first ones tell enough. */
const MAX_PROBLEMS = 100;

export class FunctionIndex {
  readonly #names = new NameIndex();
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
    for (const map of [this.#names, this.#completions, this.#byAddress]) map.seal();
  }

  /**
   * Entries that may be functions of that name (or linkage name), with those that complete them, ascending. Names
   * written in an entry are found by hash: the caller compares.
   */
  candidates(name: string): readonly EntryOffset[] {
    const found = this.#names.candidates(this.#sections, name);
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
          this.#names.add(unit, entry, readValue(cursor, spec, unit.header));
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

  #addAddress(entry: number, address: bigint | undefined): void {
    // 0: the linker dropped the function.
    if (address !== undefined && address !== 0n) this.#byAddress.add(Number(address), entry);
  }

  #addCompletion(unit: UnitReader, cursor: DwarfCursor, entry: number, spec: AttributeSpec): void {
    const target = readValue(cursor, spec, unit.header);
    if (target.kind === 'reference') this.#completions.add(target.offset, entry);
  }
}
