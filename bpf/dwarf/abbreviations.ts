/**
 * Abbreviation tables (DWARF 5, section 7.5.3): what attributes the entries of a unit have, and in what forms. Each
 * abbreviation is also prepared as the steps that skip an entry, so that most entries cost a few additions.
 *
 *     code ULEB · tag ULEB · children u8 · (attribute ULEB · form ULEB [· value SLEB])* · 0 0      … 0
 */
import { FORM } from './constants.ts';
import type { DwarfCursor } from './cursor.ts';
import type { DwarfReading } from './reading.ts';
import { cursorUpTo } from './sections.ts';
import { type FormSizes, SKIP_VARIABLE, skipStep } from './skip.ts';

export interface AttributeSpec {
  readonly attribute: number;
  readonly form: number;
  /** Of `DW_FORM_implicit_const`. */
  readonly implicit?: bigint;
}

export interface Abbreviation {
  readonly tag: number;
  readonly hasChildren: boolean;
  readonly attributes: readonly AttributeSpec[];
  /** Steps of {@link skipEntry}: bytes to skip, or a `SKIP_*` code, in turns. */
  readonly steps: readonly number[];
}

export type AbbreviationTable = ReadonlyMap<number, Abbreviation>;

/** A table of a linker's making has some thousands at most. */
const MAX_ABBREVIATIONS = 1 << 16;
const MAX_ATTRIBUTES = 256;
/** Room for the longest abbreviation there may be. */
const LONGEST = MAX_ATTRIBUTES * 16;
const PIECE = 1 << 14;
const MAX_TABLE = 1 << 24;
/** Attributes of the tables that are kept, and of one table at most. */
const KEPT_ATTRIBUTES = 1 << 17;

/** Tables by offset; those used last are kept, since most units have their own or share one. */
export class AbbreviationCache {
  readonly #reading: DwarfReading;
  readonly #tables = new Map<string, AbbreviationTable>();
  #kept = 0;

  constructor(reading: DwarfReading) {
    this.#reading = reading;
  }

  /** @throws FormatError */
  table(offset: number, sizes: FormSizes): AbbreviationTable {
    const key = `${offset} ${sizes.address} ${sizes.offset} ${sizes.version}`;
    const known = this.#tables.get(key);
    if (known !== undefined) return known;
    const { table, attributes } = readTable(this.#reading, offset, sizes);
    this.#kept += attributes + table.size;
    if (this.#kept > KEPT_ATTRIBUTES) {
      this.#tables.clear();
      this.#kept = attributes + table.size;
    }
    this.#tables.set(key, table);
    return table;
  }
}

interface ReadTable {
  readonly table: AbbreviationTable;
  /** In all of it. */
  readonly attributes: number;
}

/** The length of a table is not written anywhere: larger pieces are tried until it ends within one. */
function readTable(reading: DwarfReading, offset: number, sizes: FormSizes): ReadTable {
  const { sections } = reading;
  // Not one more when too many were read before.
  reading.spend(0, '.debug_abbrev', offset);
  const available = (sections.section('.debug_abbrev')?.size ?? 0) - offset;
  for (let length = PIECE; ; length *= 8) {
    const cursor = cursorUpTo(sections, '.debug_abbrev', offset, length, 'an abbreviation table');
    const last = length >= available || length >= MAX_TABLE;
    const table = parseTable(cursor, sizes, last);
    reading.spend(cursor.position, '.debug_abbrev', offset);
    if (table !== undefined) return table;
  }
}

/** Undefined when the table goes on behind the piece, and there is a larger one. */
function parseTable(cursor: DwarfCursor, sizes: FormSizes, last: boolean): ReadTable | undefined {
  const table = new Map<number, Abbreviation>();
  let count = 0;
  for (;;) {
    if (!last && cursor.remaining < LONGEST) return undefined;
    if (table.size > MAX_ABBREVIATIONS || count > KEPT_ATTRIBUTES)
      cursor.fail('the abbreviation table has too many entries');
    const code = cursor.uleb('an abbreviation code');
    if (code === 0) return { table, attributes: count };
    const tag = cursor.uleb('a tag');
    const hasChildren = cursor.u8('the children flag') !== 0;
    const attributes = readAttributes(cursor);
    count += attributes.length;
    table.set(code, { tag, hasChildren, attributes, steps: stepsOf(attributes, sizes) });
  }
}

function readAttributes(cursor: DwarfCursor): AttributeSpec[] {
  const attributes: AttributeSpec[] = [];
  for (;;) {
    const attribute = cursor.uleb('an attribute');
    const form = cursor.uleb('a form');
    if (attribute === 0 && form === 0) return attributes;
    if (attributes.length >= MAX_ATTRIBUTES) cursor.fail('an abbreviation has too many attributes');
    if (form === FORM.implicitConst)
      attributes.push({ attribute, form, implicit: cursor.slebBig('a constant') });
    else attributes.push({ attribute, form });
  }
}

/** Fixed sizes are summed; what must be looked at stays a step of its own. */
function stepsOf(attributes: readonly AttributeSpec[], sizes: FormSizes): number[] {
  const steps: number[] = [];
  let fixed = 0;
  for (const { form } of attributes) {
    const step = skipStep(form, sizes);
    if (step >= 0) {
      fixed += step;
      continue;
    }
    if (fixed > 0) steps.push(fixed);
    fixed = 0;
    steps.push(step);
    // Nothing behind an unknown form can be found.
    if (step === SKIP_VARIABLE.unknown) return steps;
  }
  if (fixed > 0) steps.push(fixed);
  return steps;
}
