/** What every map of a machine starts with: a header whose address is the map pointer programs pass to helpers. */
import type { Btf } from '../../bpf/btf/btf.ts';
import type { MapDefinition } from '../../bpf/maps.ts';
import type { LinearAddress } from '../address.ts';
import type { Memory } from '../memory.ts';
import type { Handles } from './handles.ts';
import type { BpfMap, MapLayout } from './map.ts';

/** Bytes of a map's header; its words are the type's own, but the last. */
export const HEADER_SIZE = 64;
/** Word of the header with the map's id, from 1. */
export const ID_WORD = 15;

/** What a map is made of. */
export interface MapContext {
  readonly memory: Memory;
  readonly cpus: number;
  readonly handles?: Handles;
  /** Types the definition names. */
  readonly btf?: Btf | undefined;
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
