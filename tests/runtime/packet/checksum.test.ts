import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  csumFold,
  csumFrom32,
  csumReplace2,
  csumReplace4,
  csumReplaceByDiff,
  csumWords,
} from '../../../runtime/packet/checksum.ts';

const words = (bytes: Uint8Array): number => csumWords(new DataView(bytes.buffer), 0, bytes.length, 0);

/** A known header: https://en.wikipedia.org/wiki/Internet_checksum, checksum b861. */
const HEADER = Uint8Array.fromHex('450000730000400040110000c0a80001c0a800c7');

test('a header that is known', () => {
  // In memory order.
  expect(csumFold(words(HEADER))).toBe(0x61b8);
  expect(csumFrom32(words(HEADER)) ^ 0xffff).toBe(0x61b8);
});

test('replacing words gives what summing anew gives', () => {
  const bytes = fc.uint8Array({ minLength: 20, maxLength: 20 });
  fc.assert(
    fc.property(bytes, fc.nat({ max: 4 }), fc.nat({ max: 0xffff_ffff }), (before, word, value) => {
      // A header is never all zeros.
      before[0] = 0x45;
      const after = before.slice();
      new DataView(after.buffer).setUint32(word * 4, value, true);
      after[0] = 0x45;
      const from = new DataView(before.buffer).getUint32(word * 4, true);
      const to = new DataView(after.buffer).getUint32(word * 4, true);
      const sum = csumFold(words(before));
      const anew = csumFold(words(after));
      expect(csumReplace4(sum, from, to)).toBe(anew);
      const halves = csumReplace2(csumReplace2(sum, from & 0xffff, to & 0xffff), from >>> 16, to >>> 16);
      expect(halves % 0xffff).toBe(anew % 0xffff);
      const diff = csumFrom32(csumWords(new DataView(after.buffer), 0, 20, 0)) - csumFrom32(words(before));
      expect(csumReplaceByDiff(sum, diff < 0 ? diff + 0xffff : diff) % 0xffff).toBe(anew % 0xffff);
    }),
  );
});
