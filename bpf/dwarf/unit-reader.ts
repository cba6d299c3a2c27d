/**
 * `UnitReader`: the bytes of one unit, with what its attributes hang on: abbreviations and the bases of its parts of
 * `.debug_str_offsets`, `.debug_addr` and `.debug_rnglists`, which its first entry tells.
 */
import type { Abbreviation, AbbreviationTable } from './abbreviations.ts';
import type { AttributeValue } from './attribute.ts';
import { ATTRIBUTE } from './constants.ts';
import { DwarfCursor } from './cursor.ts';
import { type Entry, readEntry } from './entry.ts';
import type { DwarfReading } from './reading.ts';
import { cursorAt, type DwarfSections } from './sections.ts';
import type { UnitHeader } from './unit.ts';

export class UnitReader {
  readonly header: UnitHeader;
  readonly sections: DwarfSections;
  readonly reading: DwarfReading;
  readonly abbreviations: AbbreviationTable;
  /** From the unit's first byte. */
  readonly bytes: Uint8Array;
  #root: Entry | undefined;

  /** @throws FormatError */
  constructor(reading: DwarfReading, header: UnitHeader, abbreviations: AbbreviationTable) {
    const length = header.end - header.unitOffset;
    this.header = header;
    this.reading = reading;
    this.sections = reading.sections;
    this.abbreviations = abbreviations;
    this.bytes = cursorAt(reading.sections, header.section, header.unitOffset, length, 'a unit').bytes;
  }

  /** A cursor at an offset of the section; its positions are from the unit's start. @throws FormatError */
  cursor(offset: number): DwarfCursor {
    const { section, unitOffset } = this.header;
    const cursor = new DwarfCursor(this.bytes, this.sections.littleEndian, section, unitOffset);
    cursor.seek(offset - unitOffset, 'an entry');
    return cursor;
  }

  /** Reads an entry's code; undefined for the null entry. @throws FormatError */
  abbreviation(cursor: DwarfCursor): Abbreviation | undefined {
    const at = cursor.position;
    const code = cursor.uleb('an abbreviation code');
    if (code === 0) return undefined;
    return this.abbreviations.get(code) ?? cursor.fail(`there is no abbreviation ${code}`, at);
  }

  /** The unit's own entry. @throws FormatError */
  get root(): Entry {
    this.#root ??= readEntry(this, this.header.entries);
    return this.#root ?? this.cursor(this.header.entries).fail('the unit has no entry');
  }

  /** Undefined when the value is no text, or is in another file. @throws FormatError */
  text(value: AttributeValue | undefined): string | undefined {
    switch (value?.kind) {
      case 'text':
        return value.text;
      case 'text offset':
        return this.reading.strings.at(value.section, value.offset);
      case 'text index':
        return this.reading.strings.at('.debug_str', this.stringOffset(value.index));
      default:
        return undefined;
    }
  }

  /** Offset in `.debug_str` of the unit's text `index`. @throws FormatError */
  stringOffset(index: number): number {
    const size = this.header.offset;
    // Without a base (GNU's split DWARF) offsets begin at the section's start.
    const base = this.#base(ATTRIBUTE.stringOffsetsBase);
    const at = base + index * size;
    return cursorAt(this.sections, '.debug_str_offsets', at, size, 'a text').offset(size, 'a text');
  }

  /** Undefined when the value is no address. @throws FormatError */
  address(value: AttributeValue | undefined): bigint | undefined {
    if (value?.kind === 'address') return value.value;
    return value?.kind === 'address index' ? this.addressAt(value.index) : undefined;
  }

  /** The unit's address `index` of `.debug_addr`. @throws FormatError */
  addressAt(index: number): bigint {
    const size = this.header.address;
    const base = this.#base(ATTRIBUTE.addressBase) || this.#base(ATTRIBUTE.gnuAddressBase);
    const cursor = cursorAt(this.sections, '.debug_addr', base + index * size, size, 'an address');
    return cursor.unsigned(size, 'an address');
  }

  /** The name of the file that has what this unit lacks (split DWARF); undefined when it lacks nothing. */
  get splitName(): string | undefined {
    const { attributes } = this.root;
    return this.text(attributes.get(ATTRIBUTE.dwoName) ?? attributes.get(ATTRIBUTE.gnuDwoName));
  }

  #base(attribute: number): number {
    return sectionOffset(this.root.attributes.get(attribute)) ?? 0;
  }
}

/** An offset into another section; DWARF 2 and 3 wrote them as constants. */
export function sectionOffset(value: AttributeValue | undefined): number | undefined {
  if (value?.kind === 'section offset') return value.offset;
  return value?.kind === 'constant' ? Number(value.value) : undefined;
}
