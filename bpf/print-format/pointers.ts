/** Compiles `%p` and the kernel's extensions of it, as libtraceevent prints them (`print_arg_pointer`). */
import type { EventField } from '../event-format.ts';
import { ipv4Text, ipv6CompressedText, ipv6Text, macText, uuidText } from './addresses.ts';
import type { PointerConversion } from './conversions.ts';
import type { PrintEnvironment } from './environment.ts';
import type { PrintExpression } from './expression.ts';
import { compileNumber, type Evaluate } from './numbers.ts';
import { type DataPlace, dynamicPlace, type PrintRecord } from './record.ts';
import { hexText } from './texts.ts';

export type EvaluatePointer = (record: PrintRecord) => string;

/** `length` is of `%*ph`. */
export function compilePointer(
  conversion: PointerConversion,
  expression: PrintExpression,
  length: Evaluate | undefined,
  environment: PrintEnvironment,
): EvaluatePointer {
  const { extension } = conversion;
  const value = compileNumber(expression, environment.longSize);
  switch (extension[0]) {
    case undefined:
      return (record) => plainPointer(value(record));
    case 'S':
    case 'F':
      return (record) => symbolText(value(record), true, environment);
    case 's':
    case 'f':
      return (record) => symbolText(value(record), false, environment);
    case 'h':
      return compileBuffer(extension, expression, length ?? (() => 1n));
    default:
      return compileBytes(extension, expression);
  }
}

/** C libraries print a null pointer as a word. */
function plainPointer(value: bigint): string {
  return value === 0n ? '(nil)' : `0x${value.toString(16)}`;
}

export function symbolText(address: bigint, withOffset: boolean, environment: PrintEnvironment): string {
  const symbol = environment.symbolAt(address);
  if (symbol === undefined) return `0x${address.toString(16)}`;
  return withOffset ? `${symbol.name}+0x${(address - symbol.address).toString(16)}` : symbol.name;
}

const BUFFER_SEPARATORS: Readonly<Record<string, string>> = { hC: ':', hD: '-', hN: '' };

function compileBuffer(extension: string, expression: PrintExpression, length: Evaluate): EvaluatePointer {
  if (expression.kind !== 'dynamic-array') return refusal(expression);
  const { field } = expression;
  const separator = BUFFER_SEPARATORS[extension] ?? ' ';
  return (record) => {
    const place = dynamicPlace(record, field);
    const wanted = Number(BigInt.asUintN(32, length(record)));
    return hexText(record, place.start, Math.min(wanted, place.length), separator);
  };
}

/** Extensions that print the bytes a pointer leads to, which are a field of the record. */
function compileBytes(extension: string, expression: PrintExpression): EvaluatePointer {
  let target = expression;
  while (target.kind === 'cast') target = target.operand;
  if (extension.startsWith('IS') || extension.startsWith('iS'))
    return compileSocketAddress(extension, target);
  if (target.kind !== 'field') return refusal(target);
  const { field } = target;
  const rule = BYTE_RULES[extension[0]!.toLowerCase() === 'i' ? extension.slice(0, 2) : extension[0]!];
  if (rule === undefined) return () => '';
  if (field.size !== rule.size) return () => rule.otherwise;
  return (record) => {
    const bytes = fieldBytes(record, field);
    return bytes === undefined ? rule.otherwise : rule.write(bytes, extension, record.littleEndian);
  };
}

interface ByteRule {
  readonly size: number;
  /** Printed when the field has another size. */
  readonly otherwise: string;
  write(bytes: Uint8Array, extension: string, littleEndian: boolean): string;
}

const MAC: ByteRule = { size: 6, otherwise: 'INVALIDMAC', write: macText };
const BYTE_RULES: Readonly<Record<string, ByteRule>> = {
  M: MAC,
  m: MAC,
  U: { size: 16, otherwise: 'INVALIDUUID', write: uuidText },
  I4: {
    size: 4,
    otherwise: 'INVALIDIPv4',
    write: (bytes, extension, little) => ipv4Text(bytes, false, isReversed(extension, little)),
  },
  i4: {
    size: 4,
    otherwise: 'INVALIDIPv4',
    write: (bytes, extension, little) => ipv4Text(bytes, true, isReversed(extension, little)),
  },
  I6: {
    size: 16,
    otherwise: 'INVALIDIPv6',
    write: (bytes, extension) => (extension === 'I6c' ? ipv6CompressedText(bytes) : ipv6Text(bytes, true)),
  },
  i6: { size: 16, otherwise: 'INVALIDIPv6', write: (bytes) => ipv6Text(bytes, false) },
};

/** The address's own byte order: host `h`, little `l`, network `n`, big `b`. */
function isReversed(extension: string, littleEndian: boolean): boolean {
  const order = extension.at(-1);
  return order === 'l' || (order === 'h' && littleEndian);
}

function fieldBytes(record: PrintRecord, field: EventField): Uint8Array | undefined {
  if (field.offset + field.size > record.length) return undefined;
  const start = record.offset + field.offset;
  return record.bytes.subarray(start, start + field.size);
}

const AF_INET = 2;
const AF_INET6 = 10;
const SIZE_OF_SOCKADDR_IN = 16;
const SIZE_OF_SOCKADDR_IN6 = 28;

/** `struct sockaddr`: family, then port and address. */
function compileSocketAddress(extension: string, target: PrintExpression): EvaluatePointer {
  if (target.kind !== 'field' && target.kind !== 'dynamic-array') {
    return () => `ARG NOT FIELD NOR DYNAMIC ARRAY BUT TYPE ${typeNumber(target)}`;
  }
  const { field } = target;
  const placeOf =
    target.kind === 'dynamic-array'
      ? (record: PrintRecord): DataPlace => dynamicPlace(record, field)
      : (record: PrintRecord): DataPlace => ({
          start: field.offset,
          length: Math.max(0, Math.min(field.size, record.length - field.offset)),
        });
  return (record) => {
    const { start, length } = placeOf(record);
    if (length < 2) return '';
    const bytes = record.bytes.subarray(record.offset + start, record.offset + start + length);
    return socketAddressText(bytes, extension, record);
  };
}

function socketAddressText(bytes: Uint8Array, extension: string, record: PrintRecord): string {
  const family = record.littleEndian ? bytes[0]! + bytes[1]! * 256 : bytes[0]! * 256 + bytes[1]!;
  const withPort = extension.startsWith('ISp');
  const port = bytes.length < 4 ? 0 : bytes[2]! * 256 + bytes[3]!;
  if (family === AF_INET) {
    if (bytes.length < SIZE_OF_SOCKADDR_IN) return 'INVALIDIPv4';
    const reverse = isReversed(extension, record.littleEndian);
    const text = ipv4Text(bytes.subarray(4, 8), extension[0] === 'i', reverse);
    return withPort ? `${text}:${port}` : text;
  }
  if (family !== AF_INET6) return '';
  if (bytes.length < SIZE_OF_SOCKADDR_IN6) return 'INVALIDIPv6';
  const address = bytes.subarray(8, 24);
  const text = extension.includes('c')
    ? ipv6CompressedText(address)
    : ipv6Text(address, extension[0] === 'I');
  return withPort ? `[${text}]:${port}` : text;
}

/** libtraceevent says what it got by a number (`enum tep_print_arg_type`). */
function refusal(expression: PrintExpression): EvaluatePointer {
  if (expression.kind === 'call') return () => '';
  return () => `ARG TYPE NOT FIELD BUT ${typeNumber(expression)}`;
}

const TYPE_NUMBERS: Readonly<Record<PrintExpression['kind'], number>> = {
  number: 1,
  text: 1,
  field: 2,
  flags: 3,
  symbolic: 4,
  hex: 5,
  'int-array': 6,
  cast: 7,
  string: 8,
  'dynamic-array': 10,
  index: 11,
  unary: 11,
  binary: 11,
  conditional: 11,
  call: 12,
  'scsi-command': 12,
  bitmask: 13,
  'dynamic-array-length': 14,
  cpumask: 16,
};

function typeNumber(expression: PrintExpression): number {
  return TYPE_NUMBERS[expression.kind];
}
