/** Which maps a program of a type may have at all (`check_map_prog_compatibility`). */
import type { KernelRelease } from '../../bpf/kernel-release.ts';
import type { MapTypeName } from '../../bpf/maps.ts';
import type { Environment } from '../environment.ts';
import type { VerifierMap } from '../map.ts';
import {
  arenaNeedsPrivileges,
  arenaWithoutAddress,
  mapFieldInSocketFilter,
  mapFieldInTracing,
  secondArena,
  secondCgroupStorage,
  sleepableMapType,
  sleepableSpinLock,
  structOpsMapInProgram,
} from '../messages.gen.ts';
import { hasMapField } from './map-fields.ts';

/** `is_tracing_prog_type` */
const TRACING: ReadonlySet<string> = new Set([
  'kprobe',
  'tracepoint',
  'perf_event',
  'raw_tracepoint',
  'raw_tracepoint_writable',
]);

const SLEEPABLE_MAPS: ReadonlySet<MapTypeName> = new Set([
  'hash',
  'lru_hash',
  'array',
  'percpu_hash',
  'percpu_array',
  'lru_percpu_hash',
  'array_of_maps',
  'hash_of_maps',
  'ringbuf',
  'user_ringbuf',
  'inode_storage',
  'sk_storage',
  'task_storage',
  'cgrp_storage',
  'queue',
  'stack',
  'arena',
]);

export class MapCompatibility {
  readonly #env: Environment;
  readonly #cgroupStorages = new Set<string>();
  #arena = false;

  constructor(env: Environment) {
    this.#env = env;
  }

  /** A map the program names for the first time. @throws Rejection */
  check(map: VerifierMap, slot: number): void {
    const { type, input, privileged } = this.#env;
    this.#checkFields(map, type.name, slot);
    if (map.type === 'struct_ops') throw structOpsMapInProgram({ slot });
    if (input.sleepable) checkSleepable(this.#env, map, slot);
    if (map.type === 'cgroup_storage' || map.type === 'percpu_cgroup_storage') {
      if (this.#cgroupStorages.has(map.type)) throw secondCgroupStorage({ slot });
      this.#cgroupStorages.add(map.type);
    }
    if (map.type === 'arena') {
      if (this.#arena) throw secondArena({ slot });
      if (!privileged) throw arenaNeedsPrivileges({ slot });
      // Whether user space has mapped it by now nobody knows here: a loader that does sets the address.
      if ((map.mapExtra ?? 0n) === 0n) throw arenaWithoutAddress({ slot });
      this.#arena = true;
    }
  }

  #checkFields(map: VerifierMap, type: string, slot: number): void {
    const tracing = TRACING.has(type);
    if (tracing && (hasMapField(map, 'bpf_list_head') || hasMapField(map, 'bpf_rb_root'))) {
      throw mapFieldInTracing({ field: 'bpf_{list_head,rb_root}', slot });
    }
    if (hasMapField(map, 'bpf_spin_lock') || hasMapField(map, 'bpf_res_spin_lock')) {
      if (type === 'socket_filter') throw mapFieldInSocketFilter({ field: 'bpf_spin_lock', slot });
      if (tracing) throw mapFieldInTracing({ field: 'bpf_spin_lock', slot });
    }
    if (this.#env.input.sleepable && !this.#env.atLeast('6.2') && hasMapField(map, 'bpf_spin_lock')) {
      throw sleepableSpinLock({ slot });
    }
    if (tracing && hasMapField(map, 'bpf_timer')) throw mapFieldInTracing({ field: 'bpf_timer', slot });
    const works = tracing && this.#env.atLeast('6.10') && hasMapField(map, 'bpf_wq');
    if (works) throw mapFieldInTracing({ field: 'bpf_wq', slot });
  }
}

/** Maps a sleepable program may have: since when, and the words of the time. */
function checkSleepable(env: Environment, { type }: VerifierMap, slot: number): void {
  const since = SLEEPABLE_SINCE[type] ?? '5.10';
  if (SLEEPABLE_MAPS.has(type) && env.atLeast(since)) return;
  throw sleepableMapType({
    allowed: env.atLeast('6.2')
      ? 'array, hash, ringbuf and local storage'
      : env.atLeast('5.12')
        ? 'array, hash, and ringbuf'
        : 'array and hash',
    mapType: type,
    slot,
  });
}

const SLEEPABLE_SINCE: Readonly<Partial<Record<MapTypeName, KernelRelease>>> = {
  percpu_hash: '5.12',
  percpu_array: '5.12',
  lru_percpu_hash: '5.12',
  array_of_maps: '5.12',
  hash_of_maps: '5.12',
  ringbuf: '5.12',
  inode_storage: '5.17',
  sk_storage: '5.17',
  task_storage: '5.17',
  queue: '6.6',
  stack: '6.6',
};
