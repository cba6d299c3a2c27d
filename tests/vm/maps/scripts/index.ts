/**
 * Random scripts of map commands, by what they are about. {@link comparable} takes from answers what no kernel promises:
 * the order of hash tables.
 */
import fc from 'fast-check';
import { MapFlags, type MapTypeName } from '../../../../bpf/maps.ts';
import type { Script } from './parts.ts';
import { thingScripts } from './things.ts';
import { locked, storage } from './typed.ts';
import { detached, indexed, keyed, keyless, prefixes, refusing, roomy } from './values.ts';

/** By map type, what there are scripts of; `cpus` is the number of possible CPUs. */
export function scripts(cpus: number): ReadonlyMap<string, fc.Arbitrary<Script>> {
  const prealloc = fc.constantFrom(0, 0, MapFlags.NO_PREALLOC, MapFlags.ZERO_SEED);
  return new Map<string, fc.Arbitrary<Script>>([
    ['hash', keyed('hash', cpus, prealloc)],
    ['percpu_hash', keyed('percpu_hash', cpus, prealloc)],
    ['lru_hash', roomy('lru_hash', cpus)],
    ['lru_percpu_hash', roomy('lru_percpu_hash', cpus)],
    ['array', indexed('array', cpus)],
    ['percpu_array', indexed('percpu_array', cpus)],
    ['lpm_trie', prefixes()],
    ['queue', keyless('queue')],
    ['stack', keyless('stack')],
    ['bloom_filter', keyless('bloom_filter')],
    ...thingScripts(cpus),
    ['hash with locks', locked('hash')],
    ['array with locks', locked('array')],
    ['task_storage', storage('task_storage')],
    ['cgrp_storage', storage('cgrp_storage')],
    ['inode_storage', storage('inode_storage')],
    ['sk_storage', storage('sk_storage')],
    ['cgroup_storage', detached('cgroup_storage', cpus)],
    ['percpu_cgroup_storage', detached('percpu_cgroup_storage', cpus)],
    ['ringbuf', refusing({ type: 'ringbuf', keySize: 0, valueSize: 0, maxEntries: 4096 })],
    ['user_ringbuf', refusing({ type: 'user_ringbuf', keySize: 0, valueSize: 0, maxEntries: 8192 })],
    ['arena', refusing({ type: 'arena', keySize: 0, valueSize: 0, maxEntries: 4, flags: MapFlags.MMAPABLE })],
  ]);
}

/** Hash tables have no order: which key comes next is not compared, and what a batch reads is sorted. */
export function comparable({ shape }: Script, line: string, answer: string): string {
  const named = shape.type === 'array_of_maps' || shape.type === 'hash_of_maps';
  // A batch tells the ids of maps as they are.
  if (named && line.startsWith('get-batch')) return answer.split(' ').slice(0, 3).join(' ');
  if (!UNORDERED.includes(shape.type)) return answer;
  const [status, ...rest] = answer.split(' ');
  if (line.startsWith('next')) return line.endsWith(' -') ? status! : 'any';
  if (!line.startsWith('get-batch') || rest.length < 4) return answer;
  const failed = status === 'err' ? [rest.shift()!] : [];
  const [count, keys, values] = rest;
  return [status, ...failed, count, ...pairs(keys!, values!, Number(count))].join(' ');
}

const UNORDERED: readonly MapTypeName[] = [
  'hash',
  'percpu_hash',
  'lru_hash',
  'lru_percpu_hash',
  'hash_of_maps',
  'devmap_hash',
  'sockhash',
];

function pairs(keys: string, values: string, count: number): readonly string[] {
  const part = (all: string, i: number): string =>
    all.slice((i * all.length) / count, ((i + 1) * all.length) / count);
  return Array.from({ length: count }, (_, i) => `${part(keys, i)}=${part(values, i)}`).sort();
}
