import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { strftime } from '../../../runtime/output/strftime.ts';

const FORMAT =
  '%a|%A|%b|%B|%c|%C|%d|%D|%e|%F|%g|%G|%h|%H|%I|%j|%m|%M|%p|%P|%r|%R|%s|%S|%T|%u|%U|%V|%w|%W|%x|%X|%y|%Y|%z|%%';

describe('strftime', () => {
  test.each([0, 951_782_400, 1_230_768_000, 1_483_228_799, 1_709_164_800, 1_798_761_599])(
    'agrees with date(1) at %i',
    (seconds) => {
      const want = execFileSync('date', ['-d', `@${seconds}`, `+${FORMAT}`], {
        encoding: 'utf8',
        env: { ...process.env, LC_ALL: 'C' },
      }).trimEnd();
      expect(strftime(FORMAT, BigInt(seconds) * 1_000_000_000n)).toBe(want);
    },
  );

  test('takes flags and widths as strftime(3) of glibc does', () => {
    const format =
      '[%-d] [%_d] [%_H] [%-H] [%^a] [%10Y] [%_5M] [%05e] [%EY] [%Od] [%-j] [%10a] [%-10d] [%_10d] [%^B] [%#a]';
    expect(strftime(format, 5_000_000_000n)).toBe(
      '[1] [ 1] [ 0] [0] [THU] [0000001970] [    0] [00001] [1970] [01] [1] [       Thu] [         1] [         1] [JANUARY] [THU]',
    );
  });

  test('has the fractions of a second bpftrace adds', () => {
    expect(strftime('%f %k %l', 1_234_567_890n)).toBe('234567 234567890 234');
  });

  test('copies what it does not know', () => {
    expect(strftime('%q %', 0n)).toBe('%q %');
  });
});
