/** Programs about memory and maps leave the same with and without optimisation: result and contents, after each pass. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { printFunction } from '../../../compiler/ir/print.ts';
import { validate } from '../../../compiler/ir/validate.ts';
import { passesFor } from '../../../compiler/optimise/index.ts';
import { randomMapProgram } from '../codegen/random-maps.ts';
import { outcomeOf } from '../codegen/run-maps.ts';

const numbers = fc.array(fc.integer({ min: 0, max: 9_999 }), { minLength: 20, maxLength: 200, size: 'max' });
const word = fc.integer({ min: 0, max: 3 });

const RUNS = 100;

function agree(program: readonly number[], inputs: readonly number[], everyPass: boolean): void {
  let fn = randomMapProgram(program);
  const want = outcomeOf(fn, inputs);
  const passes = passesFor({ level: 4 });
  passes.forEach((pass, index) => {
    const before = fn;
    fn = pass.run(fn);
    expect(validate(fn), pass.name).toEqual([]);
    if (!everyPass && index < passes.length - 1) return;
    const outcome = outcomeOf(fn, inputs);
    if (want === undefined || outcome === undefined) return;
    expect(outcome, `${pass.name}\n${printFunction(before)}\n${printFunction(fn)}`).toEqual(want);
  });
}

test('every pass keeps what programs about maps do', { timeout: 60_000 }, () => {
  fc.assert(
    fc.property(numbers, fc.tuple(word, word, word), (program, inputs) => agree(program, inputs, true)),
    { numRuns: RUNS / 5 },
  );
});

test('all passes together keep what programs about maps do', { timeout: 60_000 }, () => {
  fc.assert(
    fc.property(numbers, fc.tuple(word, word, word), (program, inputs) => agree(program, inputs, false)),
    { numRuns: RUNS },
  );
});
