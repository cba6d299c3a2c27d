import { expect, test } from 'vitest';
import type { MatrixRow } from '../../verifier/matrix.ts';
import { oldestAccepting } from '../../verifier/matrix.ts';

const row = (release: MatrixRow['release'], accepted: boolean | undefined): MatrixRow => ({
  release,
  judged: true,
  report: {
    accepted,
    statistics: { processed: 1, maxStatesPerInstruction: 0, totalStates: 0, peakStates: 0, stackDepths: [0] },
    log: '',
  },
});

test('the oldest release is the one from which on all accept', () => {
  expect(oldestAccepting([row('5.4', false), row('5.15', true), row('6.1', true)])).toBe('5.15');
  expect(oldestAccepting([row('5.4', true), row('5.15', false), row('6.1', true)])).toBe('6.1');
  expect(oldestAccepting([row('5.4', true), row('5.15', true), row('6.1', undefined)])).toBeUndefined();
});
