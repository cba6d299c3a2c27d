/** Generated code before the kernel's verifier and on its machine: socket filters, loaded and test-run, never attached. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Instruction } from '../../bpf/instruction.ts';
import type { BpfObject } from '../../bpf/object.ts';
import { generateFunction } from '../../compiler/codegen/generate.ts';
import { FunctionBuilder } from '../../compiler/ir/builder.ts';
import { printFunction } from '../../compiler/ir/print.ts';
import { optimiseFunction } from '../../compiler/optimise/index.ts';
import { evaluateIr } from '../compiler/codegen/evaluate-ir.ts';
import { randomMapProgram } from '../compiler/codegen/random-maps.ts';
import { randomProgram } from '../compiler/codegen/random-program.ts';
import { mapObject, outcomeOf } from '../compiler/codegen/run-maps.ts';
import { LinuxBpf } from './bpf-syscall.ts';

const reason = LinuxBpf.reason();
if (reason !== undefined) console.warn(`tests/linux/codegen skipped: ${reason}`);

const numbers = fc.array(fc.integer({ min: 0, max: 9_999 }), { minLength: 20, maxLength: 200, size: 'max' });
const DATA = new Uint8Array(64);
function objectOf(instructions: readonly Instruction[]): BpfObject {
  return {
    name: 'codegen',
    endian: 'little',
    license: 'GPL',
    programs: [{ name: 'random', instructions, type: 'socket_filter', section: 'socket', attach: [] }],
    functions: [],
    maps: [],
    data: new Map(),
    sources: [],
  };
}

/** A program that returns one field of its context. */
function fieldReader(offset: number): BpfObject {
  const builder = new FunctionBuilder('field', 1);
  builder.return(builder.load(builder.parameter(0, 'context'), offset, 4));
  return objectOf(generateFunction(builder.finish(), { instructionSet: 1 }).instructions);
}

describe.skipIf(reason !== undefined)('the kernel', () => {
  let bpf: LinuxBpf;
  const inputs: bigint[] = [];
  beforeAll(async () => {
    bpf = await LinuxBpf.start();
    for (const offset of [0, 8, 16]) {
      const { program } = await bpf.loadObject(fieldReader(offset), 'random');
      const { retval } = await bpf.testRun(program!, { data: DATA });
      inputs.push(BigInt(retval));
    }
  });
  afterAll(() => bpf.close());

  for (const optimised of [false, true]) {
    test(`accepts ${optimised ? 'optimised' : 'plain'} code and computes the same`, async () => {
      await fc.assert(
        fc.asyncProperty(numbers, fc.constantFrom(1, 2, 3, 4), async (program, level) => {
          const fn = randomProgram(program, 'context');
          const target = { instructionSet: level as 1 | 2 | 3 | 4 };
          const { instructions } = generateFunction(optimised ? optimiseFunction(fn, { level }) : fn, target);
          const answer = await bpf.loadObject(objectOf(instructions), 'random');
          expect(answer.ok, `${answer.log}\n${printFunction(fn)}`).toBe(true);
          const { retval } = await bpf.testRun(answer.program!, { data: DATA });
          const want = evaluateIr(randomProgram(program), inputs, () => 0n);
          expect(BigInt.asUintN(32, BigInt(retval))).toBe(BigInt.asUintN(32, want));
        }),
        { numRuns: 60 },
      );
    });
  }

  test('accepts optimised code about maps and leaves the same result', async () => {
    await fc.assert(
      fc.asyncProperty(numbers, fc.constantFrom(1, 2, 3, 4), async (program, level) => {
        const fn = randomMapProgram(program);
        const optimised = optimiseFunction(fn, { level });
        const object = mapObject(optimised, level as 1 | 2 | 3 | 4);
        const want = outcomeOf(fn, inputs.map(Number));
        if (object === undefined || want === undefined) return;
        const answer = await bpf.loadObject(object, 'main');
        expect(answer.ok, `${answer.log}\n${printFunction(optimised)}`).toBe(true);
        const { retval } = await bpf.testRun(answer.program!, { data: DATA });
        expect(BigInt.asUintN(32, BigInt(retval))).toBe(BigInt.asUintN(32, want.result));
        await bpf.unload(answer.program!);
      }),
      { numRuns: 60 },
    );
  });
});
