import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sequentialise } from '../../../compiler/codegen/parallel-copy.ts';

const SIZE = 8;

test('sequential copies do what simultaneous ones would', () => {
  const sources = fc.array(fc.option(fc.nat(SIZE - 1), { nil: undefined }), {
    minLength: SIZE,
    maxLength: SIZE,
  });
  fc.assert(
    fc.property(sources, (wanted) => {
      const copies = wanted.flatMap((src, dst) => (src === undefined ? [] : [{ dst, src }]));
      const registers = new Map(Array.from({ length: SIZE }, (_, index) => [index, `v${index}`]));
      let next = SIZE;
      for (const { dst, src } of sequentialise(copies, () => next++)) registers.set(dst, registers.get(src)!);
      wanted.forEach((src, dst) => {
        expect(registers.get(dst)).toBe(`v${src ?? dst}`);
      });
    }),
    { numRuns: 500 },
  );
});

test('a chain needs no further register', () => {
  const none = (): number => {
    throw new Error('no register should be asked for');
  };
  const copies = [
    { dst: 1, src: 2 },
    { dst: 2, src: 3 },
  ];
  expect(sequentialise(copies, none)).toEqual(copies);
});
