import { describe, expect, test } from 'vitest';
import { createMachine } from '../../../vm/index.ts';
import { UserRingBufferMap } from '../../../vm/maps/user-ring-buffer-map.ts';
import { assembled } from '../assembly.ts';
import { pair } from '../support.ts';

/** Sums the first byte of each record, and stops at 9. */
const DRAIN = (
  flags: number,
): string => `.map ring user_ringbuf key=0 value=0 entries=4096\n.program main raw_tp/x
  *(u64 *)(r10 - 8) = 0\nr1 = map[ring]\nr2 = func[each]\nr3 = r10\nr3 += -8\nr4 = ${flags}\ncall bpf_user_ringbuf_drain
  if r0 s< 0 goto +3\nr0 <<= 32\nr1 = *(u64 *)(r10 - 8)\nr0 |= r1\nexit
  .func each\nr6 = r2\nr3 = r1\nr1 = r10\nr1 += -8\nr2 = 1\nr4 = 0\nr5 = 0\ncall bpf_dynptr_read
  r1 = *(u8 *)(r10 - 8)\nr2 = *(u64 *)(r6 + 0)\nr2 += r1\n*(u64 *)(r6 + 0) = r2
  r0 = 0\nif r1 != 9 goto +1\nr0 = 1\nexit`;

function drain(records: readonly number[], flags = 0): bigint {
  const machine = createMachine({ memoryLimit: 2 << 20 });
  const image = machine.load(assembled(DRAIN(flags)));
  const { map } = image.maps.get('ring')!;
  if (!(map instanceof UserRingBufferMap)) throw new Error('no ring of user space');
  for (const byte of records) expect(map.submit(Uint8Array.of(byte, 1, 2))).toBe(0);
  const [low, high] = machine.run(image.programs.get('main')!, 0, 0);
  return BigInt.asIntN(64, pair(low!, high!));
}

describe('bpf_user_ringbuf_drain', () => {
  test.each([
    [[], 0, 0n],
    [[1, 2, 3], 0, (3n << 32n) | 6n],
    [[1, 9, 3], 1, (2n << 32n) | 10n],
    [[1], 4, -22n],
  ] as const)('%j', (records, flags, want) => {
    expect(drain(records, flags)).toBe(want);
  });
});
