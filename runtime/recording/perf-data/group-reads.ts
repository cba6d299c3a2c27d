/**
 * Samples that carry counters (`perf record -e '{a,b}:S'`): one is written when the group's leader fires, with what each member
 * has counted by then. As perf shows it, it is a sample of every member that counted anything since the one before.
 *
 *     alone  value:8 [enabled:8] [running:8] [id:8] [lost:8]
 *     group  count:8 [enabled:8] [running:8] { value:8 [id:8] [lost:8] }...
 */
import { READ_FORMAT } from './event-attr.ts';
import type { EventIndex, IndexedEvent } from './event-index.ts';
import { double64, type PerfRecord } from './perf-record.ts';
import { readSizes } from './sample-layout.ts';

export class GroupReads {
  /** The current sample has counters. */
  isCounting = false;
  readonly #events: EventIndex;
  /** What each id had counted at its last sample. */
  readonly #counted = new Map<number, number>();
  /** Members that the current sample stands for and that were not given out yet. */
  #members: IndexedEvent[] = [];

  constructor(events: EventIndex) {
    this.#events = events;
  }

  /** The next member; undefined when all were given out. */
  next(): IndexedEvent | undefined {
    return this.#members.shift();
  }

  clear(): void {
    this.isCounting = false;
    if (this.#members.length > 0) this.#members = [];
  }

  /** Takes the counters at `at` of the record's memory. Returns their bytes: more than the record has where they lie. */
  observe(record: PerfRecord, at: number, format: number): number {
    const { head, value: size } = readSizes(format);
    const end = record.offset + record.size;
    const isGroup = (format & READ_FORMAT.group) !== 0;
    if (at + 8 > end) return Number.POSITIVE_INFINITY;
    const count = isGroup ? double64(record.view, at, record.littleEndian) : 1;
    const bytes = head + count * size;
    if (bytes > end - at) return bytes;
    this.isCounting = true;
    if ((format & READ_FORMAT.id) === 0) return bytes;
    // Alone, the times stand between the value and its id.
    const idAt = 8 + (isGroup ? 0 : head);
    let value = isGroup ? at + head : at;
    for (let index = 0; index < count; index++) {
      this.#count(record, value, value + idAt);
      value += size;
    }
    return bytes;
  }

  #count(record: PerfRecord, valueAt: number, idAt: number): void {
    const id = double64(record.view, idAt, record.littleEndian);
    const event = this.#events.byId(id);
    if (event === undefined) return;
    const value = double64(record.view, valueAt, record.littleEndian);
    const isNew = value !== (this.#counted.get(id) ?? 0);
    this.#counted.set(id, value);
    if (isNew) this.#members.push(event);
  }
}
