import { describe, expect, test } from 'vitest';
import { findMapType, MAP_TYPES, MapFlags, type MapSpec, mapProblems, mapTypeById } from '../../bpf/maps.ts';
import { MAP_TYPE_NAMES } from '../../bpf/tables/map-types.ts';

const hash: MapSpec = { type: 'hash', keySize: 4, valueSize: 8, maxEntries: 16, flags: 0 };

describe('map types', () => {
  test('rows follow the names and ids are dense', () => {
    expect(MAP_TYPES.map((type) => type.name)).toEqual([...MAP_TYPE_NAMES]);
    expect(MAP_TYPES.map((type) => type.id)).toEqual(MAP_TYPES.map((_, index) => index + 1));
  });

  test('found by any spelling and by number', () => {
    expect(findMapType('BPF_MAP_TYPE_RINGBUF')?.id).toBe(27);
    expect(findMapType('ringbuf')?.id).toBe(27);
    expect(mapTypeById(31)?.name).toBe('user_ringbuf');
    expect(findMapType('toString')).toBeUndefined();
  });

  // Verdicts of a 6.18 kernel's map_create.
  test.each<[string, Partial<MapSpec>, string[]]>([
    ['a hash', {}, []],
    ['no key', { keySize: 0 }, ['key size 0 is not 1 to 4194304']],
    ['no entries', { maxEntries: 0 }, ['max_entries 0 is not at least 1']],
    ['an array', { type: 'array', keySize: 8 }, ['key size 8 is not 4']],
    [
      'a big per-CPU value',
      { type: 'percpu_hash', valueSize: 32_769 },
      ['value size 32769 is not 1 to 32768'],
    ],
    ['a ring buffer', { type: 'ringbuf', keySize: 0, valueSize: 0, maxEntries: 8192 }, []],
    [
      'a ring buffer of three pages',
      { type: 'ringbuf', keySize: 0, valueSize: 0, maxEntries: 12_288 },
      ['max_entries 12288 is not a power of two of at least 4096'],
    ],
    ['perf events of all CPUs', { type: 'perf_event_array', keySize: 4, valueSize: 4, maxEntries: 0 }, []],
    ['stacks', { type: 'stack_trace', valueSize: 1016 }, []],
    [
      'long stacks',
      { type: 'stack_trace', valueSize: 1024 },
      ['value size 1024 is not 8 to 1016 in multiples of 8'],
    ],
    ['stacks with build ids', { type: 'stack_trace', valueSize: 4064, flags: MapFlags.STACK_BUILD_ID }, []],
    ['a trie', { type: 'lpm_trie', keySize: 8 }, ['flags lack 0x1, which lpm_trie needs']],
    ['a map of maps', { type: 'array_of_maps', valueSize: 4 }, ['array_of_maps needs an inner map']],
  ])('%s', (_, change, want) => {
    expect(mapProblems({ ...hash, ...change })).toEqual(want);
  });
});
