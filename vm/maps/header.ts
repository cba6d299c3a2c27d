/** What every map of a machine starts with: a header whose address is the map pointer programs pass to helpers. */
import type { MapDefinition } from '../../bpf/maps.ts';
import type { LinearAddress } from '../address.ts';
import type { Memory } from '../memory.ts';
import type { BpfMap, MapLayout } from './map.ts';

/** Bytes of a map's header; its words are the type's own. */
export const HEADER_SIZE = 64;

/** What a map is made of. */
export interface MapContext {
  readonly memory: Memory;
  readonly cpus: number;
}

export type MapFactory = (definition: MapDefinition, context: MapContext) => BpfMap;

export function round8(size: number): number {
  return Math.ceil(size / 8) * 8;
}

/** Reserves a header; returns its address. */
export function allocateHeader(memory: Memory, definition: MapDefinition): LinearAddress {
  return memory.allocate(HEADER_SIZE, `map ${definition.name}`);
}

/** Programs may store into values unless the map is read-only for them (BPF_F_RDONLY_PROG). */
export function isWritable(definition: MapDefinition): boolean {
  return (definition.flags & 0x80) === 0;
}

/** The layout of a map that has no elements at fixed places. */
export function headerLayout(definition: MapDefinition, base: LinearAddress, size: number): MapLayout {
  const { keySize, valueSize } = definition;
  return {
    base,
    size,
    keySize,
    valueSize,
    cpuStride: 0,
    elements: HEADER_SIZE,
    elementSize: 0,
    valueOffset: 0,
  };
}
