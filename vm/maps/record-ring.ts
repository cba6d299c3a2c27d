/**
 * A byte ring of records under RINGBUF and each CPU's buffer of PERF_EVENT_ARRAY (kernel/bpf/ringbuf.c).
 *
 *     header: consumer | producer | lost        record: | busy:1 discard:1 length:30 | 0:32 | data, padded to 8 |
 *
 * Linux maps the data pages twice so that a record over the end is contiguous; here as many bytes follow the ring, and a
 * record over the end goes on there while the same count of bytes at the start stays unused.
 */
import type { LinearAddress } from '../address.ts';
import { RunState } from '../layout.ts';
import type { Memory } from '../memory.ts';
import { round8 } from './header.ts';

/** Words of the header. */
export const RingHeader = { consumer: 0, producer: 1, lost: 2 } as const;
/** Bytes before a record's data. */
export const RECORD_HEADER = 8;
export const BUSY: number = 0x8000_0000 | 0;
export const DISCARDED = 0x4000_0000;
const LENGTH = 0x3fff_ffff;

export type RecordVisitor = (address: LinearAddress, length: number) => void;

export class RecordRing {
  readonly header: LinearAddress;
  readonly data: LinearAddress;
  /** Bytes of the ring: a power of two. */
  readonly size: number;
  readonly #i32: Int32Array;
  readonly #head: number;

  constructor(memory: Memory, header: LinearAddress, size: number, label: string) {
    this.header = header;
    this.size = size;
    this.#i32 = memory.i32;
    this.#head = header >> 2;
    this.data = memory.allocateRegion(size * 2, { kind: 'ring buffer', label, writable: true });
  }

  get lost(): number {
    return this.#i32[this.#head + RingHeader.lost]! >>> 0;
  }

  get producer(): number {
    return this.#i32[this.#head + RingHeader.producer]! >>> 0;
  }

  get consumer(): number {
    return this.#i32[this.#head + RingHeader.consumer]! >>> 0;
  }

  /** Bytes not yet consumed, headers included. */
  get available(): number {
    return (this.producer - this.consumer) >>> 0;
  }

  /** Address of room for `length` bytes, busy until committed; 0 when it does not fit now (counted as lost). */
  reserve(length: number): LinearAddress {
    const room = this.produce(length, this.size - 1);
    if (room === 0) this.#i32[this.#head + RingHeader.lost] = this.lost + 1;
    return room;
  }

  /** As {@link reserve}, with at most `limit` bytes in the ring, and nothing is counted. */
  produce(length: number, limit: number): LinearAddress {
    const total = round8(length + RECORD_HEADER);
    if (length > LENGTH || this.available + total > limit) return 0;
    const record = this.data + (this.producer & (this.size - 1));
    this.#i32[record >> 2] = length | BUSY;
    this.#i32[(record >> 2) + 1] = 0;
    this.#i32[this.#head + RingHeader.producer] = this.producer + total;
    return record + RECORD_HEADER;
  }

  /** Ends a reservation. False when `address` is none that is still busy. */
  commit(address: LinearAddress, discard: boolean): boolean {
    const at = (address - RECORD_HEADER) >> 2;
    const word = this.#i32[at] ?? 0;
    if (
      address < this.data ||
      address >= this.data + this.size * 2 ||
      (address & 7) !== 0 ||
      (word & BUSY) === 0
    ) {
      return false;
    }
    this.#i32[at] = (word & LENGTH) | (discard ? DISCARDED : 0);
    // Nobody waits for a record that is thrown away.
    if (!discard) this.#i32[RunState.output >> 2]!++;
    return true;
  }

  /** Visits and consumes records up to the first busy one; the bytes are valid during the visit. Returns their number. */
  drain(visit: RecordVisitor): number {
    let visited = 0;
    for (let record = this.peek(); record !== 0; record = this.peek()) {
      const length = this.lengthAt(record);
      if (!this.isDiscarded(record)) {
        visit(record, length);
        visited++;
      }
      this.consume(length);
    }
    return visited;
  }

  /** Address of the oldest record's bytes; 0 when there is none or it is busy. */
  peek(): LinearAddress {
    if (this.available === 0) return 0;
    const record = this.data + (this.consumer & (this.size - 1));
    return (this.#i32[record >> 2]! & BUSY) !== 0 ? 0 : record + RECORD_HEADER;
  }

  lengthAt(address: LinearAddress): number {
    return this.#i32[(address - RECORD_HEADER) >> 2]! & LENGTH;
  }

  isDiscarded(address: LinearAddress): boolean {
    return (this.#i32[(address - RECORD_HEADER) >> 2]! & DISCARDED) !== 0;
  }

  /** The oldest record, of `length` bytes, is done with. */
  consume(length: number): void {
    this.#i32[this.#head + RingHeader.consumer] = this.consumer + round8(length + RECORD_HEADER);
  }

  /** Takes the count of lost records. */
  takeLost(): number {
    const lost = this.lost;
    this.#i32[this.#head + RingHeader.lost] = 0;
    return lost;
  }
}
