/** RINGBUF: one ring shared by all CPUs; programs reserve and submit, user space drains. */
import type { MapDefinition } from '../../bpf/maps.ts';
import { ENOTSUPP } from '../errno.ts';
import { allocateHeader, HEADER_SIZE, headerLayout, type MapContext } from './header.ts';
import { KeylessMap } from './keyless-map.ts';
import { RecordRing } from './record-ring.ts';

export class RingBufferMap extends KeylessMap {
  readonly ring: RecordRing;

  constructor(definition: MapDefinition, { memory }: MapContext) {
    const { maxEntries, name } = definition;
    const base = allocateHeader(memory, definition);
    super(definition, headerLayout(definition, base, HEADER_SIZE + maxEntries * 2), ENOTSUPP);
    this.ring = new RecordRing(memory, base, maxEntries, `ring buffer ${name}`);
  }

  count(): number {
    return 0;
  }
}
