/** Computing in registers: nothing, 64-bit, 32-bit, division, data-dependent loops, a state machine. */
import { type Program, packetOf } from '../subject.ts';

const NO_PACKET = packetOf(0);

/** `count` times `body` with r6 going down to 0; r1 and r2 begin as two large numbers; r0 = r1 ^ r2. */
const loop = (count: number, body: string): string => `
  r1 = 0x123456789abcdef ll
  r2 = 0x9e3779b97f4a7c15 ll
  r6 = ${count}
  again:
  ${body}
  r6 += -1
  if r6 != 0 goto again
  r0 = r1
  r0 ^= r2
  exit`;

const mixing = (r: 'r' | 'w', [a, b, c]: readonly [number, number, number]): string =>
  `r1 += r2
  r3 = r1
  r3 <<= ${a}
  r1 ^= r3
  r3 = r1
  r3 >>= ${b}
  r1 ^= r3
  r3 = r1
  r3 <<= ${c}
  r1 ^= r3
  r2 *= r1
  r4 = r2
  r4 s>>= 23
  r2 |= 1
  r4 &= 0xffff
  r1 -= r4
  r2 += r6
  r2 ^= 0x5bd1e99`.replaceAll(/r(\d)/g, `${r}$1`);

/** One operation a state, so that no two can share code. */
const STATES: readonly string[] = [
  'r7 += r1',
  'r7 ^= r3\nr7 += 5',
  'r7 <<= 1\nr7 |= 1',
  'r7 -= r1\nr7 ^= 77',
  'r7 *= 31',
  'r4 = r7\nr4 >>= 3\nr7 ^= r4',
  'r7 += r6',
  'r7 ^= r1\nr7 >>= 1',
];

const dispatch = STATES.slice(0, -1)
  .map((_, state) => `if r3 == ${state} goto state${state}`)
  .join('\n');
const states = STATES.map((code, state) => `state${state}:\n${code}\ngoto next`);

export const ARITHMETIC: readonly Program[] = [
  { name: 'empty', packet: NO_PACKET, result: 2n, text: 'r0 = 2\nexit' },
  {
    name: 'alu64',
    packet: NO_PACKET,
    result: 0x56aa6c23471afd76n,
    text: loop(1000, mixing('r', [13, 7, 17])),
  },
  { name: 'alu32', packet: NO_PACKET, result: 0xee7f32c5n, text: loop(1000, mixing('w', [13, 17, 5])) },
  {
    name: 'div64',
    packet: NO_PACKET,
    result: 0x421174659c524386n,
    text: loop(
      500,
      `r4 = r6
      r4 *= 7
      r4 += 3
      r3 = r1
      r3 /= r4
      r5 = r1
      r5 %= r6
      r1 += r3
      r1 ^= r5
      r1 *= r2`,
    ),
  },
  {
    name: 'collatz',
    packet: NO_PACKET,
    result: 0x3757n,
    text: `
      r6 = 1
      r7 = 0
      number:
      r1 = r6
      step:
      if r1 == 1 goto done
      r7 += 1
      r2 = r1
      r2 &= 1
      if r2 != 0 goto odd
      r1 >>= 1
      goto step
      odd:
      r1 *= 3
      r1 += 1
      goto step
      done:
      r6 += 1
      if r6 <= 300 goto number
      r0 = r7
      exit`,
  },
  {
    name: 'branchy',
    packet: NO_PACKET,
    result: 0xe892b51463393a6en,
    text: `
      r1 = 0x123456789abcdef ll
      r8 = 0x5851f42d4c957f2d ll
      r9 = 0x14057b7ef767814f ll
      r6 = 2000
      r7 = 0
      again:
      r1 *= r8
      r1 += r9
      r3 = r1
      r3 >>= 61
      ${dispatch}
      goto state7
      ${states.join('\n')}
      next:
      r6 += -1
      if r6 != 0 goto again
      r0 = r7
      exit`,
  },
];
