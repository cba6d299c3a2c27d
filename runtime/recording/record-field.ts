/** Reads single fields of the current record: for what the reader itself wants to know, not for programs. */
import { type EventField, type EventFormat, findEventField } from '../../bpf/event-format.ts';
import { textBeforeNul } from './section-reader.ts';

/** The part of a cursor that holds a record. */
export interface RecordBytes {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly offset: number;
  readonly length: number;
  readonly littleEndian: boolean;
}

/** An integer field of at most 32 bits, or the low 32 bits of a 64-bit one; undefined beyond the record's end. */
export function readInteger(record: RecordBytes, field: EventField): number | undefined {
  if (field.offset + field.size > record.length) return undefined;
  const { view, littleEndian } = record;
  const at = record.offset + field.offset;
  switch (field.size) {
    case 1:
      return field.signed ? view.getInt8(at) : view.getUint8(at);
    case 2:
      return field.signed ? view.getInt16(at, littleEndian) : view.getUint16(at, littleEndian);
    case 4:
      return field.signed ? view.getInt32(at, littleEndian) : view.getUint32(at, littleEndian);
    case 8:
      return view.getUint32(littleEndian ? at : at + 4, littleEndian);
    default:
      return undefined;
  }
}

/** The text of a string field, in place or located elsewhere in the record, up to its NUL. */
export function readText(record: RecordBytes, field: EventField): string | undefined {
  const place = placeOf(record, field);
  if (place === undefined || place.offset + place.length > record.length) return undefined;
  const start = record.offset + place.offset;
  return textBeforeNul(record.bytes.subarray(start, start + place.length));
}

interface FieldPlace {
  readonly offset: number;
  readonly length: number;
}

function placeOf(record: RecordBytes, field: EventField): FieldPlace | undefined {
  const isDynamic = field.kind === 'dynamic-string' || field.kind === 'dynamic-array';
  const isRelative = field.kind === 'relative-string' || field.kind === 'relative-array';
  if (!isDynamic && !isRelative) {
    return { offset: field.offset, length: field.size || Math.max(0, record.length - field.offset) };
  }
  const word = readInteger(record, field);
  if (word === undefined) return undefined;
  const origin = isRelative ? field.offset + field.size : 0;
  return { offset: origin + (word & 0xffff), length: word >>> 16 };
}

/** The fields of these names, or undefined when one is missing. */
export function requireFields<const Names extends readonly string[]>(
  format: EventFormat | undefined,
  names: Names,
): { readonly [Name in Names[number]]: EventField } | undefined {
  if (format === undefined) return undefined;
  const found = names.map((name) => [name, findEventField(format, name)] as const);
  if (found.some(([, field]) => field === undefined)) return undefined;
  return Object.fromEntries(found) as { [Name in Names[number]]: EventField };
}
