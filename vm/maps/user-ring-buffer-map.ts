/**
 * USER_RINGBUF: user space writes records, programs take them (`bpf_user_ringbuf_drain`). The ring is laid out as that of
 * RINGBUF; libbpf's `user_ring_buffer` is the user's side of it.
 */
import type { MapDefinition } from '../../bpf/maps.ts';
import type { LinearAddress } from '../address.ts';
import { E2BIG, EBUSY, ENOSPC, ENOTSUPP } from '../errno.ts';
import type { Memory } from '../memory.ts';
import { allocateHeader, HEADER_SIZE, headerLayout, type MapContext } from './header.ts';
import { KeylessMap } from './keyless-map.ts';
import { RecordRing } from './record-ring.ts';

/** BPF_MAX_USER_RINGBUF_SAMPLES */
const MOST_SAMPLES: number = 128 * 1024;
const RECORD_HEADER = 8;

export class UserRingBufferMap extends KeylessMap {
  readonly ring: RecordRing;
  readonly #memory: Memory;
  #draining = false;

  constructor(definition: MapDefinition, { memory }: MapContext) {
    const { maxEntries, name } = definition;
    const base = allocateHeader(memory, definition);
    super(definition, headerLayout(definition, base, HEADER_SIZE + maxEntries * 2), ENOTSUPP);
    this.ring = new RecordRing(memory, base, maxEntries, `ring buffer ${name}`);
    this.#memory = memory;
  }

  /** User space: 0, or -E2BIG for a record that never fits and -ENOSPC for one that does not now. */
  submit(record: Uint8Array): number {
    const room = this.reserve(record.length);
    if (room < 0) return room;
    this.#memory.write(room, record);
    this.ring.commit(room, false);
    return 0;
  }

  /** User space: `user_ring_buffer__reserve`; the address of room for a record, busy until committed, or a negative errno. */
  reserve(length: number): number {
    if (length + RECORD_HEADER > this.ring.size) return E2BIG;
    const room = this.ring.produce(length, this.ring.size);
    return room === 0 ? ENOSPC : room;
  }

  /**
   * A program: visits records until one is busy or `visit` says to stop, and returns how many were visited, or -EBUSY
   * inside a visit. The bytes are the program's during it.
   */
  drain(visit: (address: LinearAddress, length: number) => boolean): number {
    if (this.#draining) return EBUSY;
    this.#draining = true;
    try {
      let visited = 0;
      for (let seen = 0; seen < MOST_SAMPLES; seen++) {
        const record = this.ring.peek();
        if (record === 0) break;
        const length = this.ring.lengthAt(record);
        if (!this.ring.isDiscarded(record)) {
          visited++;
          const more = visit(record, length);
          this.ring.consume(length);
          if (!more) break;
        } else this.ring.consume(length);
      }
      return visited;
    } finally {
      this.#draining = false;
    }
  }

  count(): number {
    return 0;
  }
}
