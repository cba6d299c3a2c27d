import { expect, test } from 'vitest';
import { createMachine } from '../../../vm/index.ts';
import { cachedDirectEngine } from '../../../vm/jit/engine.ts';
import { ModuleCache } from '../../../vm/jit/module-cache.ts';
import { insn, map, object } from '../support.ts';

/** Adds 1 to element 1 and returns it. */
const COUNT = [
  insn('st32', { dst: 10, off: -4, imm: 1 }),
  insn('lddw', { dst: 1, ref: { kind: 'map', name: 'm' } }),
  insn('mov64_x', { dst: 2, src: 10 }),
  insn('add64_k', { dst: 2, imm: -4 }),
  insn('call', { imm: 1 }),
  insn('jne_k', { off: 1 }),
  insn('exit'),
  insn('ldx64', { dst: 1, src: 0 }),
  insn('add64_k', { dst: 1, imm: 1 }),
  insn('stx64', { dst: 0, src: 1 }),
  insn('mov64_x', { src: 1 }),
  insn('exit'),
];

function countOn(cache: ModuleCache, valueSize: number, mapsBefore = 0): number {
  const machine = createMachine({ memoryLimit: 1 << 20, mode: 'trusted', engine: cachedDirectEngine(cache) });
  for (let n = 0; n < mapsBefore; n++) machine.createMap(map('array', 4, 8, 4, { name: `before ${n}` }));
  const program = machine.load(object(COUNT, [], [map('array', 4, valueSize, 4)])).programs.get('main')!;
  machine.run(program, 0, 0);
  return machine.run(program, 0, 0)[0]!;
}

test('the same program in the same place is compiled once', () => {
  const cache = new ModuleCache();
  expect(countOn(cache, 8)).toBe(2);
  expect(countOn(cache, 8)).toBe(2);
  expect(cache.size).toBe(1);
});

test('another map or another place is another module', () => {
  const cache = new ModuleCache();
  expect(countOn(cache, 8)).toBe(2);
  expect(countOn(cache, 24)).toBe(2);
  expect(countOn(cache, 8, 2)).toBe(2);
  expect(countOn(cache, 8)).toBe(2);
});
