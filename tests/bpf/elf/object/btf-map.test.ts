import { describe, expect, test } from 'vitest';
import { BtfBuilder } from '../../../../bpf/btf/builder.ts';
import type { TypeId } from '../../../../bpf/btf/type.ts';
import { type BtfMap, readBtfMap } from '../../../../bpf/elf/object/btf-map.ts';

/** The structure of a map: numbers as `__uint` writes them, or types. */
class MapBuilder {
  readonly types: BtfBuilder = new BtfBuilder();
  readonly int: TypeId = this.types.addInt('int', 4, { signed: true });

  number(value: number): TypeId {
    return this.types.addPointer(this.types.addArray(this.int, this.int, value));
  }

  struct(members: Readonly<Record<string, TypeId>>): TypeId {
    const list = Object.entries(members).map(([name, type], index) => ({
      name,
      type,
      bitOffset: index * 64,
    }));
    return this.types.addStruct('', list.length * 8, list);
  }

  read(id: TypeId): BtfMap {
    return readBtfMap(this.types.build(), id);
  }
}

const HASH = 1;
const ARRAY = 2;
const PROG_ARRAY = 3;
const ARRAY_OF_MAPS = 12;
const RINGBUF = 27;

describe('a map of BTF', () => {
  test('may have every attribute', () => {
    const map = new MapBuilder();
    const extra = map.types.addEnum('', [{ name: '__unique_value0', value: 2n ** 40n }], 8);
    const id = map.struct({
      type: map.number(HASH),
      key: map.types.addPointer(map.int),
      key_size: map.number(4),
      value_size: map.number(24),
      max_entries: map.number(10),
      map_flags: map.number(5),
      numa_node: map.number(1),
      map_extra: extra,
      pinning: map.number(1),
    });
    expect(map.read(id)).toEqual({
      type: 'hash',
      keySize: 4,
      valueSize: 24,
      maxEntries: 10,
      flags: 5,
      numaNode: 1,
      mapExtra: 2n ** 40n,
      pinning: 'by-name',
      btf: { key: map.int, value: 0 },
    });
  });

  test.each([
    [0, 0],
    [1, 4096],
    [4096, 4096],
    [5000, 8192],
    [12288, 16384],
    [1 << 20, 1 << 20],
  ])('a ring buffer of %d bytes has %d', (asked, size) => {
    const map = new MapBuilder();
    const id = map.struct({ type: map.number(RINGBUF), max_entries: map.number(asked) });
    expect(map.read(id).maxEntries).toBe(size);
  });
});

describe('a map of BTF is refused', () => {
  const refused = (make: (map: MapBuilder) => TypeId): string => {
    const map = new MapBuilder();
    const id = make(map);
    try {
      map.read(id);
    } catch (error) {
      return String(error);
    }
    return 'it was read';
  };

  test.each<readonly [string, (map: MapBuilder) => TypeId]>([
    ['is of kind int, not a struct', (map) => map.int],
    ['has no type', (map) => map.struct({ max_entries: map.number(1) })],
    ['has the unknown type 999', (map) => map.struct({ type: map.number(999) })],
    ["'max_entries' is no number", (map) => map.struct({ type: map.number(HASH), max_entries: map.int })],
    ["'key' is no pointer", (map) => map.struct({ type: map.number(HASH), key: map.int })],
    [
      "'value' is of a type without size",
      (map) => map.struct({ type: map.number(HASH), value: map.types.addPointer(0) }),
    ],
    [
      'has keys of 4 and of 8 bytes',
      (map) =>
        map.struct({ type: map.number(HASH), key: map.types.addPointer(map.int), key_size: map.number(8) }),
    ],
    [
      "has the unknown member 'colour'",
      (map) => map.struct({ type: map.number(HASH), colour: map.number(1) }),
    ],
    ['has the unknown pinning 7', (map) => map.struct({ type: map.number(HASH), pinning: map.number(7) })],
    [
      "'values' is not its last member",
      (map) => map.struct({ type: map.number(ARRAY_OF_MAPS), values: map.int, max_entries: map.number(1) }),
    ],
    [
      "has 'values', but is neither a map of maps nor a program array",
      (map) => map.struct({ type: map.number(ARRAY), values: map.int }),
    ],
    ["'values' is no array", (map) => map.struct({ type: map.number(ARRAY_OF_MAPS), values: map.int })],
    [
      "'values' is no array of pointers",
      (map) =>
        map.struct({ type: map.number(ARRAY_OF_MAPS), values: map.types.addArray(map.int, map.int, 0) }),
    ],
    [
      "'values' are no functions",
      (map) =>
        map.struct({
          type: map.number(PROG_ARRAY),
          values: map.types.addArray(map.types.addPointer(map.int), map.int, 0),
        }),
    ],
    [
      'inner definition: cannot be pinned',
      (map) => {
        const inner = map.struct({ type: map.number(ARRAY), pinning: map.number(1) });
        const values = map.types.addArray(map.types.addPointer(inner), map.int, 0);
        return map.struct({ type: map.number(ARRAY_OF_MAPS), values });
      },
    ],
    [
      'inner definition: has values of its own',
      (map) => {
        const inner = map.struct({ type: map.number(ARRAY_OF_MAPS), values: map.int });
        const values = map.types.addArray(map.types.addPointer(inner), map.int, 0);
        return map.struct({ type: map.number(ARRAY_OF_MAPS), values });
      },
    ],
  ])('%s', (problem, make) => {
    expect(refused(make)).toBe(`MapProblem: ${problem}`);
  });
});
