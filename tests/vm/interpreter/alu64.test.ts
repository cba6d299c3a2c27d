import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { opcodeOf } from '../../../bpf/opcodes.ts';
import {
  arsh64,
  Divider,
  less64,
  lsh64,
  mul64,
  neg64,
  rsh64,
  signedLess64,
} from '../../../vm/interpreter/alu64.ts';
import { compute, EDGES, taken } from '../reference.ts';
import { pair } from '../support.ts';

const low = (value: bigint): number => Number(BigInt.asIntN(32, value));
const high = (value: bigint): number => Number(BigInt.asIntN(32, value >> 32n));
const word = fc.oneof(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), fc.constantFrom(...EDGES));
const divider = new Divider();

type InPlace = (r: Int32Array, bl: number, bh: number) => void;
const OPERATIONS: readonly { readonly name: Parameters<typeof opcodeOf>[0]; readonly run: InPlace }[] = [
  { name: 'mul64_x', run: (r, bl, bh) => mul64(r, 0, bl, bh) },
  { name: 'div64_x', run: (r, bl, bh) => divider.div(r, 0, bl, bh) },
  { name: 'mod64_x', run: (r, bl, bh) => divider.mod(r, 0, bl, bh) },
  { name: 'sdiv64_x', run: (r, bl, bh) => divider.sdiv(r, 0, bl, bh) },
  { name: 'smod64_x', run: (r, bl, bh) => divider.smod(r, 0, bl, bh) },
  { name: 'lsh64_x', run: (r, bl) => lsh64(r, 0, bl) },
  { name: 'rsh64_x', run: (r, bl) => rsh64(r, 0, bl) },
  { name: 'arsh64_x', run: (r, bl) => arsh64(r, 0, bl) },
  { name: 'neg64', run: (r) => neg64(r, 0) },
];

describe('arithmetic on pairs agrees with BigInt', () => {
  test.each(OPERATIONS)('$name', ({ name, run }) => {
    const row = opcodeOf(name);
    fc.assert(
      fc.property(word, word, (a, b) => {
        const r = Int32Array.of(low(a), high(a));
        run(r, low(b), high(b));
        expect(pair(r[0]!, r[1]!)).toBe(compute(row, a, b));
      }),
      { numRuns: 1000 },
    );
  });

  test('comparisons', () => {
    fc.assert(
      fc.property(word, word, (a, b) => {
        const halves = [low(a), high(a), low(b), high(b)] as const;
        expect(less64(...halves)).toBe(taken(opcodeOf('jlt_x'), a, b));
        expect(signedLess64(...halves)).toBe(taken(opcodeOf('jslt_x'), a, b));
      }),
      { numRuns: 1000 },
    );
  });
});
