/** What tracing programs do with an event: count by a key, fill a histogram, send a record. */
import { type Effect, PERIOD, type Program, packetOf, packetStart } from '../subject.ts';

const GOLDEN = 0x9e37_79b9_7f4a_7c15n;

/** r1 = the sequence number of this run, which goes up in the packet. */
const SEQUENCE = `
  ${packetStart(16)}
  r1 = *(u32 *)(r6 + 0)
  r2 = r1
  r2 += 1
  *(u32 *)(r6 + 0) = r2`;

const lookup = (map: string, key: number): string => `
  r1 = map[${map}]
  r2 = r10
  r2 += -${key}
  call bpf_map_lookup_elem`;

const ADD = 'r1 = *(u64 *)(r0 + 0)\nr1 += 1\n*(u64 *)(r0 + 0) = r1';
const ATOMIC_ADD = 'r1 = 1\nlock *(u64 *)(r0 + 0) += r1';

/** `@[key] = count()`. */
const count = (type: string, add: string): string => `
  .map counts ${type} key=8 value=8 entries=${PERIOD}
  ${SEQUENCE}
  r1 &= ${PERIOD - 1}
  *(u64 *)(r10 - 8) = r1
  ${lookup('counts', 8)}
  if r0 == 0 goto first
  ${add}
  r0 = 2
  exit
  first:
  *(u64 *)(r10 - 16) = 1
  r1 = map[counts]
  r2 = r10
  r2 += -8
  r3 = r10
  r3 += -16
  r4 = 0
  call bpf_map_update_elem
  r0 = 2
  exit`;

const COUNTED: Effect = { kind: 'counts', map: 'counts', key: (sequence) => sequence & (PERIOD - 1) };

/** One halving of the logarithm: r2 += `by` and r1 >>= `by` when r1 has more than `by` bits. */
const halve = (by: number): string => `
  r3 = r1
  r3 >>= ${by}
  if r3 == 0 goto below${by}
  r2 += ${by}
  r1 = r3
  below${by}:`;

/** `@ = hist(value)`: values of all sizes. */
const histogram = (type: string): string => `
  .map buckets ${type} key=4 value=8 entries=65
  ${SEQUENCE}
  r1 &= ${PERIOD - 1}
  r3 = r1
  r2 = 0x9e3779b97f4a7c15 ll
  r1 *= r2
  r1 >>= r3
  r2 = 0
  ${[32, 16, 8, 4, 2, 1].map(halve).join('\n')}
  r2 += r1
  *(u32 *)(r10 - 4) = r2
  ${lookup('buckets', 4)}
  if r0 == 0 goto out
  ${ADD}
  out:
  r0 = 2
  exit`;

const FILLED: Effect = { kind: 'counts', map: 'buckets', key: bucket, entries: 65 };

function bucket(sequence: number): number {
  const index = BigInt(sequence & (PERIOD - 1));
  const value = BigInt.asUintN(64, index * GOLDEN) >> (index & 63n);
  return value === 0n ? 0 : value.toString(2).length;
}

const PID = 4242;
const RECORD_WORDS = 12;

export const EVENTS: readonly Program[] = [
  { name: 'count-hash', text: count('hash', ADD), effect: COUNTED },
  { name: 'count-percpu', text: count('percpu_hash', ADD), effect: COUNTED },
  { name: 'count-atomic', text: count('hash', ATOMIC_ADD), effect: COUNTED },
  { name: 'hist-array', text: histogram('array'), effect: FILLED },
  { name: 'hist-percpu', text: histogram('percpu_array'), effect: FILLED },
  {
    name: 'ringbuf',
    effect: {
      kind: 'records',
      map: 'events',
      words: (sequence: number) => [sequence, 0, PID, 1, 7, 0, sequence * 3, 0, -1, -1, 0x6873_6162, 0],
    } as const,
    text: `
      .map events ringbuf entries=${1 << 20}
      ${SEQUENCE}
      r7 = r1
      r7 &= ${PERIOD - 1}
      r1 = map[events]
      r2 = ${RECORD_WORDS * 4}
      r3 = 0
      call bpf_ringbuf_reserve
      if r0 != 0 goto room
      r0 = 1
      exit
      room:
      *(u64 *)(r0 + 0) = r7
      *(u32 *)(r0 + 8) = ${PID}
      *(u32 *)(r0 + 12) = 1
      *(u64 *)(r0 + 16) = 7
      r1 = r7
      r1 *= 3
      w1 = w1
      *(u64 *)(r0 + 24) = r1
      *(u64 *)(r0 + 32) = -1
      *(u64 *)(r0 + 40) = 0x68736162
      r1 = r0
      r2 = 0
      call bpf_ringbuf_submit
      r0 = 2
      exit`,
  },
].map((one) => ({ ...one, packet: packetOf(16), result: 2n, event: true }));
