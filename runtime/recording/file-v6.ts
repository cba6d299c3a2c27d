/** trace.dat version 6: sections without headers, one after the other; a reader must take them in order. */
import type { ByteSource } from '../../bpf/byte-source.ts';
import type { FileHeader } from './file-header.ts';
import {
  type BufferPart,
  chosenClock,
  type FileParts,
  type FormatText,
  orderBuffers,
  readEventFormats,
  readFtraceFormats,
  readHeaderInfo,
  readText64,
} from './file-parts.ts';
import { type CpuData, emptyOptions, type RecordingOptions, readOption } from './options.ts';
import type { WarningList } from './recording-error.ts';
import { SectionReader, textOf } from './section-reader.ts';

/** @throws RecordingError when the file ends or lies before its event data is described */
export function readFileV6(source: ByteSource, header: FileHeader, warnings: WarningList): FileParts {
  let position = header.end;
  const section = <T>(name: string, read: (reader: SectionReader) => T): T => {
    const reader = new SectionReader(source, name, header.littleEndian, { start: position });
    const result = read(reader);
    position = reader.position;
    return result;
  };
  const headers = section('ring buffer headers', readHeaderInfo);
  const formats: FormatText[] = section('ftrace formats', readFtraceFormats);
  section('event formats', (reader) => readEventFormats(reader, formats));
  const kallsyms = section('kallsyms', skipText32);
  const printk = section('printk formats', skipText32);
  const cmdlines = textOf(section('command lines', readText64));
  const options = emptyOptions();
  const cpuCount = section('CPU count', (reader) => reader.u32('CPU count'));
  let word = section('data type', readDataType);
  if (word === 'options') {
    section('options', (reader) => readOptions(source, reader, options, warnings));
    word = section('data type', readDataType);
  }
  const buffers: BufferPart[] = [];
  const shape = { pageSize: header.pageSize, compressed: false };
  const cpus = options.cpuCount ?? cpuCount;
  if (word === 'flyrecord') {
    const table = section('CPU table', (reader) => readCpuTable(reader, cpus));
    const clock = section('trace clock', (reader) => readClock(reader, options, warnings));
    buffers.push({ name: '', clock, ...shape, cpus: table });
  } else {
    warnings.add('data type', position, `${word} text is not event records`);
  }
  for (const option of options.buffers) {
    const table = warnings.attempt(() => readInstance(source, header, option.offset, cpus), undefined);
    if (table) buffers.push({ name: option.name, clock: buffers[0]?.clock ?? '', ...shape, cpus: table });
  }
  const read = (range: TextRange, name: string): Uint8Array =>
    new SectionReader(source, name, header.littleEndian, range).bytes(range.end - range.start);
  return {
    ...headers,
    formats,
    cmdlines,
    options,
    buffers: orderBuffers(buffers),
    sections: () => [],
    kallsyms: () => read(kallsyms, 'kallsyms'),
    printk: () => read(printk, 'printk formats'),
  };
}

interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** These texts are large and seldom needed: they are read when asked for. */
function skipText32(reader: SectionReader): TextRange {
  const size = reader.u32('size of the text');
  const start = reader.position;
  reader.skip(size, 'text');
  return { start, end: reader.position };
}

/** Ten characters, padded with spaces, the last of them NUL. */
function readDataType(reader: SectionReader): 'options' | 'latency' | 'flyrecord' {
  const word = textOf(reader.bytes(10, 'data type')).replace(/[ \0]+$/, '');
  if (word === 'options' || word === 'latency' || word === 'flyrecord') return word;
  return reader.fail(`unknown data type '${word}'`);
}

function readOptions(
  source: ByteSource,
  reader: SectionReader,
  options: RecordingOptions,
  warnings: WarningList,
): void {
  for (;;) {
    const id = reader.u16('option');
    if (id === 0) return;
    const size = reader.u32('option size');
    const start = reader.position;
    reader.skip(size, `option ${id}`);
    const data = new SectionReader(source, `option ${id}`, reader.littleEndian, {
      start,
      end: reader.position,
    });
    warnings.attempt(() => readOption(options, id, data, 6), undefined);
  }
}

function readCpuTable(reader: SectionReader, count: number): CpuData[] {
  if (count * 16 > reader.remaining) reader.fail(`${count} CPUs in ${reader.remaining} bytes`);
  const cpus: CpuData[] = [];
  for (let cpu = 0; cpu < count; cpu++) {
    cpus.push({ cpu, offset: reader.size('CPU data offset'), size: reader.size('CPU data size') });
  }
  return cpus;
}

/** A further instance: the word `flyrecord` and a CPU table of its own. */
function readInstance(source: ByteSource, header: FileHeader, start: number, cpus: number): CpuData[] {
  const reader = new SectionReader(source, 'instance', header.littleEndian, { start });
  if (readDataType(reader) !== 'flyrecord') reader.fail('no event records');
  return readCpuTable(reader, cpus);
}

/** Old writers left the TRACECLOCK option empty and put the text after the CPU table. */
function readClock(reader: SectionReader, options: RecordingOptions, warnings: WarningList): string {
  if (options.traceClock === '') {
    options.traceClock = warnings.attempt(() => textOf(readText64(reader)), '');
  }
  return chosenClock(options.traceClock ?? '');
}
