/** The kernel's struct behind a map of each type (`map_btf_id`). */
import type { Btf } from '../../bpf/btf/btf.ts';
import type { TypeId } from '../../bpf/btf/type.ts';
import type { MapTypeName } from '../../bpf/maps.ts';
import type { Environment } from '../environment.ts';
import type { VerifierMap } from '../map.ts';
import { unsupported } from '../rejection.ts';

const STRUCTS: Readonly<Record<MapTypeName, string>> = {
  hash: 'bpf_htab',
  array: 'bpf_array',
  prog_array: 'bpf_array',
  perf_event_array: 'bpf_array',
  percpu_hash: 'bpf_htab',
  percpu_array: 'bpf_array',
  stack_trace: 'bpf_stack_map',
  cgroup_array: 'bpf_array',
  lru_hash: 'bpf_htab',
  lru_percpu_hash: 'bpf_htab',
  lpm_trie: 'lpm_trie',
  array_of_maps: 'bpf_array',
  hash_of_maps: 'bpf_htab',
  devmap: 'bpf_dtab',
  sockmap: 'bpf_stab',
  cpumap: 'bpf_cpu_map',
  xskmap: 'xsk_map',
  sockhash: 'bpf_shtab',
  cgroup_storage: 'bpf_cgroup_storage_map',
  reuseport_sockarray: 'reuseport_array',
  percpu_cgroup_storage: 'bpf_cgroup_storage_map',
  queue: 'bpf_queue_stack',
  stack: 'bpf_queue_stack',
  sk_storage: 'bpf_local_storage_map',
  devmap_hash: 'bpf_dtab',
  struct_ops: 'bpf_struct_ops_map',
  ringbuf: 'bpf_ringbuf_map',
  inode_storage: 'bpf_local_storage_map',
  task_storage: 'bpf_local_storage_map',
  bloom_filter: 'bpf_bloom_filter',
  user_ringbuf: 'bpf_ringbuf_map',
  cgrp_storage: 'bpf_local_storage_map',
  arena: 'bpf_arena',
  insn_array: 'bpf_insn_array',
};

/** The struct and the types it is in. @throws Rejection (unsupported) when the kernel's types are not known */
export function mapStruct(env: Environment, map: VerifierMap): { readonly btf: Btf; readonly type: TypeId } {
  const { btf } = env;
  const type = btf?.find(STRUCTS[map.type], 'struct');
  if (btf === undefined || type === undefined)
    throw unsupported("a map read as the kernel's struct without types");
  return { btf, type };
}
