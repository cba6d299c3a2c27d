/** Which maps a program of a type may have at all (`check_map_prog_compatibility`). */
import type { MapTypeName } from '../../bpf/maps.ts';
import type { Environment } from '../environment.ts';
import type { VerifierMap } from '../map.ts';
import {
  arenaNeedsPrivileges,
  mapFieldInSocketFilter,
  mapFieldInTracing,
  secondArena,
  secondCgroupStorage,
  sleepableMapType,
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
  check(map: VerifierMap): void {
    const { type, input, privileged } = this.#env;
    this.#checkFields(map, type.name);
    if (map.type === 'struct_ops') throw structOpsMapInProgram({});
    if (input.sleepable && !SLEEPABLE_MAPS.has(map.type)) throw sleepableMapType({ mapType: map.type });
    if (map.type === 'cgroup_storage' || map.type === 'percpu_cgroup_storage') {
      if (this.#cgroupStorages.has(map.type)) throw secondCgroupStorage({});
      this.#cgroupStorages.add(map.type);
    }
    if (map.type === 'arena') {
      if (this.#arena) throw secondArena({});
      if (!privileged) throw arenaNeedsPrivileges({});
      this.#arena = true;
    }
  }

  #checkFields(map: VerifierMap, type: string): void {
    const tracing = TRACING.has(type);
    if (tracing && (hasMapField(map, 'bpf_list_head') || hasMapField(map, 'bpf_rb_root'))) {
      throw mapFieldInTracing({ field: 'bpf_{list_head,rb_root}' });
    }
    if (hasMapField(map, 'bpf_spin_lock') || hasMapField(map, 'bpf_res_spin_lock')) {
      if (type === 'socket_filter') throw mapFieldInSocketFilter({ field: 'bpf_spin_lock' });
      if (tracing) throw mapFieldInTracing({ field: 'bpf_spin_lock' });
    }
    if (tracing && hasMapField(map, 'bpf_timer')) throw mapFieldInTracing({ field: 'bpf_timer' });
    if (tracing && hasMapField(map, 'bpf_wq')) throw mapFieldInTracing({ field: 'bpf_wq' });
  }
}
