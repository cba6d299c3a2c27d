/** Which helpers work on which maps (`check_map_func_compatibility`): each map type and each helper is choosy. */
import type { HelperName } from '../../bpf/helpers/index.ts';
import { type MapTypeName, mapType } from '../../bpf/maps.ts';
import type { Environment } from '../environment.ts';
import { mapNotForHelper, mixesTailCalls, socketMapNotHere } from '../messages.gen.ts';
import type { CallFacts } from './call-facts.ts';

const EVENTS: readonly HelperName[] = [
  'perf_event_read',
  'perf_event_output',
  'skb_output',
  'perf_event_read_value',
  'xdp_output',
];
const RINGBUF: readonly HelperName[] = [
  'ringbuf_output',
  'ringbuf_reserve',
  'ringbuf_query',
  'ringbuf_reserve_dynptr',
  'ringbuf_submit_dynptr',
  'ringbuf_discard_dynptr',
];
const STACKS: readonly HelperName[] = ['map_peek_elem', 'map_pop_elem', 'map_push_elem'];

/** Map types with helpers of their own; all others take any helper that takes them. */
const HELPERS_OF: Partial<Record<MapTypeName, readonly HelperName[]>> = {
  prog_array: ['tail_call'],
  perf_event_array: EVENTS,
  ringbuf: RINGBUF,
  user_ringbuf: ['user_ringbuf_drain'],
  stack_trace: ['get_stackid'],
  cgroup_array: ['skb_under_cgroup', 'current_task_under_cgroup'],
  cgroup_storage: ['get_local_storage'],
  percpu_cgroup_storage: ['get_local_storage'],
  devmap: ['redirect_map', 'map_lookup_elem'],
  devmap_hash: ['redirect_map', 'map_lookup_elem'],
  cpumap: ['redirect_map'],
  xskmap: ['redirect_map', 'map_lookup_elem'],
  array_of_maps: ['map_lookup_elem'],
  hash_of_maps: ['map_lookup_elem'],
  sockmap: [
    'sk_redirect_map',
    'sock_map_update',
    'msg_redirect_map',
    'sk_select_reuseport',
    'map_lookup_elem',
  ],
  sockhash: [
    'sk_redirect_hash',
    'sock_hash_update',
    'msg_redirect_hash',
    'sk_select_reuseport',
    'map_lookup_elem',
  ],
  reuseport_sockarray: ['sk_select_reuseport'],
  queue: STACKS,
  stack: STACKS,
  sk_storage: ['sk_storage_get', 'sk_storage_delete', 'kptr_xchg'],
  inode_storage: ['inode_storage_get', 'inode_storage_delete', 'kptr_xchg'],
  task_storage: ['task_storage_get', 'task_storage_delete', 'kptr_xchg'],
  cgrp_storage: ['cgrp_storage_get', 'cgrp_storage_delete', 'kptr_xchg'],
  bloom_filter: ['map_peek_elem', 'map_push_elem'],
};

const STACK_MAPS: readonly MapTypeName[] = ['queue', 'stack'];
const PER_CPU: readonly MapTypeName[] = ['percpu_array', 'percpu_hash', 'lru_percpu_hash'];

/** Helpers with maps of their own; all others take any map that takes them. */
const MAPS_OF: Partial<Record<HelperName, readonly MapTypeName[]>> = {
  tail_call: ['prog_array'],
  ...Object.fromEntries(EVENTS.map((name) => [name, ['perf_event_array']])),
  ...Object.fromEntries(RINGBUF.map((name) => [name, ['ringbuf']])),
  user_ringbuf_drain: ['user_ringbuf'],
  get_stackid: ['stack_trace'],
  current_task_under_cgroup: ['cgroup_array'],
  skb_under_cgroup: ['cgroup_array'],
  redirect_map: ['devmap', 'devmap_hash', 'cpumap', 'xskmap'],
  sk_redirect_map: ['sockmap'],
  msg_redirect_map: ['sockmap'],
  sock_map_update: ['sockmap'],
  sk_redirect_hash: ['sockhash'],
  msg_redirect_hash: ['sockhash'],
  sock_hash_update: ['sockhash'],
  get_local_storage: ['cgroup_storage', 'percpu_cgroup_storage'],
  sk_select_reuseport: ['reuseport_sockarray', 'sockmap', 'sockhash'],
  map_pop_elem: STACK_MAPS,
  map_peek_elem: [...STACK_MAPS, 'bloom_filter'],
  map_push_elem: [...STACK_MAPS, 'bloom_filter'],
  map_lookup_percpu_elem: PER_CPU,
  sk_storage_get: ['sk_storage'],
  sk_storage_delete: ['sk_storage'],
  inode_storage_get: ['inode_storage'],
  inode_storage_delete: ['inode_storage'],
  task_storage_get: ['task_storage'],
  task_storage_delete: ['task_storage'],
  cgrp_storage_get: ['cgrp_storage'],
  cgrp_storage_delete: ['cgrp_storage'],
};

/** @throws Rejection */
export function checkMapFunction(env: Environment, facts: CallFacts): void {
  const { map, prototype } = facts;
  if (map === null) return;
  const takes = HELPERS_OF[map.type];
  const maps = MAPS_OF[prototype.name];
  if (
    (takes !== undefined && !takes.includes(prototype.name) && !mayUpdateSockets(env, facts)) ||
    (maps !== undefined && !maps.includes(map.type))
  ) {
    throw mapNotForHelper({
      type: mapType(map.type).id,
      helper: prototype.text,
      map: map.name,
      typeName: map.type,
      wanted: maps === undefined ? `that ${prototype.text} works on` : maps.join(' or '),
    });
  }
  // Subprograms and tail calls in one program: since 5.10, with the JIT.
  if (
    prototype.name === 'tail_call' &&
    env.subprograms.length > 2 &&
    !env.supports('tail_calls_in_functions')
  ) {
    throw mixesTailCalls({});
  }
}

/** Programs that hold no lock of a socket may change maps of sockets (`may_update_sockmap`). */
function mayUpdateSockets(env: Environment, { map, prototype }: CallFacts): boolean {
  if (map!.type !== 'sockmap' && map!.type !== 'sockhash') return false;
  const { name } = prototype;
  if (name !== 'map_update_elem' && name !== 'map_delete_elem') return false;
  if (!env.atLeast('5.10')) return name === 'map_delete_elem';
  switch (env.type.name) {
    case 'tracing':
      if (env.input.attachType === 'trace_iter') return true;
      break;
    case 'sock_ops':
      if (name === 'map_delete_elem') return true;
      break;
    case 'socket_filter':
    case 'sched_cls':
    case 'sched_act':
    case 'xdp':
    case 'sk_reuseport':
    case 'flow_dissector':
    case 'sk_lookup':
      return true;
  }
  env.remark(socketMapNotHere({}).text);
  return false;
}
