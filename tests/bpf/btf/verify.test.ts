import { describe, expect, it } from 'vitest';
import { BtfBuilder } from '../../../bpf/btf/builder.ts';
import type { TypeId } from '../../../bpf/btf/type.ts';
import { verifyBtf } from '../../../bpf/btf/verify.ts';
import { everyKind } from '../../fuzz/btf.ts';

/** The problems of what `add` adds to an int (type 1). */
function problems(add: (builder: BtfBuilder, int: TypeId) => void): string[] {
  const builder = new BtfBuilder();
  add(builder, builder.addInt('int', 4, { signed: true }));
  return verifyBtf(builder.build()).map(({ type, message }) => `${type}: ${message}`);
}

const at = (name: string, type: TypeId, bitOffset: number, bitSize = 0) => ({
  name,
  type,
  bitOffset,
  bitSize,
});

describe('verifyBtf', () => {
  it('has nothing against every kind as it should be', () => {
    expect(verifyBtf(everyKind().build())).toEqual([]);
  });

  it('looks at the parameters of many functions once', () => {
    const builder = new BtfBuilder();
    const int = builder.addInt('int', 4, { signed: true });
    const parameters = Array.from({ length: 60_000 }, () => ({ name: 'a', type: int }));
    const prototype = builder.addPrototype(int, parameters);
    for (let index = 0; index < 60_000; index++) builder.addFunction(`f${index}`, prototype, 'static');
    expect(verifyBtf(builder.build())).toEqual([]);
  });

  it('wants types', () => {
    expect(verifyBtf(new BtfBuilder().build())).toEqual([{ type: 0, message: 'there are no types' }]);
  });

  it.each<[string, (builder: BtfBuilder, int: TypeId) => void]>([
    ["2: 'a b' is no name", (b, int) => b.addTypedef('a b', int)],
    ["2: '' is no name", (b) => b.addForward('', 'struct')],
    ["2: '1' is no name of a value", (b) => b.addEnum('e', [{ name: '1', value: 1n }])],
    ["2: '' is no name of a section", (b) => b.addDataSection('', 4, [])],
    ['2: the tag is empty', (b, int) => b.addTypeTag('', int)],
    ['2: a signed char', (b) => b.addInt('char', 1, { signed: true, encoding: 'char' })],
    ['2: a float of 3 bytes', (b) => b.addFloat('f', 3)],
    ['2: member 0 (x) is void', (b) => b.addStruct('s', 4, [at('x', 0, 0)])],
    ['2: member 0 (x) is at bit 8 of a union', (b, int) => b.addUnion('u', 8, [at('x', int, 8)])],
    ['2: member 0 (x) is at bit 64 of 4 bytes', (b, int) => b.addStruct('s', 4, [at('x', int, 64)])],
    ['2: member 0 (x) ends beyond the 4 bytes', (b, int) => b.addStruct('s', 4, [at('x', int, 8)])],
    [
      '3: member 0 (p) is at bit 4, in the mid',
      (b, int) => b.addStruct('s', 9, [at('p', b.addPointer(int), 4)]),
    ],
    [
      '3: member 0 (p) is a bitfield, and no i',
      (b, int) => b.addStruct('s', 9, [at('p', b.addPointer(int), 0, 4)]),
    ],
    ['2: member 0 (x) takes 33 bits of an inte', (b, int) => b.addStruct('s', 8, [at('x', int, 0, 33)])],
    [
      '2: member 1 (y) is at bit 0, before the one',
      (b, int) => b.addStruct('s', 8, [at('x', int, 32), at('y', int, 0)]),
    ],
    ['2: its element, type 0, has no size', (b, int) => b.addArray(0, int, 1)],
    ['2: its index, type 0, is no whole integer', (b, int) => b.addArray(int, 0, 1)],
    ['2: it has 4294967296 bytes', (b, int) => b.addArray(int, int, 2 ** 30)],
    ['2: type 1 is no prototype', (b, int) => b.addFunction('f', int, 'static')],
    ['3: an extern function', (b) => b.addFunction('f', b.addPrototype(0, []), 'extern')],
    [
      '3: parameter 0 has no name',
      (b, int) => b.addFunction('f', b.addPrototype(0, [{ name: '', type: int }]), 'static'),
    ],
    ['3: it returns type 2, which has no size', (b) => b.addPrototype(b.addForward('s', 'struct'), [])],
    ['2: parameter 0 (x) is void', (b) => b.addPrototype(0, [{ name: 'x', type: 0 }])],
    ['2: type 0 has no size', (b) => b.addVariable('v', 0, 'static')],
    [
      '2: type 1 is no variable',
      (b, int) => b.addDataSection('.bss', 4, [{ type: int, offset: 0, size: 4 }]),
    ],
    [
      '3: v at 4 is before its time or beyond',
      (b, int) =>
        b.addDataSection('.bss', 4, [{ type: b.addVariable('v', int, 'static'), offset: 4, size: 4 }]),
    ],
    [
      '3: v at 0 takes 2 bytes of 4',
      (b, int) =>
        b.addDataSection('.bss', 4, [{ type: b.addVariable('v', int, 'static'), offset: 0, size: 2 }]),
    ],
    ['2: type 1 is of kind int, which no tag is for', (b, int) => b.addDeclTag('t', int)],
    ['3: component 0 of 0', (b, int) => b.addDeclTag('t', b.addTypedef('t', int), 0)],
    ['3: a tag after other modifiers', (b, int) => b.addConst(b.addTypeTag('rcu', int))],
    ['3: a ptr cannot be to type 2, a var', (b, int) => b.addPointer(b.addVariable('v', int, 'static'))],
    ['2: it leads to itself', (b) => b.define(b.reserve(), { kind: 'ptr', type: 2 })],
  ])('%s', (message, add) => {
    expect(problems(add)[0]).toContain(message);
  });

  it('tells of a hundred problems and no more', () => {
    const many = problems((builder) => {
      for (let index = 0; index < 500; index++) builder.addTypedef(`${index}`, 0);
    });
    expect(many).toHaveLength(100);
  });
});
