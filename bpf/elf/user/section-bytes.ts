/**
 * Sections as they are when unpacked: `SHF_COMPRESSED` (zlib, zstd) and the older `.zdebug_*`, which begins with `ZLIB`
 * and the size. What is not packed is read from the file where asked.
 */
import { type ByteSource, memorySource } from '../../byte-source.ts';
import { FormatError } from '../../format-error.ts';
import { ELFCOMPRESS, SHT } from '../constants.ts';
import type { ElfFile } from '../file.ts';
import type { ElfSection } from '../section.ts';
import type { BinaryCompression, BinaryPorts } from './ports.ts';

/** No method packs better: deflate comes to 1032, zstd's runs of one byte are rare in a program. */
const BEST_RATIO = 1100;
const OLD_HEADER = 12;

/** Undefined when there is none, or it has no bytes in the file. @throws FormatError when it cannot be unpacked */
export function sectionSource(elf: ElfFile, name: string, ports: BinaryPorts): ByteSource | undefined {
  const section = elf.section(name) ?? elf.section(name.replace(/^\.debug/, '.zdebug'));
  if (section === undefined || section.type === SHT.NOBITS || section.size === 0) return undefined;
  if (section.name.startsWith('.zdebug')) return oldSource(elf, section, ports);
  const packed = elf.compression(section);
  if (packed === undefined) return rangeOf(elf, section);
  const algorithm = algorithmOf(section, packed.type);
  return unpack({ algorithm, input: elf.data(section), size: packed.size, section }, ports);
}

/** Packed bytes, and what they were before. */
export interface Packed {
  readonly algorithm: BinaryCompression;
  readonly input: Uint8Array;
  readonly size: number;
  readonly section: ElfSection;
}

/** @throws FormatError */
export function unpack(packed: Packed, ports: BinaryPorts): ByteSource {
  const { algorithm, input, size, section } = packed;
  const fail = (problem: string): never => {
    throw new FormatError('ELF', section.offset, `section ${section.name}: ${problem}`);
  };
  if (ports.decompress === undefined) fail(`it is packed with ${algorithm}, which cannot be unpacked here`);
  if (size > input.length * BEST_RATIO + 4096) fail(`${input.length} bytes cannot hold ${size}`);
  try {
    return memorySource(ports.decompress?.(algorithm, input, size) ?? input);
  } catch (error) {
    return fail(`${algorithm}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function oldSource(elf: ElfFile, section: ElfSection, ports: BinaryPorts): ByteSource {
  const bytes = elf.data(section);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  // "ZLIB", then the size with the most significant byte first on every machine.
  if (bytes.length < OLD_HEADER || view.getUint32(0) !== 0x5a4c4942) return rangeOf(elf, section);
  const size = Number(view.getBigUint64(4));
  return unpack({ algorithm: 'zlib', input: bytes.subarray(OLD_HEADER), size, section }, ports);
}

function algorithmOf(section: ElfSection, type: number): BinaryCompression {
  if (type === ELFCOMPRESS.ZLIB) return 'zlib';
  if (type === ELFCOMPRESS.ZSTD) return 'zstd';
  throw new FormatError('ELF', section.offset, `section ${section.name} has compression ${type}`);
}

function rangeOf(elf: ElfFile, section: ElfSection): ByteSource {
  const { source } = elf;
  if (section.offset + section.size > source.size) {
    throw new FormatError('ELF', section.offset, `section ${section.name} is cut off`);
  }
  const { offset, size } = section;
  return {
    size,
    read: (start, length) => source.read(offset + start, Math.max(0, Math.min(length, size - start))),
  };
}
