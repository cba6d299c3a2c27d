/** Reading a record's bytes where its format says: every read is checked, what is outside the record reads as 0 or empty. */
import type { EventField } from '../event-format.ts';

/** A record in place: `length` bytes of `bytes` at `offset`. A recording's cursor is one. */
export interface PrintRecord {
  readonly bytes: Uint8Array;
  /** Over the same memory as `bytes`. */
  readonly view: DataView;
  readonly offset: number;
  readonly length: number;
  readonly littleEndian: boolean;
}

/** An unsigned number of 1, 2 or 4 bytes at `at` in the record; 0 outside it or of another size. */
export function readSmall(record: PrintRecord, at: number, size: number): number {
  if (at < 0 || at + size > record.length) return 0;
  switch (size) {
    case 1:
      return record.view.getUint8(record.offset + at);
    case 2:
      return record.view.getUint16(record.offset + at, record.littleEndian);
    case 4:
      return record.view.getUint32(record.offset + at, record.littleEndian);
    default:
      return 0;
  }
}

/** As {@link readSmall}, of 8 bytes too. */
export function readNumber(record: PrintRecord, at: number, size: number): bigint {
  if (size !== 8) return BigInt(readSmall(record, at, size));
  if (at < 0 || at + 8 > record.length) return 0n;
  return record.view.getBigUint64(record.offset + at, record.littleEndian);
}

/** Where the bytes of a field are, counted from the record's start. */
export interface DataPlace {
  readonly start: number;
  readonly length: number;
}

export function isDynamic(field: EventField): boolean {
  return field.kind.startsWith('dynamic-') || field.kind.startsWith('relative-');
}

/** A declaration with brackets, of whatever elements. */
export function isArray(field: EventField): boolean {
  return field.kind === 'array' || field.kind === 'string' || isDynamic(field);
}

/** A dynamic field's data as its word tells it; what lies outside the record is cut off. */
export function dynamicPlace(record: PrintRecord, field: EventField): DataPlace {
  const word = readSmall(record, field.offset, field.size);
  const origin = field.kind.startsWith('relative-') ? field.offset + field.size : 0;
  const start = Math.min(origin + (word & 0xffff), record.length);
  return { start, length: Math.min(word >>> 16, record.length - start) };
}

/** A field's bytes: of a dynamic one its data, of one of size 0 the rest of the record. */
export function dataPlace(record: PrintRecord, field: EventField): DataPlace {
  return isDynamic(field) ? dynamicPlace(record, field) : inPlace(record, field);
}

/** The bytes where the field stands, even if they only say where its data is. */
export function inPlace(record: PrintRecord, field: EventField): DataPlace {
  const start = Math.min(field.offset, record.length);
  const rest = record.length - start;
  return { start, length: field.size === 0 ? rest : Math.min(field.size, rest) };
}

/** The text up to the first NUL, one character (0 to 255) a byte. */
export function readBytesText(record: PrintRecord, place: DataPlace): string {
  const { bytes } = record;
  const start = record.offset + place.start;
  const end = start + place.length;
  let text = '';
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!;
    if (byte === 0) break;
    text += String.fromCharCode(byte);
  }
  return text;
}
