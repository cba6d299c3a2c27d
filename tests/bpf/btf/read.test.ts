import { describe, expect, it } from 'vitest';
import { readBtf } from '../../../bpf/btf/read.ts';
import { FormatError } from '../../../bpf/format-error.ts';

interface Raw {
  readonly littleEndian?: boolean;
  readonly types: readonly number[];
  readonly strings: string;
  /** Bytes of header after those that are known. */
  readonly extra?: number;
}

/** BTF written by hand. */
function raw({ littleEndian = true, types, strings, extra = 0 }: Raw): Uint8Array {
  const header = 24 + extra;
  const text = new TextEncoder().encode(strings);
  const bytes = new Uint8Array(header + types.length * 4 + text.length);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, 0xeb9f, littleEndian);
  view.setUint8(2, 1);
  const words = [header, 0, types.length * 4, types.length * 4, text.length];
  for (const [index, word] of words.entries()) view.setUint32(4 + index * 4, word, littleEndian);
  for (const [index, word] of types.entries()) view.setUint32(header + index * 4, word, littleEndian);
  bytes.set(text, header + types.length * 4);
  return bytes;
}

const info = (kind: number, vlen = 0, flag = 0): number => ((flag << 31) | (kind << 24) | vlen) >>> 0;

/** 1 int, 2 ptr to it, 3 struct s { int a; int b:3; }, 4 a second `s`: a typedef. */
const FEW: Raw = {
  types: [
    ...[1, info(1), 4, (1 << 24) | 32],
    ...[0, info(2), 1],
    ...[5, info(4, 2, 1), 8, 7, 1, 0, 9, 1, (3 << 24) | 32],
    ...[5, info(8), 3],
  ],
  strings: '\0int\0s\0a\0b\0',
};

describe('readBtf', () => {
  it("reads clang's declared enum, which has neither size nor values", () => {
    const btf = readBtf(raw({ types: [1, info(6), 0], strings: '\0later\0' }));
    expect(btf.type(1)).toEqual({ kind: 'enum', name: 'later', size: 0, signed: false, values: [] });
  });

  it('finds a kind among very many types of one name, again and again', () => {
    const count = 40_000;
    const forwards = Array.from({ length: count }, () => [1, info(7), 0]).flat();
    const btf = readBtf(
      raw({ types: [...forwards, 1, info(16), 4, ...forwards.slice(0, 3)], strings: '\0same\0' }),
    );
    for (let time = 0; time < count; time++) {
      if (btf.find('same', 'float') !== count + 1) throw new Error('not the float');
      if (btf.find('same', 'union') !== undefined) throw new Error('no union');
    }
    expect(btf.find('same')).toBe(1);
    expect(btf.find('same', 'fwd')).toBe(1);
    expect(btf.findAll('same')).toHaveLength(count + 2);
  });

  it.each([true, false])('decodes types, little endian %s', (littleEndian) => {
    const btf = readBtf(raw({ ...FEW, littleEndian }));
    expect(btf.littleEndian).toBe(littleEndian);
    expect([btf.firstId, btf.end]).toEqual([1, 5]);
    expect(btf.type(0)).toEqual({ kind: 'void' });
    expect(btf.type(1)).toEqual({
      kind: 'int',
      name: 'int',
      size: 4,
      signed: true,
      encoding: 'plain',
      bits: 32,
      bitOffset: 0,
    });
    expect(btf.type(2)).toEqual({ kind: 'ptr', type: 1 });
    expect(btf.type(3)).toEqual({
      kind: 'struct',
      name: 's',
      size: 8,
      members: [
        { name: 'a', type: 1, bitOffset: 0, bitSize: 0 },
        { name: 'b', type: 1, bitOffset: 32, bitSize: 3 },
      ],
    });
    expect(btf.kindOf(4)).toBe('typedef');
    expect(btf.nameOf(4)).toBe('s');
  });

  it('finds names, the first first', () => {
    const btf = readBtf(raw(FEW));
    expect(btf.find('s')).toBe(3);
    expect(btf.find('s', 'typedef')).toBe(4);
    expect(btf.findAll('s')).toEqual([3, 4]);
    expect(btf.find('a')).toBeUndefined();
    expect(btf.find('')).toBeUndefined();
  });

  it('reads over what a longer header has more', () => {
    expect(readBtf(raw({ ...FEW, extra: 8 })).nameOf(3)).toBe('s');
  });

  it('goes on where the base ends', () => {
    const base = readBtf(raw(FEW));
    // 5 ptr to 3, 6 struct `int` of the base's string, 7 struct `mod`
    const split = readBtf(raw({ types: [0, info(2), 3, 1, info(4), 0, 11, info(4), 0], strings: 'mod\0' }), {
      base,
    });
    expect([split.firstId, split.end, split.stringsEnd]).toEqual([5, 8, 15]);
    expect(split.type(5)).toEqual({ kind: 'ptr', type: 3 });
    expect(split.type(3)).toBe(base.type(3));
    expect(split.nameOf(6)).toBe('int');
    expect(split.nameOf(7)).toBe('mod');
    expect(split.find('int')).toBe(1);
    expect(split.find('int', 'struct')).toBe(6);
    expect(split.findAll('int')).toEqual([1, 6]);
    expect(split.find('mod')).toBe(7);
  });

  it('knows how wide pointers are by the width of long', () => {
    const long = (size: number): Raw => ({
      types: [1, info(1), size, size * 8],
      strings: '\0long unsigned int\0',
    });
    expect(readBtf(raw(long(4))).pointerSize).toBe(4);
    expect(readBtf(raw(long(8))).pointerSize).toBe(8);
    expect(readBtf(raw(long(4)), { pointerSize: 8 }).pointerSize).toBe(8);
    expect(readBtf(raw(FEW)).pointerSize).toBe(8);
  });

  it('throws a RangeError for ids there are not', () => {
    const btf = readBtf(raw(FEW));
    for (const id of [5, -1, 1.5, 2 ** 40]) {
      expect(() => btf.type(id)).toThrow(RangeError);
      expect(() => btf.kindOf(id)).toThrow(RangeError);
      expect(() => btf.nameOf(id)).toThrow(RangeError);
    }
    expect(() => btf.string(11)).toThrow(FormatError);
  });
});

describe('readBtf refuses', () => {
  const one = (...types: number[]): Raw => ({ types, strings: '\0n\0' });
  it.each<[string, Raw, string]>([
    ['an unknown kind', one(0, info(20), 0), 'byte 28: type 1 is of kind 20, which is unknown'],
    ['void', one(0, 0, 0), 'byte 28: type 1 is of kind 0, which is unknown'],
    ['a type cut off', one(0, info(2)), 'byte 24: type 1 takes 12 bytes, and 8 are left'],
    ['too many members', one(0, info(4, 9), 0), 'byte 24: type 1 (struct) takes 120 bytes, and 12 are left'],
    ['a name beyond', one(3, info(4), 0), 'byte 24: type 1 has its name at 3, and the strings end at 3'],
    ['a type beyond', one(0, info(2), 2), 'byte 32: type 1 refers to type 2, and the last is 1'],
    ['reserved bits', one(0, info(2) | (1 << 16), 0), 'byte 28: type 1 has reserved bits set: 0x2010000'],
    ['a named pointer', one(1, info(2), 0), 'byte 24: type 1 has a name, and its kind has none'],
    ['a flag on a pointer', one(0, info(2, 0, 1), 0), 'type 1 has kind_flag set'],
    ['vlen on a pointer', one(0, info(2, 3), 0), 'byte 28: type 1 has 3 entries, and its kind has none'],
    ['too many bits', one(1, info(1), 1, 9), 'byte 36: type 1 has 9 bits at bit 0 of 1 bytes'],
    [
      'both char and bool',
      one(1, info(1), 1, (6 << 24) | 8),
      'byte 36: type 1 has an unknown encoding: 0x6000008',
    ],
    ['an array of a size', one(0, info(3), 4, 1, 1, 1), 'byte 32: type 1 has 4 for size or type'],
    ['a declaration of a size', one(1, info(7), 4), 'byte 32: type 1 has 4 for size or type'],
    [
      'values of an enum without a size',
      one(1, info(6, 1), 0, 1, 5),
      'byte 32: type 1 is an enum of 0 bytes',
    ],
    ['an odd enum', one(1, info(6), 3), 'byte 32: type 1 is an enum of 3 bytes'],
    ['a linkage', one(1, info(12, 3), 0), 'byte 28: type 1 has linkage 3, which is unknown'],
    ['a component', one(1, info(17), 0, 0xfffffffe), 'byte 36: type 1 tags component -2'],
    ['strings without an end', { types: [], strings: '\0n' }, 'byte 25: the last string has no end'],
    ['no empty string', { types: [], strings: 'n\0' }, 'byte 24: the first string is not empty'],
    ['no strings', { types: [], strings: '' }, 'byte 24: there are no strings'],
  ])('%s', (_, what, message) => {
    expect(() => readBtf(raw(what))).toThrow(message);
    expect(() => readBtf(raw(what))).toThrow(FormatError);
  });

  it('names that are far longer than all else', () => {
    const long = 'x'.repeat(100_000);
    const structs = (count: number): Raw => ({
      types: Array.from({ length: count }, () => [1, info(4), 0]).flat(),
      strings: `\0${long}\0`,
    });
    expect(readBtf(raw(structs(10))).nameOf(10)).toBe(long);
    expect(() => readBtf(raw(structs(11)))).toThrow('type 11 has a name that with all before is far longer');
  });

  it.each<[string, (view: DataView) => void, string]>([
    ['another magic', (view) => view.setUint16(0, 1), 'byte 0: the magic number is 1, not eb9f'],
    ['another version', (view) => view.setUint8(2, 2), 'byte 2: version 2 is unknown'],
    ['flags', (view) => view.setUint8(3, 1), 'byte 3: flags 1 are unknown'],
    ['a short header', (view) => view.setUint32(4, 20, true), 'byte 4: a header of 20 bytes is too short'],
    [
      'types off the grid',
      (view) => view.setUint32(8, 1, true),
      'byte 8: the types are not at a multiple of 4',
    ],
    ['an overlap', (view) => view.setUint32(16, 4, true), 'byte 8: the types and the strings overlap'],
    ['types beyond', (view) => view.setUint32(8, 0xffff_fff0, true), 'the type section is beyond the end'],
    ['strings too long', (view) => view.setUint32(20, 99, true), 'the string section takes 99 bytes'],
  ])('%s', (_, damage, message) => {
    const bytes = raw(FEW);
    damage(new DataView(bytes.buffer));
    expect(() => readBtf(bytes)).toThrow(message);
  });
});
