/**
 * Counts what was lost, each loss once. A full ring buffer leaves LOST records, and the kernel's own hardware buffers
 * LOST_SAMPLES, each where it happened. At its end perf adds what every event counted for itself (LOST_SAMPLES without a
 * time, and `lost` of read values): mostly the same losses again, so only what is beyond those counted counts.
 */
import { type EventAttr, READ_FORMAT } from './event-attr.ts';
import { double64, type PerfRecord } from './perf-record.ts';
import { MISC, RECORD, RECORD_HEADER_SIZE } from './record-types.ts';

/** No machine loses more; a larger count is damage. */
const MAX_LOST = 2 ** 48;

export class LossCount {
  /** Losses told where they happened. */
  told = 0;
  /** Losses the events counted for themselves, each event's latest count. */
  readonly #own = new Map<number, number>();
  #summaries = 0;

  /** Those that only the events' own counts know of. */
  get untold(): number {
    let own = this.#summaries;
    if (own === 0) for (const count of this.#own.values()) own += count;
    return Math.max(0, own - this.told);
  }

  /** A LOST, LOST_SAMPLES or READ record; `timed` when it tells when it happened. */
  observe(record: PerfRecord, attr: EventAttr | undefined, timed: boolean): void {
    const { view, littleEndian } = record;
    const start = record.offset + RECORD_HEADER_SIZE;
    if (record.type === RECORD.lost && record.size >= 24) {
      this.told += believable(double64(view, start + 8, littleEndian));
    } else if (record.type === RECORD.lostSamples && record.size >= 16) {
      if ((record.misc & MISC.lostSamplesBpf) !== 0) return;
      const count = believable(double64(view, start, littleEndian));
      if (timed) this.told += count;
      else this.#summaries += count;
    } else if (record.type === RECORD.read && attr !== undefined) this.#observeRead(record, attr.readFormat);
  }

  /** `pid:4 tid:4 value:8 [enabled:8] [running:8] [id:8] [lost:8]` */
  #observeRead(record: PerfRecord, format: number): void {
    if ((format & READ_FORMAT.lost) === 0 || (format & READ_FORMAT.group) !== 0) return;
    let at = RECORD_HEADER_SIZE + 16;
    if (format & READ_FORMAT.timeEnabled) at += 8;
    if (format & READ_FORMAT.timeRunning) at += 8;
    const idAt = at;
    if (format & READ_FORMAT.id) at += 8;
    if (at + 8 > record.size) return;
    const { view, offset, littleEndian } = record;
    const id = (format & READ_FORMAT.id) !== 0 ? double64(view, offset + idAt, littleEndian) : 0;
    this.#own.set(id, believable(double64(view, offset + at, littleEndian)));
  }
}

function believable(count: number): number {
  return count <= MAX_LOST ? count : 0;
}
