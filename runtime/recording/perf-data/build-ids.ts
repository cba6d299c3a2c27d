/**
 * The BUILD_ID section: records that tell which build of each file ran (`struct perf_record_header_build_id`).
 *
 *     type:4 misc:2 size:2  pid:4  id:20  idSize:1 .:3  path
 */
import { RecordingError } from '../recording-error.ts';
import { type SectionReader, textBeforeNul } from '../section-reader.ts';
import { MISC, RECORD_HEADER_SIZE } from './record-types.ts';

export interface BuildId {
  readonly path: string;
  /** Hexadecimal. */
  readonly id: string;
}

const PATH_AT = 36;
const FULL_SIZE = 20;

/** Reads the section up to its end. @throws RecordingError */
export function readBuildIds(reader: SectionReader): BuildId[] {
  const found: BuildId[] = [];
  while (reader.remaining >= RECORD_HEADER_SIZE) {
    reader.u32('build id record');
    const misc = reader.u16('build id flags');
    const size = reader.u16('build id size');
    if (size < PATH_AT)
      throw new RecordingError(reader.section, reader.position, `a build id record of ${size} bytes`);
    found.push(parseBuildId(reader.bytes(size - RECORD_HEADER_SIZE, 'build id'), misc));
  }
  return found;
}

/** `body` is what follows the record's header: at least 28 bytes. */
export function parseBuildId(body: Uint8Array, misc: number): BuildId {
  const size = (misc & MISC.buildIdSize) !== 0 ? Math.min(body[24]!, FULL_SIZE) : FULL_SIZE;
  return { id: hexOf(body.subarray(4, 4 + size)), path: textBeforeNul(body.subarray(28)) };
}

export function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
