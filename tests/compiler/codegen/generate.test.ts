import fc from 'fast-check';
import { expect, test } from 'vitest';
import { OPCODE_BY_NAME } from '../../../bpf/opcodes.ts';
import { generateFunction } from '../../../compiler/codegen/generate.ts';
import type { CodegenTarget } from '../../../compiler/codegen/target.ts';
import type { IrFunction } from '../../../compiler/ir/ir.ts';
import { optimiseFunction } from '../../../compiler/optimise/index.ts';
import { evaluateBpf } from './evaluate-bpf.ts';
import { evaluateIr, type HelperMock } from './evaluate-ir.ts';
import { randomProgram } from './random-program.ts';

const helper: HelperMock = (args) =>
  BigInt.asIntN(64, args.reduce((sum, arg) => sum * 1_000_003n + arg, 12_345n) >> 3n);

const numbers = fc.array(fc.integer({ min: 0, max: 9_999 }), { minLength: 20, maxLength: 300, size: 'max' });
const inputs = fc.array(
  fc.oneof(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.bigInt({ min: -4n, max: 4n })),
  { minLength: 3, maxLength: 3 },
);

function agree(
  fn: IrFunction,
  target: CodegenTarget,
  args: readonly bigint[],
  compiled: IrFunction = fn,
): void {
  const generated = generateFunction(compiled, target);
  // Random programs may want more stack than there is; that is reported, not run.
  if (generated.stackBytes > 512) return;
  expect(evaluateBpf(generated.instructions, args, helper).result).toBe(evaluateIr(fn, args, helper));
}

const LEVELS = [1, 2, 3, 4] as const;

for (const instructionSet of LEVELS) {
  test(`generated code does what the IR says (level ${instructionSet}, optimised)`, {
    timeout: 60_000,
  }, () => {
    fc.assert(
      fc.property(numbers, inputs, (program, args) => {
        const fn = randomProgram(program);
        agree(fn, { instructionSet }, args, optimiseFunction(fn, { level: instructionSet }));
      }),
      { numRuns: 150 },
    );
  });

  test(`generated code does what the IR says (level ${instructionSet}, not optimised)`, {
    timeout: 60_000,
  }, () => {
    fc.assert(
      fc.property(numbers, inputs, (program, args) =>
        agree(randomProgram(program), { instructionSet }, args),
      ),
      { numRuns: 150 },
    );
  });

  test(`nothing above level ${instructionSet} is emitted`, { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(numbers, (program) => {
        for (const one of generateFunction(randomProgram(program), { instructionSet }).instructions) {
          // Atomics beyond addition have no older form: who lowers for an old kernel must not ask for them.
          if (one.op.startsWith('atomic_')) continue;
          expect(OPCODE_BY_NAME[one.op].level, one.op).toBeLessThanOrEqual(instructionSet);
        }
      }),
      { numRuns: 40 },
    );
  });
}
