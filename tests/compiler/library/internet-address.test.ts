import { isIP } from 'node:net';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseInternetAddress } from '../../../compiler/library/internet-address.ts';
import { inetText } from '../../../runtime/output/inet-text.ts';

function inet(address: Uint8Array): Uint8Array {
  const value = new Uint8Array(8 + address.length);
  value[0] = address.length === 4 ? 2 : 10;
  value.set(address, 8);
  return value;
}

test.each([
  ['0.0.0.0', '0.0.0.0'],
  ['::', '::'],
  ['2001:0db8::0001', '2001:db8::1'],
  ['1::2:0:0:0:3', '1:0:0:2::3'],
  ['::1.2.3.4', '::1.2.3.4'],
  ['::ffff:0:1.2.3.4', '::ffff:0:102:304'],
])('%s is written %s', (text, written) => {
  expect(inetText(inet(parseInternetAddress(text)!))).toBe(written);
});

test.each([
  '',
  '1.2.3',
  '1.2.3.256',
  '01.2.3.4',
  '1.2.3.4.5',
  ':::',
  '1::2::3',
  '1:2:3:4:5:6:7',
  '1:2:3:4:5:6:7:8:9',
  'g::',
])("'%s' is no address", (text) => {
  expect(parseInternetAddress(text)).toBeUndefined();
});

test('what is written is read back, and is what Node takes for an address', () => {
  const bytes = fc.oneof(
    fc.uint8Array({ minLength: 4, maxLength: 4 }),
    fc
      .array(fc.constantFrom(0, 0, 0, 1, 0xff, 0xab), { minLength: 16, maxLength: 16 })
      .map((list) => Uint8Array.from(list)),
  );
  fc.assert(
    fc.property(bytes, (address) => {
      const text = inetText(inet(address));
      expect(isIP(text)).toBe(address.length === 4 ? 4 : 6);
      expect(parseInternetAddress(text)).toEqual(address);
    }),
  );
});
