/**
 * What both versions of trace.dat hold, before any of it is interpreted, and the readers of the sections that are the
 * same in both (trace-cmd.dat(5), "HEADER INFO SECTION" and after).
 */
import type { CpuData, RecordingOptions } from './options.ts';
import type { SectionReader } from './section-reader.ts';
import { textOf } from './section-reader.ts';
import type { DescribedSection } from './sections.ts';

/** The text of one event's `format` file and the folder it was in. */
export interface FormatText {
  readonly system: string;
  readonly text: Uint8Array;
}

/** One trace instance's records. */
export interface BufferPart {
  /** Empty for the top instance. */
  readonly name: string;
  /** Name of its trace clock; empty when the file does not say. */
  readonly clock: string;
  /** Bytes of one ring-buffer page (sub-buffer). */
  readonly pageSize: number;
  /** The pages come in compressed chunks. */
  readonly compressed: boolean;
  /** In the order of their CPU numbers. */
  readonly cpus: readonly CpuData[];
}

export interface FileParts {
  /** Texts of `events/header_page` and `events/header_event`; empty when lost. */
  readonly headerPage: string;
  readonly headerEvent: string;
  readonly formats: readonly FormatText[];
  /** Text of `saved_cmdlines`. */
  readonly cmdlines: string;
  readonly options: RecordingOptions;
  /** The top instance first, then the others as the file lists them. */
  readonly buffers: readonly BufferPart[];
  /** The sections of a version 7 file, read now; version 6 has no list of them. */
  sections(): readonly DescribedSection[];
  /** Reads the text of `/proc/kallsyms` now. @throws RecordingError */
  kallsyms(): Uint8Array;
  /** Reads the text of `printk_formats` now. @throws RecordingError */
  printk(): Uint8Array;
}

export interface RingBufferHeaders {
  readonly headerPage: string;
  readonly headerEvent: string;
}

export function readHeaderInfo(reader: SectionReader): RingBufferHeaders {
  reader.expect('header_page');
  const headerPage = textOf(reader.bytes(reader.size('header_page'), 'header_page'));
  reader.expect('header_event');
  const headerEvent = textOf(reader.bytes(reader.size('header_event'), 'header_event'));
  return { headerPage, headerEvent };
}

export function readFtraceFormats(reader: SectionReader): FormatText[] {
  return readFormats(reader, 'ftrace');
}

/** Appends to `formats` what can be read before an error. */
export function readEventFormats(reader: SectionReader, formats: FormatText[]): void {
  const systems = reader.u32('count of event systems');
  for (let index = 0; index < systems; index++) {
    const system = reader.string('event system', 256);
    for (const format of readFormats(reader, system)) formats.push(format);
  }
}

function readFormats(reader: SectionReader, system: string): FormatText[] {
  const count = reader.u32('count of formats');
  if (count * 8 > reader.remaining) reader.fail(`${count} formats in ${reader.remaining} bytes`);
  const formats: FormatText[] = [];
  for (let index = 0; index < count; index++) {
    formats.push({ system, text: reader.bytes(reader.size('event format'), 'event format') });
  }
  return formats;
}

/** A text after its 32-bit size: kallsyms and printk formats. */
export function readText32(reader: SectionReader): Uint8Array {
  return reader.bytes(reader.u32('size of the text'), 'text');
}

/** A text after its 64-bit size: saved command lines, and version 6's trace clock. */
export function readText64(reader: SectionReader): Uint8Array {
  return reader.bytes(reader.size('size of the text'), 'text');
}

/** The top instance first; the order decides ties between events of the same time. */
export function orderBuffers(buffers: readonly BufferPart[]): BufferPart[] {
  return [
    ...buffers.filter((buffer) => buffer.name === ''),
    ...buffers.filter((buffer) => buffer.name !== ''),
  ];
}

/** The clock in brackets in the text of `trace_clock`. */
export function chosenClock(text: string): string {
  return /\[([^\]]*)\]/.exec(text)?.[1] ?? text.trim();
}
