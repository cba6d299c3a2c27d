import { expect, test } from 'vitest';
import { BtfBuilder } from '../../../bpf/btf/index.ts';
import { isStructureOfNumbers } from '../../../verifier/call/kfunc-parameter.ts';

test('structures of numbers are four deep at most, and each is looked at once', () => {
  const types = new BtfBuilder();
  const int = types.addInt('int', 4, { signed: true });
  const all = (type: number, count: number) =>
    Array.from({ length: count }, (_, index) => ({ name: `m${index}`, type, bitOffset: 0, bitSize: 0 }));
  const levels = [types.addStruct('level0', 4, all(int, 2000))];
  for (let level = 1; level < 5; level++) {
    levels.push(types.addStruct(`level${level}`, 4, all(levels[level - 1]!, 2000)));
  }
  const pointer = types.addStruct('pointer', 8, all(types.addPointer(int), 1));
  const btf = types.build();
  expect(levels.map((id) => isStructureOfNumbers(btf, id))).toEqual(['yes', 'yes', 'yes', 'yes', 'too-deep']);
  expect(isStructureOfNumbers(btf, pointer)).toBe('no');
});
