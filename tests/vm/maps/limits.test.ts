/** What does not fit: maps beyond linear memory, full maps, owners' values when memory ends. Errors, and never a crash. */
import { describe, expect, test } from 'vitest';
import type { MapDefinition, MapTypeName } from '../../../bpf/maps.ts';
import { E2BIG, EINVAL, ENOMEM, ENOTSUPP } from '../../../vm/errno.ts';
import { createMachine, LoadError } from '../../../vm/index.ts';
import { LocalStorageMap } from '../../../vm/maps/local-storage-map.ts';
import { map } from '../support.ts';

const machine = createMachine({ memoryLimit: 4 << 20, cpus: 2 });

function errnoOf(definition: MapDefinition): number | undefined {
  try {
    machine.createMap(definition);
    return undefined;
  } catch (error) {
    if (error instanceof LoadError) return error.errno;
    throw error;
  }
}

describe('a map that memory does not hold', () => {
  const large: readonly (readonly [MapTypeName, number, number, number, number])[] = [
    ['hash', 8, 8, 1 << 27, 0],
    ['percpu_hash', 8, 8, 1 << 20, 0],
    ['lru_hash', 8, 8, 1 << 24, 0],
    ['array', 4, 0x7fff_ffff, 1, 0],
    ['array', 4, 8, 0xffff_ffff, 0],
    ['percpu_array', 4, 32768, 4096, 0],
    ['lpm_trie', 8, 8, 0xffff_ffff, 1],
    ['queue', 0, 4096, 0xffff_fffe, 0],
    ['stack', 0, 8, 1 << 24, 0],
    ['bloom_filter', 0, 8, 0xffff_ffff, 0],
    ['stack_trace', 4, 1016, 1 << 20, 0],
    ['ringbuf', 0, 0, 1 << 30, 0],
    ['user_ringbuf', 0, 0, 2 ** 31, 0],
    ['prog_array', 4, 4, 1 << 24, 0],
    ['devmap', 4, 8, 1 << 24, 0],
    ['sockhash', 16, 8, 1 << 24, 0],
    ['arena', 0, 0, 1 << 20, 0x400],
  ];
  test.each(large)('%s, keys %i, values %i, %i entries', (type, keySize, valueSize, maxEntries, flags) => {
    const before = machine.memory.used;
    expect(errnoOf(map(type, keySize, valueSize, maxEntries, { flags }))).toBe(ENOMEM);
    // Nothing is lost by trying.
    expect(machine.memory.used).toBe(before);
  });

  test('numbers that Linux cannot count with are too big', () => {
    expect(errnoOf(map('hash', 8, 8, 0xffff_ffff))).toBe(E2BIG);
    expect(errnoOf(map('hash', 4_000_000, 4_000_000, 1))).toBe(E2BIG);
    expect(errnoOf(map('percpu_array', 4, 32769, 1))).toBe(E2BIG);
    expect(errnoOf(map('stack_trace', 4, 8, 0xffff_ffff))).toBe(E2BIG);
    expect(errnoOf(map('array', 4, 0x8000_0000, 1))).toBe(E2BIG);
  });

  test('wrong flags', () => {
    expect(errnoOf(map('lru_hash', 4, 4, 1, { flags: 1 }))).toBe(ENOTSUPP);
    expect(errnoOf(map('array', 4, 4, 1, { flags: 1 }))).toBe(EINVAL);
    expect(errnoOf(map('hash', 4, 4, 1, { flags: 0x18 }))).toBe(EINVAL);
  });
});

test('storage for owners ends with memory, and what is there stays', () => {
  const small = createMachine({ memoryLimit: 256 << 10 });
  const definition = map('task_storage', 4, 1000, 0, { flags: 1, btf: { key: 1, value: 2 } });
  const storage = small.createMap(definition).map;
  if (!(storage instanceof LocalStorageMap)) throw new Error('no storage');
  let owners = 0;
  while (storage.get(owners + 1, 0, 1) !== 0) owners++;
  expect(owners).toBeGreaterThan(20);
  expect(storage.set(owners + 1, 0, 0)).toBe(ENOMEM);
  expect(storage.count()).toBe(owners);
  for (let owner = 1; owner <= owners; owner++) expect(storage.find(owner)).not.toBe(0);
  expect(storage.remove(7)).toBe(0);
  expect(storage.get(owners + 1, 0, 1)).not.toBe(0);
});
