/** RINGBUF: one ring shared by all CPUs; programs reserve and submit, user space drains. */
import type { MapDefinition } from '../../bpf/maps.ts';
import { EOPNOTSUPP } from '../errno.ts';
import { LoadError } from '../fault.ts';
import { allocateHeader, HEADER_SIZE, headerLayout, type MapContext } from './header.ts';
import { KeylessMap } from './keyless-map.ts';
import { RecordRing } from './record-ring.ts';

export class RingBufferMap extends KeylessMap {
  readonly ring: RecordRing;

  constructor(definition: MapDefinition, { memory }: MapContext) {
    const { maxEntries, name } = definition;
    if (maxEntries < 4096 || maxEntries > 0x2000_0000 || !Number.isInteger(Math.log2(maxEntries))) {
      throw new LoadError(
        `map ${name}: a ring buffer's size is a power of two of at least 4096, not ${maxEntries}`,
      );
    }
    const base = allocateHeader(memory, definition);
    super(definition, headerLayout(definition, base, HEADER_SIZE + maxEntries * 2), EOPNOTSUPP);
    this.ring = new RecordRing(memory, base, maxEntries, `ring buffer ${name}`);
  }

  count(): number {
    return 0;
  }
}
