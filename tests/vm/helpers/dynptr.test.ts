import { describe, expect, test } from 'vitest';
import { runAssembly } from '../assembly.ts';

const OUT = '.map out array key=4 value=16 entries=1\n.map data array key=4 value=16 entries=1\n';
/** A dynptr at r10 - 16 over the map `data`. */
const FROM_MEMORY = `r1 = map[data][0]+0\nr2 = 16\nr3 = 0\nr4 = r10\nr4 += -16\ncall bpf_dynptr_from_mem\n`;
const PUT = (from: number, value: string): string =>
  `r1 = ${value} ll\n*(u64 *)(r10 - 24) = r1\nr1 = r10\nr1 += -16\nr2 = ${from}\nr3 = r10\nr3 += -24\nr4 = 8\nr5 = 0\ncall bpf_dynptr_write\n`;
const GET = (from: number, length = 8): string =>
  `r1 = map[out][0]+0\nr2 = ${length}\nr3 = r10\nr3 += -16\nr4 = ${from}\nr5 = 0\ncall bpf_dynptr_read\n`;

describe('dynptrs', () => {
  test('what is written is read', () => {
    const { result, value } = runAssembly(`${OUT}${FROM_MEMORY}${PUT(4, '0x1122334455667788')}${GET(5)}exit`);
    expect(result).toBe(0n);
    expect(value('data')).toBe(`00000000${'8877665544332211'}00000000`);
    expect(value('out')).toBe(`${'77665544332211'}000000000000000000`);
  });

  test.each([
    ['a read past the end', `${FROM_MEMORY}${GET(9)}`, -7n],
    ['a long read', `${FROM_MEMORY}${GET(0, 16).replace('r2 = 16', 'r2 = 16\nr2 += 1')}`, -7n],
    ['a write past the end', `${FROM_MEMORY}${PUT(9, '1')}`, -7n],
    ['flags', FROM_MEMORY.replace('r3 = 0', 'r3 = 1'), -22n],
    ['a size too large', FROM_MEMORY.replace('r2 = 16', 'r2 = 0x1000000'), -7n],
    ['a read of nothing', `${FROM_MEMORY.replace('r3 = 0', 'r3 = 1')}${GET(0)}`, -22n],
    ['a write to nothing', `${FROM_MEMORY.replace('r3 = 0', 'r3 = 1')}${PUT(0, '1')}`, -22n],
  ])('%s', (_name, source, want) => {
    const room = `${OUT.replace('value=16 entries=1\n.map data', 'value=24 entries=1\n.map data')}`;
    expect(runAssembly(`${room}${source}exit`).result).toBe(want);
  });

  test('data gives the address of what fits', () => {
    const at = (offset: number, length: number): string =>
      `${OUT}${FROM_MEMORY}r1 = r10\nr1 += -16\nr2 = ${offset}\nr3 = ${length}\ncall bpf_dynptr_data
      if r0 == 0 goto +4\nr1 = map[data][0]+0\nr0 -= r1\nexit\nr0 = -1\nexit`;
    expect(runAssembly(at(3, 13)).result).toBe(3n);
    expect(runAssembly(at(4, 13)).result).toBe(-1n);
  });

  test('a record of a ring buffer is submitted once, and what failed to be reserved is nothing', () => {
    const ring = (size: number): string => `.map ring ringbuf key=0 value=0 entries=4096
      .map out array key=4 value=16 entries=1\nr1 = map[ring]\nr2 = ${size}\nr3 = 0\nr4 = r10\nr4 += -16
      call bpf_ringbuf_reserve_dynptr\nr6 = r0\n${PUT(0, '7')}
      r1 = r10\nr1 += -16\nr2 = 0\ncall bpf_ringbuf_submit_dynptr\nr1 = map[ring]\nr2 = 0\ncall bpf_ringbuf_query
      r0 <<= 8\nr6 &= 255\nr0 |= r6\nexit`;
    expect(runAssembly(ring(8)).result).toBe(16n << 8n);
    expect(runAssembly(ring(5000)).result).toBe(BigInt(256 - 22));
  });
});
