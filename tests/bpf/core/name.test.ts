import { expect, test } from 'vitest';
import { essentialName } from '../../../bpf/core/name.ts';

test.each([
  ['task_struct', 'task_struct'],
  ['task_struct___old', 'task_struct'],
  ['task___a___b', 'task___a'],
  ['a___b', 'a'],
  ['___b', '___b'],
  ['a___', 'a___'],
  ['a____b', 'a____b'],
  ['a_____b', 'a_____b'],
  ['a___b____c', 'a'],
  ['', ''],
])('%s is %s', (name, essential) => {
  expect(essentialName(name)).toBe(essential);
});
