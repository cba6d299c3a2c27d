import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { IrFunction } from '../../../compiler/ir/ir.ts';
import { validate } from '../../../compiler/ir/validate.ts';
import { passesFor } from '../../../compiler/optimise/index.ts';
import { evaluateIr, type HelperMock } from '../codegen/evaluate-ir.ts';
import { randomProgram } from '../codegen/random-program.ts';
import { compileText } from '../support.ts';

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

test('every pass keeps the meaning and the form', { timeout: 60_000 }, () => {
  fc.assert(
    fc.property(numbers, inputs, (program, args) => {
      let fn: IrFunction = randomProgram(program);
      const want = evaluateIr(fn, args, helper);
      for (const pass of passesFor({ level: 4 })) {
        fn = pass.run(fn);
        expect(validate(fn), pass.name).toEqual([]);
        expect(evaluateIr(fn, args, helper), pass.name).toBe(want);
      }
    }),
    { numRuns: 200 },
  );
});

test('a number stored in the width it was loaded in is not extended', () => {
  const { object } = compileText('tracepoint:sched:sched_switch { @[args.next_pid] = args.prev_prio; }');
  const ops = object!.programs[0]!.instructions.map(({ op }) => op);
  expect(ops.filter((op) => op.startsWith('lsh') || op.startsWith('arsh') || op.startsWith('ashr'))).toEqual(
    [],
  );
  const wide = compileText('tracepoint:sched:sched_switch { $x = args.next_pid; @ = $x * nsecs; }');
  expect(wide.object!.programs[0]!.instructions.map(({ op }) => op).join(' ')).toMatch(/lsh64_k|shl64_k/);
});
