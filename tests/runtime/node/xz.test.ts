import { expect, it } from 'vitest';
import { nodeBinaryPorts } from '../../../runtime/node/binary-ports.ts';
import { loadXz } from '../../../runtime/node/xz.ts';

/** `printf 'symbols of a stripped binary\n' | xz -c | base64` */
const PACKED = Buffer.from(
  '/Td6WFoAAATm1rRGAgAhARYAAAB0L+WjAQAcc3ltYm9scyBvZiBhIHN0cmlwcGVkIGJpbmFyeQoAAAAAKUh0Q+Jy4NMAATUdRBux4R+2830BAAAAAARZWg==',
  'base64',
);

it('unpacks xz for user binaries', async () => {
  const xz = await loadXz();
  const { decompress } = nodeBinaryPorts({ xz: xz! });
  const text = 'symbols of a stripped binary\n';
  expect(new TextDecoder().decode(decompress!('xz', PACKED, text.length))).toBe(text);
  expect(() => decompress!('xz', PACKED, 5)).toThrow('29 bytes instead of 5');
  expect(() => decompress!('xz', PACKED.subarray(0, 20), text.length)).toThrow();
});
