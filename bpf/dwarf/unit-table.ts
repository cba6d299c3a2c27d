/**
 * `UnitTable`: where the units of a file are, and the few that were used last. A damaged unit ends its section: nothing
 * behind it can be found, which {@link UnitTable.problem} tells.
 */
import { FormatError } from '../format-error.ts';
import { AbbreviationCache } from './abbreviations.ts';
import type { DwarfReading } from './reading.ts';
import type { DwarfSections } from './sections.ts';
import { readUnitHeader, type UnitHeader, type UnitSection } from './unit.ts';
import { UnitReader } from './unit-reader.ts';

/** Bytes of units that are kept. */
const KEPT_BYTES = 8 << 20;

export class UnitTable {
  /** Ascending in each section. */
  readonly headers: readonly UnitHeader[];
  /** Why units at the end of a section are missing. */
  readonly problem: FormatError | undefined;
  readonly #reading: DwarfReading;
  readonly #cache: AbbreviationCache;
  readonly #kept = new Map<UnitHeader, UnitReader>();
  readonly #bySignature = new Map<bigint, UnitHeader>();

  constructor(reading: DwarfReading) {
    const { sections } = reading;
    const info = readHeaders(sections, '.debug_info');
    const types = readHeaders(sections, '.debug_types');
    this.headers = [...info.headers, ...types.headers];
    this.problem = info.problem ?? types.problem;
    this.#reading = reading;
    this.#cache = new AbbreviationCache(reading);
    for (const header of this.headers) {
      if (header.signature !== undefined) this.#bySignature.set(header.signature, header);
    }
  }

  /** @throws FormatError */
  open(header: UnitHeader): UnitReader {
    const known = this.#kept.get(header);
    if (known !== undefined) return known;
    const unit = new UnitReader(this.#reading, header, this.#cache.table(header.abbreviations, header));
    let bytes = unit.bytes.length;
    // The oldest go first.
    for (const one of [...this.#kept.values()].reverse()) {
      bytes += one.bytes.length;
      if (bytes > KEPT_BYTES) this.#kept.delete(one.header);
    }
    this.#kept.set(header, unit);
    return unit;
  }

  /** The unit that holds an offset of a section. */
  at(section: UnitSection, offset: number): UnitHeader | undefined {
    let low = 0;
    let high = this.headers.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const header = this.headers[middle];
      if (header === undefined) return undefined;
      const after = header.section !== section ? section === '.debug_types' : header.end <= offset;
      if (after) low = middle + 1;
      else high = middle;
    }
    const header = this.headers[low];
    return header?.section === section && offset >= header.entries ? header : undefined;
  }

  /** The type unit of a signature. */
  bySignature(signature: bigint): UnitHeader | undefined {
    return this.#bySignature.get(signature);
  }
}

interface Headers {
  readonly headers: readonly UnitHeader[];
  readonly problem: FormatError | undefined;
}

function readHeaders(sections: DwarfSections, section: UnitSection): Headers {
  const size = sections.section(section)?.size ?? 0;
  const headers: UnitHeader[] = [];
  for (let offset = 0; offset < size; ) {
    try {
      const header = readUnitHeader(sections, section, offset);
      headers.push(header);
      offset = header.end;
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      return { headers, problem: error };
    }
  }
  return { headers, problem: undefined };
}
