/** Programs of random instructions end: with a result, a VmFault or a LoadError, strict or not. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Instruction, Register } from '../../bpf/instruction.ts';
import { OPCODES } from '../../bpf/opcodes.ts';
import { createMachine, LoadError, VmFault } from '../../vm/index.ts';
import { map, object } from './support.ts';

const register = fc.integer({ min: 0, max: 10 }) as fc.Arbitrary<Register>;
const instruction: fc.Arbitrary<Instruction> = fc
  .record({
    op: fc.constantFrom(...OPCODES.map((row) => row.name)),
    dst: register,
    src: register,
    off: fc.oneof(fc.integer({ min: -8, max: 8 }), fc.integer({ min: -32768, max: 32767 })),
    imm: fc.oneof(fc.nat(215), fc.integer()),
    immHigh: fc.integer(),
  })
  .map((one): Instruction => {
    if (one.op === 'lddw' && one.imm % 3 === 0) {
      return { ...one, src: 0, ref: { kind: 'map', name: one.imm % 2 === 0 ? 'm' : 'r' } };
    }
    if (one.op === 'call') return { ...one, src: 0 };
    return one.op === 'lddw' ? { ...one, src: 0 } : one;
  });

const maps = [map('hash', 4, 8, 4), map('ringbuf', 0, 0, 4096, { name: 'r' })];

test.each(['strict', 'checked', 'trusted'] as const)('%s', (mode) => {
  let machine = createMachine({ memoryLimit: 4 << 20, mode, fuel: 2000 });
  let finished = 0;
  fc.assert(
    fc.property(fc.array(instruction, { minLength: 1, maxLength: 25 }), (body) => {
      if (machine.memory.used > 3 << 20) machine = createMachine({ memoryLimit: 4 << 20, mode, fuel: 2000 });
      try {
        const exit: Instruction = { op: 'exit', dst: 0, src: 0, off: 0, imm: 0 };
        const image = machine.load(object([...body, exit], [], maps));
        machine.run(image.programs.get('main')!, 0, 0);
        finished++;
      } catch (error) {
        if (!(error instanceof VmFault || error instanceof LoadError)) throw error;
        expect(error.message.length).toBeGreaterThan(10);
      }
    }),
    { numRuns: 1500 },
  );
  expect(finished).toBeGreaterThan(10);
});
