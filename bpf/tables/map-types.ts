/**
 * Map types of Linux up to 6.19, in the order of `enum bpf_map_type`. Sizes as each type's `map_alloc_check` demands
 * them. A test holds both lists to the same order.
 */
import type { MapType, SizeRule } from '../maps.ts';

const NO_PREALLOC = 0x1;
const MMAPABLE = 0x400;

/** KMALLOC_MAX_SIZE on 64-bit Linux. */
const BIG = 4_194_304;
/** PCPU_MIN_UNIT_SIZE: what one per-CPU allocation holds. */
const PER_CPU = 32_768;

const range = (min: number, max: number, step = 1): SizeRule => ({ kind: 'range', min, max, step });
const oneOf = (...sizes: readonly number[]): SizeRule => ({ kind: 'one-of', oneOf: sizes });

const NONE = oneOf(0);
const INDEX = oneOf(4);
const FD = oneOf(4);
const FD_OR_COOKIE = oneOf(4, 8);
const HASH_KEY = range(1, BIG);
const HASH_VALUE = range(1, BIG);

// Up to 127 frames (sysctl kernel.perf_event_max_stack); maps.ts knows the other size, of frames with build ids.
const STACK = range(8, 127 * 8, 8);

const plain = { perCpu: false, mapOfMaps: false, requiredFlags: 0, needsBtf: false } as const;
const perCpu = { ...plain, perCpu: true } as const;
const outer = { ...plain, mapOfMaps: true } as const;
const storage = { ...plain, requiredFlags: NO_PREALLOC, needsBtf: true } as const;

/** Names without `BPF_MAP_TYPE_`; the id is the index plus 1. */
export const MAP_TYPE_NAMES = [
  'hash',
  'array',
  'prog_array',
  'perf_event_array',
  'percpu_hash',
  'percpu_array',
  'stack_trace',
  'cgroup_array',
  'lru_hash',
  'lru_percpu_hash',
  'lpm_trie',
  'array_of_maps',
  'hash_of_maps',
  'devmap',
  'sockmap',
  'cpumap',
  'xskmap',
  'sockhash',
  'cgroup_storage',
  'reuseport_sockarray',
  'percpu_cgroup_storage',
  'queue',
  'stack',
  'sk_storage',
  'devmap_hash',
  'struct_ops',
  'ringbuf',
  'inode_storage',
  'task_storage',
  'bloom_filter',
  'user_ringbuf',
  'cgrp_storage',
  'arena',
  'insn_array',
] as const;

// biome-ignore format: a table
/** Every map type, by ascending id; ids are dense from 1. */
export const MAP_TYPES: readonly MapType[] = [
  { id: 1, name: 'hash', key: HASH_KEY, value: HASH_VALUE, entries: 'some', ...plain, since: '3.19' },
  { id: 2, name: 'array', key: INDEX, value: range(1, 0x7fff_ffff), entries: 'some', ...plain, since: '3.19' },
  { id: 3, name: 'prog_array', key: INDEX, value: FD, entries: 'some', ...plain, since: '4.2' },
  { id: 4, name: 'perf_event_array', key: INDEX, value: FD, entries: 'cpus', ...plain, since: '4.3' },
  { id: 5, name: 'percpu_hash', key: HASH_KEY, value: range(1, PER_CPU), entries: 'some', ...perCpu, since: '4.6' },
  { id: 6, name: 'percpu_array', key: INDEX, value: range(1, PER_CPU), entries: 'some', ...perCpu, since: '4.6' },
  { id: 7, name: 'stack_trace', key: INDEX, value: STACK, entries: 'some', ...plain, since: '4.6' },
  { id: 8, name: 'cgroup_array', key: INDEX, value: FD, entries: 'some', ...plain, since: '4.8' },
  { id: 9, name: 'lru_hash', key: HASH_KEY, value: HASH_VALUE, entries: 'some', ...plain, since: '4.10' },
  { id: 10, name: 'lru_percpu_hash', key: HASH_KEY, value: range(1, PER_CPU), entries: 'some', ...perCpu, since: '4.10' },
  { id: 11, name: 'lpm_trie', key: range(5, 260), value: range(1, BIG), entries: 'some', ...plain, requiredFlags: NO_PREALLOC, since: '4.11' },
  { id: 12, name: 'array_of_maps', key: INDEX, value: FD, entries: 'some', ...outer, since: '4.12' },
  { id: 13, name: 'hash_of_maps', key: HASH_KEY, value: FD, entries: 'some', ...outer, since: '4.12' },
  { id: 14, name: 'devmap', key: INDEX, value: FD_OR_COOKIE, entries: 'some', ...plain, since: '4.14' },
  { id: 15, name: 'sockmap', key: INDEX, value: FD_OR_COOKIE, entries: 'some', ...plain, since: '4.14' },
  { id: 16, name: 'cpumap', key: INDEX, value: FD_OR_COOKIE, entries: 'some', ...plain, since: '4.15' },
  { id: 17, name: 'xskmap', key: INDEX, value: FD, entries: 'some', ...plain, since: '4.18' },
  { id: 18, name: 'sockhash', key: range(1, 512), value: FD_OR_COOKIE, entries: 'some', ...plain, since: '4.18' },
  { id: 19, name: 'cgroup_storage', key: oneOf(8, 16), value: range(1, BIG), entries: 'zero', ...plain, since: '4.19' },
  { id: 20, name: 'reuseport_sockarray', key: INDEX, value: FD_OR_COOKIE, entries: 'some', ...plain, since: '4.19' },
  { id: 21, name: 'percpu_cgroup_storage', key: oneOf(8, 16), value: range(1, PER_CPU), entries: 'zero', ...perCpu, since: '4.20' },
  { id: 22, name: 'queue', key: NONE, value: range(1, BIG), entries: 'some', ...plain, since: '4.20' },
  { id: 23, name: 'stack', key: NONE, value: range(1, BIG), entries: 'some', ...plain, since: '4.20' },
  { id: 24, name: 'sk_storage', key: INDEX, value: range(1, 65535), entries: 'zero', ...storage, since: '5.2' },
  { id: 25, name: 'devmap_hash', key: INDEX, value: FD_OR_COOKIE, entries: 'some', ...plain, since: '5.4' },
  { id: 26, name: 'struct_ops', key: INDEX, value: range(1, BIG), entries: 'one', ...plain, needsBtf: true, since: '5.6' },
  { id: 27, name: 'ringbuf', key: NONE, value: NONE, entries: 'pages', ...plain, since: '5.8' },
  { id: 28, name: 'inode_storage', key: INDEX, value: range(1, 65535), entries: 'zero', ...storage, since: '5.10' },
  { id: 29, name: 'task_storage', key: INDEX, value: range(1, 65535), entries: 'zero', ...storage, since: '5.11' },
  { id: 30, name: 'bloom_filter', key: NONE, value: range(1, BIG), entries: 'some', ...plain, since: '5.16' },
  { id: 31, name: 'user_ringbuf', key: NONE, value: NONE, entries: 'pages', ...plain, since: '6.1' },
  { id: 32, name: 'cgrp_storage', key: INDEX, value: range(1, 65535), entries: 'zero', ...storage, since: '6.2' },
  { id: 33, name: 'arena', key: NONE, value: NONE, entries: 'some', ...plain, requiredFlags: MMAPABLE, since: '6.9' },
  { id: 34, name: 'insn_array', key: INDEX, value: oneOf(16), entries: 'some', ...plain, since: '6.19' },
];
