import { describe, expect, test } from 'vitest';
import { runAssembly } from '../assembly.ts';

const NUMBERS = ['new', 'next', 'destroy'].map((name) => `.kfunc bpf_iter_num_${name}`).join('\n');
const BITS = ['new', 'next', 'destroy'].map((name) => `.kfunc bpf_iter_bits_${name}`).join('\n');

/** The sum of the numbers, and in r7 how many. */
function sum(start: number, end: number): string {
  return `${NUMBERS}\nr6 = 0\nr7 = 0\nr1 = r10\nr1 += -8\nr2 = ${start}\nr3 = ${end}\ncall bpf_iter_num_new
    r8 = r0
    next:
    r1 = r10\nr1 += -8\ncall bpf_iter_num_next\nif r0 == 0 goto done
    r1 = *(s32 *)(r0 + 0)\nr6 += r1\nr7 += 1\ngoto next
    done:
    r1 = r10\nr1 += -8\ncall bpf_iter_num_destroy\nr0 = r6\nif r8 == 0 goto +1\nr0 = r8\nexit`;
}

describe('bpf_iter_num', () => {
  test.each([
    [0, 10, 45n],
    [-3, 3, -3n],
    [5, 5, 0n],
    [2147483640, 2147483647, 15032385501n],
    [6, 5, -22n],
    [0, 9_000_000, -7n],
  ])('%i to %i', (start, end, want) => {
    expect(runAssembly(sum(start, end)).result).toBe(want);
  });
});

describe('bpf_iter_bits', () => {
  const bits = (words: readonly string[], count = words.length): string =>
    `${BITS}\n${words.map((word, index) => `r1 = ${word} ll\n*(u64 *)(r10 ${index * 8 - 64}) = r1`).join('\n')}
    r6 = 0\nr1 = r10\nr1 += -16\nr2 = r10\nr2 += -64\nr3 = ${count}\ncall bpf_iter_bits_new\nr8 = r0
    next:
    r1 = r10\nr1 += -16\ncall bpf_iter_bits_next\nif r0 == 0 goto done
    r1 = *(s32 *)(r0 + 0)\nr6 *= 1000\nr6 += r1\ngoto next
    done:
    r1 = r10\nr1 += -16\ncall bpf_iter_bits_destroy\nr0 = r6\nif r8 == 0 goto +1\nr0 = r8\nexit`;

  test.each([
    [['0x5'], 1, 2n],
    [['0x8000000000000001'], 1, 63n],
    [['0', '0x10', '0x3'], 3, 68_128_129n],
    [['0'], 1, 0n],
    [['1'], 0, -22n],
    [['1'], 512, -7n],
  ] as const)('%j', (words, count, want) => {
    expect(runAssembly(bits(words, count)).result).toBe(want);
  });

  test('an address that is none', () => {
    expect(runAssembly(bits(['1']).replace('r2 = r10\nr2 += -64', 'r2 = 8')).result).toBe(-14n);
  });
});
