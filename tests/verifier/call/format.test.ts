import { expect, test } from 'vitest';
import { isValidFormat } from '../../../verifier/call/format.ts';

const valid = (text: string, count: number): boolean => isValidFormat(new TextEncoder().encode(text), count);

test.each([
  ['%d %s %llx', 3],
  ['100%% of %lu', 1],
  ['%-08d', 1],
  ['%p %px %pS %pB %pks %pus %pI4 %pi6', 8],
  ['hä %c', 1],
  ['%s.', 1],
])('%s goes with %d arguments', (text, count) => {
  expect(valid(text, count)).toBe(true);
});

test.each([
  ['%d %d', 1],
  ['%z', 1],
  ['%10.3d', 1],
  ['a\u0001', 0],
  ['%sx', 1],
  ['%pI5', 1],
  ['%', 1],
  ['%ä', 1],
])('%s does not go with %d arguments', (text, count) => {
  expect(valid(text, count)).toBe(false);
});
