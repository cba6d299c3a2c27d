/** Hash functions over 256 bytes of a packet, and a parser that checks a sum and hashes what it finds. */
import { type Program, packetOf, packetStart } from '../subject.ts';

const LENGTH = 256;

const rotate = (register: string, by: number, width: 32 | 64): string =>
  `r0 = ${register}
  ${register} <<= ${by}
  r0 >>= ${width - by}
  ${register} |= r0`.replaceAll(/r0/g, width === 32 ? 'w0' : 'r0');

/** v0 ... v3 in r1 ... r4. */
const SIP_ROUND = `
  r1 += r2
  ${rotate('r2', 13, 64)}
  r2 ^= r1
  ${rotate('r1', 32, 64)}
  r3 += r4
  ${rotate('r4', 16, 64)}
  r4 ^= r3
  r1 += r4
  ${rotate('r4', 21, 64)}
  r4 ^= r1
  r3 += r2
  ${rotate('r2', 17, 64)}
  r2 ^= r3
  ${rotate('r3', 32, 64)}`;

/** One of a packet's 16-bit words into the sum r7. */
const sum = (at: number): string => `r1 = *(u16 *)(r6 + ${at})\nr7 += r1`;

/** Adds the word in `word` to the hash in w8 (the mixing of jhash's last steps). */
const mixIn = (word: string): string => `
  w8 ^= ${word}
  ${rotate('w8', 14, 32)}
  w8 *= 0x2c1b3c6d
  w0 = w8
  w0 >>= 12
  w8 ^= w0`;

const IP = 14;
const TCP = 34;

export const HASHING: readonly Program[] = [
  {
    name: 'siphash',
    packet: packetOf(LENGTH),
    result: 0xd9e4538c756706a8n,
    text: `
      ${packetStart(LENGTH)}
      r1 = 0x736f6d6570736575 ll
      r2 = 0x646f72616e646f6d ll
      r3 = 0x6c7967656e657261 ll
      r4 = 0x7465646279746573 ll
      r7 = 0
      word:
      r8 = r6
      r8 += r7
      r5 = *(u64 *)(r8 + 0)
      r4 ^= r5
      ${SIP_ROUND}
      ${SIP_ROUND}
      r1 ^= r5
      r7 += 8
      if r7 < ${LENGTH} goto word
      r3 ^= 0xff
      ${SIP_ROUND}
      ${SIP_ROUND}
      ${SIP_ROUND}
      ${SIP_ROUND}
      r0 = r1
      r0 ^= r2
      r0 ^= r3
      r0 ^= r4
      exit`,
  },
  {
    name: 'murmur3',
    packet: packetOf(LENGTH),
    result: 0xf5592159n,
    text: `
      ${packetStart(LENGTH)}
      w1 = 0x2a
      r7 = 0
      word:
      r8 = r6
      r8 += r7
      r2 = *(u32 *)(r8 + 0)
      w2 *= 0xcc9e2d51
      ${rotate('w2', 15, 32)}
      w2 *= 0x1b873593
      w1 ^= w2
      ${rotate('w1', 13, 32)}
      w1 *= 5
      w1 += 0xe6546b64
      r7 += 4
      if r7 < ${LENGTH} goto word
      w1 ^= ${LENGTH}
      w0 = w1
      w0 >>= 16
      w1 ^= w0
      w1 *= 0x85ebca6b
      w0 = w1
      w0 >>= 13
      w1 ^= w0
      w1 *= 0xc2b2ae35
      w0 = w1
      w0 >>= 16
      w0 ^= w1
      exit`,
  },
  {
    name: 'parse',
    packet: tcpPacket(),
    result: 0xd3ae3a4n,
    text: `
      ${packetStart(TCP + 20)}
      r1 = *(u16 *)(r6 + 12)
      r1 = be16 r1
      if r1 != 0x0800 goto drop
      r1 = *(u8 *)(r6 + ${IP})
      if r1 != 0x45 goto drop
      r1 = *(u8 *)(r6 + ${IP + 9})
      if r1 != 6 goto drop
      r7 = 0
      ${Array.from({ length: 10 }, (_, index) => sum(IP + index * 2)).join('\n')}
      r1 = r7
      r1 >>= 16
      r7 &= 0xffff
      r7 += r1
      r1 = r7
      r1 >>= 16
      r7 += r1
      r7 &= 0xffff
      if r7 != 0xffff goto drop
      r1 = *(u16 *)(r6 + ${IP + 2})
      r1 = be16 r1
      if r1 < 40 goto drop
      r1 = *(u8 *)(r6 + ${TCP + 12})
      r1 >>= 4
      if r1 < 5 goto drop
      w8 = 0x7f4a7c15
      r1 = *(u32 *)(r6 + ${IP + 12})
      r1 = be32 r1
      ${mixIn('w1')}
      r1 = *(u32 *)(r6 + ${IP + 16})
      r1 = be32 r1
      ${mixIn('w1')}
      r1 = *(u16 *)(r6 + ${TCP})
      r1 = be16 r1
      r2 = *(u16 *)(r6 + ${TCP + 2})
      r2 = be16 r2
      if r2 == 22 goto drop
      r1 <<= 16
      r1 |= r2
      ${mixIn('w1')}
      r1 = *(u32 *)(r6 + ${TCP + 4})
      r1 = be32 r1
      ${mixIn('w1')}
      r7 = 0
      ${Array.from({ length: 10 }, (_, index) => sum(TCP + index * 2)).join('\n')}
      r1 = r7
      r1 >>= 16
      r7 &= 0xffff
      r7 += r1
      w8 ^= w7
      w0 = w8
      exit
      drop:
      r0 = 1
      exit`,
  },
];

/** Ethernet, IPv4 with a right header sum, TCP to port 443. */
function tcpPacket(): Uint8Array {
  const bytes = packetOf(TCP + 20, 7);
  const view = new DataView(bytes.buffer);
  view.setUint16(12, 0x0800);
  bytes.set([0x45, 0, 0, 40, 0x12, 0x34, 0x40, 0, 64, 6, 0, 0, 192, 168, 1, 10, 93, 184, 216, 34], IP);
  let total = 0;
  for (let at = IP; at < TCP; at += 2) total += view.getUint16(at);
  view.setUint16(IP + 10, ~((total & 0xffff) + (total >>> 16)));
  view.setUint16(TCP, 50_412);
  view.setUint16(TCP + 2, 443);
  bytes[TCP + 12] = 0x50;
  return bytes;
}
