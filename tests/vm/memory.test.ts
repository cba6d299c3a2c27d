/** Memory: copies are those of the platform, whatever lies where. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Memory } from '../../vm/memory.ts';

test('copies bytes at any place, near or far, over themselves or not', () => {
  const memory = new Memory(1 << 17);
  const start = memory.allocate(1024, 'bytes');
  const place = fc.oneof(
    fc.nat(20).map((words) => words * 4),
    fc.nat(200),
  );
  const size = fc.oneof(
    fc.nat(24).map((words) => words * 4),
    fc.nat(150),
  );
  fc.assert(
    fc.property(place, place, size, (target, source, length) => {
      const bytes = memory.bytes(start, 512);
      for (let i = 0; i < bytes.length; i++) bytes[i] = i * 31 + (i >> 8);
      const wanted = bytes.slice();
      wanted.copyWithin(target, source, source + length);
      memory.copy(start + target, start + source, length);
      expect(bytes.toHex()).toBe(wanted.toHex());
    }),
    { numRuns: 300 },
  );
});
