import { describe, expect, test } from 'vitest';
import type { Btf } from '../../../bpf/btf/btf.ts';
import { BtfBuilder } from '../../../bpf/btf/builder.ts';
import { inSpace, typeFromBtf } from '../../../compiler/types/from-btf.ts';
import { alignOf } from '../../../compiler/types/make.ts';
import { typeName } from '../../../compiler/types/name.ts';
import { equalTypes } from '../../../compiler/types/predicates.ts';
import type { StructType, Type } from '../../../compiler/types/type.ts';
import { TypeTable } from '../../../compiler/types/type-table.ts';

const builder = new BtfBuilder();
const u32 = builder.addInt('unsigned int', 4);
const s8 = builder.addInt('signed char', 1, { signed: true });
const char = builder.addInt('char', 1, { signed: true });
const index = builder.addInt('__ARRAY_SIZE_TYPE__', 4);
const double = builder.addFloat('double', 8);
const bool = builder.addInt('_Bool', 1, { encoding: 'bool', bits: 8 });
builder.addStruct('tail', 3, [{ name: 'bits', type: u32, bitOffset: 0, bitSize: 20 }]);
const color = builder.addEnum('color', [
  { name: 'RED', value: 0n },
  { name: 'BLUE', value: 7n },
]);
const node = builder.reserve();
builder.define(node, {
  kind: 'struct',
  name: 'node',
  size: 80,
  members: [
    { name: 'next', type: builder.addPointer(node), bitOffset: 0, bitSize: 0 },
    { name: 'name', type: builder.addArray(char, index, 16), bitOffset: 64, bitSize: 0 },
    { name: 'raw', type: builder.addArray(s8, index, 4), bitOffset: 192, bitSize: 0 },
    { name: 'low', type: u32, bitOffset: 224, bitSize: 3 },
    { name: 'high', type: u32, bitOffset: 227, bitSize: 5 },
    { name: 'flag', type: bool, bitOffset: 232, bitSize: 1 },
    { name: 'weight', type: double, bitOffset: 256, bitSize: 0 },
    {
      name: '',
      type: builder.addUnion('', 4, [
        { name: 'number', type: u32, bitOffset: 0 },
        { name: 'shade', type: color, bitOffset: 0 },
      ]),
      bitOffset: 320,
      bitSize: 0,
    },
    {
      name: 'home',
      type: builder.addPointer(builder.addTypeTag('user', builder.addConst(char))),
      bitOffset: 384,
      bitSize: 0,
    },
  ],
});
builder.addTypedef('node_t', node);
const counter = builder.addTypedef(
  'counter_t',
  builder.addStruct('', 4, [{ name: 'count', type: u32, bitOffset: 0 }]),
);
const kernel: Btf = builder.build({ pointerSize: 8 });

function structOf(type: Type | undefined): StructType {
  expect(type?.kind).toBe('struct');
  return type as StructType;
}

function member(name: string, space: 'kernel' | 'user' = 'kernel'): Type {
  return structOf(typeFromBtf(kernel, node, space)).members.find(name)!.type;
}

describe('C types as types of the language (language.md 2.6)', () => {
  test('integers, text, bytes and enums', () => {
    expect(['name', 'raw', 'number', 'shade'].map((name) => typeName(member(name)))).toEqual([
      'string[16]',
      'int8[4]',
      'uint32',
      'enum color',
    ]);
  });

  test('pointers lead where the struct is, or where they are tagged to', () => {
    expect(member('next')).toMatchObject({ kind: 'pointer', space: 'kernel' });
    expect(member('next', 'user')).toMatchObject({ kind: 'pointer', space: 'user' });
    expect(member('home')).toMatchObject({ kind: 'pointer', space: 'user' });
    expect(inSpace(member('next'), 'user')).toMatchObject({ space: 'user', target: { name: 'node' } });
  });

  test('members of anonymous unions are found, and offsets count from the outer struct', () => {
    const { members } = structOf(typeFromBtf(kernel, node, 'kernel'));
    expect(members.find('shade')!.offset).toBe(40);
    expect(members.find('')).toBeUndefined();
    expect(members.names()).toEqual('next name raw low high flag weight number shade home'.split(' '));
  });

  test('bitfields know their word', () => {
    const { members } = structOf(typeFromBtf(kernel, node, 'kernel'));
    expect(members.find('high')).toMatchObject({
      offset: 28,
      bitfield: { storage: 4, shift: 3, bits: 5 },
    });
    expect(members.find('flag')).toMatchObject({
      type: { kind: 'boolean' },
      offset: 29,
      bitfield: { storage: 1, shift: 0, bits: 1 },
    });
  });

  test('a word ends where its struct does', () => {
    const { members } = structOf(typeFromBtf(kernel, kernel.find('tail')!, 'kernel'));
    expect(members.find('bits')!.bitfield).toEqual({ storage: 3, shift: 0, bits: 20 });
  });

  test('a struct leads to itself without end', () => {
    let type: Type = typeFromBtf(kernel, node, 'kernel');
    for (let step = 0; step < 5; step++) {
      const next = structOf(type).members.find('next')!.type;
      expect(next.kind).toBe('pointer');
      type = (next as Type & { kind: 'pointer' }).target;
    }
    expect(equalTypes(type, typeFromBtf(kernel, node, 'user'))).toBe(true);
    expect(alignOf(type)).toBe(8);
  });
});

describe('the table of types', () => {
  const table = new TypeTable({ btf: kernel });

  test('finds tags and typedefs, and constants of enums', () => {
    expect(typeName(table.find('node', 'struct')!)).toBe('struct node');
    expect(typeName(table.find('node_t')!)).toBe('struct node');
    expect(structOf(table.find('counter_t')).origin).toMatchObject({ id: counter, relocatable: true });
    expect(table.find('node', 'union')).toBeUndefined();
    expect(table.constant('BLUE')).toMatchObject({ value: 7n, type: { enum: { name: 'color' } } });
    expect(table.constant('GREEN')).toBeUndefined();
    expect(table.names('struct')).toEqual(['tail', 'node']);
  });

  test('what the script defines comes first and is not relocatable, unlike what it holds of the kernel', () => {
    const own = new BtfBuilder({ base: kernel });
    own.addStruct('node', 16, [
      { name: 'mine', type: u32, bitOffset: 0 },
      { name: 'kernels', type: own.addPointer(node), bitOffset: 64 },
    ]);
    const both = new TypeTable({ btf: kernel }, { btf: own.build(), constants: new Map([['LIMIT', 300n]]) });
    const mine = structOf(both.find('node', 'struct'));
    expect([mine.size, mine.origin?.relocatable]).toEqual([16, false]);
    const kernels = mine.members.find('kernels')!.type as Type & { kind: 'pointer' };
    expect(structOf(kernels.target).origin?.relocatable).toBe(true);
    expect(both.constant('LIMIT')).toMatchObject({ value: 300n, type: { size: 2 } });
  });
});
