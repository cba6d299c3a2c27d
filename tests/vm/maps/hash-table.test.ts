/** The table under hash maps: keys as programs have them spread over the cells. */
import { expect, test } from 'vitest';
import { createMachine, type Machine } from '../../../vm/index.ts';
import type { HashMap } from '../../../vm/maps/hash-map.ts';
import type { HashTable } from '../../../vm/maps/hash-table.ts';
import { map } from '../support.ts';

const COUNT = 4096;

/** Two words of a key from its number. */
type Keys = (index: number) => readonly [number, number];

const bigEndian = (value: number): number =>
  ((value & 255) << 24) | ((value & 0xff00) << 8) | ((value >> 8) & 0xff00) | (value >>> 24);

const KEYS: Readonly<Record<string, Keys>> = {
  'pointers 64 bytes apart': (i) => [0x1234_0000 + i * 64, 0xffff8881 | 0],
  'pointers 4096 bytes apart': (i) => [0x1234_0000 + i * 4096, 0xffff8881 | 0],
  'threads with ids like their processes': (i) => [1000 + i, 1000 + i],
  'numbers in the upper half': (i) => [0, i],
  'a grid of small numbers': (i) => [i & 63, i >> 6],
  'a grid in steps of 256': (i) => [(i & 63) << 8, (i >> 6) << 8],
  'addresses of two nets': (i) => [bigEndian(0x0a00_0000 + (i & 63)), bigEndian(0x0a01_0000 + (i >> 6))],
  'floating-point numbers': (i) => [0, new Int32Array(Float64Array.of(i).buffer)[1]!],
};
// Strides near the reciprocals of a golden ratio are what one multiplication alone spreads badly.
const STRIDES = [1, 2, 3, 7, 8, 12, 24, 64, 100, 144, 192, 987, 1000, 2584, 4181, 4096, 10946, 65536, 196418];

function fill(machine: Machine, keySize: number, keys: Keys): HashTable {
  const hash = machine.createMap(map('hash', keySize, 1, COUNT)).map as HashMap;
  const key = machine.memory.allocate(8, 'key');
  for (let i = 0; i < COUNT; i++) {
    const [low, high] = keys(i);
    machine.memory.writePair(key, low, high);
    expect(hash.update(key, key, 0, 0)).toBe(0);
  }
  return hash.table;
}

/** How many cells searches look at for the elements there are: all together and at most. */
function probes(machine: Machine, { shape }: HashTable): { mean: number; most: number } {
  const { i32 } = machine.memory;
  const mask = shape.cells - 1;
  let sum = 0;
  let most = 0;
  for (let cell = 0; cell < shape.cells; cell++) {
    const entry = i32[(shape.index >> 2) + cell]!;
    if (entry === 0) continue;
    const element = shape.elements + ((entry & mask) - 1) * shape.elementSize;
    const home = i32[element >> 2]! >>> (32 - Math.log2(shape.cells));
    const length = ((cell - home) & mask) + 1;
    sum += length;
    most = Math.max(most, length);
  }
  return { mean: sum / COUNT, most };
}

test.each(STRIDES)('numbers in steps of %i spread over the cells', (stride) => {
  const machine = createMachine({ memoryLimit: 4 << 20 });
  for (const size of [4, 8]) {
    const { mean, most } = probes(
      machine,
      fill(machine, size, (i) => [Math.imul(i, stride), 0]),
    );
    expect(mean).toBeLessThan(2);
    expect(most).toBeLessThan(64);
  }
});

test.each(Object.entries(KEYS))('%s spread over the cells', (_, keys) => {
  const machine = createMachine({ memoryLimit: 4 << 20 });
  const { mean, most } = probes(machine, fill(machine, 8, keys));
  expect(mean).toBeLessThan(2);
  expect(most).toBeLessThan(64);
});
