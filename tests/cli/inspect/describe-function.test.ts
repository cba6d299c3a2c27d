import { expect, test } from 'vitest';
import type { Instruction } from '../../../bpf/instruction.ts';
import type { BpfObject } from '../../../bpf/object.ts';
import { describeFunction, describeProgram } from '../../../cli/inspect/describe-function.ts';

const EXIT: Instruction = { op: 'exit', dst: 0, src: 0, off: 0, imm: 0 };

/** An object whose source has lines of those numbers. */
function object(lineNumbers: readonly number[]): BpfObject {
  return {
    name: 'x.o',
    endian: 'little',
    license: '',
    programs: [],
    functions: [],
    maps: [],
    data: new Map(),
    sources: [{ name: 'x.c', text: lineNumbers.map(() => '\n').join(''), lineNumbers }],
  };
}

/** A function of an instruction a line. */
const perLine = (
  lines: number,
): { readonly name: string; readonly instructions: readonly Instruction[] } => ({
  name: 'f',
  instructions: Array.from({ length: lines }, (_, start) => ({
    ...EXIT,
    span: { source: 0, start, end: start },
  })),
});

const sourceOf = (lineNumbers: readonly number[]): unknown =>
  describeFunction(perLine(lineNumbers.length), object(lineNumbers), () => []).source;

test('a function has the lines of its instructions, without line 0', () => {
  expect(sourceOf([7, 0, 3, 5])).toEqual({ file: 'x.c', firstLine: 3, lastLine: 7 });
  expect(sourceOf([0, 0])).toBeUndefined();
});

test('a program may be sleepable, or of no type', () => {
  const program = { ...perLine(1), type: 'unspec', section: 'xdpfoo', attach: [] } as const;
  const described = describeProgram(program, object([1]), () => []);
  expect(described).toMatchObject({ type: 'unspec', sleepable: false });
  const asleep = describeProgram({ ...program, sleepable: true }, object([1]), () => []);
  expect(asleep.sleepable).toBe(true);
});

test('a function may have very many lines', () => {
  const count = 300_000;
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  expect(sourceOf(numbers)).toEqual({ file: 'x.c', firstLine: 1, lastLine: count });
});
