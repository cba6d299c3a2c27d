import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { IrFunction } from '../../../compiler/ir/ir.ts';
import { validate } from '../../../compiler/ir/validate.ts';
import { passesFor } from '../../../compiler/optimise/index.ts';
import { evaluateIr, type HelperMock } from '../codegen/evaluate-ir.ts';
import { randomProgram } from '../codegen/random-program.ts';

const helper: HelperMock = (args) =>
  BigInt.asIntN(
    64,
    args.reduce((sum, arg) => sum * 31n + arg, 7n),
  );
const numbers = fc.array(fc.integer({ min: 0, max: 9_999 }), { minLength: 20, maxLength: 300, size: 'max' });
const inputs = fc.array(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), {
  minLength: 3,
  maxLength: 3,
});

test('every pass keeps the meaning and the form', () => {
  fc.assert(
    fc.property(numbers, inputs, (program, args) => {
      let fn: IrFunction = randomProgram(program);
      const want = evaluateIr(fn, args, helper);
      for (const pass of passesFor()) {
        fn = pass.run(fn);
        expect(validate(fn), pass.name).toEqual([]);
        expect(evaluateIr(fn, args, helper), pass.name).toBe(want);
      }
    }),
    { numRuns: 200 },
  );
});
