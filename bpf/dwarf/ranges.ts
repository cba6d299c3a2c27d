/** The first address of a function that is in several pieces (`DW_AT_ranges`): its entry, as compilers order them. */
import type { AttributeValue } from './attribute.ts';
import { ATTRIBUTE } from './constants.ts';
import type { DwarfCursor } from './cursor.ts';
import { cursorAt, cursorUpTo, type DwarfSections } from './sections.ts';
import { sectionOffset, type UnitReader } from './unit-reader.ts';

/** Bytes looked at: entries before the first range only set a base. */
const PIECE = 256;

/** `DW_RLE_*` (DWARF 5, section 7.25). */
const RLE = {
  endOfList: 0,
  baseAddressx: 1,
  startxEndx: 2,
  startxLength: 3,
  offsetPair: 4,
  baseAddress: 5,
  startEnd: 6,
  startLength: 7,
} as const;

/** Undefined when the list is empty or the value is none. @throws FormatError */
export function firstAddress(unit: UnitReader, value: AttributeValue | undefined): bigint | undefined {
  const base = unit.address(unit.root.attributes.get(ATTRIBUTE.lowPc)) ?? 0n;
  if (unit.header.version < 5) return firstOfRanges(unit, sectionOffset(value), base);
  const offset = value?.kind === 'list index' ? listOffset(unit, value.index) : sectionOffset(value);
  return offset === undefined ? undefined : firstOfList(unit, offset, base);
}

/** Pairs of addresses; a first of all ones makes the second the base. */
function firstOfRanges(unit: UnitReader, offset: number | undefined, start: bigint): bigint | undefined {
  if (offset === undefined) return undefined;
  const size = unit.header.address;
  const cursor = rangesCursor(unit.sections, '.debug_ranges', offset);
  const largest = (1n << BigInt(size * 8)) - 1n;
  let base = start;
  while (cursor.remaining >= size * 2) {
    const low = cursor.unsigned(size, 'a range');
    const high = cursor.unsigned(size, 'a range');
    if (low === largest) base = high;
    else return low === 0n && high === 0n ? undefined : base + low;
  }
  return undefined;
}

function firstOfList(unit: UnitReader, offset: number, start: bigint): bigint | undefined {
  const size = unit.header.address;
  const cursor = rangesCursor(unit.sections, '.debug_rnglists', offset);
  let base = start;
  for (;;) {
    const kind = cursor.u8('a range');
    switch (kind) {
      case RLE.endOfList:
        return undefined;
      case RLE.baseAddressx:
        base = unit.addressAt(cursor.uleb('an address'));
        break;
      case RLE.startxEndx:
      case RLE.startxLength:
        return unit.addressAt(cursor.uleb('an address'));
      case RLE.offsetPair:
        return base + cursor.ulebBig('a range');
      case RLE.baseAddress:
        base = cursor.unsigned(size, 'an address');
        break;
      case RLE.startEnd:
      case RLE.startLength:
        return cursor.unsigned(size, 'an address');
      default:
        return cursor.fail(`${kind} is no kind of range`, cursor.position - 1);
    }
  }
}

function listOffset(unit: UnitReader, index: number): number {
  const base = sectionOffset(unit.root.attributes.get(ATTRIBUTE.rangeListsBase)) ?? 0;
  const size = unit.header.offset;
  return (
    base +
    cursorAt(unit.sections, '.debug_rnglists', base + index * size, size, 'a list').offset(size, 'a list')
  );
}

function rangesCursor(
  sections: DwarfSections,
  name: '.debug_ranges' | '.debug_rnglists',
  offset: number,
): DwarfCursor {
  return cursorUpTo(sections, name, offset, PIECE, 'a list of ranges');
}
