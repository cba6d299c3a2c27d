/** C's `printf` of one number, and the padding of texts. */
import type { FieldLayout, NumberConversion } from './conversions.ts';

/** A layout whose `*` are filled in. */
export interface FilledLayout extends FieldLayout {
  readonly width: number | undefined;
  readonly precision: number | undefined;
}

/** The low `conversion.bits` of `value`, as the conversion prints them. */
export function formatNumber(conversion: NumberConversion, layout: FilledLayout, value: bigint): string {
  const { bits } = conversion;
  switch (conversion.conversion) {
    case 'd':
      return layOut(BigInt.asIntN(bits, value).toString(), '', layout);
    case 'u':
      return layOut(BigInt.asUintN(bits, value).toString(), '', layout);
    case 'c':
      return pad(String.fromCharCode(Number(value & 0xffn)), layout);
    default:
      return formatBase(conversion, layout, BigInt.asUintN(bits, value));
  }
}

/** As {@link formatNumber}, of a value that was read as at most 32 unsigned bits and is printed as at least so many. */
export function formatSmall(conversion: NumberConversion, layout: FilledLayout, value: number): string {
  const { bits } = conversion;
  if (bits < 32) return formatNumber(conversion, layout, BigInt(value));
  switch (conversion.conversion) {
    case 'd':
      return layOut(String(bits === 32 ? value | 0 : value), '', layout);
    case 'u':
      return layOut(String(value), '', layout);
    case 'c':
      return pad(String.fromCharCode(value & 0xff), layout);
    default:
      return formatBase(conversion, layout, value);
  }
}

function formatBase(conversion: NumberConversion, layout: FilledLayout, value: bigint | number): string {
  const isZero = value === 0 || value === 0n;
  if (conversion.conversion === 'o') {
    const digits = value.toString(8);
    return layOut(digits, layout.alternate && !isZero ? '0' : '', layout);
  }
  const digits = value.toString(16);
  const prefix = layout.alternate && !isZero ? '0x' : '';
  if (conversion.conversion === 'x') return layOut(digits, prefix, layout);
  return layOut(digits.toUpperCase(), prefix.toUpperCase(), layout);
}

function layOut(digits: string, prefix: string, layout: FilledLayout): string {
  const { width, precision } = layout;
  if (width === undefined && precision === undefined && !layout.plus) return prefix + digits;
  const negative = digits.startsWith('-');
  let sign = negative ? '-' : layout.plus ? '+' : '';
  sign += prefix;
  let body = negative ? digits.slice(1) : digits;
  if (precision !== undefined) body = precision === 0 && body === '0' ? '' : body.padStart(precision, '0');
  else if (layout.zero && !layout.left && width !== undefined) {
    body = body.padStart(width - sign.length, '0');
  }
  return pad(sign + body, layout);
}

/** To the width, on the side the layout says. */
export function pad(text: string, layout: FilledLayout): string {
  const { width } = layout;
  if (width === undefined || text.length >= width) return text;
  return layout.left ? text.padEnd(width) : text.padStart(width);
}

/** `%s`: cut to the precision, then padded. */
export function formatText(text: string, layout: FilledLayout): string {
  const { precision } = layout;
  return pad(precision === undefined ? text : text.slice(0, precision), layout);
}
