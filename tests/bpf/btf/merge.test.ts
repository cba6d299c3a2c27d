import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Btf } from '../../../bpf/btf/btf.ts';
import { BtfBuilder } from '../../../bpf/btf/builder.ts';
import { TypeCopier } from '../../../bpf/btf/copy-types.ts';
import { deduplicateBtf, mergeBtf } from '../../../bpf/btf/merge.ts';
import type { BtfComposite, TypeId } from '../../../bpf/btf/type.ts';
import { addAll, anyTypes } from './arbitrary.ts';
import { typesOf } from './types.ts';

/** One source file's view: `struct node { struct node *next; VALUE value; }` and `struct user { struct node *head; }`. */
function unit(value: 'int' | 'long' | undefined, extra?: (builder: BtfBuilder) => void): Btf {
  const builder = new BtfBuilder();
  extra?.(builder);
  let node: TypeId;
  if (value === undefined) node = builder.addForward('node', 'struct');
  else {
    node = builder.reserve();
    const next = builder.addPointer(node);
    const type = builder.addInt(value, value === 'int' ? 4 : 8, { signed: true });
    const members = [
      { name: 'next', type: next, bitOffset: 0, bitSize: 0 },
      { name: 'value', type, bitOffset: 64, bitSize: 0 },
    ];
    builder.define(node, { kind: 'struct', name: 'node', size: 16, members });
  }
  builder.addStruct('user', 8, [{ name: 'head', type: builder.addPointer(node), bitOffset: 0 }]);
  return builder.build();
}

const counts = (btf: Btf): Record<string, number> => {
  const found: Record<string, number> = {};
  for (const { kind } of typesOf(btf)) found[kind] = (found[kind] ?? 0) + 1;
  return found;
};

describe('mergeBtf', () => {
  it('joins types with as many entries as there may be', () => {
    const builder = new BtfBuilder();
    const int = builder.addInt('int', 4, { signed: true });
    const entries = Array.from({ length: 0xffff }, (_, index) => index);
    const members = entries.map((index) => ({ name: 'm', type: int, bitOffset: index * 32 }));
    builder.addStruct('s', 4 * members.length, members);
    builder.addEnum(
      'e',
      entries.map((value) => ({ name: 'v', value: BigInt(value) })),
    );
    builder.addPrototype(
      int,
      entries.map(() => ({ name: 'p', type: int })),
    );
    const btf = builder.build();
    expect(counts(mergeBtf([{ btf }, { btf }]).btf)).toEqual({ int: 1, struct: 1, enum: 1, func_proto: 1 });
  });

  it('joins structs that refer to themselves', () => {
    const merged = mergeBtf([{ btf: unit('int') }, { btf: unit('int', (b) => b.addInt('char', 1)) }]);
    expect(counts(merged.btf)).toEqual({ struct: 2, ptr: 1, int: 2 });
    expect(merged.idOf(1, 2)).toBe(merged.idOf(0, 1));
    expect(merged.btf.nameOf(merged.idOf(1, 1)!)).toBe('char');
    expect(merged.idOf(1, 0)).toBe(0);
  });

  it('keeps structs apart that differ further in', () => {
    const merged = mergeBtf([{ btf: unit('int') }, { btf: unit('long') }]);
    expect(counts(merged.btf)).toEqual({ struct: 4, ptr: 2, int: 2 });
    expect(merged.btf.findAll('user')).toHaveLength(2);
  });

  it.each([
    ['after', [unit(undefined), unit('int')]],
    ['before', [unit('int'), unit(undefined)]],
    ['between', [unit('int'), unit(undefined), unit('int')]],
  ])('takes the definition for a declaration that is %s', (_, tables) => {
    const merged = mergeBtf(tables.map((btf) => ({ btf })));
    expect(counts(merged.btf)).toEqual({ struct: 2, ptr: 1, int: 1 });
    for (const [input, table] of tables.entries()) {
      const user = merged.btf.type(merged.idOf(input, table.find('user')!)!) as BtfComposite;
      const pointer = merged.btf.type(user.members[0]!.type);
      expect(pointer).toEqual({ kind: 'ptr', type: merged.btf.find('node', 'struct') });
    }
  });

  it('leaves a declaration that could mean two definitions', () => {
    const merged = mergeBtf([{ btf: unit('int') }, { btf: unit(undefined) }, { btf: unit('long') }]);
    expect(counts(merged.btf)).toEqual({ struct: 5, ptr: 3, int: 2, fwd: 1 });
  });

  it('leaves declarations when told', () => {
    const merged = mergeBtf([{ btf: unit('int') }, { btf: unit(undefined) }], { resolveForwards: false });
    expect(counts(merged.btf)).toEqual({ struct: 3, ptr: 2, int: 1, fwd: 1 });
  });

  it('never puts a struct into itself', () => {
    const builder = new BtfBuilder();
    const declared = builder.addForward('s', 'struct');
    builder.addStruct('s', 4, [{ name: 'x', type: declared, bitOffset: 0 }]);
    expect(counts(deduplicateBtf(builder.build()).btf)).toEqual({ fwd: 1, struct: 1 });
  });

  it('takes the values for an enum without', () => {
    const values = [{ name: 'RED', value: 1n }];
    const merged = mergeBtf([
      { btf: unit('int', (builder) => builder.addPointer(builder.addEnum('color', []))) },
      { btf: unit('int', (builder) => builder.addPointer(builder.addEnum('color', values))) },
    ]);
    expect(counts(merged.btf)).toEqual({ struct: 2, ptr: 2, int: 1, enum: 1 });
    expect(merged.btf.type(merged.btf.find('color')!)).toMatchObject({ values });
  });

  it.each([0, 8] as const)('takes an enum of 8 bytes for a declaration, whatever its size: %i', (size) => {
    const values = [{ name: 'FAR', value: 1n << 40n }];
    const declared = { kind: 'enum', name: 'color', size: 0, signed: false, values: [] } as const;
    const merged = mergeBtf([
      {
        btf: unit('int', (builder) =>
          builder.addPointer(size === 0 ? builder.add(declared) : builder.addEnum('color', [])),
        ),
      },
      { btf: unit('int', (builder) => builder.addPointer(builder.addEnum('color', values, 8))) },
    ]);
    expect(merged.btf.type(merged.btf.find('color')!)).toMatchObject({ kind: 'enum64', values });
    expect(merged.btf.findAll('color')).toHaveLength(1);
  });

  it('takes what the roots reach, and their tags', () => {
    const btf = unit('int', (builder) => {
      const f = builder.addFunction('f', builder.addPrototype(0, []), 'global');
      builder.addDeclTag('fast', f);
      const g = builder.addFunction('g', builder.addPrototype(0, []), 'global');
      builder.addDeclTag('slow', g);
    });
    const f = btf.find('f')!;
    const merged = mergeBtf([{ btf, roots: [f] }]);
    expect(typesOf(merged.btf).map((type) => ('name' in type ? type.name : type.kind))).toEqual([
      'func_proto',
      'f',
      'fast',
    ]);
    expect(merged.idOf(0, f)).toBe(2);
    expect(merged.idOf(0, btf.find('g')!)).toBeUndefined();
  });

  it('reads a base that two tables share once', () => {
    const base = unit('int');
    const modules = ['a', 'b'].map((name) => {
      const builder = new BtfBuilder({ base });
      builder.addTypedef(name, builder.addPointer(base.find('user')!));
      return builder.build();
    });
    const merged = mergeBtf(modules.map((btf) => ({ btf })));
    expect(counts(merged.btf)).toEqual({ struct: 2, ptr: 2, int: 1, typedef: 2 });
    expect(merged.btf.firstId).toBe(1);
  });

  it('keeps variables and sections of data apart', () => {
    const make = (): Btf => {
      const builder = new BtfBuilder();
      const v = builder.addVariable('v', builder.addInt('int', 4), 'static');
      builder.addDataSection('.bss', 4, [{ type: v, offset: 0, size: 4 }]);
      return builder.build();
    };
    expect(counts(mergeBtf([{ btf: make() }, { btf: make() }]).btf)).toEqual({ int: 1, var: 2, datasec: 2 });
  });

  it('is done at once: no type is left that is there twice', () => {
    const kinds = (btf: Btf): string[] => typesOf(btf).map(({ kind }) => kind);
    fc.assert(
      fc.property(anyTypes, (types) => {
        const builder = new BtfBuilder();
        addAll(builder, types);
        const once = deduplicateBtf(builder.build());
        const own = kinds(once.btf).filter((kind) => kind === 'var' || kind === 'datasec').length;
        expect(kinds(deduplicateBtf(once.btf).btf)).toEqual(kinds(once.btf));
        const twice = mergeBtf([{ btf: once.btf }, { btf: builder.build() }]);
        // Sections refer to variables: what refers to either may be there twice.
        if (own === 0) expect(typesOf(twice.btf)).toEqual(typesOf(once.btf));
        for (let id = 1; id < once.btf.end; id++) expect(twice.idOf(0, id)).toBe(id);
      }),
      { numRuns: 200 },
    );
  });

  it('finds copies in any order', () => {
    fc.assert(
      fc.property(fc.constantFrom(2, 3, 5), fc.infiniteStream(fc.nat()), (length, random) => {
        // A ring of structs, each with a pointer to the next; the second ring's ids are shuffled.
        const ring = (order: readonly number[]): Btf => {
          const builder = new BtfBuilder();
          const ids: TypeId[] = [];
          for (const place of order) ids[place] = builder.reserve();
          for (const place of order) {
            const type = builder.addPointer(ids[(place + 1) % length]!);
            const members = [{ name: 'next', type, bitOffset: 0, bitSize: 0 }];
            builder.define(ids[place]!, { kind: 'struct', name: `s${place}`, size: 8, members });
          }
          return builder.build();
        };
        const order = Array.from({ length }, (_, place) => place);
        const shuffled = order.toSorted(() => (random.next().value % 2 === 0 ? -1 : 1));
        const merged = mergeBtf([{ btf: ring(order) }, { btf: ring(shuffled) }]);
        expect(merged.btf.end - 1).toBe(2 * length);
      }),
    );
  });

  it('takes little time for long chains', () => {
    const chain = (end: string): Btf => {
      const builder = new BtfBuilder();
      let id = builder.addForward(end, 'struct');
      for (let link = 0; link < 20_000; link++) id = builder.addPointer(id);
      return builder.build();
    };
    const merged = mergeBtf([{ btf: chain('a') }, { btf: chain('b') }]);
    expect(merged.btf.end).toBe(40_003);
  });
});

describe('TypeCopier', () => {
  it('copies with all that is referred to, once', () => {
    const from = unit('int');
    const builder = new BtfBuilder();
    const int = builder.addInt('int', 4, { signed: true });
    const copier = new TypeCopier(builder, from);
    const user = copier.copy(from.find('user')!);
    expect(copier.copy(from.find('int')!)).toBe(int);
    expect(copier.copy(from.find('user')!)).toBe(user);
    expect(copier.copy(0)).toBe(0);
    const copy = builder.build();
    expect(counts(copy)).toEqual({ int: 1, struct: 2, ptr: 1 });
    expect(mergeBtf([{ btf: from }, { btf: copy }]).btf.end).toBe(from.end);
  });

  it('copies chains as long as they come', () => {
    const long = new BtfBuilder();
    let id: TypeId = 0;
    for (let link = 0; link < 50_000; link++) id = long.addPointer(id);
    const builder = new BtfBuilder();
    expect(new TypeCopier(builder, long.build()).copy(id)).toBe(50_000);
  });
});
