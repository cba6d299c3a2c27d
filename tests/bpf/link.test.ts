import { expect, test } from 'vitest';
import { encodeInstructions } from '../../bpf/encode.ts';
import type { Instruction } from '../../bpf/instruction.ts';
import { linkProgram } from '../../bpf/link.ts';

const base = { dst: 0, src: 0, off: 0, imm: 0 } as const;
const call = (name: string): Instruction => ({ ...base, op: 'call', ref: { kind: 'function', name } });
const address = (name: string): Instruction => ({
  ...base,
  op: 'lddw',
  dst: 2,
  immHigh: 0,
  ref: { kind: 'function', name },
});
const exit: Instruction = { ...base, op: 'exit' };

test('reachable functions follow the entry once; calls and addresses are distances', () => {
  const { instructions, functions, problems } = linkProgram(
    { name: 'main', instructions: [address('callback'), call('helper'), exit] },
    [
      { name: 'unused', instructions: [exit] },
      { name: 'helper', instructions: [call('helper'), call('main'), exit] },
      { name: 'callback', instructions: [call('helper'), exit] },
    ],
  );
  expect(problems).toEqual([]);
  expect(functions.map((one) => [one.name, one.start, one.slot])).toEqual([
    ['main', 0, 0],
    ['callback', 3, 4],
    ['helper', 5, 6],
  ]);
  // Slots: lddw 0-1, call 2, exit 3, callback 4-5, helper 6-8.
  expect(instructions.map((one) => [one.op, one.src, one.imm])).toEqual([
    ['lddw', 4, 3],
    ['call', 1, 3],
    ['exit', 0, 0],
    ['call', 1, 1],
    ['exit', 0, 0],
    ['call', 1, -1],
    ['call', 1, -8],
    ['exit', 0, 0],
  ]);
});

test('functions may use the same labels, and the linked program encodes', () => {
  const skip: Instruction = { ...base, op: 'ja', ref: { kind: 'label', name: 'out' } };
  const body = [skip, { ...exit, label: 'out' }];
  const { instructions, problems } = linkProgram({ name: 'main', instructions: [call('other'), ...body] }, [
    { name: 'other', instructions: body },
  ]);
  expect(problems).toEqual([]);
  expect(encodeInstructions(instructions).problems).toEqual([]);
});

test('a missing function is a problem at its slot', () => {
  const { problems } = linkProgram({ name: 'main', instructions: [exit, call('gone')] }, []);
  expect(problems).toMatchObject([{ kind: 'reference', slot: 1, offset: 8, message: "no function 'gone'" }]);
});
