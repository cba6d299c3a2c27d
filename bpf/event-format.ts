/**
 * A tracepoint's record layout, as the kernel prints it in `events/<system>/<event>/format` (kernel
 * `f_show`, `__trace_define_field`). The text comes from recordings, so it is hostile: every number is checked and
 * the work is linear in its length. Compiler, simulator and recordings all read events through this one shape.
 */
import { type CIntegerSizes, elementSizeOf } from './event-field-type.ts';

/**
 * How a field's bytes are read:
 * - `integer`, `pointer`: `size` bytes at `offset`;
 * - `array`, `string`: `count` elements in place; `size` 0 means up to the end of the record;
 * - `dynamic-*`: u32 at `offset`, low 16 bits the data's offset from the record's start, high 16 bits its length;
 * - `relative-*`: the same word, but the offset counts from the end of the word itself;
 * - `struct`: an aggregate in place, or a scalar of a size no integer has.
 */
export type EventFieldKind =
  | 'integer'
  | 'pointer'
  | 'array'
  | 'string'
  | 'struct'
  | 'dynamic-array'
  | 'dynamic-string'
  | 'relative-array'
  | 'relative-string';

export interface EventField {
  readonly name: string;
  /** C type without the name: `int`, `char[16]`, `const char *`, `__data_loc char[]`. */
  readonly type: string;
  /** The declaration as the kernel prints it: `char prev_comm[16]`. */
  readonly declaration: string;
  /** Bytes from the record's start (its `common_type`). */
  readonly offset: number;
  /** Bytes in place; 4 for dynamic and relative fields. */
  readonly size: number;
  /** Of the integer, or of an array's elements. */
  readonly signed: boolean;
  /** One of the `common_*` fields each event begins with. */
  readonly common: boolean;
  readonly kind: EventFieldKind;
  /** C type of one element of an array or string; otherwise `type`. */
  readonly elementType: string;
  /** Bytes of one element (`size` when not an array); 0 when the C type's size is not known here. */
  readonly elementSize: number;
  /** Elements in place: 1 for a scalar, 0 when the record decides (dynamic, relative, up to the end). */
  readonly count: number;
}

export interface EventFormat {
  /** The value of `common_type` in records of this event; one kernel's boot decides it. */
  readonly id: number;
  /** `sched`, `syscalls`, ...; empty when the text came without its folder. */
  readonly system: string;
  readonly name: string;
  /** Common fields first, in the order of the text. */
  readonly fields: readonly EventField[];
  /** Bytes of the fixed part: where the last field ends. Dynamic data follows it. */
  readonly size: number;
  /** What follows `print fmt:`, or empty. */
  readonly printFormat: string;
}

export interface EventFormatOptions {
  readonly system?: string;
  /** sizeof(long) of the kernel that printed the text; 8 when absent. */
  readonly longSize?: 4 | 8;
}

/** A format text that cannot be understood. */
export class EventFormatError extends Error {
  override readonly name = 'EventFormatError';
  /** Counted from 1. */
  readonly line: number;

  constructor(message: string, line: number) {
    super(`event format line ${line}: ${message}`);
    this.line = line;
  }
}

/** A record is at most one ring-buffer page, and `common_type` has 16 bits, but later kernels may have more. */
const MAX_OFFSET = 0xff_ffff;
const MAX_ID = 0x7fff_ffff;
const MAX_FIELDS = 4096;

const DECLARATION_TEXT_LIMIT = 1024;
const PRINT_FORMAT = 'print fmt:';

/** Parses one `format` file. @throws EventFormatError */
export function parseEventFormat(text: string, options: EventFormatOptions = {}): EventFormat {
  const sizes: CIntegerSizes = { long: options.longSize ?? 8 };
  const fields: EventField[] = [];
  let name: string | undefined;
  let id: number | undefined;
  let printFormat = '';
  let line = 0;
  for (let start = 0; start < text.length; ) {
    line++;
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    const content = text.slice(start, end).trim();
    if (content.startsWith(PRINT_FORMAT)) {
      // A print format may hold line breaks, and nothing follows it.
      printFormat = text.slice(text.indexOf(PRINT_FORMAT, start) + PRINT_FORMAT.length).trim();
      break;
    }
    if (content.startsWith('name:')) name = content.slice(5).trim();
    else if (content.startsWith('ID:')) id = parseNumber(content.slice(3), 'ID', MAX_ID, line);
    else if (content.startsWith('field')) fields.push(parseField(content, sizes, line));
    else if (content !== '' && content !== 'format:') throw new EventFormatError('unexpected text', line);
    if (fields.length > MAX_FIELDS) throw new EventFormatError(`more than ${MAX_FIELDS} fields`, line);
    start = end + 1;
  }
  if (name === undefined || name === '') throw new EventFormatError('no event name', line);
  if (id === undefined) throw new EventFormatError('no event ID', line);
  return { id, system: options.system ?? '', name, fields, size: fixedSize(fields), printFormat };
}

/** The field of that name, or undefined. */
export function findEventField(format: EventFormat, name: string): EventField | undefined {
  return format.fields.find((field) => field.name === name);
}

function fixedSize(fields: readonly EventField[]): number {
  return fields.reduce((end, field) => Math.max(end, field.offset + field.size), 0);
}

/** `field:char comm[16];	offset:8;	size:16;	signed:1;`, where kernels before 2.6.33 had no `signed`. */
function parseField(content: string, sizes: CIntegerSizes, line: number): EventField {
  const colon = content.indexOf(':');
  const label = content.slice(0, Math.max(colon, 0));
  if (label !== 'field' && label !== 'field special') throw new EventFormatError('unexpected text', line);
  const parts = content.slice(colon + 1).split(';');
  const declaration = parts[0]!.trim();
  if (declaration.length > DECLARATION_TEXT_LIMIT) throw new EventFormatError('declaration too long', line);
  const offset = parseNumber(property(parts, 'offset', line), 'offset', MAX_OFFSET, line);
  const size = parseNumber(property(parts, 'size', line), 'size', MAX_OFFSET, line);
  const signed = parts.some((part) => part.trim() === 'signed:1');
  return describeField(declaration, { offset, size, signed }, sizes, line);
}

function property(parts: readonly string[], key: string, line: number): string {
  const prefix = `${key}:`;
  const part = parts.find((candidate, index) => index > 0 && candidate.trimStart().startsWith(prefix));
  if (part === undefined) throw new EventFormatError(`field without ${key}`, line);
  return part.trim().slice(prefix.length);
}

function parseNumber(text: string, what: string, max: number, line: number): number {
  const digits = text.trim();
  const value = /^\d{1,10}$/.test(digits) ? Number(digits) : Number.NaN;
  if (!(value <= max)) throw new EventFormatError(`${what} is not a number from 0 to ${max}`, line);
  return value;
}

interface Place {
  readonly offset: number;
  readonly size: number;
  readonly signed: boolean;
}

function describeField(declaration: string, place: Place, sizes: CIntegerSizes, line: number): EventField {
  const located = /^__(data|rel)_loc\s+(.*)$/.exec(declaration);
  if (located) return locatedField(declaration, located[1]!, located[2]!, place, sizes, line);
  const { type, name, dimension } = splitDeclaration(declaration, line);
  const base = { name, declaration, ...place, common: name.startsWith('common_') };
  if (dimension === undefined) {
    const kind = scalarKind(type, place.size);
    return { ...base, type, kind, elementType: type, elementSize: place.size, count: 1 };
  }
  const elementSize = elementSizeInPlace(type, dimension, place.size, sizes);
  const count = elementSize === 0 ? 0 : Math.floor(place.size / elementSize);
  const kind = isText(type) ? 'string' : 'array';
  return { ...base, type: `${type}[${dimension}]`, kind, elementType: type, elementSize, count };
}

/**
 * `__data_loc char[] name` and `__rel_loc u8[] name`: the brackets stand before the name. Masks of CPUs have none
 * (`__data_loc cpumask_t cpumask`, kernel `__cpumask`, Linux 6.3): their type says that they are arrays.
 */
function locatedField(
  declaration: string,
  prefix: string,
  rest: string,
  place: Place,
  sizes: CIntegerSizes,
  line: number,
): EventField {
  const split = /^([^[\]]*[^[\]\s])\s*(\[\])\s*(\w+)$/.exec(rest) ?? /^([\w\s]*\w)\s+()(\w+)$/.exec(rest);
  if (!split) throw new EventFormatError(`no array and name in '${declaration}'`, line);
  if (place.size !== 4)
    throw new EventFormatError(`a __${prefix}_loc field of size ${place.size}, not 4`, line);
  const [, elementType, brackets, name] = split as unknown as [string, string, string, string];
  const family = prefix === 'data' ? 'dynamic' : 'relative';
  return {
    name,
    type: `__${prefix}_loc ${elementType}${brackets}`,
    declaration,
    ...place,
    common: name.startsWith('common_'),
    kind: isText(elementType) ? `${family}-string` : `${family}-array`,
    elementType,
    elementSize: elementSizeOf(elementType, sizes),
    count: 0,
  };
}

/** `unsigned long args[6]` into its type, name and what the brackets hold. */
function splitDeclaration(
  declaration: string,
  line: number,
): { type: string; name: string; dimension: string | undefined } {
  const plain = /^(.*[\s*])(\w+)(?:\s*\[([^[\]]*)\])?$/.exec(declaration);
  if (plain) return { type: plain[1]!.trim(), name: plain[2]!, dimension: plain[3]?.trim() };
  // A function pointer: void (*func)(struct callback_head *)
  const callback = /^([^()]*\(\s*\*\s*)(\w+)(\s*\)\s*\(.*\))$/.exec(declaration);
  if (callback) return { type: `${callback[1]}${callback[3]}`, name: callback[2]!, dimension: undefined };
  throw new EventFormatError(`no type and name in '${declaration}'`, line);
}

function scalarKind(type: string, size: number): EventFieldKind {
  if (/\*\s*(const|volatile|restrict|__restrict|\s)*$/.test(type) || type.includes('(*')) return 'pointer';
  if (/^(const\s+)?(struct|union)\s/.test(type)) return 'struct';
  return size === 1 || size === 2 || size === 4 || size === 8 ? 'integer' : 'struct';
}

/** The printed dimension decides; older kernels print a macro's name there (`TASK_COMM_LEN`), then the type decides. */
function elementSizeInPlace(type: string, dimension: string, size: number, sizes: CIntegerSizes): number {
  const count = /^\d{1,8}$/.test(dimension) ? Number(dimension) : 0;
  if (count > 0 && size > 0 && size % count === 0) return size / count;
  return elementSizeOf(type, sizes);
}

/** Only plain `char` is text: `unsigned char` and `u8` arrays hold addresses and other bytes. */
function isText(elementType: string): boolean {
  return /^(const\s+)?char(\s+const)?$/.test(elementType);
}
