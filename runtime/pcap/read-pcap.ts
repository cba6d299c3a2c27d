/**
 * Classic pcap (draft-ietf-opsawg-pcap), of either byte order, with times in micro- or nanoseconds:
 *
 *     file    | magic:4 | major:2 minor:2 | 8 unused | snap length:4 | FCS and link type:4 | records
 *     record  | seconds:4 | fraction:4 | captured length:4 | original length:4 | bytes
 */
import { ByteReader } from '../../bpf/byte-reader.ts';
import { type Capture, type CapturedPacket, LARGEST_PACKET } from './capture.ts';

const MICROSECONDS = 0xa1b2_c3d4;
const NANOSECONDS = 0xa1b2_3c4d;
const RECORD_HEADER = 16;
/** The upper bits of the link type's word tell of frame check sequences. */
const LINK_TYPE = 0xffff;

interface Form {
  readonly littleEndian: boolean;
  /** Nanoseconds in one unit of a fraction. */
  readonly unit: number;
}

function formOf(bytes: Uint8Array): Form | undefined {
  if (bytes.length < 4) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const littleEndian of [true, false]) {
    const magic = view.getUint32(0, littleEndian);
    if (magic === MICROSECONDS) return { littleEndian, unit: 1000 };
    if (magic === NANOSECONDS) return { littleEndian, unit: 1 };
  }
  return undefined;
}

export function isPcap(bytes: Uint8Array): boolean {
  return formOf(bytes) !== undefined;
}

/** A file for which {@link isPcap} holds. @throws FormatError */
export function readPcap(bytes: Uint8Array): Capture {
  const { littleEndian, unit } = formOf(bytes)!;
  const reader = new ByteReader(bytes, littleEndian, 'pcap');
  reader.skip(4, 'the magic number');
  const [major, minor] = [reader.u16('the version'), reader.u16('the version')];
  if (major !== 2) reader.fail(`version ${major}.${minor} is not known: only 2.x is`, 4);
  reader.skip(12, 'the file header');
  const linkType = reader.u32('the link type') & LINK_TYPE;
  const packets: CapturedPacket[] = [];
  const warnings: string[] = [];
  while (reader.remaining > 0) {
    const start = reader.position;
    const packet = readRecord(reader, unit, linkType);
    if (packet === undefined) {
      warnings.push(`the file breaks off at byte ${bytes.length}, within the packet at byte ${start}`);
      break;
    }
    packets.push(packet);
  }
  return { format: 'pcap', packets, linkType, warnings };
}

/** Undefined: the file ends before it does, as when a tracer is killed. */
function readRecord(reader: ByteReader, unit: number, linkType: number): CapturedPacket | undefined {
  if (reader.remaining < RECORD_HEADER) return undefined;
  const seconds = reader.u32('a time');
  const fractionAt = reader.position;
  const nanoseconds = reader.u32('a time') * unit;
  if (nanoseconds >= 1e9) reader.fail(`a time has ${nanoseconds / unit} parts of a second`, fractionAt);
  const length = reader.u32('a length');
  if (length > LARGEST_PACKET) reader.fail(`no packet has ${length} bytes`, reader.position - 4);
  const originalLength = reader.u32('a length');
  if (reader.remaining < length) return undefined;
  return { data: reader.take(length, 'a packet'), originalLength, seconds, nanoseconds, linkType };
}
