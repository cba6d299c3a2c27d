import { describe, expect, test } from 'vitest';
import { runAssembly } from '../assembly.ts';

const NAMES = ['slice', 'slice_rdwr', 'adjust', 'is_null', 'is_rdonly', 'size', 'clone', 'copy', 'memset'];
const HEAD = `${NAMES.map((name) => `.kfunc bpf_dynptr_${name}`).join('\n')}
  .map data array key=4 value=16 entries=1\n.data data 000102030405060708090a0b0c0d0e0f
  .program main raw_tp/x
  r1 = map[data][0]+0\nr2 = 16\nr3 = 0\nr4 = r10\nr4 += -16\ncall bpf_dynptr_from_mem\n`;
const AT = 'r1 = r10\nr1 += -16\n';
const adjust = (start: number, end: number): string =>
  `${AT}r2 = ${start}\nr3 = ${end}\ncall bpf_dynptr_adjust\n`;
const size = `${AT}call bpf_dynptr_size\n`;
const slice = (offset: number, length: number): string =>
  `${AT}r2 = ${offset}\nr3 = 0\nr4 = ${length}\ncall bpf_dynptr_slice\nif r0 == 0 goto +1\nr0 = *(u8 *)(r0 + 0)\n`;

describe('kernel functions about dynptrs', () => {
  test.each([
    ['size', size, 16n],
    ['size of a part', `${adjust(3, 9)}${size}`, 6n],
    ['a part of a part', `${adjust(3, 9)}${adjust(1, 2)}${slice(0, 1)}`, 4n],
    ['a part too long', adjust(3, 17), -34n],
    ['a part upside down', adjust(3, 2), -22n],
    ['slice', slice(5, 11), 5n],
    ['slice too long', slice(6, 11), 0n],
    ['is_null', `${AT}call bpf_dynptr_is_null\n`, 0n],
    ['is_rdonly', `${AT}call bpf_dynptr_is_rdonly\n`, 0n],
    [
      'a clone has a range of its own',
      `${AT}r2 = r10\nr2 += -32\ncall bpf_dynptr_clone\n${adjust(4, 5)}r1 = r10\nr1 += -32\ncall bpf_dynptr_size\n`,
      16n,
    ],
  ])('%s', (_name, source, want) => {
    expect(runAssembly(`${HEAD}${source}exit`).result).toBe(want);
  });

  test('copy and memset', () => {
    const { result, value } = runAssembly(`${HEAD}${AT}r2 = r10\nr2 += -32\ncall bpf_dynptr_clone
      ${AT}r2 = 1\nr3 = r10\nr3 += -32\nr4 = 8\nr5 = 4\ncall bpf_dynptr_copy
      ${AT}r2 = 12\nr3 = 3\nr4 = 255\ncall bpf_dynptr_memset\nexit`);
    expect(result).toBe(0n);
    expect(value('data')).toBe('0008090a0b05060708090a0bffffff0f');
  });

  test('one that points to nothing', () => {
    const empty = HEAD.replace('r3 = 0', 'r3 = 1');
    expect(runAssembly(`${empty}${AT}call bpf_dynptr_is_null\nexit`).result).toBe(1n);
    expect(runAssembly(`${empty}${size}exit`).result).toBe(0xffff_ffean);
    expect(runAssembly(`${empty}${slice(0, 0)}exit`).result).toBe(0n);
    expect(runAssembly(`${empty}${adjust(0, 0)}exit`).result).toBe(-22n);
  });
});
