/** Map definition -> map instance. */
import { type MapDefinition, MapFlags, type MapTypeName, mapProblems, mapType } from '../../bpf/maps.ts';
import { EINVAL } from '../errno.ts';
import { LoadError } from '../fault.ts';
import { ArenaMap } from './arena-map.ts';
import { ArrayMap } from './array-map.ts';
import { BloomFilterMap } from './bloom-filter-map.ts';
import { CgroupArrayMap } from './cgroup-array-map.ts';
import { CgroupStorageMap } from './cgroup-storage-map.ts';
import { createError, typesFit } from './create-check.ts';
import { DeviceHashMap } from './device-hash-map.ts';
import { DeviceMap } from './device-map.ts';
import { HashMap } from './hash-map.ts';
import type { MapContext, MapFactory } from './header.ts';
import { LocalStorageMap } from './local-storage-map.ts';
import { LpmTrieMap } from './lpm-trie-map.ts';
import { LruHashMap } from './lru-hash-map.ts';
import type { BpfMap } from './map.ts';
import { ArrayOfMaps, HashOfMaps } from './map-of-maps.ts';
import { PerfEventArrayMap } from './perf-event-array-map.ts';
import { ProgArrayMap } from './prog-array-map.ts';
import { QueueMap } from './queue-map.ts';
import { RingBufferMap } from './ring-buffer-map.ts';
import { SocketArrayMap } from './socket-array-map.ts';
import { SocketHashMap } from './socket-hash-map.ts';
import { StackTraceMap } from './stack-trace-map.ts';
import { StructOpsMap } from './struct-ops-map.ts';
import { UserRingBufferMap } from './user-ring-buffer-map.ts';

const array: MapFactory = (definition, context) => new ArrayMap(definition, context);
const hash: MapFactory = (definition, context) => new HashMap(definition, context);
const lru: MapFactory = (definition, context) => new LruHashMap(definition, context);
const queue: MapFactory = (definition, context) => new QueueMap(definition, context);
const device: MapFactory = (definition, context) => new DeviceMap(definition, context);
const sockets: MapFactory = (definition, context) => new SocketArrayMap(definition, context);
const storage: MapFactory = (definition, context) => new LocalStorageMap(definition, context);

const FACTORIES: Partial<Readonly<Record<MapTypeName, MapFactory>>> = {
  hash,
  percpu_hash: hash,
  array,
  percpu_array: array,
  lru_hash: lru,
  lru_percpu_hash: lru,
  lpm_trie: (definition, context) => new LpmTrieMap(definition, context),
  queue,
  stack: queue,
  bloom_filter: (definition, context) => new BloomFilterMap(definition, context),
  ringbuf: (definition, context) => new RingBufferMap(definition, context),
  user_ringbuf: (definition, context) => new UserRingBufferMap(definition, context),
  perf_event_array: (definition, context) => new PerfEventArrayMap(definition, context),
  stack_trace: (definition, context) => new StackTraceMap(definition, context),
  prog_array: (definition, context) => new ProgArrayMap(definition, context),
  cgroup_array: (definition, context) => new CgroupArrayMap(definition, context),
  array_of_maps: (definition, context) => new ArrayOfMaps(definition, context),
  hash_of_maps: (definition, context) => new HashOfMaps(definition, context),
  cgroup_storage: (definition, context) => new CgroupStorageMap(definition, context),
  percpu_cgroup_storage: (definition, context) => new CgroupStorageMap(definition, context),
  task_storage: storage,
  inode_storage: storage,
  cgrp_storage: storage,
  sk_storage: storage,
  devmap: device,
  cpumap: device,
  devmap_hash: (definition, context) => new DeviceHashMap(definition, context),
  sockmap: sockets,
  xskmap: sockets,
  reuseport_sockarray: sockets,
  sockhash: (definition, context) => new SocketHashMap(definition, context),
  arena: (definition, context) => new ArenaMap(definition, context),
  struct_ops: (definition, context) => new StructOpsMap(definition, context),
};

/** Throws LoadError, with Linux's errno, when the definition is wrong, the type unknown or memory used up. */
export function createMap(definition: MapDefinition, context: MapContext): BpfMap {
  const { type, name } = definition;
  // A loader opens as many perf events as there are CPUs when the definition leaves that to it (libbpf does too).
  const open = type === 'perf_event_array' && definition.maxEntries === 0;
  const maxEntries = open ? context.cpus : placesOf(definition, context.cpus);
  const whole = maxEntries === definition.maxEntries ? definition : { ...definition, maxEntries };
  const factory = FACTORIES[type];
  if (factory === undefined) throw new LoadError(`map ${name}: type ${type} is not supported yet`);
  const errno = createError(whole, context.cpus);
  if (errno !== 0) throw new LoadError(`map ${name}: ${problemText(whole)}`, errno);
  const make = (typed: MapContext): BpfMap => context.memory.attempt(() => factory(whole, typed));
  if (typesFit(whole, context.btf)) return make(context);
  if (mapType(type).needsBtf) {
    throw new LoadError(`map ${name}: the types of key and value have other sizes than the map's`, EINVAL);
  }
  // Loaders try again without types.
  return make({ ...context, btf: undefined });
}

/** `htab_map_alloc` gives each CPU's own list of an LRU map the same number of places, at least as many as asked for. */
function placesOf({ flags, maxEntries }: MapDefinition, cpus: number): number {
  return (flags & MapFlags.NO_COMMON_LRU) === 0 ? maxEntries : Math.ceil(maxEntries / cpus) * cpus;
}

function problemText(definition: MapDefinition): string {
  const problems = mapProblems(definition);
  if (problems.length > 0) return problems.join('; ');
  return `${definition.type} cannot have these sizes with flags 0x${definition.flags.toString(16)}`;
}
