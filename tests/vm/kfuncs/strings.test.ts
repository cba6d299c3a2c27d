import { describe, expect, test } from 'vitest';
import { runAssembly, storeText } from '../assembly.ts';

/** `args` after the first text: another text, a number, a character. */
function call(name: string, text: string, ...args: readonly (string | number)[]): bigint {
  const lines = args.map((arg, index) =>
    typeof arg === 'number' ? `r${index + 2} = ${arg}` : `r${index + 2} = r10\nr${index + 2} += -32`,
  );
  const second = args.find((arg) => typeof arg === 'string');
  return runAssembly(`.kfunc bpf_${name}\n.program main raw_tp/x\n${storeText(text, -80)}
    ${second === undefined ? '' : storeText(String(second), -32)}
    r1 = r10\nr1 += -80\n${lines.join('\n')}\ncall bpf_${name}\nexit`).result;
}

const CHAR = (text: string): number => text.charCodeAt(0);

describe('kernel functions on strings', () => {
  test.each([
    [call('strcmp', 'abc', 'abc'), 0n],
    [call('strcmp', 'abc', 'abd'), -1n],
    [call('strcmp', 'abc', 'ab'), 1n],
    [call('strcasecmp', 'ABC', 'abc'), 0n],
    [call('strcasecmp', 'a', 'B'), -1n],
    [call('strlen', 'hello'), 5n],
    [call('strlen', ''), 0n],
    [call('strnlen', 'hello', 3), 3n],
    [call('strnlen', 'hello', 9), 5n],
    [call('strchr', 'hello', CHAR('l')), 2n],
    [call('strchr', 'hello', CHAR('x')), -2n],
    [call('strchr', 'hello', 0), 5n],
    [call('strchrnul', 'hello', CHAR('x')), 5n],
    [call('strchrnul', 'hello', CHAR('e')), 1n],
    [call('strnchr', 'hello', 2, CHAR('l')), -2n],
    [call('strnchr', 'hello', 3, CHAR('l')), 2n],
    [call('strrchr', 'hello', CHAR('l')), 3n],
    [call('strrchr', 'hello', CHAR('x')), -2n],
    [call('strspn', 'aabbc', 'ab'), 4n],
    [call('strspn', 'aab', 'ab'), 3n],
    [call('strcspn', 'aabbc', 'cb'), 2n],
    [call('strcspn', 'aab', 'x'), 3n],
    [call('strstr', 'hello', 'll'), 2n],
    [call('strstr', 'hello', ''), 0n],
    [call('strstr', 'hello', 'lll'), -2n],
    [call('strnstr', 'openat', 'open', 4), 0n],
    [call('strnstr', 'openat', 'open', 3), -2n],
    [call('strnstr', 'xopen', 'open', 4), -2n],
  ])('%i = %i', (result, want) => {
    expect(result).toBe(want);
  });

  test('what is not the kernel’s memory, and what has no end', () => {
    const at = (pointer: string): bigint =>
      runAssembly(`.kfunc bpf_strlen\n.program main raw_tp/x\nr1 = ${pointer} ll\ncall bpf_strlen\nexit`)
        .result;
    expect(at('0')).toBe(-34n);
    expect(at('0x7f8000001000')).toBe(-34n);
    expect(at('0xffff888100000010')).toBe(-14n);
  });
});
