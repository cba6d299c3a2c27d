import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { splitWide } from '../../../bpf/build/index.ts';
import { OPCODES } from '../../../bpf/opcodes.ts';
import { createMachine } from '../../../vm/index.ts';
import { compute, EDGES, taken } from '../reference.ts';
import { insn, object, pair, SMALL } from '../support.ts';

const any = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
/** Numbers of all sizes, and those around powers of two. */
const word = fc.oneof(
  any,
  fc.constantFrom(...EDGES),
  fc.tuple(any, fc.nat(63)).map(([value, by]) => value >> BigInt(by)),
  fc
    .tuple(fc.nat(64), fc.integer({ min: -3, max: 3 }))
    .map(([by, more]) => BigInt.asUintN(64, (1n << BigInt(by)) + BigInt(more))),
);
const FORMS = new Set(['alu_x', 'jmp_x', 'neg', 'end']);

describe('arithmetic on pairs agrees with BigInt', () => {
  const machine = createMachine({ ...SMALL, mode: 'trusted' });
  const context = machine.memory.allocate(16, 'operands');
  const put = (at: number, value: bigint): void => {
    const { imm, immHigh } = splitWide(value);
    machine.memory.writePair(at, imm, immHigh);
  };

  test.each(OPCODES.filter(({ form }) => FORMS.has(form)))('$name', (row) => {
    const isJump = row.form === 'jmp_x';
    const operands =
      row.form === 'neg' || row.form === 'end'
        ? ({ dst: 0 } as const)
        : ({ dst: 0, src: 2, off: isJump ? 1 : 0 } as const);
    const { programs } = machine.load(
      object([
        insn('ldx64', { dst: 0, src: 1 }),
        insn('ldx64', { dst: 2, src: 1, off: 8 }),
        insn(row.name, operands),
        ...(isJump ? [insn('mov64_k', { dst: 2 }), insn('mov64_x', { src: 2 })] : []),
        insn('exit'),
      ]),
    );
    const program = programs.get('main')!;
    fc.assert(
      fc.property(word, word, (a, b) => {
        put(context, a);
        put(context + 8, b);
        const r = machine.run(program, 0, context);
        // A jump that is taken leaves b.
        const want = isJump ? (taken(row, a, b) ? b : 0n) : compute(row, a, b);
        expect(pair(r[0]!, r[1]!)).toBe(want);
      }),
      { numRuns: 150 },
    );
  });
});
