/** Accepted random programs run in a machine that checks every access: a fault is a program that should have been refused. */
import { verifyCase } from '../../verifier/case/verify-case.ts';
import { machineTypes } from '../generators/programs/kernel-types.ts';
import { kernelOffsets } from '../generators/programs/offsets.ts';
import { ProgramGenerator } from '../generators/programs/program.ts';
import { runStrict } from '../verifier/strict/world.ts';

const RUNS = 20;

export function strictTarget(): (runs: number, seed: number) => { readonly slowest: number } {
  const types = machineTypes();
  const generator = new ProgramGenerator(kernelOffsets(types));
  return (runs, seed) => {
    let slowest = 0;
    for (let i = 0; i < runs; i++) {
      const { case: one } = generator.generate(seed * 1_000_000 + i);
      const from = performance.now();
      if (verifyCase(one, { kernel: { release: '6.18', btf: types } }).ok !== true) continue;
      const outcome = runStrict(one, RUNS, i);
      slowest = Math.max(slowest, performance.now() - from);
      if (outcome.kind === 'fault') {
        throw new Error(`${one.id}, run ${outcome.run}: accepted, and then ${outcome.fault.message}`);
      }
    }
    return { slowest };
  };
}
