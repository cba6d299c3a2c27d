import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BtfBuilder } from '../../../bpf/btf/builder.ts';
import { addAll, anyTypes } from './arbitrary.ts';
import { typesOf } from './types.ts';

describe('BtfBuilder', () => {
  it('gives equal types one id', () => {
    const builder = new BtfBuilder();
    const int = builder.addInt('int', 4, { signed: true });
    expect(builder.addInt('int', 4, { signed: true })).toBe(int);
    expect(builder.addInt('int', 4)).not.toBe(int);
    const pointer = builder.addPointer(int);
    expect(builder.addPointer(int)).toBe(pointer);
    const members = [{ name: 'a', type: int, bitOffset: 0 }];
    const s = builder.addStruct('s', 4, members);
    expect(builder.addStruct('s', 4, members)).toBe(s);
    expect(builder.addUnion('s', 4, members)).not.toBe(s);
    const proto = builder.addPrototype(0, [{ name: 'x', type: pointer }]);
    expect(builder.addPrototype(0, [{ name: 'x', type: pointer }])).toBe(proto);
    expect(builder.addPrototype(0, [{ name: 'y', type: pointer }])).not.toBe(proto);
    expect(builder.addFunction('f', proto, 'static')).toBe(builder.addFunction('f', proto, 'static'));
    expect(builder.addVariable('v', int, 'global')).not.toBe(builder.addVariable('v', int, 'global'));
  });

  it('lets a struct refer to itself', () => {
    const builder = new BtfBuilder();
    const node = builder.reserve();
    const pointer = builder.addPointer(node);
    builder.define(node, {
      kind: 'struct',
      name: 'node',
      size: 8,
      members: [{ name: 'next', type: pointer, bitOffset: 0, bitSize: 0 }],
    });
    const btf = builder.build();
    expect(btf.find('node')).toBe(node);
    expect(btf.type(pointer)).toEqual({ kind: 'ptr', type: node });
    expect(builder.addStruct('node', 8, [{ name: 'next', type: pointer, bitOffset: 0 }])).toBe(node);
  });

  it('replaces a section of data that grew', () => {
    const builder = new BtfBuilder();
    const int = builder.addInt('int', 4);
    const a = builder.addVariable('a', int, 'global');
    const section = builder.addDataSection('.bss', 0, []);
    builder.replace(section, {
      kind: 'datasec',
      name: '.bss',
      size: 4,
      variables: [{ type: a, offset: 0, size: 4 }],
    });
    expect(builder.build().type(section)).toMatchObject({ size: 4, variables: [{ type: a }] });
  });

  it('refuses what cannot be', () => {
    const builder = new BtfBuilder();
    expect(() => builder.addPointer(7)).toThrow('a ptr refers to type 7, and the last is 0');
    const id = builder.reserve();
    expect(() => builder.build()).toThrow('type 1 is not defined');
    builder.define(id, { kind: 'fwd', name: 's', of: 'struct' });
    expect(() => builder.define(id, { kind: 'fwd', name: 's', of: 'struct' })).toThrow(
      'type 1 is defined already',
    );
    expect(() => builder.type(2)).toThrow('there is no type 2');
    builder.addTypedef('a\0b', 0);
    expect(() => builder.build()).toThrow('a name with a NUL');
  });

  it('refuses what the format has no room for', () => {
    const far = new BtfBuilder();
    const int = far.addInt('int', 4);
    far.addStruct('far', 2 ** 22, [
      { name: 'a', type: int, bitOffset: 0, bitSize: 3 },
      { name: 'b', type: int, bitOffset: 2 ** 24 },
    ]);
    expect(() => far.build()).toThrow('struct far: b is too far off for a struct with bitfields');
    const large = new BtfBuilder();
    large.addEnum('e', [{ name: 'X', value: 2n ** 32n }]);
    expect(() => large.build()).toThrow('enum e: X is 4294967296, which takes an enum64');
    const long = new BtfBuilder();
    long.addPrototype(
      0,
      Array.from({ length: 65536 }, () => ({ name: '', type: 0 })),
    );
    expect(() => long.build()).toThrow('has 65536 entries, and at most 65535 go in');
  });

  it('makes the same bytes of the same calls', () => {
    const build = (): Uint8Array => {
      const builder = new BtfBuilder();
      builder.addTypedef('u32', builder.addInt('unsigned int', 4));
      builder.string('int main(void)');
      return builder.build().bytes();
    };
    expect(build()).toEqual(build());
  });

  it('tells where a string is', () => {
    const builder = new BtfBuilder();
    builder.addInt('int', 4);
    const offset = builder.string('a line of code;');
    expect(builder.string('a line of code;')).toBe(offset);
    expect(builder.build().string(offset)).toBe('a line of code;');
  });

  it('goes on from a base', () => {
    const below = new BtfBuilder();
    const int = below.addInt('int', 4);
    const base = below.build();
    const above = new BtfBuilder({ base });
    const pointer = above.addPointer(int);
    const s = above.addStruct('mod', 8, [{ name: 'p', type: pointer, bitOffset: 0 }]);
    const split = above.build();
    expect([pointer, s]).toEqual([2, 3]);
    expect(split.firstId).toBe(2);
    expect(split.type(s)).toMatchObject({ name: 'mod', members: [{ name: 'p', type: 2 }] });
    expect(split.nameOf(int)).toBe('int');
  });

  it('writes what it reads', () => {
    fc.assert(
      fc.property(anyTypes, fc.boolean(), (types, littleEndian) => {
        const builder = new BtfBuilder();
        const expected = addAll(builder, types);
        const btf = builder.build({ littleEndian });
        expect(btf.littleEndian).toBe(littleEndian);
        expect(typesOf(btf)).toEqual(expected);
        for (const [index, type] of expected.entries()) {
          if (!('name' in type) || type.name === '') continue;
          expect(btf.findAll(type.name)).toContain(index + 1);
        }
      }),
      { numRuns: 200 },
    );
  });
});
