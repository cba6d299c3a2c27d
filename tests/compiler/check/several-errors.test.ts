/** language.md §2.17 "semantic passes collect": independent mistakes are each told once, what follows of one never. */
import { describe, expect, test } from 'vitest';
import { compileText } from '../support.ts';

function messages(text: string): string[] {
  return compileText(text).diagnostics.map(
    ({ code, span }) => `${code} ${text.slice(span?.start, span?.end)}`,
  );
}

describe('independent mistakes', () => {
  test('three in one script are three', () => {
    const text = 'BEGIN { $x = ; } tracepoint:sched:nope { @a = cont(); } END { print($y); }';
    expect(messages(text)).toEqual(['BT0101 ;', 'BT0222 tracepoint:sched:nope', 'BT0205 cont', 'BT0201 $y']);
  });

  test('a syntax error does not silence type errors of its own probe', () => {
    expect(messages('BEGIN { @x = 1 +; printf("%d\\n", "a"); }')).toEqual(['BT0101 ;', 'BT0218 "a"']);
  });

  test('a type error behind an unknown probe is told', () => {
    expect(messages('tracepont:a:b { $x = "a" * 2; }')).toEqual(['BT0248 tracepont', 'BT0210 *']);
  });

  test('a body of an unknown tracepoint may ask for any field', () => {
    const text = 'tracepoint:sched:nope { $x = args.foo; @m[$x] = args.bar; print(@m); }';
    expect(messages(text)).toEqual(['BT0222 tracepoint:sched:nope']);
  });
});

describe('nothing follows of a mistake', () => {
  test.each([
    ['a variable lost with its statement', 'BEGIN { $x = = 1; print($x); }', ['BT0101 =']],
    ['a map lost with its statement', 'BEGIN { @x = = 1; } END { print(@x); }', ['BT0101 =']],
    ['a map that a lost probe writes', 'BEGIN { @x = 1; ) } } END { print(@y); }', ['BT0101 )', 'BT0102 }']],
    ['a variable of an unknown value', 'BEGIN { let $x = nope; print($x); $y = $x + 1; }', ['BT0204 nope']],
    ['a declared variable of an unknown value', 'BEGIN { let $x; $x = nope; print($x); }', ['BT0204 nope']],
    [
      'a map of an unknown value',
      'BEGIN { @x = nope; } END { print(@x); @x[1] = 1; }',
      ['BT0204 nope', 'BT0208 @x[1]'],
    ],
    ['no probe but a broken one', 'BEGIN', ['BT0101 ']],
  ])('%s', (_, text, expected) => {
    expect(messages(text)).toEqual(expected);
  });

  test('maps that only name each other are told when nothing else is wrong', () => {
    expect(messages('BEGIN { @x = @y; @y = @x; }')).toEqual(['BT0203 @y', 'BT0203 @x']);
  });
});
