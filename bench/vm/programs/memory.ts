/** Loads and stores: the stack, an array's value, a chain through a packet. */
import { type Program, packetOf, packetStart } from '../subject.ts';

const PRIMES_BELOW = 1024;
const LINKS = 256;

const MOVES: string = Array.from(
  { length: 7 },
  (_, index) => `r3 = *(u64 *)(r10 - ${64 - index * 8 - 8})
    *(u64 *)(r10 - ${64 - index * 8}) = r3`,
).join('\n');

export const MEMORY: readonly Program[] = [
  {
    name: 'memory',
    packet: packetOf(0),
    result: 0x10dn,
    text: `
      r1 = 0x123456789abcdef ll
      r6 = 0
      ${Array.from({ length: 8 }, (_, index) => `*(u64 *)(r10 - ${8 + index * 8}) = r1`).join('\n')}
      again:
      r2 = *(u64 *)(r10 - 64)
      ${MOVES}
      r2 += r6
      *(u64 *)(r10 - 8) = r2
      r4 = *(u16 *)(r10 - 30)
      *(u32 *)(r10 - 44) = r4
      r4 = *(u8 *)(r10 - 17)
      *(u8 *)(r10 - 50) = r4
      r4 = r6
      r4 &= 7
      r5 = r10
      r5 += -64
      r5 += r4
      r4 = *(u8 *)(r5 + 3)
      *(u8 *)(r10 - 33) = r4
      r6 += 1
      if r6 != 500 goto again
      r0 = *(u64 *)(r10 - 8)
      r1 = *(u64 *)(r10 - 40)
      r0 ^= r1
      exit`,
  },
  {
    name: 'sieve',
    packet: packetOf(0),
    result: 172n,
    effect: { kind: 'value', map: 'composite', value: compositeBelow },
    text: `
      .map composite array key=4 value=${PRIMES_BELOW} entries=1
      *(u32 *)(r10 - 4) = 0
      r1 = map[composite]
      r2 = r10
      r2 += -4
      call bpf_map_lookup_elem
      if r0 != 0 goto found
      exit
      found:
      r6 = r0
      r1 = 0
      clear:
      r2 = r6
      r2 += r1
      *(u64 *)(r2 + 0) = 0
      r1 += 8
      if r1 < ${PRIMES_BELOW} goto clear
      r0 = 0
      r1 = 2
      number:
      r2 = r6
      r2 += r1
      r3 = *(u8 *)(r2 + 0)
      if r3 != 0 goto next
      r0 += 1
      r4 = r1
      r4 += r1
      if r4 >= ${PRIMES_BELOW} goto next
      mark:
      r2 = r6
      r2 += r4
      *(u8 *)(r2 + 0) = 1
      r4 += r1
      if r4 < ${PRIMES_BELOW} goto mark
      next:
      r1 += 1
      if r1 < ${PRIMES_BELOW} goto number
      exit`,
  },
  {
    name: 'chain',
    packet: chain(),
    result: BigInt(LINKS),
    text: `
      r9 = packet_end
      ${packetStart(LINKS * 4)}
      r0 = 0
      r1 = 0
      follow:
      may_goto out
      r1 &= ${LINKS - 1}
      r1 <<= 2
      r2 = r6
      r2 += r1
      r3 = r2
      r3 += 4
      if r3 > r9 goto out
      r1 = *(u32 *)(r2 + 0)
      r0 += 1
      if r1 != 0 goto follow
      out:
      exit`,
  },
];

function compositeBelow(): Uint8Array {
  const flags = new Uint8Array(PRIMES_BELOW);
  for (let n = 2; n < PRIMES_BELOW; n++) {
    if (flags[n] === 0) for (let m = n * 2; m < PRIMES_BELOW; m += n) flags[m] = 1;
  }
  return flags;
}

/** A packet of words each of which names the next, all of them once. */
function chain(): Uint8Array {
  const words = new Uint32Array(LINKS);
  // A generator of full period visits all numbers below a power of two.
  for (let at = 0, step = 0; step < LINKS; step++) {
    const next = (at * 109 + 57) & (LINKS - 1);
    words[at] = next;
    at = next;
  }
  return new Uint8Array(words.buffer);
}
