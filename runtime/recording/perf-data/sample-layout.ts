/**
 * Where the fixed fields of an event's records are, worked out once from its attribute. Offsets count from the record's
 * header; -1 is a field that was not recorded. The kernel writes a sample's fields in one order (`perf_output_sample`),
 * and at the end of other records some of the same in another (`perf_event__output_id_sample`):
 *
 *     sample:  IDENTIFIER IP TID TIME ADDR ID STREAM_ID CPU PERIOD | READ CALLCHAIN RAW ...
 *     others:  ... | TID TIME ID STREAM_ID CPU IDENTIFIER
 */
import { type EventAttr, READ_FORMAT, SAMPLE } from './event-attr.ts';
import { RECORD_HEADER_SIZE } from './record-types.ts';

export interface SampleLayout {
  readonly ip: number;
  readonly tid: number;
  readonly time: number;
  readonly address: number;
  readonly id: number;
  readonly streamId: number;
  readonly cpu: number;
  readonly period: number;
  /** Where the fields of varying size begin, READ first. */
  readonly variable: number;
  readonly trailer: TrailerLayout;
}

/** Offsets from the record's end, so negative; 0 is a field that was not recorded. */
export interface TrailerLayout {
  readonly tid: number;
  readonly time: number;
  readonly id: number;
  readonly cpu: number;
  /** Bytes of all of it. */
  readonly size: number;
}

export function sampleLayout({ sampleType, sampleIdAll }: EventAttr): SampleLayout {
  let end = RECORD_HEADER_SIZE;
  const place = (bit: number): number => {
    if ((sampleType & bit) === 0) return -1;
    end += 8;
    return end - 8;
  };
  const identifier = place(SAMPLE.identifier);
  const ip = place(SAMPLE.ip);
  const tid = place(SAMPLE.tid);
  const time = place(SAMPLE.time);
  const address = place(SAMPLE.address);
  const id = place(SAMPLE.id);
  const streamId = place(SAMPLE.streamId);
  const cpu = place(SAMPLE.cpu);
  const period = place(SAMPLE.period);
  return {
    ip,
    tid,
    time,
    address,
    id: identifier >= 0 ? identifier : id,
    streamId,
    cpu,
    period,
    variable: end,
    trailer: sampleIdAll ? trailerLayout(sampleType) : NO_TRAILER,
  };
}

const NO_TRAILER: TrailerLayout = { tid: 0, time: 0, id: 0, cpu: 0, size: 0 };

function trailerLayout(sampleType: number): TrailerLayout {
  let size = 0;
  const place = (bit: number): number => {
    if ((sampleType & bit) === 0) return 0;
    size += 8;
    return -size;
  };
  const identifier = place(SAMPLE.identifier);
  const cpu = place(SAMPLE.cpu);
  place(SAMPLE.streamId);
  const id = place(SAMPLE.id);
  const time = place(SAMPLE.time);
  const tid = place(SAMPLE.tid);
  return { tid, time, id: identifier !== 0 ? identifier : id, cpu, size };
}

/** Bytes of a counter's value within READ, and of what stands once before the values. */
export function readSizes(readFormat: number): { readonly head: number; readonly value: number } {
  const times =
    ((readFormat & READ_FORMAT.timeEnabled) !== 0 ? 8 : 0) +
    ((readFormat & READ_FORMAT.timeRunning) !== 0 ? 8 : 0);
  const value =
    8 + ((readFormat & READ_FORMAT.id) !== 0 ? 8 : 0) + ((readFormat & READ_FORMAT.lost) !== 0 ? 8 : 0);
  return (readFormat & READ_FORMAT.group) !== 0 ? { head: 8 + times, value } : { head: times, value };
}
