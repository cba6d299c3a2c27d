/** Map definition -> map instance. */
import { type MapDefinition, type MapTypeName, mapProblems } from '../../bpf/maps.ts';
import { LoadError } from '../fault.ts';
import { ArrayMap } from './array-map.ts';
import { HashMap } from './hash-map.ts';
import type { MapContext, MapFactory } from './header.ts';
import { LruHashMap } from './lru-hash-map.ts';
import type { BpfMap } from './map.ts';
import { PerfEventArrayMap } from './perf-event-array-map.ts';
import { QueueMap } from './queue-map.ts';
import { RingBufferMap } from './ring-buffer-map.ts';
import { StackTraceMap } from './stack-trace-map.ts';

const array: MapFactory = (definition, context) => new ArrayMap(definition, context);
const hash: MapFactory = (definition, context) => new HashMap(definition, context);
const lru: MapFactory = (definition, context) => new LruHashMap(definition, context);
const queue: MapFactory = (definition, context) => new QueueMap(definition, context);

const FACTORIES: Partial<Readonly<Record<MapTypeName, MapFactory>>> = {
  hash,
  percpu_hash: hash,
  array,
  percpu_array: array,
  lru_hash: lru,
  lru_percpu_hash: lru,
  queue,
  stack: queue,
  ringbuf: (definition, context) => new RingBufferMap(definition, context),
  perf_event_array: (definition, context) => new PerfEventArrayMap(definition, context),
  stack_trace: (definition, context) => new StackTraceMap(definition, context),
};

/** Throws LoadError when the definition is wrong, the type unknown or memory used up. */
export function createMap(definition: MapDefinition, context: MapContext): BpfMap {
  const factory = FACTORIES[definition.type];
  if (factory === undefined)
    throw new LoadError(`map ${definition.name}: type ${definition.type} is not supported yet`);
  const problems = mapProblems(definition);
  if (problems.length > 0) throw new LoadError(`map ${definition.name}: ${problems.join('; ')}`);
  // A loader opens as many perf events as there are CPUs when the definition leaves that to it (libbpf does too).
  const open = definition.type === 'perf_event_array' && definition.maxEntries === 0;
  return factory(open ? { ...definition, maxEntries: context.cpus } : definition, context);
}
