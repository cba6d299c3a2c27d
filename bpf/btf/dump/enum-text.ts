/** Enums in C: their values, and the attribute that gives them the size BTF says where their values would not. */
import type { BtfEnum } from '../type.ts';
import type { Names } from './names.ts';

/** `enum name { … }` with values, or `enum name` of one that was only declared. */
export function enumText(type: BtfEnum, name: string, names: Names, level: number): string {
  const head = name === '' ? 'enum' : `enum ${name}`;
  if (type.values.length === 0) return head;
  const indent = '\t'.repeat(level);
  const suffix = type.kind === 'enum' ? '' : type.signed ? 'LL' : 'ULL';
  const values = type.values.map(
    (value) => `${indent}\t${names.enumerator(value.name)} = ${literal(value.value, suffix)},\n`,
  );
  return `${head} {\n${values.join('')}${indent}}${modeOf(type)}`;
}

/** The least 64-bit number cannot be written: C negates a literal that is one too large. */
function literal(value: bigint, suffix: string): string {
  return value === -(2n ** 63n) ? `(-${2n ** 63n - 1n}LL - 1)` : `${value}${suffix}`;
}

/** Compilers take four bytes, or eight when a value needs them; other sizes are said by machine mode. */
function modeOf(type: BtfEnum): string {
  const natural = needsEight(type) ? 8 : 4;
  if (type.size === natural) return '';
  switch (type.size) {
    case 1:
      return ' __attribute__((mode(byte)))';
    case 2:
      return ' __attribute__((mode(HI)))';
    case 4:
      return ' __attribute__((mode(SI)))';
    case 8:
      return ' __attribute__((mode(DI)))';
    default:
      return '';
  }
}

function needsEight(type: BtfEnum): boolean {
  let least = 0n;
  let most = 0n;
  for (const { value } of type.values) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  const fitsSigned = least >= -(2n ** 31n) && most < 2n ** 31n;
  const fitsUnsigned = least >= 0n && most < 2n ** 32n;
  return !fitsSigned && !fitsUnsigned;
}
