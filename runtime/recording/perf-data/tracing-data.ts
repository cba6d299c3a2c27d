/**
 * TRACING_DATA: the event formats of the recorded tracepoints, as trace.dat version 0.6 holds them
 * (tools/perf/util/trace-event-info.c). Its saved command lines and symbols are those of the recording's end.
 *
 *     17 08 44 "tracing" "0.6\0"  endian:1  long:1  page:4  headers  ftrace formats  event formats  kallsyms  printk  cmdlines
 */
import type { ByteSource } from '../../../bpf/byte-source.ts';
import { isTraceDat } from '../file-header.ts';
import {
  type FormatText,
  readEventFormats,
  readFtraceFormats,
  readHeaderInfo,
  readText32,
  readText64,
} from '../file-parts.ts';
import type { WarningList } from '../recording-error.ts';
import { SectionReader } from '../section-reader.ts';
import type { FileRange } from './file-header.ts';

export interface TracingData {
  readonly longSize: 4 | 8;
  readonly pageSize: number;
  readonly formats: readonly FormatText[];
  readonly kallsyms: Uint8Array;
  readonly printk: Uint8Array;
  readonly cmdlines: Uint8Array;
}

const SECTION = 'tracing data';
const MAGIC_SIZE = 10;
const NOTHING = new Uint8Array(0);
/** As perf_event.h has it where the blob is lost: every kernel that records this is 64-bit. */
export const NO_TRACING_DATA: TracingData = {
  longSize: 8,
  pageSize: 4096,
  formats: [],
  kallsyms: NOTHING,
  printk: NOTHING,
  cmdlines: NOTHING,
};

/** What can be read; what cannot is warned of. */
export function readTracingData(source: ByteSource, range: FileRange, warnings: WarningList): TracingData {
  const draft = { ...NO_TRACING_DATA, formats: [] as FormatText[] };
  return warnings.attempt(() => {
    const end = range.offset + range.size;
    const start = new SectionReader(source, SECTION, true, { start: range.offset, end });
    if (!isTraceDat(start.bytes(MAGIC_SIZE, 'tracing data'))) start.fail('it does not begin as tracing data');
    start.string('version', 8);
    const isLittle = start.u8('byte order') === 0;
    const longSize = start.u8('size of long') === 4 ? 4 : 8;
    const reader = new SectionReader(source, SECTION, isLittle, { start: start.position, end });
    Object.assign(draft, { longSize, pageSize: reader.u32('page size') });
    readHeaderInfo(reader);
    for (const format of readFtraceFormats(reader)) draft.formats.push(format);
    readEventFormats(reader, draft.formats);
    // Files of older perf versions end here.
    if (reader.remaining > 0) draft.kallsyms = readText32(reader);
    if (reader.remaining > 0) draft.printk = readText32(reader);
    if (reader.remaining > 0) draft.cmdlines = readText64(reader);
    return draft;
  }, draft);
}
