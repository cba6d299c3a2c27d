/**
 * `DwarfReading`: the sections, and bounds of what one question may cost. Entries, tables and texts of a damaged file may
 * overlap, so that a few bytes stand for endless work: it is counted in bytes that are looked at.
 */
import { FormatError } from '../format-error.ts';
import type { DwarfSectionName, DwarfSections } from './sections.ts';
import { DwarfStrings } from './strings.ts';

/** How often each byte may be looked at for one question, on average. */
const TIMES = 8;
const ALWAYS = 4 << 20;
const COUNTED: readonly DwarfSectionName[] = ['.debug_info', '.debug_types', '.debug_abbrev'];

export class DwarfReading {
  readonly sections: DwarfSections;
  readonly strings: DwarfStrings;
  readonly #limit: number;
  #left: number;

  constructor(sections: DwarfSections) {
    this.sections = sections;
    this.strings = new DwarfStrings(sections);
    const total = COUNTED.reduce((sum, name) => sum + (sections.section(name)?.size ?? 0), 0);
    this.#limit = total * TIMES + ALWAYS;
    this.#left = this.#limit;
  }

  /** A new question. */
  begin(): void {
    this.#left = this.#limit;
  }

  /** @throws FormatError when the question costs too much */
  spend(bytes: number, section: string, offset: number): void {
    this.#left -= bytes;
    if (this.#left < 0) throw new FormatError(section, offset, 'entries overlap too much');
  }
}
