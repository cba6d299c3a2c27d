/**
 * Sizes of the C types that occur as array elements in tracepoint formats. Scalar fields need none of this: the
 * kernel prints their size. Types that are not here (structures) have size 0, "not known".
 */

export interface CIntegerSizes {
  /** sizeof(long), which is also a pointer's size. */
  readonly long: 4 | 8;
}

const ONE = [
  'char',
  'signed char',
  'unsigned char',
  'bool',
  '_Bool',
  'u8',
  's8',
  '__u8',
  '__s8',
  'uint8_t',
  'int8_t',
];
const TWO = [
  'short',
  'short int',
  'unsigned short',
  'u16',
  's16',
  '__u16',
  '__s16',
  '__be16',
  '__le16',
  'uint16_t',
  'int16_t',
  'umode_t',
];
const FOUR = [
  'int',
  'signed int',
  'unsigned',
  'unsigned int',
  'u32',
  's32',
  '__u32',
  '__s32',
  '__be32',
  '__le32',
  'uint32_t',
  'int32_t',
  'pid_t',
  'uid_t',
  'gid_t',
  'dev_t',
  'float',
];
const EIGHT = [
  'long long',
  'unsigned long long',
  'u64',
  's64',
  '__u64',
  '__s64',
  '__be64',
  '__le64',
  'uint64_t',
  'int64_t',
  'loff_t',
  'sector_t',
  'double',
];
const LONG = [
  'long',
  'long int',
  'signed long',
  'unsigned long',
  'size_t',
  'ssize_t',
  'uintptr_t',
  'ino_t',
  'cpumask_t',
];

const SIZES: ReadonlyMap<string, number> = new Map([
  ...ONE.map((type) => [type, 1] as const),
  ...TWO.map((type) => [type, 2] as const),
  ...FOUR.map((type) => [type, 4] as const),
  ...EIGHT.map((type) => [type, 8] as const),
]);
const LONG_TYPES: ReadonlySet<string> = new Set(LONG);

/** Bytes of one element of C type `type`, or 0 when unknown. A pointer, and a bitmap's word, is a long. */
export function elementSizeOf(type: string, sizes: CIntegerSizes): number {
  const plain = type
    .replace(/\b(const|volatile)\b/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  if (plain.endsWith('*') || LONG_TYPES.has(plain)) return sizes.long;
  if (plain.startsWith('enum ')) return 4;
  return SIZES.get(plain) ?? 0;
}
