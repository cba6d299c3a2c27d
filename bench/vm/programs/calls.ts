/** Calls of BPF functions and callbacks of `bpf_loop`. */
import { type Program, packetOf } from '../subject.ts';

const ROUNDS = 1000;

export const CALLS: readonly Program[] = [
  {
    name: 'calls',
    packet: packetOf(0),
    result: 0xf2a0bef5e2e78e7bn,
    text: `
      r6 = ${ROUNDS}
      r7 = 1
      again:
      r1 = r7
      r2 = r6
      call mix
      r7 = r0
      r6 += -1
      if r6 != 0 goto again
      r0 = r7
      exit
      .func mix
      r0 = r1
      r0 *= 31
      r0 += r2
      r1 >>= 7
      r0 ^= r1
      exit`,
  },
  {
    name: 'loop',
    packet: packetOf(0),
    result: 0x13a8245307f96cf5n,
    text: `
      *(u64 *)(r10 - 8) = 1
      r1 = ${ROUNDS}
      r2 = func[round]
      r3 = r10
      r3 += -8
      r4 = 0
      call bpf_loop
      r0 = *(u64 *)(r10 - 8)
      exit
      .func round
      r3 = *(u64 *)(r2 + 0)
      r3 *= 31
      r3 += r1
      *(u64 *)(r2 + 0) = r3
      r0 = 0
      exit`,
  },
];
