import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeText, encodeText } from '../../../bpf/btf/text.ts';

const decode = (bytes: readonly number[]): string => decodeText(Uint8Array.from(bytes), 0, bytes.length);

describe('text', () => {
  it.each([
    ['ASCII', [0x61, 0x62], 'ab'],
    ['UTF-8', [0xc3, 0xbc, 0xf0, 0x9f, 0x98, 0x80], 'ü😀'],
    ['a byte order mark', [0xef, 0xbb, 0xbf, 0x61], '\ufeffa'],
    ['Latin-1', [0x67, 0x72, 0xfc, 0x6e], 'gr\udcfcn'],
    ['a character cut off', [0x61, 0xe2, 0x82], 'a\udce2\udc82'],
    ['a surrogate of UTF-8', [0xed, 0xb3, 0xbf], '\udced\udcb3\udcbf'],
    ['an overlong slash', [0xc0, 0xaf], '\udcc0\udcaf'],
  ])('%s', (_, bytes, text) => {
    expect(decode(bytes)).toBe(text);
    expect([...encodeText(text)]).toEqual(bytes);
  });

  it('loses no byte', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        expect(encodeText(decode([...bytes]))).toEqual(bytes);
      }),
    );
  });
});
