import { describe, expect, test } from 'vitest';
import { runAssembly, storeText } from '../assembly.ts';

/** What the helper returns, and the number it stores. */
function convert(helper: 'strtol' | 'strtoul', text: string, flags: number, size: number): readonly bigint[] {
  const { result, value } = runAssembly(`.map out array key=4 value=8 entries=1
    ${storeText(text, -96)}
    r1 = r10\nr1 += -96\nr2 = ${size}\nr3 = ${flags}\nr4 = map[out][0]+0
    call bpf_${helper}\nexit`);
  const bytes = Uint8Array.fromHex(value('out'));
  return [result, new DataView(bytes.buffer).getBigInt64(0, true)];
}

const ROWS: readonly (readonly ['strtol' | 'strtoul', string, number, bigint, bigint])[] = [
  ['strtol', '42', 0, 2n, 42n],
  ['strtol', ' \t-42x', 0, 5n, -42n],
  ['strtol', '0x1F!', 0, 4n, 31n],
  ['strtol', '0x1F', 16, 4n, 31n],
  ['strtol', '0xg', 0, 1n, 0n],
  ['strtol', '0xg', 16, -22n, 0n],
  ['strtol', '0755', 0, 4n, 493n],
  ['strtol', '089', 0, 1n, 0n],
  ['strtol', '12', 8, 2n, 10n],
  ['strtol', '9', 8, -22n, 0n],
  ['strtol', '', 0, -22n, 0n],
  ['strtol', '-', 0, -22n, 0n],
  ['strtol', '9', 7, -22n, 0n],
  ['strtol', '9', 32, -22n, 0n],
  ['strtol', '9223372036854775807', 10, 19n, 2n ** 63n - 1n],
  ['strtol', '9223372036854775808', 10, -34n, 0n],
  ['strtol', '-9223372036854775808', 10, 20n, -(2n ** 63n)],
  ['strtol', '-9223372036854775809', 10, -34n, 0n],
  ['strtoul', '18446744073709551615', 10, 20n, -1n],
  ['strtoul', '18446744073709551616', 10, -34n, 0n],
  ['strtoul', '-1', 10, -22n, 0n],
  ['strtoul', 'ffffffff80000000', 16, 16n, -(2n ** 31n)],
  ['strtoul', `${'0'.repeat(62)}12`, 10, 63n, 1n],
];

describe('bpf_strtol and bpf_strtoul', () => {
  test.each(ROWS)('%s %j base %i', (helper, text, flags, result, value) => {
    expect(convert(helper, text, flags, text.length + 1)).toEqual([result, value]);
  });

  test('stop at the size', () => {
    expect(convert('strtol', '1234', 10, 2)).toEqual([2n, 12n]);
    expect(convert('strtol', '  ', 10, 2)).toEqual([-22n, 0n]);
  });
});
