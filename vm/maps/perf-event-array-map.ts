/** PERF_EVENT_ARRAY: a ring for each CPU. Every CPU's event is open from the start, as a loader would have left it. */
import type { MapDefinition } from '../../bpf/maps.ts';
import type { LinearAddress } from '../address.ts';
import { E2BIG, EINVAL, ENOENT, ENOSPC } from '../errno.ts';
import type { Memory } from '../memory.ts';
import { allocateHeader, HEADER_SIZE, headerLayout, type MapContext } from './header.ts';
import { KeylessMap } from './keyless-map.ts';
import { RecordRing } from './record-ring.ts';

/** Bytes of one CPU's ring: 64 pages, bpftrace's default. */
const RING_SIZE: number = 64 * 4096;
/** A perf record's size is 16 bits. */
const LONGEST = 65535 - 16;

export class PerfEventArrayMap extends KeylessMap {
  /** By CPU. */
  readonly rings: readonly RecordRing[];
  readonly #memory: Memory;

  constructor(definition: MapDefinition, { memory, cpus }: MapContext) {
    const base = allocateHeader(memory, definition);
    super(definition, headerLayout(definition, base, HEADER_SIZE), EINVAL);
    this.rings = Array.from({ length: cpus }, (_, cpu) => {
      const header = memory.allocate(HEADER_SIZE, `map ${definition.name}`);
      return new RecordRing(memory, header, RING_SIZE, `perf buffer ${definition.name} of CPU ${cpu}`);
    });
    this.#memory = memory;
  }

  /** `bpf_perf_event_output` into slot `index`: 0 or -E2BIG, -ENOENT, -ENOSPC. */
  output(index: number, data: LinearAddress, length: number): number {
    const { maxEntries } = this.definition;
    if (maxEntries > 0 && index >= maxEntries) return E2BIG;
    const ring = this.rings[index];
    if (ring === undefined) return ENOENT;
    if (length > LONGEST) return E2BIG;
    const room = ring.reserve(length);
    if (room === 0) return ENOSPC;
    this.#memory.u8.copyWithin(room, data, data + length);
    ring.commit(room, false);
    return 0;
  }

  /** Visits all records, CPU by CPU. */
  drain(visit: (cpu: number, address: LinearAddress, length: number) => void): number {
    let visited = 0;
    for (const [cpu, ring] of this.rings.entries()) {
      visited += ring.drain((address, length) => visit(cpu, address, length));
    }
    return visited;
  }

  count(): number {
    return this.rings.length;
  }
}
