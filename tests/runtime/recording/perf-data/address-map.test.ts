import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  AddressMap,
  type Mapping,
  MappingBudget,
} from '../../../../runtime/recording/perf-data/address-map.ts';

const SIZE = 64;

/** A mapping of small addresses; its path tells it from others. */
const MAPPINGS = fc.array(
  fc.record({ start: fc.nat(SIZE), length: fc.nat(20), clone: fc.boolean(), remove: fc.boolean() }),
  { maxLength: 30 },
);

function mapping(start: number, length: number, path: string): Mapping {
  return { start: BigInt(start), end: BigInt(start + length), fileOffset: 100n, path };
}

/** What each address belongs to, with its offset in the file. */
function contents(map: AddressMap): string[] {
  return Array.from({ length: SIZE * 2 }, (_, address) => {
    const found = map.at(BigInt(address));
    return found === undefined ? '' : `${found.path}+${BigInt(address) - found.start + found.fileOffset}`;
  });
}

describe('an address map', () => {
  it('has at each address what was mapped there last, and clones keep theirs', () => {
    fc.assert(
      fc.property(MAPPINGS, (steps) => {
        const map = new AddressMap(new MappingBudget());
        const expected = new Array<string>(SIZE * 2).fill('');
        const clones: { readonly map: AddressMap; readonly expected: readonly string[] }[] = [];
        steps.forEach(({ start, length, clone }, index) => {
          if (clone) clones.push({ map: map.clone(), expected: expected.slice() });
          map.add(mapping(start, length, `file ${index}`));
          for (let at = 0; at < length; at++) expected[start + at] = `file ${index}+${100 + at}`;
        });
        expect(contents(map)).toEqual(expected);
        for (const one of clones) expect(contents(one.map)).toEqual(one.expected);
        const ends = map.list().map((one) => [one.start, one.end] as const);
        expect(
          ends.every(([start, end], index) => start < end && (index === 0 || ends[index - 1]![1] <= start)),
        ).toBe(true);
      }),
    );
  });

  it('forgets what is removed', () => {
    const map = new AddressMap(new MappingBudget());
    map.add(mapping(10, 5, 'a'));
    map.remove(11n);
    expect(map.at(12n)?.path).toBe('a');
    map.remove(10n);
    expect([map.at(12n), map.size]).toEqual([undefined, 0]);
  });

  it('keeps no more mappings in all than its budget has', () => {
    const budget = new MappingBudget();
    expect(budget.take((1 << 20) - 3)).toBe(true);
    const map = new AddressMap(budget);
    map.add(mapping(0, 1, 'a'));
    map.add(mapping(2, 1, 'b'));
    const copy = map.clone();
    copy.add(mapping(4, 1, 'c'));
    expect([copy.at(0n)?.path, copy.at(4n), budget.exceeded]).toEqual(['a', undefined, true]);
    map.drop();
    const other = new AddressMap(budget);
    other.add(mapping(6, 1, 'd'));
    expect(other.at(6n)?.path).toBe('d');
  });
});
