import { describe, expect, it } from 'vitest';
import { globMatcher } from '../../bpf/glob.ts';

describe('globMatcher', () => {
  it.each([
    ['*', '', true],
    ['uv_*', 'uv_open', true],
    ['uv_*', 'xuv_open', false],
    ['*open*at', 'do_openat_at', true],
    ['*open*at', 'openat_x', false],
    ['a?c', 'abc', true],
    ['a?c', 'ac', false],
    ['[a-c]x[!0-9]', 'bxz', true],
    ['[a-c]x[!0-9]', 'bx1', false],
    ['[]x', '[]x', true],
    ['a.b', 'axb', false],
    ['name', 'name2', false],
  ])('%s on %s', (pattern, text, wanted) => {
    expect(globMatcher(pattern)(text)).toBe(wanted);
  });

  it('takes what is not special as it stands', () => {
    expect(globMatcher('a?[b]*', '*')('a?[b]c')).toBe(true);
    expect(globMatcher('a?[b]*', '*')('axb')).toBe(false);
    expect(globMatcher('a?[b]*', '*?')('ax[b]c')).toBe(true);
  });

  it('does not try for ever', () => {
    const matches = globMatcher(`${'*a'.repeat(50)}b`);
    expect(matches('a'.repeat(10_000))).toBe(false);
  });
});
