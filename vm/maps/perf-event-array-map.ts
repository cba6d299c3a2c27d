/**
 * PERF_EVENT_ARRAY: a ring for each CPU. Every CPU's event is open from the start, as a loader would have left it: a cell
 * is 1 plus the CPU of its event, and that is the event's number for user space.
 */
import type { MapDefinition } from '../../bpf/maps.ts';
import type { LinearAddress } from '../address.ts';
import { E2BIG, EBADF, ENOENT, ENOSPC } from '../errno.ts';
import { HEADER_SIZE, type MapContext } from './header.ts';
import { RecordRing } from './record-ring.ts';
import { SlotArrayMap } from './slot-array-map.ts';

/** Bytes of one CPU's ring: 64 pages, bpftrace's default. */
const RING_SIZE: number = 64 * 4096;
/** A perf record's size is 16 bits. */
export const LONGEST_SAMPLE: number = 65535 - 16;

export class PerfEventArrayMap extends SlotArrayMap {
  /** By CPU. */
  readonly rings: readonly RecordRing[];

  constructor(definition: MapDefinition, context: MapContext) {
    super(definition, context);
    const { memory, cpus } = context;
    this.rings = Array.from({ length: cpus }, (_, cpu) => {
      const header = memory.allocate(HEADER_SIZE, `map ${definition.name}`);
      return new RecordRing(memory, header, RING_SIZE, `perf buffer ${definition.name} of CPU ${cpu}`);
    });
    const cells = (this.layout.base + this.layout.elements) >> 2;
    for (let cpu = 0; cpu < Math.min(cpus, definition.maxEntries); cpu++) memory.i32[cells + cpu] = cpu + 1;
  }

  /** `bpf_perf_event_output` into slot `index`, with bytes from a second place after the first: 0 or -E2BIG, -ENOENT, -ENOSPC. */
  output(
    index: number,
    data: LinearAddress,
    length: number,
    more: LinearAddress = 0,
    moreLength = 0,
  ): number {
    if (index >= this.definition.maxEntries) return E2BIG;
    const ring = this.rings[this.cell(index) - 1];
    if (ring === undefined) return ENOENT;
    const all = length + moreLength;
    if (all > LONGEST_SAMPLE) return E2BIG;
    const room = ring.reserve(all);
    if (room === 0) return ENOSPC;
    this.memory.u8.copyWithin(room, data, data + length);
    if (moreLength > 0) this.memory.u8.copyWithin(room + length, more, more + moreLength);
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

  protected override cellOf(number: number): number {
    return number >= 1 && number <= this.rings.length ? number : EBADF;
  }

  protected override numberOf(_cell: number): undefined {
    return undefined;
  }
}
