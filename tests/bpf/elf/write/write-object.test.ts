import { describe, expect, test } from 'vitest';
import { BtfBuilder } from '../../../../bpf/btf/builder.ts';
import { openElf } from '../../../../bpf/elf/file.ts';
import { readObject } from '../../../../bpf/elf/object/read.ts';
import { sectionRole } from '../../../../bpf/elf/object/section-role.ts';
import { symbolNames, writeObject } from '../../../../bpf/elf/write/index.ts';
import type { Instruction } from '../../../../bpf/instruction.ts';
import type { MapDefinition } from '../../../../bpf/maps.ts';
import type { BpfObject } from '../../../../bpf/object.ts';
import { FIXTURES, fixture, plainObject } from '../objects.ts';

/** Map definitions of before BTF become those of BTF: the types are more than there were. */
const LEGACY = new Set(['legacy-maps.o']);

describe('objects of clang', () => {
  test.each(FIXTURES)('%s comes back as it was read', (name) => {
    const { object, sections } = readObject(fixture(name), name);
    const again = readObject(writeObject(object, { sections }), name);
    const { types, ...rest } = plainObject(again.object) as { types: readonly unknown[] };
    const { types: before, ...wanted } = plainObject(object) as { types: readonly unknown[] };
    expect(rest).toEqual(wanted);
    if (LEGACY.has(name)) expect(types.length).toBeGreaterThan(before.length);
    else expect(types).toEqual(before);
  });

  /** A hidden function is read as a static one, whose calls count from the start of its section. */
  const HIDDEN = 'global-functions.o';

  test.each(FIXTURES.filter((name) => name !== HIDDEN))('%s has the very bytes of its code', (name) => {
    const bytes = fixture(name);
    const [original, written] = [openElf(bytes), openElf(writeObject(readObject(bytes, name).object))];
    const code = original.sections.filter((section) => sectionRole(section) === 'code');
    for (const section of code) {
      // A name that is no program's: what is in it becomes subprograms.
      const other = written.section(section.name);
      if (other === undefined || section.name === '.text') continue;
      expect(written.data(other), section.name).toEqual(original.data(section));
    }
    expect(code.length).toBeGreaterThan(0);
  });
});

const EXIT: readonly Instruction[] = [
  { op: 'mov64_k', dst: 0, src: 0, off: 0, imm: 0 },
  { op: 'exit', dst: 0, src: 0, off: 0, imm: 0 },
];

function object(maps: readonly MapDefinition[], code: readonly Instruction[] = EXIT): BpfObject {
  return {
    name: 'test',
    endian: 'little',
    license: 'GPL',
    programs: [{ name: 'main', type: 'xdp', section: 'xdp', attach: [], instructions: code }],
    functions: [],
    maps,
    data: new Map(),
    sources: [],
    btf: new BtfBuilder().build({ pointerSize: 8 }),
  };
}

const HASH = { type: 'hash', keySize: 8, valueSize: 4, maxEntries: 10, flags: 0 } as const;

describe('made objects', () => {
  test('have names that C takes, each its own', () => {
    const maps = ['@a', 'AT_a', '@', '@b.c', '9'].map((name): MapDefinition => ({ name, ...HASH }));
    const names = [...symbolNames(object(maps)).maps.values()];
    expect(names).toEqual(['AT_a_2', 'AT_a', 'AT_', 'AT_b_c', '_9']);
  });

  test('keep every attribute of their maps', () => {
    const maps: readonly MapDefinition[] = [
      { name: 'pinned', ...HASH, flags: 1, pinning: 'by-name', numaNode: 3 },
      {
        name: 'bloom',
        type: 'bloom_filter',
        keySize: 0,
        valueSize: 8,
        maxEntries: 5,
        flags: 0,
        mapExtra: 3n,
      },
      {
        name: 'arena',
        type: 'arena',
        keySize: 0,
        valueSize: 0,
        maxEntries: 2,
        flags: 1024,
        mapExtra: 1n << 44n,
      },
      { name: 'ring', type: 'ringbuf', keySize: 0, valueSize: 0, maxEntries: 4096, flags: 0 },
      { name: 'one', ...HASH },
      {
        name: 'outer',
        type: 'hash_of_maps',
        keySize: 4,
        valueSize: 4,
        maxEntries: 2,
        flags: 0,
        inner: HASH,
        slots: [{ index: 1, target: { kind: 'map', name: 'one' } }],
      },
      {
        name: 'tails',
        type: 'prog_array',
        keySize: 4,
        valueSize: 4,
        maxEntries: 4,
        flags: 0,
        slots: [{ index: 2, target: { kind: 'program', name: 'main' } }],
      },
    ];
    const { object: back, warnings } = readObject(writeObject(object(maps)), 'test');
    expect(warnings).toEqual([]);
    expect(back.maps).toEqual(maps);
  });

  test('keep an address inside a map of one value as data', () => {
    const word: MapDefinition = {
      name: '@count',
      type: 'array',
      keySize: 4,
      valueSize: 16,
      maxEntries: 1,
      flags: 0,
    };
    const load: Instruction = {
      op: 'lddw',
      dst: 1,
      src: 2,
      off: 0,
      imm: 0,
      immHigh: 0,
      ref: { kind: 'map-value', name: '@count', offset: 8 },
    };
    const { object: back } = readObject(writeObject(object([word], [load, ...EXIT])), 'test');
    expect(back.programs[0]!.instructions[0]!.ref).toEqual({
      kind: 'map-value',
      name: '.data.AT_count',
      offset: 8,
    });
    expect(back.maps[0]).toMatchObject({ name: '.data.AT_count', type: 'array', valueSize: 16 });
  });

  test('without types have maps of the old form', () => {
    const { btf: _, ...plain } = object([{ name: 'old', ...HASH }]);
    const bytes = writeObject(plain);
    expect(openElf(bytes).section('maps')?.size).toBe(20);
    expect(openElf(bytes).section('.BTF')).toBeUndefined();
    expect(readObject(bytes, 'test').object.maps).toEqual([{ name: 'old', ...HASH }]);
  });

  test.each<[string, BpfObject, RegExp]>([
    [
      'an address in a hash map',
      object(
        [{ name: 'm', ...HASH }],
        [
          {
            op: 'lddw',
            dst: 1,
            src: 0,
            off: 0,
            imm: 0,
            immHigh: 0,
            ref: { kind: 'map-value', name: 'm', offset: 0 },
          },
          ...EXIT,
        ],
      ),
      /map m is used by its value's address/,
    ],
    [
      'a call of nothing',
      object(
        [],
        [{ op: 'call', dst: 0, src: 1, off: 0, imm: 0, ref: { kind: 'function', name: 'f' } }, ...EXIT],
      ),
      /there is no function f/,
    ],
    ['an instruction out of range', object([], [{ ...EXIT[0]!, imm: 2 ** 40 }, EXIT[1]!]), /beyond 32 bits/],
  ])('are refused with %s', (_, wrong, message) => {
    expect(() => writeObject(wrong)).toThrow(message);
  });
});
