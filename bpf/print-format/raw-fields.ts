/** Prints a record's fields by their types alone: `name=value` (libtraceevent `print_field_raw`). */
import type { EventField, EventFormat } from '../event-format.ts';
import {
  dataPlace,
  isArray,
  isDynamic,
  type PrintRecord,
  readBytesText,
  readNumber,
  readSmall,
} from './record.ts';
import { hexText } from './texts.ts';

/** ` name=value` of each field that is not common to all events. */
export function compileFields(event: EventFormat): (record: PrintRecord) => string {
  const steps = event.fields
    .filter((field) => !field.common)
    .map((field) => ({ label: ` ${field.name}=`, value: compileFieldValue(field) }));
  return (record) => {
    let text = '';
    for (const { label, value } of steps) text += label + value(record);
    return text;
  };
}

export function compileFieldValue(field: EventField): (record: PrintRecord) => string {
  return isArray(field) ? compileArray(field) : compileScalar(field);
}

/** Text where all of it can be printed, else its bytes; once bytes, it stays so for the event's later records. */
function compileArray(field: EventField): (record: PrintRecord) => string {
  let isText = /char|u8|s8/.test(field.elementType);
  return (record) => {
    const place =
      isDynamic(field) || field.size !== 0 ? dataPlace(record, field) : { start: field.offset, length: 0 };
    if (isText && isPrintable(record, place.start, place.length)) return readBytesText(record, place);
    isText = false;
    return `ARRAY[${hexText(record, place.start, place.length, ', ')}]`;
  };
}

/** Printable ASCII and white space up to the NUL. */
function isPrintable(record: PrintRecord, start: number, length: number): boolean {
  for (let at = record.offset + start; at < record.offset + start + length; at++) {
    const byte = record.bytes[at]!;
    if (byte === 0) return true;
    const isSpace = byte >= 9 && byte <= 13;
    if ((byte < 32 || byte > 126) && !isSpace) return false;
  }
  return true;
}

function compileScalar(field: EventField): (record: PrintRecord) => string {
  const { offset, size } = field;
  const isLong = field.type.includes('long');
  if (field.kind === 'pointer' || field.type.includes('*')) return (record) => hex(record, offset, size);
  if (!field.signed) {
    return isLong
      ? (record) => hex(record, offset, size)
      : (record) => readNumber(record, offset, size).toString();
  }
  switch (size) {
    case 4:
      return isLong
        ? (record) => hex(record, offset, size)
        : (record) => String(readSmall(record, offset, 4) | 0);
    case 2:
      return (record) => String((readSmall(record, offset, 2) << 16) >> 16).padStart(2);
    case 1:
      return (record) => String((readSmall(record, offset, 1) << 24) >> 24);
    default:
      return (record) => BigInt.asIntN(64, readNumber(record, offset, size)).toString();
  }
}

function hex(record: PrintRecord, offset: number, size: number): string {
  return `0x${readNumber(record, offset, size).toString(16)}`;
}
