/**
 * The first bytes of a trace.dat file (trace-cmd.dat(5), "INITIAL FORMAT"):
 *
 *     17 08 44  "tracing"  version\0  endian:1  long:1  page:4   and in version 7:  name\0 version\0  options:8
 */
import type { ByteSource } from '../../bpf/byte-source.ts';
import type { CompressionName } from './decompressor.ts';
import { RecordingError } from './recording-error.ts';
import { SectionReader } from './section-reader.ts';

export interface FileHeader {
  readonly version: 6 | 7;
  readonly littleEndian: boolean;
  /** sizeof(long) of the recorded machine's user space. */
  readonly longSize: 4 | 8;
  /** Bytes of a memory page of the recorded machine. */
  readonly pageSize: number;
  readonly compression: CompressionName | 'none';
  /** Version of the compression library that wrote the file; empty without compression. */
  readonly compressionVersion: string;
  /** Where the first options section is; 0 in version 6, which has none. */
  readonly optionsOffset: number;
  /** Where the header ends. */
  readonly end: number;
}

const SECTION = 'file header';
const MAGIC: readonly number[] = [0x17, 0x08, 0x44, 0x74, 0x72, 0x61, 0x63, 0x69, 0x6e, 0x67];
const MAX_PAGE_SIZE = 1 << 24;

/** Does a file that begins with these bytes claim to be a trace.dat? */
export function isTraceDat(start: Uint8Array): boolean {
  return MAGIC.every((byte, index) => start[index] === byte);
}

/** @throws RecordingError */
export function readFileHeader(source: ByteSource): FileHeader {
  if (!isTraceDat(source.read(0, MAGIC.length))) throw new RecordingError(SECTION, 0, 'not a trace.dat file');
  const start = new SectionReader(source, SECTION, true, { start: MAGIC.length });
  const version = start.string('version', 8);
  if (version !== '6' && version !== '7') start.fail(`version ${version} is not supported (6 and 7 are)`);
  const endian = start.u8('byte order');
  if (endian > 1) start.fail(`byte order ${endian} is neither 0 (little) nor 1 (big)`);
  const longSize = start.u8('size of long');
  if (longSize !== 4 && longSize !== 8) start.fail(`size of long ${longSize} is neither 4 nor 8`);
  const reader = new SectionReader(source, SECTION, endian === 0, { start: start.position });
  const pageSize = readPageSize(reader);
  const common: Pick<FileHeader, 'littleEndian' | 'longSize' | 'pageSize'> = {
    littleEndian: endian === 0,
    longSize: longSize === 4 ? 4 : 8,
    pageSize,
  };
  if (version === '6') {
    const none = { compression: 'none', compressionVersion: '', optionsOffset: 0 } as const;
    return { version: 6, ...common, ...none, end: reader.position };
  }
  const compression = readCompression(reader);
  const compressionVersion = reader.string('compression version', 64);
  const optionsOffset = reader.size('offset of the options');
  return { version: 7, ...common, compression, compressionVersion, optionsOffset, end: reader.position };
}

/** A page or ring-buffer sub-buffer size that can be real. */
export function readPageSize(reader: SectionReader): number {
  const size = reader.u32('page size');
  if (size < 512 || size > MAX_PAGE_SIZE || (size & (size - 1)) !== 0) reader.fail(`page size ${size}`);
  return size;
}

function readCompression(reader: SectionReader): CompressionName | 'none' {
  const name = reader.string('compression name', 64);
  if (name === 'none' || name === 'zlib' || name === 'zstd') return name;
  return reader.fail(`compression ${name} is not supported (none, zlib and zstd are)`);
}
