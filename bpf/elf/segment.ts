/** Program headers, with extended numbering (`PN_XNUM`: the count is section 0's `info`). */
import type { ByteReader } from '../byte-reader.ts';
import type { ByteSource } from '../byte-source.ts';
import { FormatError } from '../format-error.ts';
import { PN_XNUM, PT } from './constants.ts';
import { type ElfHeader, readAddress, readSize } from './header.ts';
import { readRange } from './range.ts';
import type { ElfSection } from './section.ts';

export interface ElfSegment {
  readonly index: number;
  /** One of `PT`. */
  readonly type: number;
  /** Or-ed `PF`. */
  readonly flags: number;
  readonly offset: number;
  readonly address: bigint;
  /** Bytes in the file. */
  readonly fileSize: number;
  /** Bytes in memory. */
  readonly memorySize: number;
  readonly alignment: number;
}

/** @throws FormatError */
export function readSegments(
  source: ByteSource,
  header: ElfHeader,
  sections: readonly ElfSection[],
): readonly ElfSegment[] {
  const { offset, entrySize } = header.segmentTable;
  const count =
    header.segmentTable.count === PN_XNUM
      ? (sections[0]?.info ?? header.segmentTable.count)
      : header.segmentTable.count;
  if (offset === 0 || count === 0) return [];
  const least = header.is64 ? 56 : 32;
  if (entrySize < least) {
    throw new FormatError('ELF', offset, `a program header takes ${entrySize} bytes, not ${least}`);
  }
  const table = readRange(source, offset, count * entrySize, header.littleEndian, `${count} program headers`);
  return Array.from({ length: count }, (_, index) => {
    table.seek(index * entrySize, `program header ${index}`);
    return header.is64 ? readSegment64(table, index) : readSegment32(table, index);
  });
}

/** Where an address of memory is in the file; undefined when no loaded segment has bytes of it. */
export function fileOffsetOf(segments: readonly ElfSegment[], address: bigint): number | undefined {
  for (const segment of segments) {
    if (segment.type !== PT.LOAD || address < segment.address) continue;
    const distance = address - segment.address;
    if (distance < BigInt(segment.fileSize)) return segment.offset + Number(distance);
  }
  return undefined;
}

/** The address that a byte of the file is loaded at; undefined when none. */
export function addressOf(segments: readonly ElfSegment[], offset: number): bigint | undefined {
  for (const segment of segments) {
    if (segment.type !== PT.LOAD || offset < segment.offset) continue;
    const distance = offset - segment.offset;
    if (distance < segment.fileSize) return segment.address + BigInt(distance);
  }
  return undefined;
}

function readSegment64(reader: ByteReader, index: number): ElfSegment {
  const type = reader.u32('p_type');
  const flags = reader.u32('p_flags');
  const offset = reader.size64('p_offset');
  const address = readAddress(reader, true, 'p_vaddr');
  reader.skip(8, 'p_paddr');
  const fileSize = reader.size64('p_filesz');
  const memorySize = reader.size64('p_memsz');
  const alignment = reader.size64('p_align');
  return { index, type, flags, offset, address, fileSize, memorySize, alignment };
}

function readSegment32(reader: ByteReader, index: number): ElfSegment {
  const type = reader.u32('p_type');
  const offset = readSize(reader, false, 'p_offset');
  const address = readAddress(reader, false, 'p_vaddr');
  reader.skip(4, 'p_paddr');
  const fileSize = reader.u32('p_filesz');
  const memorySize = reader.u32('p_memsz');
  const flags = reader.u32('p_flags');
  const alignment = reader.u32('p_align');
  return { index, type, flags, offset, address, fileSize, memorySize, alignment };
}
