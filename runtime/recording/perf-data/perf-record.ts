/** One record of a perf.data file as it lies in memory. */

export interface PerfRecord {
  readonly type: number;
  readonly misc: number;
  /** Bytes, header included. */
  readonly size: number;
  readonly bytes: Uint8Array;
  /** Over the same memory as `bytes`. */
  readonly view: DataView;
  /** Of the header, in `bytes`. */
  readonly offset: number;
  readonly littleEndian: boolean;
}

/** A 64-bit number as a double: exact below 2^53. */
export function double64(view: DataView, at: number, littleEndian: boolean): number {
  const high = view.getUint32(littleEndian ? at + 4 : at, littleEndian);
  const low = view.getUint32(littleEndian ? at : at + 4, littleEndian);
  return high * 2 ** 32 + low;
}

/** The text from `start` (an offset from the record's header) up to its NUL, at the latest to `end`. */
export function textIn(record: PerfRecord, start: number, end: number): string {
  const limit = record.offset + Math.min(end, record.size);
  let stop = record.offset + start;
  while (stop < limit && record.bytes[stop] !== 0) stop++;
  return DECODER.decode(record.bytes.subarray(record.offset + start, Math.max(stop, record.offset + start)));
}

const DECODER = new TextDecoder();
