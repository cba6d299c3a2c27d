/**
 * What random scripts of map commands are made of: few keys, so that they meet, every flag, and wrong uses among the right
 * ones. The language is that of `tests/linux/maprun.c`.
 */
import fc from 'fast-check';
import { MapFlags, type MapTypeName, mapType } from '../../../../bpf/maps.ts';
import { hexOf } from '../machine-runner.ts';

/** A map as the first line of its script makes it. */
export interface Shape {
  readonly type: MapTypeName;
  readonly keySize: number;
  readonly valueSize: number;
  readonly maxEntries: number;
  readonly flags?: number;
  readonly extra?: number;
}

export function mapLine(shape: Shape, inner = '-', btf = '- 0 0'): string {
  const { type, keySize, valueSize, maxEntries, flags = 0, extra = 0 } = shape;
  return `map ${mapType(type).id} ${keySize} ${valueSize} ${maxEntries} ${flags} ${extra} 0 ${btf} ${inner}`;
}

/** Batches that go on where the last one ended, and one over all. */
export const PAGES: readonly string[] = [
  'get-batch 0 2 - 0 0',
  'get-batch 0 2 ^ 0 0',
  'get-batch 0 3 ^ 0 0',
  'get-batch 0 40 - 0 0',
];

/** Commands on one map; the first line that makes a map of this shape makes it. */
export interface Script {
  readonly shape: Shape;
  readonly lines: readonly string[];
}

export type Lines = fc.Arbitrary<readonly string[]>;

const FLAGS: fc.Arbitrary<number> = fc.constantFrom(0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 8, 0x1_0000_0000);
export const READ_FLAGS: fc.Arbitrary<number> = fc.constantFrom(0, 0, 0, 0, 0, 0, 4, 1);

/** Bytes of one value; few, so that values repeat in bloom filters. */
export function value(size: number): fc.Arbitrary<string> {
  return fc.nat(20).map((seed) => {
    const bytes = new Uint8Array(size);
    for (let i = 0; i < size; i++) bytes[i] = seed * 37 + i * 11;
    return hexOf(bytes);
  });
}

/** One of `count` keys; the number is at either end, so that all bytes of a key matter. */
export function key(size: number, count: number): fc.Arbitrary<string> {
  return fc.nat(count - 1).map((number) => {
    const bytes = new Uint8Array(size).fill(0x5a);
    bytes[number % 2 === 0 ? 0 : size - 1] = number;
    return hexOf(bytes);
  });
}

export const index: fc.Arbitrary<string> = fc
  .oneof({ weight: 12, arbitrary: fc.nat(7) }, { weight: 1, arbitrary: fc.constant(0xffff_ffff) })
  .map(word);

export function word(number: number): string {
  return hexOf(new Uint8Array(Uint32Array.of(number).buffer));
}

/** Commands on elements of map 0, more updates than others. */
export function elements(
  keys: fc.Arbitrary<string>,
  values: fc.Arbitrary<string>,
  flags: fc.Arbitrary<number> = FLAGS,
): Lines {
  const one = fc.oneof(
    { weight: 6, arbitrary: fc.tuple(keys, values, flags).map(([k, v, f]) => `update 0 ${k} ${v} ${f}`) },
    { weight: 3, arbitrary: fc.tuple(keys, READ_FLAGS).map(([k, f]) => `lookup 0 ${k} ${f}`) },
    { weight: 2, arbitrary: keys.map((k) => `delete 0 ${k}`) },
    { weight: 1, arbitrary: fc.tuple(keys, READ_FLAGS).map(([k, f]) => `take 0 ${k} ${f}`) },
    { weight: 1, arbitrary: fc.oneof(keys, fc.constant('-')).map((k) => `next 0 ${k}`) },
  );
  return fc.array(one, { minLength: 1, maxLength: 40 });
}

/** Batches over all: a count that is more than there are elements, so that bucket sizes do not matter. */
export function batches(keys: fc.Arbitrary<string>, values: fc.Arbitrary<string>): Lines {
  const some = fc.array(fc.tuple(keys, values), { minLength: 0, maxLength: 5 });
  const join = (parts: readonly string[]): string => parts.join('') || '-';
  const one = fc.oneof(
    fc
      .tuple(fc.constantFrom(0, 40), READ_FLAGS, fc.nat(1))
      .map(([n, f, r]) => `get-batch 0 ${n} - ${f} ${r}`),
    fc
      .tuple(some, READ_FLAGS)
      .map(([kv, f]) => `put-batch 0 ${join(kv.map(([k]) => k))} ${join(kv.map(([, v]) => v))} ${f}`),
    fc.tuple(some, READ_FLAGS).map(([kv, f]) => `delete-batch 0 ${join(kv.map(([k]) => k))} ${f}`),
  );
  return fc.array(one, { maxLength: 4 });
}

/** What is in a map in the end. */
export function contents(shape: Shape, keys: readonly string[]): readonly string[] {
  return [...keys.map((one) => `lookup 0 ${one} 0`), ...(shape.keySize > 0 ? ['next 0 -'] : [])];
}

export function scriptOf(shape: fc.Arbitrary<Shape>, lines: (shape: Shape) => Lines): fc.Arbitrary<Script> {
  return shape.chain((one) => lines(one).map((all) => ({ shape: one, lines: [mapLine(one), ...all] })));
}

export const sizes: fc.Arbitrary<number> = fc.constantFrom(1, 2, 3, 4, 7, 8, 12, 16, 20, 33);
/** Who may do what: mostly all. */
export const access: fc.Arbitrary<number> = fc.constantFrom(
  0,
  0,
  0,
  0,
  0,
  0,
  MapFlags.RDONLY,
  MapFlags.WRONLY,
  MapFlags.RDONLY_PROG,
  MapFlags.WRONLY_PROG,
);
/** Somewhere user space stops. */
export const frozen: fc.Arbitrary<string[]> = fc.constantFrom<string[][]>(
  [],
  [],
  [],
  ['freeze 0'],
  ['freeze 0', 'freeze 0'],
);

/** Bytes of a value as bpf(2) copies it. */
export function copied({ type, valueSize }: Shape, cpus: number): number {
  return mapType(type).perCpu ? Math.ceil(valueSize / 8) * 8 * cpus : valueSize;
}

export const few: fc.Arbitrary<number> = fc.integer({ min: 1, max: 5 });

/** A number that nothing has: 9999. */
export const NOBODY = '0f270000';
