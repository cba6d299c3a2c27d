import { describe, expect, it } from 'vitest';
import { BtfBuilder } from '../../../bpf/btf/builder.ts';

describe('checkNesting', () => {
  it('refuses a typedef of itself', () => {
    const builder = new BtfBuilder();
    const id = builder.reserve();
    builder.define(id, { kind: 'typedef', name: 't', type: builder.addConst(id) });
    expect(() => builder.build()).toThrow('BTF: byte 24: type 1 contains itself');
  });

  it('refuses a struct in itself, not a pointer to it', () => {
    const builder = new BtfBuilder();
    const id = builder.reserve();
    const inside = builder.addArray(id, id, 1);
    const member = { name: 'm', type: builder.addPointer(inside), bitOffset: 0, bitSize: 0 };
    builder.define(id, { kind: 'struct', name: 's', size: 8, members: [member] });
    expect(() => builder.build()).not.toThrow();
    builder.replace(id, { kind: 'struct', name: 's', size: 8, members: [{ ...member, type: inside }] });
    expect(() => builder.build()).toThrow('type 1 contains itself');
  });

  it.each(['down', 'up'])('refuses what is nested too deep, %s', (direction) => {
    const chain = (length: number): BtfBuilder => {
      const builder = new BtfBuilder();
      if (direction === 'up') {
        let id = 0;
        for (let level = 0; level < length; level++) id = builder.addTypedef(`t${level}`, id);
        return builder;
      }
      const ids = Array.from({ length }, () => builder.reserve());
      for (const id of ids)
        builder.define(id, { kind: 'typedef', name: 't', type: id === length ? 0 : id + 1 });
      return builder;
    };
    expect(() => chain(256).build()).not.toThrow();
    expect(() => chain(258).build()).toThrow(/(is nested|nests) more than 256 deep/);
    expect(() => chain(50_000).build()).toThrow(/(is nested|nests) more than 256 deep/);
  });
});
