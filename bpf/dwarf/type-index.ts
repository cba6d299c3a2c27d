/**
 * `TypeIndex`: where structs, unions, classes and enums are defined, by name: a unit may only declare what another
 * defines. One pass over all units, made when a declaration is asked about.
 */
import { FormatError } from '../format-error.ts';
import type { Abbreviation } from './abbreviations.ts';
import { type AttributeValue, readValue } from './attribute.ts';
import { ATTRIBUTE, TAG } from './constants.ts';
import type { DwarfCursor } from './cursor.ts';
import { type EntryOffset, NameIndex } from './name-index.ts';
import { skipEntry, skipForm } from './skip.ts';
import type { UnitReader } from './unit-reader.ts';
import type { UnitTable } from './unit-table.ts';

const DEFINABLE: ReadonlySet<number> = new Set<number>([
  TAG.structureType,
  TAG.unionType,
  TAG.classType,
  TAG.enumerationType,
]);

/** Names of all definitions in `.debug_info`. Damaged units are left out; the index of functions tells them. */
export function indexTypes(units: UnitTable): NameIndex {
  const names = new NameIndex();
  for (const header of units.headers) {
    if (header.section !== '.debug_info') continue;
    try {
      scan(units.open(header), names);
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
    }
  }
  names.seal();
  return names;
}

function scan(unit: UnitReader, names: NameIndex): void {
  const { header } = unit;
  const cursor = unit.cursor(header.entries);
  while (cursor.remaining > 0) {
    const offset = header.unitOffset + cursor.position;
    const abbreviation = unit.abbreviation(cursor);
    if (abbreviation === undefined) continue;
    if (isDefinition(abbreviation)) addName(unit, cursor, offset, abbreviation, names);
    else skipEntry(cursor, abbreviation.steps, header);
  }
}

/** Declarations say so in their abbreviation: compilers write no flag that is not set. */
function isDefinition({ tag, attributes }: Abbreviation): boolean {
  return DEFINABLE.has(tag) && !attributes.some(({ attribute }) => attribute === ATTRIBUTE.declaration);
}

function addName(
  unit: UnitReader,
  cursor: DwarfCursor,
  entry: EntryOffset,
  { attributes }: Abbreviation,
  names: NameIndex,
): void {
  for (const spec of attributes) {
    if (spec.attribute !== ATTRIBUTE.name) {
      skipForm(cursor, spec.form, unit.header);
      continue;
    }
    const name: AttributeValue = readValue(cursor, spec, unit.header);
    names.add(unit, entry, name);
  }
}
