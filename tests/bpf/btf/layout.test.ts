import { describe, expect, it } from 'vitest';
import { BtfBuilder } from '../../../bpf/btf/builder.ts';
import { findMember } from '../../../bpf/btf/find-member.ts';
import { alignOf, layoutOf, sizeOf, skipModifiers, skipTypedefs } from '../../../bpf/btf/layout.ts';

const builder = new BtfBuilder();
const char = builder.addInt('char', 1, { signed: true });
const int = builder.addInt('int', 4, { signed: true });
const long = builder.addInt('long int', 8, { signed: true });
const name = builder.addTypedef('name_t', builder.addArray(char, int, 16));
const constant = builder.addConst(builder.addVolatile(name));
const pointer = builder.addPointer(builder.addForward('other', 'struct'));
const inner = builder.addUnion('', 8, [
  { name: 'wide', type: long, bitOffset: 0 },
  { name: 'narrow', type: char, bitOffset: 0 },
]);
const point = builder.addStruct('point', 8, [
  { name: 'x', type: int, bitOffset: 0 },
  { name: 'y', type: int, bitOffset: 32 },
]);
const points = builder.addArray(point, int, 3);
/** { char c; <3 bytes> int i; union { long wide; char narrow; }; int a:3; int b:7; <22 bits> point p[3]; <4> name_t n[] } */
const mixed = builder.addStruct('mixed', 48, [
  { name: 'c', type: char, bitOffset: 0 },
  { name: 'i', type: int, bitOffset: 32 },
  { name: '', type: inner, bitOffset: 64 },
  { name: 'a', type: int, bitOffset: 128, bitSize: 3 },
  { name: 'b', type: int, bitOffset: 131, bitSize: 7 },
  { name: 'p', type: points, bitOffset: 160 },
  { name: 'rest', type: builder.addArray(int, int, 0), bitOffset: 352 },
]);
const packed = builder.addStruct('packed', 5, [
  { name: 'c', type: char, bitOffset: 0 },
  { name: 'i', type: int, bitOffset: 8 },
]);
const proto = builder.addPrototype(0, []);
const btf = builder.build();

describe('modifiers and typedefs', () => {
  it('are skipped', () => {
    expect(skipModifiers(btf, constant)).toBe(name);
    expect(btf.kindOf(skipTypedefs(btf, constant))).toBe('array');
    expect(skipTypedefs(btf, 0)).toBe(0);
  });
});

describe('sizes and alignments', () => {
  it.each([
    ['int', int, 4, 4],
    ['const volatile name_t', constant, 16, 1],
    ['pointer', pointer, 8, 8],
    ['anonymous union', inner, 8, 8],
    ['array of structs', points, 24, 4],
    ['struct', mixed, 48, 8],
    ['packed struct', packed, 5, 1],
    ['prototype', proto, undefined, undefined],
    ['void', 0, undefined, undefined],
  ])('%s', (_, id, size, align) => {
    expect(sizeOf(btf, id)).toBe(size);
    expect(alignOf(btf, id)).toBe(align);
  });

  it('go by the width of pointers', () => {
    const narrow = builder.build({ pointerSize: 4 });
    expect(sizeOf(narrow, pointer)).toBe(4);
    expect(alignOf(narrow, long)).toBe(4);
  });

  it('take linear time where structs hold structs twice', () => {
    const twice = new BtfBuilder();
    let id = twice.addInt('char', 1);
    for (let level = 0; level < 30; level++) {
      id = twice.addStruct(`s${level}`, 2 ** (level + 1), [
        { name: 'a', type: id, bitOffset: 0 },
        { name: 'b', type: id, bitOffset: Math.min(2 ** (level + 3), 2 ** 31) },
      ]);
    }
    expect(alignOf(twice.build(), id)).toBe(1);
  });
});

describe('layoutOf', () => {
  it('tells places, words to load and holes', () => {
    const layout = layoutOf(btf, mixed)!;
    expect(layout).toMatchObject({ kind: 'struct', name: 'mixed', size: 48, align: 8, packed: false });
    expect(layout.fields.map((field) => [field.name, field.bitOffset, field.bitSize, field.storage])).toEqual(
      [
        ['c', 0, 8, { offset: 0, size: 1 }],
        ['i', 32, 32, { offset: 4, size: 4 }],
        ['', 64, 64, { offset: 8, size: 8 }],
        ['a', 128, 3, { offset: 16, size: 4 }],
        ['b', 131, 7, { offset: 16, size: 4 }],
        ['p', 160, 192, { offset: 20, size: 24 }],
        ['rest', 352, 0, { offset: 44, size: 0 }],
      ],
    );
    expect(layout.fields.filter((field) => field.bitfield).map((field) => field.name)).toEqual(['a', 'b']);
    expect(layout.holes).toEqual([
      { bitOffset: 8, bitSize: 24 },
      { bitOffset: 138, bitSize: 22 },
      { bitOffset: 352, bitSize: 32 },
    ]);
  });

  it('sees packed structs', () => {
    expect(layoutOf(btf, packed)).toMatchObject({ packed: true, align: 1, holes: [] });
  });

  it('has nothing to say of other types', () => {
    expect(layoutOf(btf, int)).toBeUndefined();
    expect(layoutOf(btf, pointer)).toBeUndefined();
  });

  it('takes a wider word when a bitfield crosses its own', () => {
    const odd = new BtfBuilder();
    const u8 = odd.addInt('unsigned char', 1);
    const id = odd.addStruct('odd', 4, [
      { name: 'a', type: u8, bitOffset: 0, bitSize: 6 },
      { name: 'b', type: u8, bitOffset: 6, bitSize: 6 },
      { name: 'c', type: u8, bitOffset: 14, bitSize: 8 },
    ]);
    expect(layoutOf(odd.build(), id)!.fields.map((field) => field.storage)).toEqual([
      { offset: 0, size: 1 },
      { offset: 0, size: 2 },
      { offset: 0, size: 4 },
    ]);
  });

  it('reads bitfields of old compilers, integers of few bits', () => {
    const old = new BtfBuilder();
    const three = old.add({
      kind: 'int',
      name: 'int',
      size: 4,
      signed: true,
      encoding: 'plain',
      bits: 3,
      bitOffset: 5,
    });
    const id = old.addStruct('old', 4, [{ name: 'a', type: three, bitOffset: 0 }]);
    const [field] = layoutOf(old.build(), id)!.fields;
    expect(field).toMatchObject({
      bitOffset: 5,
      bitSize: 3,
      bitfield: true,
      storage: { offset: 0, size: 4 },
    });
  });
});

describe('findMember', () => {
  it.each([
    ['c', 0, [0]],
    ['wide', 64, [2, 0]],
    ['narrow', 64, [2, 1]],
    ['b', 131, [4]],
    ['p[2].y', 160 + 2 * 64 + 32, [5, 2, 1]],
    ['rest[9]', 352 + 9 * 32, [6, 9]],
    ['', 0, []],
  ])('%s', (path, bitOffset, indexes) => {
    expect(findMember(btf, mixed, path)).toMatchObject({ bitOffset, indexes });
  });

  it('gives the word of a bitfield in the whole', () => {
    expect(findMember(btf, mixed, 'b')).toMatchObject({
      bitSize: 7,
      bitfield: true,
      storage: { offset: 16, size: 4 },
    });
  });

  it.each(['d', 'p[3]', 'p.x', 'c.x', 'p[', 'p[1]y', 'p[1]y z', 'a..b', '.', '.c', 'c.'])(
    '%s leads nowhere',
    (path) => {
      expect(findMember(btf, mixed, path)).toBeUndefined();
    },
  );
});
