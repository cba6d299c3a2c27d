/** Short detours become choices, and only those; what they compute stays what it was. */
import { expect, test } from 'vitest';
import { createMachine, directEngine } from '../../../vm/index.ts';
import { flowGraph } from '../../../vm/jit/flow-graph.ts';
import { ifConverted } from '../../../vm/jit/if-conversion.ts';
import type { Program } from '../../../vm/program.ts';
import { assembled } from '../assembly.ts';

const OPTIONS = { memoryLimit: 1 << 20, mode: 'trusted' } as const;

/** r1 and r2 are the operands; the result is r0, which begins as 5. */
const start = 'r3 = r1\nr1 = *(u64 *)(r3 + 0)\nr2 = *(u64 *)(r3 + 8)\nr0 = 5\nr4 = 7';
const end = 'r0 *= 31\nr0 += r4\nexit';

const CONVERTED: Readonly<Record<string, string>> = {
  'a detour': 'if r1 > r2 goto out\nr0 = r1\nr0 -= r2\nr4 += r0\nout:',
  'of 32 bits': 'if w1 s< w2 goto out\nw0 = w2\nw0 <<= 3\nr4 = 0x123456789 ll\nout:',
  'the other way round': 'if r1 == r2 goto equal\ngoto out\nequal:\nr0 = r1\nr4 = be32 r4\nout:',
  'two arms': 'if r1 & 1 goto odd\nr1 >>= 1\nr0 = r1\ngoto out\nodd:\nr1 *= 3\nr0 = r1\nr4 ^= r0\nout:',
  'two arms that read what the other writes':
    'if r1 s> r2 goto other\nr0 = r4\nr4 = r1\ngoto out\nother:\nr4 = r0\nr0 = r2\nr2 = r4\nout:',
  'its own operands': 'if r1 < r2 goto out\nr1 ^= r2\nr2 ^= r1\nr1 ^= r2\nout:\nr0 = r1\nr0 -= r2',
};

const LEFT: Readonly<Record<string, string>> = {
  'five computations': 'if r1 > r2 goto out\nr0 = 1\nr0 += r1\nr0 += r2\nr0 ^= r1\nr0 += 3\nout:',
  'a division': 'if r1 == 0 goto out\nr0 /= r1\nout:',
  'a load': 'if r1 == 0 goto out\nr0 = *(u64 *)(r3 + 0)\nout:',
  'joined by others': 'if r1 > r2 goto in\nif r1 == 7 goto out\nin:\nr0 = 1\nout:',
  'no way on': 'if r1 > r2 goto out\nr0 = 1\nexit\nout:',
};

function load(text: string): { program: Program; run: (a: bigint, b: bigint) => readonly number[] }[] {
  return [directEngine, undefined].map((engine) => {
    const machine = createMachine({ ...OPTIONS, ...(engine === undefined ? {} : { engine }) });
    const program = machine.load(assembled(`${start}\n${text}\n${end}`)).programs.get('main')!;
    const context = machine.memory.allocate(16, 'operands');
    const run = (a: bigint, b: bigint): readonly number[] => {
      machine.memory.view.setBigUint64(context, a, true);
      machine.memory.view.setBigUint64(context + 8, b, true);
      const r = machine.run(program, 0, context);
      return [r[0]!, r[1]!];
    };
    return { program, run };
  });
}

function armsOf(program: Program): number {
  const graph = flowGraph(program, 0, program.instructions.length);
  if ('reason' in graph) throw new Error(graph.reason);
  return ifConverted(program, graph).arms.size;
}

const OPERANDS = [0n, 1n, 2n, 7n, 0x7fff_ffffn, 0x8000_0000n, 0x1_0000_0001n, 2n ** 63n, 2n ** 64n - 1n];

test.each(Object.entries({ ...CONVERTED, ...LEFT }))('%s', (name, text) => {
  const [jit, reference] = load(text);
  expect(armsOf(jit!.program)).toBe(name in CONVERTED ? 1 : 0);
  for (const a of OPERANDS) {
    for (const b of OPERANDS) expect(jit!.run(a, b), `${a} ${b}`).toEqual(reference!.run(a, b));
  }
});
