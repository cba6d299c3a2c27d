import { describe, expect, it } from 'vitest';
import { BtfBuilder } from '../../../bpf/btf/builder.ts';
import { subsetBtf } from '../../../bpf/btf/subset.ts';
import { typesOf } from './types.ts';

const builder = new BtfBuilder();
const far = builder.addStruct('far', 4, [{ name: 'x', type: builder.addInt('int', 4), bitOffset: 0 }]);
builder.addDeclTag('far_x', far, 0);
const near = builder.addStruct('near', 8, [{ name: 'far', type: builder.addPointer(far), bitOffset: 0 }]);
const root = builder.reserve();
builder.define(root, {
  kind: 'struct',
  name: 'root',
  size: 24,
  members: [
    { name: 'near', type: near, bitOffset: 0, bitSize: 0 },
    { name: 'self', type: builder.addPointer(root), bitOffset: 64, bitSize: 0 },
    { name: 'const_near', type: builder.addPointer(builder.addConst(near)), bitOffset: 128, bitSize: 0 },
  ],
});
builder.addDeclTag('important', root, 1);
builder.addTypedef('unused', root);
const btf = builder.build();

describe('subsetBtf', () => {
  it('takes all that roots reach', () => {
    const subset = subsetBtf(btf, [root]);
    expect(subset.btf.end).toBe(btf.end - 1);
    expect(subset.idOf(btf.find('unused')!)).toBeUndefined();
    expect(subset.idOf(0)).toBe(0);
    expect(subset.btf.nameOf(subset.idOf(root)!)).toBe('root');
  });

  it('declares what is too many pointers away', () => {
    const subset = subsetBtf(btf, [root], { pointerDepth: 0 });
    expect(subset.btf.type(subset.idOf(far)!)).toEqual({ kind: 'fwd', name: 'far', of: 'struct' });
    expect(subset.btf.type(subset.idOf(near)!)).toMatchObject({ kind: 'struct', size: 8 });
    expect(subset.btf.find('int')).toBeUndefined();
    expect(subset.btf.find('far_x')).toBeUndefined();
    expect(subset.btf.find('important')).toBeDefined();
    expect(subsetBtf(btf, [root], { pointerDepth: 1 }).btf.find('far', 'struct')).toBeDefined();
  });

  it('never takes one struct for another of its name', () => {
    const two = new BtfBuilder();
    const mine = two.addStruct('s', 1, []);
    const other = two.addStruct('s', 2, []);
    const holder = two.addStruct('holder', 16, [
      { name: 'mine', type: mine, bitOffset: 0 },
      { name: 'other', type: two.addPointer(other), bitOffset: 64 },
    ]);
    const table = two.build();
    const subset = subsetBtf(table, [holder], { pointerDepth: 0 });
    expect(typesOf(subset.btf).filter((type) => 'name' in type && type.name === 's')).toEqual([
      { kind: 'struct', name: 's', size: 1, members: [] },
      { kind: 'fwd', name: 's', of: 'struct' },
    ]);
  });
});
