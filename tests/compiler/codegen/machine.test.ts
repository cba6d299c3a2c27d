/** Generated code on the virtual machine's strict interpreter, which judges every access to memory. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { BpfObject } from '../../../bpf/object.ts';
import { generateFunction } from '../../../compiler/codegen/generate.ts';
import { optimiseFunction } from '../../../compiler/optimise/index.ts';
import { createMachine } from '../../../vm/index.ts';
import { evaluateIr } from './evaluate-ir.ts';
import { randomProgram } from './random-program.ts';

const numbers = fc.array(fc.integer({ min: 0, max: 9_999 }), { minLength: 20, maxLength: 300, size: 'max' });
const word = fc.integer({ min: 0, max: 0xffff_ffff });

test('the virtual machine computes what the IR says', { timeout: 60_000 }, () => {
  fc.assert(
    fc.property(numbers, fc.tuple(word, word, word), fc.boolean(), (program, inputs, optimised) => {
      const fn = randomProgram(program, 'context');
      const { instructions } = generateFunction(optimised ? optimiseFunction(fn) : fn, { instructionSet: 4 });
      const object: BpfObject = {
        name: 'codegen',
        endian: 'little',
        license: 'GPL',
        programs: [{ name: 'main', instructions, type: 'socket_filter', section: 'socket', attach: [] }],
        functions: [],
        maps: [],
        data: new Map(),
        sources: [],
      };
      const machine = createMachine({ memoryLimit: 1 << 20 });
      const context = machine.memory.allocateRegion(64, { kind: 'context', label: 'context' });
      inputs.forEach((input, index) => {
        machine.memory.view.setUint32(context + 8 * index, input, true);
      });
      const registers = machine.run(machine.load(object).programs.get('main')!, 0, context);
      const result = BigInt.asIntN(64, (BigInt(registers[1]!) << 32n) | BigInt(registers[0]! >>> 0));
      expect(result).toBe(evaluateIr(randomProgram(program), inputs.map(BigInt), () => 0n));
    }),
    { numRuns: 100 },
  );
});
