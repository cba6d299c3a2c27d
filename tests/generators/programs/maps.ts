/** The maps generated programs choose from: every type the kernel lets a test create, and data maps as libbpf makes them. */
import { MapFlags, type MapTypeName } from '../../../bpf/maps.ts';
import type { CaseMap } from '../../../verifier/case/case.ts';
import { Layout, type ProgramTypes } from './types.ts';

export type MapName =
  | 'array'
  | 'hash'
  | 'percpu_array'
  | 'lru_hash'
  | 'percpu_hash'
  | 'lru_percpu_hash'
  | 'big_array'
  | 'data'
  | 'rodata'
  | 'strings'
  | 'events'
  | 'ring'
  | 'programs'
  | 'stacks'
  | 'array_of_maps'
  | 'hash_of_maps'
  | 'queue'
  | 'stack'
  | 'bloom'
  | 'trie'
  | 'read_only'
  | 'write_only'
  | 'locks'
  | 'timers'
  | 'works'
  | 'kptrs'
  | 'lists'
  | 'task_storage'
  | 'cgrp_storage'
  | 'sk_storage'
  | 'user_ring'
  | 'sockmap'
  | 'sockhash'
  | 'devmap'
  | 'cpumap'
  | 'xskmap'
  | 'arena'
  | 'cgroup_array'
  | 'cgroup_storage'
  | 'reuseport';

/** NUL-terminated formats within the map `strings`, by offset. */
export const FORMATS = {
  none: 0,
  one: 8,
  two: 16,
  text: 32,
  three: 40,
} as const;

/** What sleepable programs may use. */
export const SLEEPABLE_MAPS: ReadonlySet<MapName> = new Set([
  'array',
  'hash',
  'percpu_array',
  'lru_hash',
  'percpu_hash',
  'lru_percpu_hash',
  'big_array',
  'data',
  'rodata',
  'strings',
  'ring',
  'user_ring',
  'array_of_maps',
  'hash_of_maps',
  'queue',
  'stack',
  'read_only',
  'write_only',
  'locks',
  'timers',
  'works',
  'kptrs',
  'lists',
  'task_storage',
  'cgrp_storage',
  'sk_storage',
  'arena',
]);

const STRINGS = 64;
const PAGE = 4096;

export function caseMaps(types: ProgramTypes): Readonly<Record<MapName, CaseMap>> {
  const plain = (type: MapTypeName, key: number, value: number, entries: number, flags = 0): CaseMap => ({
    type,
    keySize: key,
    valueSize: value,
    maxEntries: entries,
    flags,
  });
  const typed = (map: CaseMap, value: number): CaseMap => ({
    ...map,
    btf: { key: types.int, value },
  });
  const storage = (type: MapTypeName): CaseMap =>
    typed(plain(type, 4, 8, 0, MapFlags.NO_PREALLOC), types.u64);
  const array = plain('array', 4, 64, 8);
  return {
    array,
    hash: plain('hash', 8, 48, 16),
    percpu_array: plain('percpu_array', 4, 32, 4),
    lru_hash: plain('lru_hash', 4, 24, 16),
    percpu_hash: plain('percpu_hash', 8, 16, 16),
    lru_percpu_hash: plain('lru_percpu_hash', 4, 40, 16),
    big_array: plain('array', 4, 1000, 3),
    data: plain('array', 4, 128, 1),
    rodata: { ...plain('array', 4, 64, 1, MapFlags.RDONLY_PROG), data: constants(), frozen: true },
    strings: { ...plain('array', 4, STRINGS, 1, MapFlags.RDONLY_PROG), data: formats(), frozen: true },
    events: plain('perf_event_array', 4, 4, 2),
    ring: plain('ringbuf', 0, 0, PAGE),
    programs: plain('prog_array', 4, 4, 4),
    stacks: plain('stack_trace', 4, 80, 8),
    array_of_maps: { ...plain('array_of_maps', 4, 4, 4), inner: array },
    hash_of_maps: { ...plain('hash_of_maps', 4, 4, 4), inner: plain('hash', 4, 16, 8) },
    queue: plain('queue', 0, 16, 8),
    stack: plain('stack', 0, 8, 8),
    bloom: plain('bloom_filter', 0, 8, 16),
    trie: plain('lpm_trie', 8, 16, 16, MapFlags.NO_PREALLOC),
    read_only: plain('array', 4, 32, 4, MapFlags.RDONLY_PROG),
    write_only: plain('array', 4, 32, 4, MapFlags.WRONLY_PROG),
    locks: typed(plain('array', 4, Layout.lock.size, 4), types.lock),
    timers: typed(plain('array', 4, Layout.timer.size, 4), types.timer),
    works: typed(plain('array', 4, Layout.work.size, 4), types.work),
    kptrs: typed(plain('array', 4, Layout.kptr.size, 4), types.kptr),
    lists: typed(plain('array', 4, Layout.list.size, 1), types.list),
    task_storage: storage('task_storage'),
    cgrp_storage: storage('cgrp_storage'),
    sk_storage: storage('sk_storage'),
    user_ring: plain('user_ringbuf', 0, 0, PAGE),
    sockmap: plain('sockmap', 4, 4, 4),
    sockhash: plain('sockhash', 4, 4, 4),
    devmap: plain('devmap', 4, 4, 4),
    cpumap: plain('cpumap', 4, 4, 2),
    xskmap: plain('xskmap', 4, 4, 4),
    arena: { ...plain('arena', 0, 0, 4, MapFlags.MMAPABLE), mapExtra: 1n << 44n },
    cgroup_array: plain('cgroup_array', 4, 4, 2),
    cgroup_storage: plain('cgroup_storage', 16, 32, 0),
    reuseport: plain('reuseport_sockarray', 4, 8, 4),
  };
}

/** Sixteen small numbers, as constants of a program are. */
function constants(): Uint8Array {
  const bytes = new Uint8Array(64);
  for (let i = 0; i < 16; i++) bytes[i * 4] = (i * 5) % 61;
  return bytes;
}

function formats(): Uint8Array {
  const bytes = new Uint8Array(STRINGS);
  const write = (at: number, text: string): void => void bytes.set(new TextEncoder().encode(text), at);
  write(FORMATS.none, 'hello');
  write(FORMATS.one, 'a %d');
  write(FORMATS.two, 'b %llu %x');
  write(FORMATS.text, 'c %s');
  write(FORMATS.three, '%d %lx %c');
  return bytes;
}
