import { expect, test } from 'vitest';
import { comparedId, IdMap } from '../../../verifier/order/id-map.ts';
import { UNKNOWN_NUMBER } from '../../../verifier/state/register.ts';
import { Flag } from '../../../verifier/state/register-kind.ts';

test('an id stands for one other id, in both directions', () => {
  const ids = new IdMap();
  expect(ids.match(1, 7)).toBe(true);
  expect(ids.match(1, 7)).toBe(true);
  expect(ids.match(1, 8)).toBe(false);
  expect(ids.match(2, 7)).toBe(false);
  expect(ids.match(2, 8)).toBe(true);
  ids.reset();
  expect(ids.match(1, 8)).toBe(true);
});

test('pointers with and without an id differ', () => {
  const ids = new IdMap();
  expect(ids.match(0, 0)).toBe(true);
  expect(ids.match(0, 1)).toBe(false);
  expect(ids.match(1, 0)).toBe(false);
});

test('a number without an id is alone with its own', () => {
  const ids = new IdMap();
  expect(ids.matchScalars(1, 0)).toBe(true);
  // The kept state says that two are the same number; in the current one they are not known to be.
  expect(ids.matchScalars(1, 0)).toBe(false);
  expect(ids.matchScalars(0, 5)).toBe(true);
  expect(ids.matchScalars(0, 5)).toBe(false);
});

test("a sum's id is another id than its link's", () => {
  const copy = UNKNOWN_NUMBER.withId(3);
  const sums = [copy.withFlags(Flag.addConst), copy.withFlags(Flag.addConst32)];
  expect(new Set([copy, ...sums].map(comparedId)).size).toBe(3);
});
