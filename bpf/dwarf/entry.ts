/** `Entry`: one debugging information entry with its attributes, and the way to its children. */
import { type AttributeValue, readValue } from './attribute.ts';
import { ATTRIBUTE } from './constants.ts';
import { skipEntry } from './skip.ts';
import type { UnitReader } from './unit-reader.ts';

export interface Entry {
  readonly unit: UnitReader;
  /** From the start of the section. */
  readonly offset: number;
  readonly tag: number;
  readonly hasChildren: boolean;
  readonly attributes: ReadonlyMap<number, AttributeValue>;
  /** Offset of what follows the attributes: its first child, or its sibling. */
  readonly next: number;
}

/** What an entry counts at least: one of a byte becomes objects, which may be kept. */
const LEAST = 32;

/** The entry at `offset`; undefined for the null entry that ends a list of siblings. @throws FormatError */
export function readEntry(unit: UnitReader, offset: number): Entry | undefined {
  const cursor = unit.cursor(offset);
  const abbreviation = unit.abbreviation(cursor);
  if (abbreviation === undefined) return undefined;
  const attributes = new Map<number, AttributeValue>();
  for (const spec of abbreviation.attributes) {
    attributes.set(spec.attribute, readValue(cursor, spec, unit.header));
  }
  const { tag, hasChildren } = abbreviation;
  const length = cursor.position - (offset - unit.header.unitOffset);
  unit.reading.spend(Math.max(LEAST, length + 1), unit.header.section, offset);
  return { unit, offset, tag, hasChildren, attributes, next: unit.header.unitOffset + cursor.position };
}

/** The entry's children in order. @throws FormatError */
export function* childrenOf(entry: Entry): Generator<Entry> {
  let offset = entry.hasChildren ? entry.next : undefined;
  while (offset !== undefined && offset < entry.unit.header.end) {
    const child = readEntry(entry.unit, offset);
    if (child === undefined) return;
    yield child;
    offset = behind(child);
  }
}

/** Offset behind the entry and all below it. */
function behind(entry: Entry): number {
  if (!entry.hasChildren) return entry.next;
  const sibling = entry.attributes.get(ATTRIBUTE.sibling);
  // A sibling before its entry would make a ring.
  if (sibling?.kind === 'reference' && sibling.offset >= entry.next) return sibling.offset;
  const { unit } = entry;
  const cursor = unit.cursor(entry.next);
  const start = cursor.position;
  for (let depth = 1; depth > 0 && cursor.remaining > 0; ) {
    const abbreviation = unit.abbreviation(cursor);
    if (abbreviation === undefined) {
      depth--;
      continue;
    }
    skipEntry(cursor, abbreviation.steps, unit.header);
    if (abbreviation.hasChildren) depth++;
  }
  unit.reading.spend(cursor.position - start, unit.header.section, entry.offset);
  return unit.header.unitOffset + cursor.position;
}

export function numberOf(value: AttributeValue | undefined): number | undefined {
  return value?.kind === 'constant' ? Number(value.value) : undefined;
}

export function isFlagged(entry: Entry, attribute: number): boolean {
  return (numberOf(entry.attributes.get(attribute)) ?? 0) !== 0;
}
