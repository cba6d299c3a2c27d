/** The section `maps` of objects without types: a `struct bpf_map_def` of five words for each map. */
import { type MapDefinition, mapType } from '../../maps.ts';
import { ByteWriter } from './byte-writer.ts';

const DEFINITION_SIZE = 20;

export interface LegacyMaps {
  readonly bytes: Uint8Array;
  /** Of each map, in their order. */
  readonly offsets: readonly number[];
  readonly size: number;
}

/** @throws RangeError for what only BTF can say */
export function legacyMaps(maps: readonly MapDefinition[], littleEndian: boolean): LegacyMaps {
  const writer = new ByteWriter(littleEndian);
  const offsets = maps.map((map) => {
    if (map.inner !== undefined || map.slots !== undefined || map.pinning !== undefined) {
      throw new RangeError(`map ${map.name} needs types to be written, and the object has none`);
    }
    const offset = writer.length;
    for (const word of [mapType(map.type).id, map.keySize, map.valueSize, map.maxEntries, map.flags])
      writer.u32(word);
    return offset;
  });
  return { bytes: writer.finish(), offsets, size: DEFINITION_SIZE };
}
