/** A map's definition and where in the file it is, so that relocations find it. */
import type { MapDefinition } from '../../maps.ts';
import type { ElfSection } from '../section.ts';

export interface PlacedMap {
  readonly section: ElfSection;
  /** From the start of the section. */
  readonly offset: number;
  readonly size: number;
  readonly map: MapDefinition;
  /** Bytes from the map's offset to the first of its static values; absent when it can have none. */
  readonly valuesOffset?: number;
}
