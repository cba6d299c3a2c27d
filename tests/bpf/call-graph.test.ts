import { expect, test } from 'vitest';
import { callClosure, functionsNamedBy } from '../../bpf/call-graph.ts';
import type { BpfFunction } from '../../bpf/object.ts';

/** A function that calls others, by name. */
function calling(name: string, ...called: readonly string[]): BpfFunction {
  return {
    name,
    instructions: called.map((one) => ({
      op: 'call',
      dst: 0,
      src: 1,
      off: 0,
      imm: 0,
      ref: { kind: 'function', name: one },
    })),
  };
}

const names = (list: readonly BpfFunction[]): readonly string[] => list.map(({ name }) => name);
const main = calling('main', 'b', 'gone', 'a', 'main');
const others = [
  calling('a', 'c', 'b'),
  calling('b', 'd'),
  calling('c', 'a'),
  calling('d'),
  calling('e', 'a'),
];

test('functions come in the order of first mention, each once', () => {
  expect(names(callClosure([main], others))).toEqual(['main', 'b', 'a', 'd', 'c']);
  expect(names(callClosure([], others))).toEqual([]);
});

test('an entry stands for a function of its name', () => {
  const own = calling('a', 'd');
  expect(callClosure([own], [...others, main])).toEqual([own, others[3]]);
});

test('mentions may be left out, and are asked for once a function', () => {
  const asked: string[] = [];
  const first = callClosure([main], others, (one) => {
    asked.push(one.name);
    return functionsNamedBy(one, (index) => index === 0);
  });
  expect(names(first)).toEqual(['main', 'b', 'd']);
  expect(asked).toEqual(['main', 'b', 'd']);
});
