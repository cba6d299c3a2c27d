/** The file's events by the ids their records carry: which event a record is of, and when it happened. */
import type { PerfEvent } from './event-attr.ts';
import { double64, type PerfRecord } from './perf-record.ts';
import { RECORD, RECORD_HEADER_SIZE } from './record-types.ts';
import { type SampleLayout, sampleLayout } from './sample-layout.ts';

/** An event and where its records keep their fields. */
export interface IndexedEvent extends PerfEvent {
  readonly layout: SampleLayout;
  /** `eventId` of its samples. */
  readonly eventId: number;
}

export class EventIndex {
  readonly events: readonly IndexedEvent[];
  /** Records other than samples tell their time too. */
  readonly isTimed: boolean;
  /** What {@link readTime} found. */
  timeHigh = 0;
  timeLow = 0;
  readonly #first: IndexedEvent;
  readonly #byId = new Map<number, IndexedEvent>();

  /** At least one event. */
  constructor(events: readonly IndexedEvent[]) {
    this.events = events;
    this.#first = events[0]!;
    this.isTimed = this.#first.attr.sampleIdAll;
    for (const event of events) for (const id of event.ids) this.#byId.set(Number(id), event);
  }

  /**
   * The event of a record; undefined when its id is of none. As perf does, one event needs no ids, and records that
   * perf made up carry 0, which stands for the first.
   */
  eventOf(record: PerfRecord): IndexedEvent | undefined {
    const first = this.#first;
    if (this.events.length === 1) return first;
    const isSample = record.type === RECORD.sample;
    if (!isSample && !first.attr.sampleIdAll) return first;
    // All events of a file have their ids at one place: perf refuses to mix them.
    const place = isSample ? first.layout.id : first.layout.trailer.id;
    if (isSample ? place < 0 : place === 0) return first;
    const at = isSample ? place : record.size + place;
    if (at < RECORD_HEADER_SIZE || at + 8 > record.size) return undefined;
    const id = double64(record.view, record.offset + at, record.littleEndian);
    return id === 0 ? first : this.#byId.get(id);
  }

  /** The event of an id told outside of records' own ids. */
  byId(id: number): IndexedEvent | undefined {
    return this.#byId.get(id);
  }

  /** Reads the record's time into {@link timeHigh} and {@link timeLow}; false when it has none that orders it. */
  readTime(record: PerfRecord): boolean {
    const event = this.eventOf(record);
    if (event === undefined) return false;
    const { layout } = event;
    const isSample = record.type === RECORD.sample;
    const place = isSample ? layout.time : layout.trailer.time;
    if (isSample ? place < 0 : place === 0) return false;
    const at = isSample ? place : record.size + place;
    if (at < RECORD_HEADER_SIZE || at + 8 > record.size) return false;
    const start = record.offset + at;
    const { view, littleEndian } = record;
    this.timeHigh = view.getUint32(littleEndian ? start + 4 : start, littleEndian);
    this.timeLow = view.getUint32(littleEndian ? start : start + 4, littleEndian);
    const isZero = this.timeHigh === 0 && this.timeLow === 0;
    return !isZero && !(this.timeHigh === 0xffff_ffff && this.timeLow === 0xffff_ffff);
  }
}

export function indexEvent(event: PerfEvent, eventId: number): IndexedEvent {
  return { ...event, eventId, layout: sampleLayout(event.attr) };
}
