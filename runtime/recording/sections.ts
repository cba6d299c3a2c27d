/**
 * Section headers of trace.dat version 7 (trace-cmd.dat(5), "FORMAT OF THE SECTION HEADER"):
 *
 *     id:2  flags:2  description:4  size:8
 */
import type { ByteSource } from '../../bpf/byte-source.ts';
import type { FileHeader } from './file-header.ts';
import { SECTION_IDS } from './options.ts';
import { RecordingError } from './recording-error.ts';
import { SectionReader, textBeforeNul } from './section-reader.ts';

export interface Section {
  readonly id: number;
  /** Where its header is. */
  readonly offset: number;
  /** Where its content is. */
  readonly start: number;
  /** Bytes of the content in the file. */
  readonly size: number;
  readonly compressed: boolean;
  /** Offset of its description in the strings sections. */
  readonly description: number;
}

const HEADER_SIZE = 16;
const FLAG_COMPRESSED = 1;
/** Ids are small; a larger one means that the walk lost its way. */
const MAX_ID = 255;
/** A file has a dozen sections, and two for each further instance. */
const MAX_SECTIONS = 4096;
/** A few options sections and one strings section are usual; more are not worth their decompression. */
export const MAX_SECTIONS_OF_A_KIND = 64;

/** @throws RecordingError */
export function readSectionHeader(source: ByteSource, offset: number, littleEndian: boolean): Section {
  const reader = new SectionReader(source, 'section header', littleEndian, { start: offset });
  const id = reader.u16('section id');
  const flags = reader.u16('section flags');
  const description = reader.u32('section description');
  const size = reader.size('section size');
  return {
    id,
    offset,
    start: offset + HEADER_SIZE,
    size,
    compressed: (flags & FLAG_COMPRESSED) !== 0,
    description,
  };
}

/** Where a section ends, be it in the file or beyond its end. */
export function sectionEnd(source: ByteSource, offset: number, littleEndian: boolean): number {
  if (offset + HEADER_SIZE > source.size) return offset + HEADER_SIZE;
  const { start, size } = readSectionHeader(source, offset, littleEndian);
  return start + size;
}

/** The sections one after the other from the front, up to the first that makes no sense. */
export function* walkSections(source: ByteSource, header: FileHeader): Generator<Section> {
  let offset = header.end;
  for (let count = 0; count < MAX_SECTIONS && offset + HEADER_SIZE <= source.size; count++) {
    let section: Section;
    try {
      section = readSectionHeader(source, offset, header.littleEndian);
    } catch (error) {
      if (error instanceof RecordingError) return;
      throw error;
    }
    if (section.id > MAX_ID) return;
    yield section;
    offset = section.start + section.size;
  }
}

/** A section with what the file itself says it is. */
export interface DescribedSection extends Section {
  /** Empty when the file has no such string. */
  readonly name: string;
}

/** The sections of a version 7 file with their descriptions. `strings` gives a strings section's content. */
export function describeSections(
  source: ByteSource,
  header: FileHeader,
  strings: (section: Section) => Uint8Array,
): DescribedSection[] {
  const sections = [...walkSections(source, header)];
  // A description is an offset into all strings sections laid one after the other.
  const parts = sections
    .filter((section) => section.id === SECTION_IDS.strings)
    .slice(0, MAX_SECTIONS_OF_A_KIND)
    .map(strings);
  const nameAt = (offset: number): string => {
    let start = offset;
    for (const part of parts) {
      if (start < part.length) return textBeforeNul(part.subarray(start));
      start -= part.length;
    }
    return '';
  };
  return sections.map((section) => ({ ...section, name: nameAt(section.description) }));
}
