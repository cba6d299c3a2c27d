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

const numbered = (id: number) => UNKNOWN_NUMBER.withId(id);

test('numbers that were linked and are not now do not match', () => {
  const ids = new IdMap();
  expect(ids.matchScalars(numbered(1), numbered(0))).toBe(true);
  // The kept state says that two are the same number; in the current one they are not known to be.
  expect(ids.matchScalars(numbered(1), numbered(0))).toBe(false);
});

test('a number that was alone may be linked now', () => {
  const ids = new IdMap();
  expect(ids.matchScalars(numbered(0), numbered(5))).toBe(true);
  expect(ids.matchScalars(numbered(0), numbered(5))).toBe(true);
});

test("a sum's link must match too", () => {
  const ids = new IdMap();
  const sum = (id: number) => numbered(id).withFlags(Flag.addConst);
  expect(ids.matchScalars(numbered(1), numbered(5))).toBe(true);
  expect(ids.matchScalars(sum(1), sum(6))).toBe(false);
});

test("a sum's id is another id than its link's", () => {
  const copy = UNKNOWN_NUMBER.withId(3);
  const sums = [copy.withFlags(Flag.addConst), copy.withFlags(Flag.addConst32)];
  expect(new Set([copy, ...sums].map(comparedId)).size).toBe(3);
});
