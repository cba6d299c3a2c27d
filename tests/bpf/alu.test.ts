/** Arithmetic on bigints means what the interpreter does, instruction by instruction. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { computeAlu, isAlu, isConditionalJump, isTaken } from '../../bpf/alu.ts';
import type { Instruction } from '../../bpf/instruction.ts';
import { OPCODES } from '../../bpf/opcodes.ts';
import { createMachine } from '../../vm/index.ts';
import { EDGES } from '../vm/reference.ts';
import { insn, object, runOn, wide } from '../vm/support.ts';

/** Numbers at the edges of widths and of what shifts and divisions do, and any others. */
const number = fc.oneof(fc.constantFrom(...EDGES), fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }));
const pairs = fc.array(fc.tuple(number, number), { minLength: 1, maxLength: 8 });

const run = (...main: readonly Instruction[]): bigint =>
  runOn(createMachine({ memoryLimit: 1 << 20 }), object([...main, insn('exit')]));

describe('results', () => {
  test.each(OPCODES.filter(isAlu).filter(({ form }) => form === 'alu_x'))('$name', (row) => {
    const operate = insn(row.name, { dst: 0, src: 1 });
    fc.assert(
      fc.property(pairs, (list) => {
        for (const [a, b] of list) {
          const result = run(wide(0, a), wide(1, b), operate);
          expect(computeAlu(row.operation, row.bits, a, b), `${a} ${b}`).toBe(result);
          // Operands may be written with a sign, too.
          expect(computeAlu(row.operation, row.bits, BigInt.asIntN(64, a), BigInt.asIntN(64, b))).toBe(
            result,
          );
        }
      }),
      { numRuns: 20 },
    );
  });
});

describe('conditions', () => {
  test.each(OPCODES.filter(isConditionalJump).filter(({ form }) => form === 'jmp_x'))('$name', (row) => {
    const jump = insn(row.name, { dst: 1, src: 2, off: 1 });
    const [zero, one] = [insn('mov64_k', { imm: 0 }), insn('mov64_k', { imm: 1 })];
    fc.assert(
      fc.property(pairs, (list) => {
        for (const [a, b] of list) {
          const taken = run(wide(1, a), wide(2, b), one, jump, zero) === 1n;
          expect(isTaken(row.operation, row.bits, a, b), `${a} ${b}`).toBe(taken);
        }
      }),
      { numRuns: 20 },
    );
  });
});
