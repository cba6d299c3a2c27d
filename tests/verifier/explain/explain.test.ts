import { describe, expect, test } from 'vitest';
import { readVerifierMessages } from '../../../scripts/verifier-messages.ts';
import { caseInput } from '../../../verifier/case/to-input.ts';

import { type Explanation, explainRefusal } from '../../../verifier/index.ts';
import { caseOf } from '../../generators/matrices/case-text.ts';
import { MAPS } from '../../generators/matrices/values.ts';

function explain(text: string, type: 'kprobe' | 'xdp' | 'socket_filter' = 'kprobe'): Explanation {
  const explanation = explainRefusal(caseInput(caseOf({ id: 'test', type, text, maps: MAPS })));
  expect(explanation).toBeDefined();
  return explanation!;
}

const LOOKUP = `
  r6 = r1
  *(u64 *)(r10 - 8) = 0
  r1 = map[array]
  r2 = r10
  r2 += -8
  call bpf_map_lookup_elem
`;

describe('an explanation', () => {
  test('follows the index that is too large, through the stack, not the pointer that failed', () => {
    const { why, change, origins } = explain(`${LOOKUP}
      if r0 == 0 goto out
      r3 = *(u64 *)(r6 + 8)
      r3 &= 252
      r3 <<= 2
      *(u64 *)(r10 - 16) = r3
      r4 = *(u64 *)(r10 - 16)
      r0 += r4
      r0 = *(u64 *)(r0 + 0)
      out:
      r0 = 0
      exit`);
    expect(why).toBe(
      'the offset may be as large as 1008, so that the access of 8 bytes ends at 1016, and the memory has 64 bytes.',
    );
    expect(change).toContain('at most 56');
    expect(origins.map(({ effect }) => effect)).toEqual([
      'r3 becomes any number',
      'r3 goes from any number to 0..252',
      'r3 goes from 0..252 to 0..1008',
      'r3 is saved on the stack: a number, 0..1008',
      'r4 gets it: a number, 0..1008',
      expect.stringContaining('at 0..1008'),
    ]);
  });

  test('says that a value may be missing, and the check', () => {
    const { why, change } = explain(`${LOOKUP}\nr0 = *(u64 *)(r0 + 0)\nexit`);
    expect(why).toContain("a pointer into a value of map 'array' (64 bytes), or null");
    expect(change).toContain('if (r0 == 0) goto out;');
  });

  test('tells a branch that narrowed too little', () => {
    const { origins } = explain(`${LOOKUP}
      if r0 == 0 goto out
      r3 = *(u64 *)(r6 + 8)
      if r3 > 60 goto out
      r0 += r3
      r0 = *(u64 *)(r0 + 0)
      out:
      r0 = 0
      exit`);
    expect(origins.map(({ effect }) => effect)).toContain('the branch narrows r3 from any number to 0..60');
  });

  test('names where a leaked record was reserved', () => {
    const { origins } = explain(`
      r1 = map[ringbuf]
      r2 = 16
      r3 = 0
      call bpf_ringbuf_reserve
      r0 = 0
      exit`);
    expect(origins).toEqual([
      {
        slot: 4,
        text: '(85) call bpf_ringbuf_reserve#131',
        effect: expect.stringContaining('is acquired here'),
      },
    ]);
  });

  test('counts the packet bytes that are missing', () => {
    const { why, change } = explain(
      `r2 = *(u32 *)(r1 + 0)
       r3 = *(u32 *)(r1 + 4)
       r4 = r2
       r4 += 14
       if r4 > r3 goto out
       r0 = *(u32 *)(r2 + 12)
       out:
       r0 = 2
       exit`,
      'xdp',
    );
    expect(why).toContain('prove 14 bytes');
    expect(change).toContain('data + 16');
  });

  test('shows where a program that does not end spends its steps', { timeout: 60_000 }, () => {
    const { hotspots } = explain('r0 = 0\nloop:\nr0 += 1\nif r0 != -1 goto loop\nexit');
    expect(hotspots).toEqual([{ from: 1, to: 2, steps: 999_999, share: expect.closeTo(1, 3) }]);
  });
});

describe('every message', () => {
  const messages = readVerifierMessages(`${import.meta.dirname}/../../../verifier/messages`);

  test.each(messages.map((one) => [one.code, one] as const))('%s has a reason and a change', (_code, one) => {
    expect(one.plainWhy.length).toBeGreaterThan(15);
    expect(one.change ?? one.plainChange).not.toBe('');
    // One sentence alone would say the same twice.
    expect(one.change ?? one.plainChange).not.toBe(one.why ?? one.plainWhy);
  });
});
