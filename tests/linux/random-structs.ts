/** Random C structs and unions: bitfields of all widths, packing, alignment, nesting, arrays, enums of odd sizes. */

const INTEGERS = [
  'char',
  'short',
  'int',
  'long',
  'unsigned char',
  'unsigned short',
  'unsigned',
  'unsigned long',
];
const BITS: Readonly<Record<string, number>> = {
  char: 8,
  short: 16,
  int: 32,
  long: 64,
  'unsigned char': 8,
  'unsigned short': 16,
  unsigned: 32,
  'unsigned long': 64,
};
const OTHERS = ['void *', '__int128', '_Bool', 'double', 'float', 'enum small', 'enum wide', 'flags_t'];

export function randomStructs(seed: number, count: number): string {
  const random = generator(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const pick = <T>(list: readonly T[]): T => list[below(list.length)]!;
  const attributes = (): string => {
    const packed = below(4) === 0 ? ' __attribute__((packed))' : '';
    return below(6) === 0 ? `${packed} __attribute__((aligned(${pick([2, 4, 8, 16, 32, 64])})))` : packed;
  };
  const defined: string[] = [];
  const body = (indent: string, depth: number, isUnion: boolean): string => {
    const lines: string[] = [];
    const members = 1 + below(7);
    for (let index = 0; index < members; index++)
      lines.push(indent + member(`m${depth}_${index}_${below(1e6)}`, indent, depth, isUnion));
    return lines.join('\n');
  };
  const member = (name: string, indent: string, depth: number, isUnion: boolean): string => {
    const choice = below(12);
    if (choice < 4) {
      const type = pick(INTEGERS);
      return `${type} ${name}: ${1 + below(BITS[type]!)};`;
    }
    if (choice === 4 && !isUnion) return `${pick(INTEGERS)}: ${pick([0, 1, 3])};`;
    if (choice === 5) return `${pick(INTEGERS)} ${name}[${below(4)}]${below(3) === 0 ? '[3]' : ''};`;
    if (choice === 6 && depth < 3) {
      const kind = pick(['struct', 'union']);
      const inner = body(`${indent}\t`, depth + 1, kind === 'union');
      return `${kind} {\n${inner}\n${indent}}${attributes()} ${below(2) === 0 ? name : ''};`;
    }
    if (choice === 7 && defined.length > 0) return `${pick(defined)} ${name}${below(4) === 0 ? '[2]' : ''};`;
    if (choice === 8)
      return `${pick(OTHERS)} ${name}${below(6) === 0 ? ' __attribute__((aligned(32)))' : ''};`;
    if (choice === 9) return `${pick(OTHERS)} ${name};`;
    return `${pick(INTEGERS)} ${name};`;
  };
  const texts: string[] = [];
  for (let index = 0; index < count; index++) {
    const kind = below(4) === 0 ? 'union' : 'struct';
    const tag = `${kind} t${index}`;
    texts.push(`${tag} {\n${body('\t', 0, kind === 'union')}\n}${attributes()};\n${tag} use_${index};\n`);
    defined.push(tag);
  }
  return PRELUDE + texts.join('\n');
}

const PRELUDE = `enum small { SMALL_A, SMALL_B = 200 } __attribute__((mode(byte)));
enum wide { WIDE_A = 1, WIDE_B = 0x100000000 };
typedef enum { FLAG_A = -1, FLAG_B = 5 } flags_t;

`;

/** mulberry32. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), state | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
}
