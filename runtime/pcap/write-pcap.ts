/** Classic pcap files, little-endian, with times in nanoseconds. */
import { LARGEST_PACKET, LINKTYPE } from './capture.ts';

const MAGIC_NANOSECONDS = 0xa1b2_3c4d;
const VERSION = { major: 2, minor: 4 } as const;
const HEADER = 24;
const RECORD_HEADER = 16;
const NS_PER_SECOND = 1_000_000_000n;

/** Without a link type: raw IP packets. */
export function pcapHeader(linkType: number = LINKTYPE.RAW): Uint8Array {
  const view = new DataView(new ArrayBuffer(HEADER));
  view.setUint32(0, MAGIC_NANOSECONDS, true);
  view.setUint16(4, VERSION.major, true);
  view.setUint16(6, VERSION.minor, true);
  view.setUint32(16, LARGEST_PACKET, true);
  view.setUint32(20, linkType, true);
  return new Uint8Array(view.buffer);
}

/** `epochNs`: nanoseconds since 1970. */
export function pcapPacket(epochNs: bigint, packet: Uint8Array): Uint8Array {
  const seconds = Number(BigInt.asUintN(32, epochNs / NS_PER_SECOND));
  return pcapRecord(seconds, Number(epochNs % NS_PER_SECOND), packet, packet.length);
}

/** `originalLength`: of the packet before the capture cut it. */
export function pcapRecord(
  seconds: number,
  nanoseconds: number,
  packet: Uint8Array,
  originalLength: number,
): Uint8Array {
  const bytes = new Uint8Array(RECORD_HEADER + packet.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, seconds, true);
  view.setUint32(4, nanoseconds, true);
  view.setUint32(8, packet.length, true);
  view.setUint32(12, originalLength, true);
  bytes.set(packet, RECORD_HEADER);
  return bytes;
}
