/**
 * Units: what `.debug_info` and `.debug_types` consist of (DWARF 5, section 7.5.1). A header tells the length, so that
 * units are found without reading what is in them.
 *
 *     v4: length · version u16 · abbreviations offset · address size u8 [· signature u64 · type offset]
 *     v5: length · version u16 · unit type u8 · address size u8 · abbreviations offset [· …]
 */
import { FormatError } from '../format-error.ts';
import { UNIT_TYPE } from './constants.ts';
import type { DwarfCursor } from './cursor.ts';
import { cursorUpTo, type DwarfSections } from './sections.ts';
import type { FormSizes } from './skip.ts';

export type UnitSection = '.debug_info' | '.debug_types';

export interface UnitHeader extends FormSizes {
  readonly section: UnitSection;
  /** From the start of the section, of the unit's first byte. */
  readonly unitOffset: number;
  /** Of the first entry. */
  readonly entries: number;
  /** One behind its last byte. */
  readonly end: number;
  readonly abbreviations: number;
  /** `DW_UT_*`; units of before DWARF 5 are `compile`, or `type` in `.debug_types`. */
  readonly type: number;
  /** Of a type unit. */
  readonly signature?: bigint;
  /** Of a type unit: offset of its type, from the start of the section. */
  readonly typeOffset?: number;
}

const LONGEST_HEADER = 64;
const LENGTH_64 = 0xffffffff;
/** Lengths from here on are reserved. */
const RESERVED = 0xfffffff0;

/** The header at `offset`. @throws FormatError when it is damaged or of a version other than 2 to 5 */
export function readUnitHeader(
  sections: DwarfSections,
  section: UnitSection,
  unitOffset: number,
): UnitHeader {
  const cursor = cursorUpTo(sections, section, unitOffset, LONGEST_HEADER, 'a unit');
  const { length, offset } = initialLength(cursor);
  const end = unitOffset + cursor.position + length;
  const size = sections.section(section)?.size ?? 0;
  if (end > size) {
    throw new FormatError(section, unitOffset, `the unit ends at ${end}, the section at ${size}`);
  }
  const version = cursor.u16('the version of a unit');
  if (version < 2 || version > 5) cursor.fail(`DWARF version ${version} is not known`, 0);
  const start = version === 5 ? startV5(cursor, offset) : startV4(cursor, offset, section);
  if (![2, 4, 8].includes(start.address)) cursor.fail(`addresses of ${start.address} bytes`, 0);
  const { typeOffset, ...rest } = { ...start, ...unitTail(cursor, start.type, offset) };
  const entries = unitOffset + cursor.position;
  if (entries > end) throw new FormatError(section, unitOffset, 'the unit is shorter than its header');
  const header = { section, unitOffset, entries, end, offset, version, ...rest };
  return typeOffset === undefined ? header : { ...header, typeOffset: unitOffset + typeOffset };
}

/** The length that units and tables begin with. @throws FormatError */
export function initialLength(cursor: DwarfCursor): { readonly length: number; readonly offset: 4 | 8 } {
  const short = cursor.u32('a length');
  if (short < RESERVED) return { length: short, offset: 4 };
  if (short !== LENGTH_64) cursor.fail(`0x${short.toString(16)} is no length`, cursor.position - 4);
  return { length: cursor.size64('a length'), offset: 8 };
}

type Start = Pick<UnitHeader, 'address' | 'abbreviations' | 'type'>;

function startV4(cursor: DwarfCursor, offset: 4 | 8, section: UnitSection): Start {
  const abbreviations = cursor.offset(offset, 'the offset of the abbreviations');
  const address = cursor.u8('the size of an address');
  const type = section === '.debug_types' ? UNIT_TYPE.type : UNIT_TYPE.compile;
  return { address, abbreviations, type };
}

function startV5(cursor: DwarfCursor, offset: 4 | 8): Start {
  const type = cursor.u8('the type of a unit');
  const address = cursor.u8('the size of an address');
  return { address, abbreviations: cursor.offset(offset, 'the offset of the abbreviations'), type };
}

function unitTail(
  cursor: DwarfCursor,
  type: number,
  offset: 4 | 8,
): { readonly signature?: bigint; readonly typeOffset?: number } {
  switch (type) {
    case UNIT_TYPE.type:
    case UNIT_TYPE.splitType:
      return {
        signature: cursor.u64('a signature'),
        typeOffset: cursor.offset(offset, 'the offset of a type'),
      };
    case UNIT_TYPE.skeleton:
    case UNIT_TYPE.splitCompile:
      cursor.skip(8, 'the id of a split unit');
      return {};
    default:
      return {};
  }
}
