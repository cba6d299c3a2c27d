import { describe, expect, test } from 'vitest';
import { readVerifierMessages } from '../../../scripts/verifier-messages.ts';
import { caseInput } from '../../../verifier/case/to-input.ts';

import { type Explanation, explainRefusal } from '../../../verifier/index.ts';
import { caseOf } from '../../generators/matrices/case-text.ts';
import { MAPS } from '../../generators/matrices/values.ts';
import { goldenCase } from '../golden-case.ts';

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

  test('counts elements where the index was scaled', () => {
    const { change } = explain(`${LOOKUP}
      if r0 == 0 goto out
      r3 = *(u64 *)(r6 + 8)
      if r3 > 8 goto out
      r3 <<= 3
      r0 += r3
      r0 = *(u64 *)(r0 + 0)
      out:
      r0 = 0
      exit`);
    expect(change).toContain('at most 56 bytes');
    expect(change).toContain('`if (index > 7) return 0;`');
  });

  test('follows the number that nothing bounds before it is added', () => {
    const { why, origins } = explain(`${LOOKUP}
      if r0 == 0 goto out
      r3 = *(u64 *)(r6 + 8)
      r3 <<= 3
      r0 += r3
      out:
      r0 = 0
      exit`);
    expect(why).toContain('in r3 (0..2^64-8), may be as low as -2^63');
    expect(origins.map(({ effect }) => effect)).toEqual([
      'r3 becomes any number',
      'r3 goes from any number to 0..2^64-8',
    ]);
  });

  test('names the call that took a value away, not only who wrote it', () => {
    const clobbered = explain('r3 = 1\ncall bpf_ktime_get_ns\nr0 = r3\nexit');
    expect(clobbered.why).toContain('the call at 1 left nothing in r3');
    expect(clobbered.origins.at(-1)).toMatchObject({
      slot: 1,
      effect: 'the call leaves nothing in r3, which held a number, 1',
    });
    const released = explain(`
      r1 = map[ringbuf]
      r2 = 16
      r3 = 0
      call bpf_ringbuf_reserve
      if r0 == 0 goto out
      r6 = r0
      r1 = r0
      r2 = 0
      call bpf_ringbuf_submit
      r7 = r6
      *(u64 *)(r7 + 0) = 1
      out:
      r0 = 0
      exit`);
    expect(released.why).toContain('r6 held a pointer to 16 bytes of memory until the call at 9');
    expect(released.why).toContain('r7 is made of it');
    expect(released.change).toContain('before the call at 9');
    expect(released.origins[0]).toMatchObject({ slot: 4 });
  });

  test('stops at a store that broke the register on the stack', () => {
    const { origins } = explain(`
      *(u64 *)(r10 - 8) = r1
      *(u32 *)(r10 - 8) = 0
      r1 = *(u64 *)(r10 - 8)
      r0 = *(u64 *)(r1 + 0)
      exit`);
    expect(origins).toMatchObject([
      { slot: 1, effect: 'this store leaves no whole register where r1 is loaded from' },
      { slot: 2, effect: 'r1 becomes any number' },
    ]);
  });

  test('says that what is returned is missing', () => {
    expect(explain('exit').change).toContain('r0 = 0');
  });

  test("follows a callback's argument to the register that the caller gave", () => {
    const one = goldenCase({
      name: 'callback',
      options: {},
      expected: '',
      line: 1,
      input: `.license GPL
        .program main kprobe/f
        r1 = 4
        r2 = func[callback]
        r3 = r10
        r3 += -8
        *(u64 *)(r10 - 8) = 0
        r4 = 0
        call bpf_loop
        r0 = 0
        exit
        .func callback
        *(u64 *)(r2 + 24) = r1
        r0 = 0
        exit
        `,
    });
    const { why, origins } = explainRefusal(caseInput(one))!;
    expect(why).toContain('8 bytes at r10+16');
    expect(origins.at(-1)?.effect).toBe(
      'the function called back gets in r2: a pointer into the stack at r10-8',
    );
    expect(origins.at(-2)?.effect).toContain('r3 goes from a pointer into the stack at r10 to');
  });

  test('knows the room of the buffer that a size is for', () => {
    const { why, change } = explain(`
      r2 = *(u64 *)(r1 + 8)
      r1 = r10
      r1 += -24
      r3 = 0
      call bpf_probe_read_kernel
      r0 = 0
      exit`);
    expect(why).toContain('any number');
    expect(change).toContain('room for 24 bytes');
  });

  test('says that a moved packet pointer is to be compared itself', () => {
    const { change } = explain(
      `r2 = *(u32 *)(r1 + 0)
       r3 = *(u32 *)(r1 + 4)
       r4 = r2
       r4 += 14
       if r4 > r3 goto out
       r5 = *(u8 *)(r2 + 0)
       r2 += r5
       r0 = *(u32 *)(r2 + 0)
       out:
       r0 = 2
       exit`,
      'xdp',
    );
    expect(change).toContain('compare the moved pointer itself, r2,');
    expect(change).toContain('p + 4 > data_end');
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
