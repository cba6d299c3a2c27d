import { expect, test } from 'vitest';
import { fromHex, toHex } from '../../bpf/hex.ts';

test('bytes become text and bytes again', () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
  expect(toHex(bytes)).toBe(bytes.toHex());
  expect(fromHex(toHex(bytes))).toEqual(bytes);
  expect(fromHex('')).toEqual(new Uint8Array(0));
});

test.each(['0', '0g', '00 11'])('%s is not of pairs of digits', (text) => {
  expect(() => fromHex(text)).toThrow(SyntaxError);
});
