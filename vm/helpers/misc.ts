/** CPU number, random numbers, string comparison. */
import { setResult, setResultPair } from '../helper-port.ts';
import type { Machine } from '../machine.ts';
import { entry, type HelperEntry, memoryArgument, sizeArgument } from './arguments.ts';

export function miscHelpers(machine: Machine): readonly HelperEntry[] {
  const random = xorshift(machine.seed);
  return [
    entry('get_smp_processor_id', (r) => setResult(r, machine.cpu)),
    entry('get_prandom_u32', (r) => setResultPair(r, random(), 0)),
    entry('strncmp', (r) => setResult(r, compare(machine, r))),
  ];
}

/** r1 string, r2 its size, r3 constant string: the sign of the first difference, as strncmp(3). */
function compare(machine: Machine, r: Int32Array): number {
  const size = sizeArgument(machine, r, 2);
  const first = memoryArgument(machine, r, 1, size);
  const second = r[6]!;
  for (let i = 0; i < size; i++) {
    machine.interpreter.checkArgument((second + i) | 0, r[7]!, 1, false);
    const a = machine.memory.u8[first + i]!;
    const b = machine.memory.u8[second + i]!;
    if (a !== b) return a < b ? -1 : 1;
    if (a === 0) return 0;
  }
  return 0;
}

/** Marsaglia's xorshift on 32 bits; the same seed gives the same numbers. */
function xorshift(seed: number): () => number {
  let state = (seed | 0) === 0 ? 0x2545f491 : Math.imul(seed, 0x9e3779b1) | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state;
  };
}
