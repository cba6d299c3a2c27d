/** Map → what generates its operations. One row a type; types that are not here have none. */
import { ArrayMap } from '../array-map.ts';
import { HashMap } from '../hash-map.ts';
import type { BpfMap } from '../map.ts';
import { ArrayOfMaps } from '../map-of-maps.ts';
import { PerfEventArrayMap } from '../perf-event-array-map.ts';
import { QueueMap } from '../queue-map.ts';
import { RingBufferMap } from '../ring-buffer-map.ts';
import { ArrayCode, arrayOfMapsLookup } from './array-code.ts';
import { HashCode } from './hash-code.ts';
import type { BodyWriter, MapPart } from './map-body.ts';
import type { MapOperation } from './operation.ts';
import { QueueCode } from './queue-code.ts';
import { perfOperations, ringBufferOperations } from './ring-code.ts';

export interface MapCode {
  readonly operations: Partial<Record<MapOperation, BodyWriter>>;
  readonly parts: Partial<Record<MapPart, BodyWriter>>;
}

const NONE: MapCode = { operations: {}, parts: {} };

export function mapCode(map: BpfMap): MapCode {
  if (map instanceof ArrayMap)
    return { operations: withoutCopies(map, new ArrayCode(map).operations()), parts: {} };
  if (map instanceof ArrayOfMaps) return { operations: { lookup: arrayOfMapsLookup(map) }, parts: {} };
  if (isHashed(map)) {
    const code = new HashCode(map);
    const parts: MapCode['parts'] = {
      remove: (body) => code.remove(body),
      touch: (body) => code.touch(body),
    };
    return { operations: withoutCopies(map, code.operations()), parts };
  }
  if (map instanceof QueueMap) return { operations: new QueueCode(map).operations(), parts: {} };
  if (map instanceof RingBufferMap) return { operations: ringBufferOperations(map), parts: {} };
  if (map instanceof PerfEventArrayMap) return { operations: perfOperations(map), parts: {} };
  return NONE;
}

/** All of a map that its code depends on. */
export function codeInputs(map: BpfMap): readonly unknown[] {
  const fields = map instanceof ArrayMap || map instanceof HashMap ? map.fields.fields : [];
  return [map.definition, map.layout, fields];
}

/** A hash map whose operations are those of `hash-map.ts`. */
export function isHashed(map: BpfMap): map is HashMap {
  return map instanceof HashMap && IN_HASH_CODE.has(map.definition.type);
}

const IN_HASH_CODE: ReadonlySet<string> = new Set([
  'hash',
  'percpu_hash',
  'lru_hash',
  'lru_percpu_hash',
  'hash_of_maps',
]);

/** Values with fields of the kernel's own are written in JavaScript alone. */
function withoutCopies(map: ArrayMap | HashMap, operations: MapCode['operations']): MapCode['operations'] {
  if (map.fields.fields.length === 0) return operations;
  const { update: _, ...others } = operations;
  return others;
}
