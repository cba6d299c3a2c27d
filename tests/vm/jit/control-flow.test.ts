/** Control flow that no compiler writes: the code of it does what the reference interpreter does. */
import { expect, test } from 'vitest';
import type { Instruction } from '../../../bpf/instruction.ts';
import { createMachine, directEngine, type Machine } from '../../../vm/index.ts';
import { Dice } from '../../generators/programs/dice.ts';
import { insn, object } from '../support.ts';

const OPTIONS = { memoryLimit: 1 << 20, mode: 'checked' } as const;

function resultOf(
  machine: Machine,
  instructions: readonly Instruction[],
): { engine: string; r0: readonly number[] } {
  const program = machine.load(object(instructions)).programs.get('main')!;
  const r = machine.run(program, 0, 0);
  return { engine: machine.runnable(program).engine, r0: [r[0]!, r[1]!] };
}

/**
 * Blocks that compute something and go on to any two others, until a counter has run out: most such graphs are not
 * reducible.
 */
function maze(dice: Dice, blocks: number): readonly Instruction[] {
  const label = (block: number): { readonly kind: 'label'; readonly name: string } => ({
    kind: 'label',
    name: `b${block}`,
  });
  const body: Instruction[] = [insn('mov64_k', { imm: 1 }), insn('mov64_k', { dst: 1, imm: 200 })];
  for (let block = 0; block < blocks; block++) {
    body.push(
      insn('add64_k', { dst: 1, imm: -1, label: `b${block}` }),
      insn('jeq_k', { dst: 1, imm: 0, ref: { kind: 'label', name: 'end' } }),
      insn('mul64_k', { imm: 31 }),
      insn('add64_k', { imm: dice.below(1000) }),
      insn('jset_k', { imm: dice.below(255) + 1, ref: label(dice.below(blocks)) }),
    );
    if (dice.chance(0.6)) body.push(insn('ja', { ref: label(dice.below(blocks)) }));
  }
  body.push(insn('ja', { ref: label(0) }), insn('exit', { label: 'end' }));
  return body;
}

test('graphs of any shape', () => {
  const jit = createMachine({ ...OPTIONS, engine: directEngine });
  const reference = createMachine(OPTIONS);
  for (let seed = 1; seed <= 150; seed++) {
    const dice = new Dice(seed);
    const program = maze(dice, dice.between(2, 12));
    expect(resultOf(jit, program), `seed ${seed}`).toEqual({
      ...resultOf(reference, program),
      engine: 'direct',
    });
  }
});

/** Forward jumps over jumps: as many WebAssembly blocks around each other. */
function nested(count: number): readonly Instruction[] {
  const body: Instruction[] = [insn('mov64_k', { imm: 0 })];
  for (let n = 0; n < count; n++)
    body.push(insn('jeq_k', { imm: n + 1, ref: { kind: 'label', name: `l${count - n}` } }));
  for (let n = 1; n <= count; n++) body.push(insn('add64_k', { imm: 1, label: `l${n}` }));
  return [...body, insn('exit')];
}

/** Loops in loops, each one round. */
function loops(count: number): readonly Instruction[] {
  const body: Instruction[] = [insn('mov64_k', { imm: 0 })];
  for (let n = 0; n < count; n++) body.push(insn('add64_k', { imm: 1, label: `h${n}` }));
  for (let n = count - 1; n >= 0; n--)
    body.push(insn('jslt_k', { imm: 1, ref: { kind: 'label', name: `h${n}` } }));
  return [...body, insn('exit')];
}

/** Conditions in a chain, whose other ways join one after the other: each block has a long way up to its dominator. */
function joins(count: number): readonly Instruction[] {
  const body: Instruction[] = [insn('mov64_k', { imm: 0 })];
  for (let n = 1; n <= count; n++)
    body.push(insn('jeq_k', { imm: n, ref: { kind: 'label', name: `l${n}` } }));
  for (let n = 1; n <= count; n++) body.push(insn('add64_k', { imm: 1, label: `l${n}` }));
  return [...body, insn('exit')];
}

test.each([
  ['blocks in blocks', nested(8_000)],
  ['loops in loops', loops(16_000)],
  ['joins', joins(25_000)],
])(
  'thousands of %s',
  (_, program) => {
    const jit = createMachine({ ...OPTIONS, memoryLimit: 4 << 20, engine: directEngine });
    const reference = createMachine({ ...OPTIONS, memoryLimit: 4 << 20 });
    expect(resultOf(jit, program)).toEqual({ ...resultOf(reference, program), engine: 'direct' });
  },
  30_000,
);

test('a program as long as any', () => {
  const dice = new Dice(1);
  const body: Instruction[] = [insn('mov64_k', { imm: 1 })];
  while (body.length < 65_000) {
    if (dice.chance(0.2)) body.push(insn('jset_k', { imm: 1 << dice.below(20), off: dice.between(1, 5) }));
    else body.push(insn(dice.chance(0.5) ? 'mul64_k' : 'xor64_k', { imm: dice.word() | 1 }));
  }
  for (let n = 0; n < 6; n++) body.push(insn('add64_k', { imm: 1 }));
  const program = [...body, insn('exit')];
  const jit = createMachine({ ...OPTIONS, memoryLimit: 8 << 20, engine: directEngine });
  const reference = createMachine({ ...OPTIONS, memoryLimit: 8 << 20 });
  expect(resultOf(jit, program)).toEqual({ ...resultOf(reference, program), engine: 'direct' });
});

test('what is more than engines take is left to an interpreter', () => {
  const body = new Array<Instruction>(140_000).fill(insn('bswap64'));
  const program = [insn('mov64_k', { imm: 1 }), ...body, insn('exit')];
  const machine = createMachine({ ...OPTIONS, engine: directEngine });
  expect(resultOf(machine, program)).toEqual({ engine: 'reference', r0: [1, 0] });
}, 30_000);
