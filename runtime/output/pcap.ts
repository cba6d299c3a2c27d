/** pcap files of raw IP packets (`LINKTYPE_RAW`), with times in nanoseconds: what `skboutput()` writes. */

const MAGIC_NANOSECONDS = 0xa1b2_3c4d;
const VERSION = { major: 2, minor: 4 } as const;
const LINKTYPE_RAW = 101;
/** Bytes of a packet that are kept at most, as tcpdump has it. */
const SNAP_LENGTH = 262_144;
const NS_PER_SECOND = 1_000_000_000n;

export function pcapHeader(): Uint8Array {
  const view = new DataView(new ArrayBuffer(24));
  view.setUint32(0, MAGIC_NANOSECONDS, true);
  view.setUint16(4, VERSION.major, true);
  view.setUint16(6, VERSION.minor, true);
  view.setUint32(16, SNAP_LENGTH, true);
  view.setUint32(20, LINKTYPE_RAW, true);
  return new Uint8Array(view.buffer);
}

/** `epochNs`: nanoseconds since 1970. */
export function pcapPacket(epochNs: bigint, packet: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(16 + packet.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, Number(epochNs / NS_PER_SECOND), true);
  view.setUint32(4, Number(epochNs % NS_PER_SECOND), true);
  view.setUint32(8, packet.length, true);
  view.setUint32(12, packet.length, true);
  bytes.set(packet, 16);
  return bytes;
}
