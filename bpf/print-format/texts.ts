/** Compiles what `%s` prints of an expression: strings of the record, flags, symbols, arrays (libtraceevent `print_str_arg`). */
import type { EventField } from '../event-format.ts';
import { bitmaskText, cpumaskText } from './bitmask.ts';
import type { PrintEnvironment } from './environment.ts';
import type { PrintData, PrintExpression, SymbolEntry } from './expression.ts';
import { type FilledLayout, formatText } from './format-number.ts';
import { functionText } from './functions.ts';
import { compileNumber, type Evaluate } from './numbers.ts';
import {
  type DataPlace,
  dataPlace,
  dynamicPlace,
  inPlace,
  isArray,
  type PrintRecord,
  readBytesText,
  readNumber,
  readSmall,
} from './record.ts';
import { scsiCommandText } from './scsi.ts';

/** Byte strings: one character (0 to 255) a byte. */
export type EvaluateText = (record: PrintRecord, layout: FilledLayout) => string;

export function compileText(expression: PrintExpression, environment: PrintEnvironment): EvaluateText {
  const number = (part: PrintExpression): Evaluate => compileNumber(part, environment.longSize);
  switch (expression.kind) {
    case 'text':
    case 'number': {
      const { text } = expression;
      return (_, layout) => formatText(text, layout);
    }
    case 'field':
      return compileFieldText(expression.field, environment);
    case 'string': {
      const { field } = expression;
      return (record, layout) => {
        const place = dynamicPlace(record, field);
        return place.length === 0 ? '' : formatText(readBytesText(record, place), layout);
      };
    }
    case 'flags':
      return compileFlags(number(expression.value), expression.delimiter, expression.entries);
    case 'symbolic':
      return compileSymbolic(number(expression.value), expression.entries);
    case 'conditional': {
      const condition = number(expression.condition);
      const whenTrue = compileText(expression.whenTrue, environment);
      const whenFalse = compileText(expression.whenFalse, environment);
      return (record, layout) => (condition(record) !== 0n ? whenTrue : whenFalse)(record, layout);
    }
    case 'hex':
      return compileHex(expression, number(expression.length));
    case 'int-array':
      return compileIntArray(expression.data, number(expression.count), number(expression.elementSize));
    case 'scsi-command': {
      const { field } = expression.data;
      return (record) => {
        const { start, length } = dataPlace(record, field);
        const at = record.offset + start;
        return scsiCommandText(record.bytes.subarray(at, at + length));
      };
    }
    case 'bitmask':
    case 'cpumask': {
      const { field } = expression;
      const write = expression.kind === 'bitmask' ? bitmaskText : cpumaskText;
      return (record, layout) => formatText(write(record, dynamicPlace(record, field)), layout);
    }
    case 'call': {
      const args = expression.args.map(number);
      const { name } = expression;
      return (record) =>
        functionText(
          name,
          args.map((arg) => arg(record)),
        );
    }
    // A number where a string should be: nothing is known to print.
    case 'cast':
    case 'unary':
    case 'binary':
    case 'index':
    case 'dynamic-array':
    case 'dynamic-array-length':
      return () => '';
  }
}

/** An array's text; a scalar as large as a pointer is one, to a constant string of the kernel. */
function compileFieldText(field: EventField, environment: PrintEnvironment): EvaluateText {
  if (isArray(field) || field.size !== environment.longSize) {
    return (record, layout) => formatText(readBytesText(record, inPlace(record, field)), layout);
  }
  return (record) => {
    const address = readNumber(record, field.offset, field.size);
    return environment.stringAt(address) ?? address.toString(16);
  };
}

function compileFlags(value: Evaluate, delimiter: string, entries: readonly SymbolEntry[]): EvaluateText {
  const signed = entries.map((entry) => ({ text: entry.text, value: BigInt.asIntN(64, entry.value) }));
  return (record, layout) => {
    let left = value(record);
    const parts: string[] = [];
    for (const entry of signed) {
      // A name whose value is unknown stands for "none".
      if (left === 0n && entry.value < 0n) {
        parts.push(formatText(entry.text, layout));
        return parts.length > 1 ? `${parts.slice(0, -1).join(delimiter)}${parts.at(-1)}` : parts[0]!;
      }
      if (entry.value <= 0n || (left & entry.value) !== entry.value) continue;
      parts.push(formatText(entry.text, layout));
      left &= ~entry.value;
    }
    if (left !== 0n) parts.push(`0x${left.toString(16)}`);
    return parts.join(delimiter);
  };
}

function compileSymbolic(value: Evaluate, entries: readonly SymbolEntry[]): EvaluateText {
  const texts = new Map<bigint, string>();
  for (const entry of entries) if (!texts.has(entry.value)) texts.set(entry.value, entry.text);
  return (record, layout) => {
    const number = value(record);
    const text = texts.get(number);
    return text === undefined ? `0x${number.toString(16)}` : formatText(text, layout);
  };
}

function placeOf(data: PrintData): (record: PrintRecord) => DataPlace {
  const { field } = data;
  return data.kind === 'dynamic-array'
    ? (record) => ({ ...dynamicPlace(record, field) })
    : (record) => ({ start: Math.min(field.offset, record.length), length: record.length - field.offset });
}

function compileHex(
  expression: Extract<PrintExpression, { readonly kind: 'hex' }>,
  length: Evaluate,
): EvaluateText {
  const place = placeOf(expression.data);
  const { separator } = expression;
  return (record) => {
    const { start } = place(record);
    return hexText(record, start, Number(BigInt.asUintN(31, length(record))), separator);
  };
}

/** Two digits a byte; what lies beyond the record is left out. */
export function hexText(record: PrintRecord, start: number, length: number, separator: string): string {
  const parts: string[] = [];
  const end = Math.min(start + length, record.length);
  for (let at = start; at < end; at++) {
    parts.push(record.bytes[record.offset + at]!.toString(16).padStart(2, '0'));
  }
  return parts.join(separator);
}

function compileIntArray(data: PrintData, count: Evaluate, elementSize: Evaluate): EvaluateText {
  const place = placeOf(data);
  return (record) => {
    const size = Number(BigInt.asUintN(31, elementSize(record)));
    const known = size === 1 || size === 2 || size === 4 || size === 8;
    const step = known ? size : 1;
    const { start } = place(record);
    const elements = Math.min(
      Number(BigInt.asUintN(31, count(record))),
      Math.ceil((record.length - start) / step),
    );
    const parts: string[] = [];
    for (let index = 0; index < elements; index++) {
      const at = start + index * step;
      const text =
        step === 8 ? readNumber(record, at, 8).toString(16) : readSmall(record, at, step).toString(16);
      parts.push(known ? `0x${text}` : `BAD SIZE:${size} 0x${text}`);
    }
    return `{${parts.join(',')}}`;
  };
}
