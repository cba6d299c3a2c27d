/** Readers of captures as a target, both formats and byte orders. */
import { readCapture } from '../../runtime/pcap/read-capture.ts';
import {
  bytesOf,
  pcapngBlock,
  pcapngInterface,
  pcapngPacket,
  pcapngSection,
  pcapOf,
} from '../runtime/pcap/support.ts';
import type { BytesTarget } from './bytes.ts';

export function pcapTarget(): BytesTarget {
  return {
    files: [true, false].flatMap((littleEndian) => [classic(littleEndian), sections(littleEndian)]),
    read,
  };
}

const DATA: readonly number[] = Array.from({ length: 90 }, (_, index) => index);

function classic(littleEndian: boolean): Uint8Array {
  const packets = DATA.slice(60).map((length) => ({
    time: [length, length] as const,
    data: DATA.slice(0, length),
    original: length + 1,
  }));
  return pcapOf({ littleEndian, magic: littleEndian ? 0xa1b2c3d4 : 0xa1b23c4d }, packets);
}

function sections(littleEndian: boolean): Uint8Array {
  const packets = DATA.slice(60).map((length) =>
    pcapngPacket(littleEndian, length & 1, BigInt(length) << 40n, DATA.slice(0, length), length),
  );
  return bytesOf(
    pcapngSection(littleEndian),
    pcapngInterface(littleEndian, 1, 65535, [[9, [9]]]),
    pcapngInterface(littleEndian, 101, 0, [[14, [1, 0, 0, 0, 0, 0, 0, 0]]]),
    ...packets,
    pcapngBlock(littleEndian, 5, DATA.slice(0, 24)),
    pcapngBlock(littleEndian, 3, [4, 0, 0, 0, 1, 2, 3, 4]),
    pcapngSection(!littleEndian),
    pcapngInterface(!littleEndian, 1),
    pcapngPacket(!littleEndian, 0, 1n, DATA, 90),
  );
}

/** Everything in it is sound, and lies in the file. */
function read(bytes: Uint8Array): 'whole' | 'partial' {
  const { packets, warnings } = readCapture(bytes);
  for (const { data, nanoseconds } of packets) {
    if (data.buffer !== bytes.buffer) throw new Error('a packet lies elsewhere');
    if (!(nanoseconds >= 0 && nanoseconds < 1e9)) throw new Error(`a time has ${nanoseconds} ns`);
  }
  return warnings.length === 0 ? 'whole' : 'partial';
}
