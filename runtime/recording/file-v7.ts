/**
 * trace.dat version 7: sections with headers, found through a chain of options sections, each perhaps compressed.
 * A file that lost its end lost the last options, which say where the event data is: then the sections are walked
 * from the front instead.
 */
import { type ByteSource, memorySource } from '../../bpf/byte-source.ts';
import type { Decompressor } from './decompressor.ts';
import type { FileHeader } from './file-header.ts';
import {
  type BufferPart,
  chosenClock,
  type FileParts,
  type FormatText,
  orderBuffers,
  type RingBufferHeaders,
  readEventFormats,
  readFtraceFormats,
  readHeaderInfo,
  readText32,
  readText64,
} from './file-parts.ts';
import type { MemoryBudget } from './memory-budget.ts';
import {
  type BufferOption,
  emptyOptions,
  type RecordingOptions,
  readOption,
  SECTION_IDS,
} from './options.ts';
import { RecordingError, type WarningList } from './recording-error.ts';
import { recoverCpuData } from './recovery.ts';
import { SectionReader, textOf } from './section-reader.ts';
import {
  type DescribedSection,
  describeSections,
  MAX_SECTIONS_OF_A_KIND,
  readSectionHeader,
  sectionEnd,
  walkSections,
} from './sections.ts';

const MAX_OPTION_SECTIONS = 4096;

export interface FileV7Context {
  readonly source: ByteSource;
  readonly header: FileHeader;
  readonly decompressor: Decompressor;
  readonly budget: MemoryBudget;
  readonly warnings: WarningList;
}

/** @throws RecordingError when no event data can be found */
export function readFileV7(context: FileV7Context): FileParts {
  const { warnings } = context;
  const options = emptyOptions();
  const visited = new Set<number>();
  const chain = { offset: context.header.optionsOffset };
  const complete = warnings.attempt(() => readOptionChain(context, options, visited, chain), false);
  if (!complete) recoverOptions(context, options, visited);
  const buffers = options.buffers.flatMap((option) => {
    const part = warnings.attempt(() => readBufferPart(context, option), undefined);
    return part === undefined ? [] : [part];
  });
  if (!complete) {
    for (const part of recoverBuffers(context, options)) buffers.push(part);
  }
  if (buffers.length === 0) throw noEventData(context, chain.offset);
  const read = <T>(id: number, name: string, fallback: T, parse: (reader: SectionReader) => T): T =>
    warnings.attempt(() => {
      const offset = options.sections.get(id);
      if (offset === undefined)
        throw new RecordingError(name, context.header.optionsOffset, 'the file has none');
      return parse(openSection(context, offset, id, name));
    }, fallback);
  const noHeaders: RingBufferHeaders = { headerPage: '', headerEvent: '' };
  const headers = read(SECTION_IDS.headerInfo, 'ring buffer headers', noHeaders, readHeaderInfo);
  const formats: FormatText[] = read(SECTION_IDS.ftraceEvents, 'ftrace formats', [], readFtraceFormats);
  read(SECTION_IDS.eventFormats, 'event formats', undefined, (reader) => readEventFormats(reader, formats));
  const cmdlines = read(SECTION_IDS.cmdlines, 'command lines', '', (reader) => textOf(readText64(reader)));
  return {
    ...headers,
    formats,
    cmdlines,
    options,
    buffers: orderBuffers(buffers),
    sections: () => sectionsOf(context),
    kallsyms: () => readLater(context, options, SECTION_IDS.kallsyms, 'kallsyms'),
    printk: () => readLater(context, options, SECTION_IDS.printk, 'printk formats'),
  };
}

/** `offset`: of the options that the chain came to last. */
function noEventData({ source, header }: FileV7Context, offset: number): RecordingError {
  if (source.size >= sectionEnd(source, offset, header.littleEndian)) {
    return new RecordingError('options', offset, 'no event data is described');
  }
  const place = source.size > offset ? 'within' : 'before';
  const problem = `the file was cut: it ends at byte ${source.size}, ${place} the options that say where its event data is`;
  return new RecordingError('options', offset, problem);
}

function sectionsOf(context: FileV7Context): DescribedSection[] {
  return describeSections(context.source, context.header, (section) =>
    context.warnings.attempt(() => {
      const reader = openSection(context, section.offset, SECTION_IDS.strings, 'strings');
      return reader.bytes(reader.remaining);
    }, new Uint8Array(0)),
  );
}

function readLater(context: FileV7Context, options: RecordingOptions, id: number, name: string): Uint8Array {
  const offset = options.sections.get(id);
  return offset === undefined ? new Uint8Array(0) : readText32(openSection(context, offset, id, name));
}

/** A reader of the section's content, decompressed where it is compressed. @throws RecordingError */
function openSection(context: FileV7Context, offset: number, id: number, name: string): SectionReader {
  const { source, header } = context;
  const found = readSectionHeader(source, offset, header.littleEndian);
  if (found.id !== id) throw new RecordingError(name, offset, `section ${found.id} is here instead of ${id}`);
  const end = found.start + found.size;
  const reader = new SectionReader(source, name, header.littleEndian, { start: found.start, end });
  if (!found.compressed) return reader;
  const compressedSize = reader.u32('compressed size');
  const size = reader.u32('decompressed size');
  const input = reader.bytes(compressedSize, 'compressed data');
  return new SectionReader(
    memorySource(decompress(context, input, size, name, offset)),
    name,
    header.littleEndian,
  );
}

function decompress(
  context: FileV7Context,
  input: Uint8Array,
  size: number,
  name: string,
  offset: number,
): Uint8Array {
  const { header, budget, decompressor } = context;
  if (header.compression === 'none')
    throw new RecordingError(name, offset, 'compressed in a file without compression');
  budget.take(size, name, offset);
  try {
    return decompressor.decompress(header.compression, input, size);
  } catch (cause) {
    budget.release(size);
    throw new RecordingError(name, offset, 'the compressed data is damaged', { cause });
  }
}

/** Follows the options from section to section: `chain` is where it is. True when the chain came to its end. */
function readOptionChain(
  context: FileV7Context,
  options: RecordingOptions,
  visited: Set<number>,
  chain: { offset: number },
): boolean {
  let { offset } = chain;
  while (offset !== 0) {
    chain.offset = offset;
    if (visited.has(offset) || visited.size >= MAX_OPTION_SECTIONS) {
      throw new RecordingError('options', offset, 'the options sections run in a circle');
    }
    offset = readOptionsSection(context, offset, options, visited);
  }
  return true;
}

/** Reads one section's options and gives the offset of the next section, or 0. */
function readOptionsSection(
  context: FileV7Context,
  offset: number,
  options: RecordingOptions,
  visited: Set<number>,
): number {
  const reader = openSection(context, offset, SECTION_IDS.options, 'options');
  visited.add(offset);
  for (;;) {
    const id = reader.u16('option');
    const size = reader.u32('option size');
    const data = new SectionReader(
      memorySource(reader.bytes(size, `option ${id}`)),
      `option ${id}`,
      reader.littleEndian,
    );
    if (id === 0) return data.size('offset of the next options');
    context.warnings.attempt(() => readOption(options, id, data, 7), undefined);
  }
}

function readBufferPart(context: FileV7Context, option: BufferOption): BufferPart | undefined {
  const { source, header, warnings } = context;
  const name = `buffer '${option.name}'`;
  if (option.latency) {
    warnings.add(name, option.offset, 'latency text is not event records');
    return undefined;
  }
  const found = readSectionHeader(source, option.offset, header.littleEndian);
  if (found.id !== SECTION_IDS.buffer)
    throw new RecordingError(name, option.offset, `section ${found.id} is here`);
  return {
    name: option.name,
    clock: option.clock ?? '',
    pageSize: option.pageSize ?? header.pageSize,
    compressed: found.compressed,
    cpus: [...(option.cpus ?? [])].sort((a, b) => a.cpu - b.cpu),
  };
}

/** After a broken chain: options and sections that a walk over the whole file still finds. */
function recoverOptions(context: FileV7Context, options: RecordingOptions, visited: Set<number>): void {
  const { source, header, warnings } = context;
  let tries = 0;
  for (const section of walkSections(source, header)) {
    const isOptions = section.id === SECTION_IDS.options && !visited.has(section.offset);
    if (isOptions && tries++ < MAX_SECTIONS_OF_A_KIND) {
      warnings.attempt(() => readOptionsSection(context, section.offset, options, visited), 0);
    }
    const known = section.id >= SECTION_IDS.headerInfo && section.id <= SECTION_IDS.cmdlines;
    if (known && !options.sections.has(section.id)) options.sections.set(section.id, section.offset);
  }
}

/** Event data of buffers whose options are lost. */
function recoverBuffers(context: FileV7Context, options: RecordingOptions): BufferPart[] {
  const { source, header, warnings } = context;
  const described = new Set(options.buffers.map((buffer) => buffer.offset));
  const parts: BufferPart[] = [];
  for (const section of walkSections(source, header)) {
    if (section.id !== SECTION_IDS.buffer || described.has(section.offset)) continue;
    const cpus = recoverCpuData(source, header, section);
    if (cpus.length === 0) continue;
    warnings.add(
      'buffer',
      section.offset,
      `its options are lost; found data of ${cpus.length} CPUs by looking for it`,
    );
    const name = parts.length === 0 ? '' : `recovered ${parts.length}`;
    const clock = chosenClock(options.traceClock ?? '');
    parts.push({ name, clock, pageSize: header.pageSize, compressed: section.compressed, cpus });
  }
  return parts;
}
