/** RINGBUF: one ring shared by all CPUs; programs reserve and submit, user space drains. */
import type { MapDefinition } from '../../bpf/maps.ts';
import type { LinearAddress } from '../address.ts';
import { EOPNOTSUPP } from '../errno.ts';
import { LoadError } from '../fault.ts';
import { allocateHeader, HEADER_SIZE, headerLayout, type MapContext } from './header.ts';
import type { BpfMap, MapLayout } from './map.ts';
import { RecordRing } from './record-ring.ts';

export class RingBufferMap implements BpfMap {
  readonly definition: MapDefinition;
  readonly layout: MapLayout;
  readonly ring: RecordRing;

  constructor(definition: MapDefinition, { memory }: MapContext) {
    const { maxEntries, name } = definition;
    if (maxEntries < 4096 || maxEntries > 0x2000_0000 || !Number.isInteger(Math.log2(maxEntries))) {
      throw new LoadError(
        `map ${name}: a ring buffer's size is a power of two of at least 4096, not ${maxEntries}`,
      );
    }
    const base = allocateHeader(memory, definition);
    this.ring = new RecordRing(memory, base, maxEntries, `ring buffer ${name}`);
    this.definition = definition;
    this.layout = headerLayout(definition, base, HEADER_SIZE + maxEntries * 2);
  }

  lookup(_key: LinearAddress, _cpu: number): LinearAddress {
    return 0;
  }

  peek(_key: LinearAddress, _cpu: number): LinearAddress {
    return 0;
  }

  update(_key: LinearAddress, _value: LinearAddress, _flags: number, _cpu: number): number {
    return EOPNOTSUPP;
  }

  delete(_key: LinearAddress): number {
    return EOPNOTSUPP;
  }

  nextKey(_key: LinearAddress): LinearAddress {
    return 0;
  }

  count(): number {
    return 0;
  }
}
