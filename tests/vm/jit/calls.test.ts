/** Calls that leave the program's own code: callbacks by helpers, tail calls. */
import { describe, expect, test } from 'vitest';
import { helper } from '../../../bpf/helpers/lookup.ts';
import type { Instruction } from '../../../bpf/instruction.ts';
import type { BpfObject } from '../../../bpf/object.ts';
import { createMachine, directEngine, type Machine } from '../../../vm/index.ts';
import { insn, map, object } from '../support.ts';

const JIT = { memoryLimit: 1 << 20, mode: 'trusted', engine: directEngine } as const;

/** Writes the first cells of a program array. */
function putPrograms(machine: Machine, image: ReturnType<Machine['load']>, names: readonly string[]): void {
  const { layout } = image.maps.get('m')!.map;
  for (const [index, name] of names.entries()) {
    const cell = (layout.base + layout.elements + index * 4) >> 2;
    machine.memory.i32[cell] = image.programs.get(name)!.slot + 1;
  }
}

function programs(bodies: Readonly<Record<string, readonly Instruction[]>>): BpfObject {
  const one = object([], [], [map('prog_array', 4, 4, 4)]);
  const [main] = one.programs;
  return {
    ...one,
    programs: Object.entries(bodies).map(([name, instructions]) => ({ ...main!, name, instructions })),
  };
}

/** r0 = so many hundreds, then a tail call to an element. */
const tail = (index: number, hundreds: number): readonly Instruction[] => [
  insn('mov64_x', { dst: 6, src: 1 }),
  insn('mov64_k', { imm: hundreds * 100 }),
  insn('mov64_x', { dst: 1, src: 6 }),
  insn('lddw', { dst: 2, ref: { kind: 'map', name: 'm' } }),
  insn('mov64_k', { dst: 3, imm: index }),
  insn('call', { imm: helper('tail_call').id }),
  insn('mov64_k', { imm: hundreds }),
  insn('exit'),
];

describe('tail calls', () => {
  test.each([
    [0, 42],
    [1, 7],
    [9, 7],
  ])('to element %i give %i', (index, result) => {
    const machine = createMachine(JIT);
    const image = machine.load(
      programs({ main: tail(index, 7), next: [insn('mov64_k', { imm: 42 }), insn('exit')] }),
    );
    putPrograms(machine, image, ['next']);
    expect(machine.run(image.programs.get('main')!, 0, 0)[0]).toBe(result);
    expect(machine.runnable(image.programs.get('main')!).engine).toBe('direct');
  });

  test('hand the context on', () => {
    const machine = createMachine(JIT);
    const context = machine.memory.allocateRegion(8, { kind: 'context', label: 'context' });
    machine.memory.view.setInt32(context, 99, true);
    const image = machine.load(
      programs({ main: tail(0, 7), next: [insn('ldx32', { src: 1 }), insn('exit')] }),
    );
    putPrograms(machine, image, ['next']);
    expect(machine.run(image.programs.get('main')!, 0, context)[0]).toBe(99);
  });

  test('end after thirty-three', () => {
    const machine = createMachine(JIT);
    const count = [
      insn('mov64_x', { dst: 6, src: 1 }),
      insn('ldx64', { dst: 1, src: 6 }),
      insn('add64_k', { dst: 1, imm: 1 }),
      insn('stx64', { dst: 6, src: 1 }),
      insn('mov64_x', { dst: 1, src: 6 }),
      ...tail(0, 7).slice(3),
    ];
    const context = machine.memory.allocateRegion(8, { kind: 'context', label: 'context', writable: true });
    const image = machine.load(programs({ main: count }));
    putPrograms(machine, image, ['main']);
    for (const runs of [34, 68]) {
      expect(machine.run(image.programs.get('main')!, 0, context)[0]).toBe(7);
      expect(machine.memory.readLow(context)).toBe(runs);
    }
  });

  test('in functions are compiled, and the program that is called may be one that is not', () => {
    const machine = createMachine(JIT);
    const main = [insn('call', { src: 1, imm: 2 }), insn('add64_k', { imm: 1 }), insn('exit'), ...tail(0, 7)];
    const jump = [
      insn('lddw', { dst: 1, ref: { kind: 'function', name: 'two' } }),
      insn('callx', { dst: 1 }),
    ];
    const other = [...jump, insn('exit')];
    const one = programs({ main, direct: tail(0, 9), other });
    const two = { name: 'two', instructions: [insn('mov64_k', { imm: 42 }), insn('exit')] };
    const image = machine.load({ ...one, functions: [two] });
    putPrograms(machine, image, ['other']);
    const engines = ['main', 'direct', 'other'].map((name) => {
      const program = image.programs.get(name)!;
      const [r0] = machine.run(program, 0, 0);
      return [machine.runnable(program).engine, r0];
    });
    expect(engines).toEqual([
      ['direct', 43],
      ['direct', 42],
      ['reference', 42],
    ]);
  });
});

describe('callbacks', () => {
  /** Sums what the callback finds in the caller's frame and the rounds' numbers. */
  const sum: readonly Instruction[] = [
    insn('ldx64', { dst: 3, src: 2 }),
    insn('add64_x', { dst: 3, src: 1 }),
    insn('stx64', { dst: 2, src: 3 }),
    insn('mov64_k', { dst: 6, imm: 77 }),
    insn('mov64_k'),
    insn('exit'),
  ];
  const loop = (count: number, flags = 0): readonly Instruction[] => [
    insn('mov64_k', { dst: 6, imm: 5 }),
    insn('st64', { dst: 10, off: -8, imm: 1000 }),
    insn('mov64_k', { dst: 1, imm: count }),
    insn('lddw', { dst: 2, ref: { kind: 'function', name: 'sum' } }),
    insn('mov64_x', { dst: 3, src: 10 }),
    insn('add64_k', { dst: 3, imm: -8 }),
    insn('mov64_k', { dst: 4, imm: flags }),
    insn('call', { imm: helper('loop').id }),
    insn('ldx64', { dst: 1, src: 10, off: -8 }),
    insn('mul64_k', { imm: 100_000 }),
    insn('add64_x', { src: 1 }),
    insn('add64_x', { src: 6 }),
    insn('exit'),
  ];
  test.each([
    [10, 0],
    [0, 0],
    [10, 1],
    [(1 << 23) + 1, 0],
  ])('bpf_loop of %i with flags %i', (count, flags) => {
    const one = object(loop(count, flags), [{ name: 'sum', instructions: sum }]);
    const results = [JIT, { memoryLimit: 1 << 20 }].map((options) => {
      const machine = createMachine(options);
      return [...machine.run(machine.load(one).programs.get('main')!, 0, 0).subarray(0, 2)];
    });
    expect(results[0]).toEqual(results[1]);
  });
});
