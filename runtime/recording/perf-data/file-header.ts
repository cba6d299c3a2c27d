/**
 * The beginning of a perf.data file (`struct perf_file_header` of tools/perf/util/header.h):
 *
 *     "PERFILE2"  size:8  attrSize:8  attrs:16  data:16  eventTypes:16  features:32
 *
 * A section is `offset:8 size:8`. In pipe mode only `magic size` stand there, with size 16, and all else comes as records.
 */
import type { ByteSource } from '../../../bpf/byte-source.ts';
import { RecordingError, type WarningList } from '../recording-error.ts';
import { SectionReader, textOf } from '../section-reader.ts';
import { FEATURE } from './feature-ids.ts';

export interface FileRange {
  readonly offset: number;
  readonly size: number;
}

export interface PerfFileHeader {
  readonly littleEndian: boolean;
  /** Written to a pipe: no sections, everything in records. */
  readonly pipe: boolean;
  /** Bytes of one entry of the attribute section: a `perf_event_attr` and where its ids are. */
  readonly attrSize: number;
  readonly attrs: FileRange;
  readonly data: FileRange;
  /** Numbers of the feature sections behind the data, ascending. */
  readonly features: readonly number[];
}

const SECTION = 'file header';
const MAGIC = 'PERFILE2';
const MAGIC_SWAPPED = '2ELIFREP';
const MAGIC_OLD = 'PERFFILE';
const PIPE_SIZE = 16;
const FILE_SIZE = 104;
const FEATURE_WORDS = 4;
/** `PERF_ATTR_SIZE_VER0`, the least a kernel ever had. */
export const MIN_ATTR_SIZE = 64;
const MAX_ATTR_SIZE = 4096;

/** Does a file that begins with these bytes claim to be a perf.data? */
export function isPerfData(start: Uint8Array): boolean {
  const magic = textOf(start.subarray(0, MAGIC.length));
  return magic === MAGIC || magic === MAGIC_SWAPPED || magic === MAGIC_OLD;
}

/** @throws RecordingError */
export function readPerfHeader(source: ByteSource, warnings: WarningList): PerfFileHeader {
  const magic = textOf(source.read(0, MAGIC.length));
  if (magic === MAGIC_OLD)
    throw new RecordingError(SECTION, 0, 'the first perf.data format (before Linux 3.0) is not supported');
  if (magic !== MAGIC && magic !== MAGIC_SWAPPED)
    throw new RecordingError(SECTION, 0, 'not a perf.data file');
  const littleEndian = magic === MAGIC;
  const reader = new SectionReader(source, SECTION, littleEndian, { start: MAGIC.length });
  const size = reader.size('header size');
  if (size === PIPE_SIZE) {
    const data = { offset: PIPE_SIZE, size: source.size - PIPE_SIZE };
    return { littleEndian, pipe: true, attrSize: 0, attrs: { offset: 0, size: 0 }, data, features: [] };
  }
  if (size < FILE_SIZE) reader.fail(`header size ${size} is neither ${PIPE_SIZE} nor ${FILE_SIZE}`);
  const attrSize = reader.size('attribute size');
  const attrs = readRange(reader);
  const data = readRange(reader);
  readRange(reader);
  const known = knownData(source, data, warnings);
  if (attrSize < MIN_ATTR_SIZE + 16 || attrSize > MAX_ATTR_SIZE) reader.fail(`attribute size ${attrSize}`);
  // A recorder that was killed had not yet come to the sections behind the data.
  const features = known.size === data.size ? readFeatureBits(reader) : [];
  return { littleEndian, pipe: false, attrSize, attrs, data: known, features };
}

export function readRange(reader: SectionReader): FileRange {
  return { offset: reader.size('section offset'), size: reader.size('section size') };
}

function knownData(source: ByteSource, data: FileRange, warnings: WarningList): FileRange {
  const rest = Math.max(0, source.size - data.offset);
  if (data.size > 0 && data.size <= rest) return data;
  const problem =
    data.size === 0
      ? 'the recorder did not end properly: no sections behind the data'
      : `${data.size} bytes of data, but the file has ${rest}`;
  warnings.add(SECTION, 40, `${problem}; the records up to the end of the file are read`);
  return { offset: data.offset, size: rest };
}

/**
 * The bitmap is an array of the writer's `long`s. In a little-endian file their size makes no difference; in a
 * big-endian one the bit for the host name, which all files have, tells whether they had 64 or 32 bits.
 */
function readFeatureBits(reader: SectionReader): number[] {
  const start = reader.position;
  const wide = bitsOf(reader, 64);
  if (reader.littleEndian || wide.includes(FEATURE.hostname)) return wide;
  reader.position = start;
  const narrow = bitsOf(reader, 32);
  return narrow.includes(FEATURE.hostname) ? narrow : wide;
}

function bitsOf(reader: SectionReader, wordBits: 32 | 64): number[] {
  const bits: number[] = [];
  for (let word = 0; word < (FEATURE_WORDS * 64) / wordBits; word++) {
    const value = wordBits === 64 ? reader.u64('features') : BigInt(reader.u32('features'));
    for (let bit = 0; bit < wordBits; bit++) {
      if ((value >> BigInt(bit)) & 1n) bits.push(word * wordBits + bit);
    }
  }
  return bits;
}
