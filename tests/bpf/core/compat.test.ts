import { describe, expect, test } from 'vitest';
import type { Btf } from '../../../bpf/btf/btf.ts';
import type { BtfType } from '../../../bpf/btf/type.ts';
import { fieldsAreCompatible, typesAreCompatible } from '../../../bpf/core/compat.ts';
import { typesMatch } from '../../../bpf/core/match-types.ts';
import { Work } from '../../../bpf/core/work.ts';
import { enumeration, int, struct, table, union } from './table.ts';

const pointer = (type: number): BtfType => ({ kind: 'ptr', type });
const array = (element: number, count: number): BtfType => ({ kind: 'array', element, index: 1, count });
const typedef = (name: string, type: number): BtfType => ({ kind: 'typedef', name, type });
const constant = (type: number): BtfType => ({ kind: 'const', type });
const forward = (name: string, of: 'struct' | 'union' = 'struct'): BtfType => ({ kind: 'fwd', name, of });
const prototype = (returns: number, ...types: readonly number[]): BtfType => ({
  kind: 'func_proto',
  returns,
  parameters: types.map((type, at) => ({ name: `p${at}`, type })),
});

/** The last type of each list, above these three. */
const BASE: readonly BtfType[] = [int('int', 4, true), int('u8', 1), int('u64', 8)];
const [INT, U8, U64] = [1, 2, 3];

type Types = readonly BtfType[];
type Row = readonly [name: string, local: Types, target: Types, fits: boolean];

function compare(relation: typeof typesMatch, local: Types, target: Types): boolean {
  const tables = { local: table([...BASE, ...local]), target: table([...BASE, ...target]), work: new Work() };
  const last = ({ end }: Btf): number => end - 1;
  return relation(tables, last(tables.local), last(tables.target));
}

describe('fields', () => {
  const rows: readonly Row[] = [
    ['ints of any size and sign', [int('int', 4, true)], [int('u64', 8)], true],
    [
      'an int that is a bitfield of old',
      [{ ...int('int', 4), bits: 5, bitOffset: 3 }],
      [int('int', 4)],
      false,
    ],
    ['a struct and a union', [struct('a', 4)], [union('b', 8)], true],
    ['pointers to anything', [pointer(INT)], [struct('s', 8), pointer(4)], true],
    ['a pointer and an int', [pointer(INT)], [int('u64', 8)], false],
    [
      'floats',
      [{ kind: 'float', name: 'float', size: 4 }],
      [{ kind: 'float', name: 'double', size: 8 }],
      true,
    ],
    ['a float and an int', [{ kind: 'float', name: 'float', size: 4 }], [int('int', 4)], false],
    ['enums of a name', [enumeration('e___x', { A: 0n })], [enumeration('e', { B: 0n }, 8)], true],
    ['enums of two names', [enumeration('e', { A: 0n })], [enumeration('f', { A: 0n })], false],
    ['enums, one without a name', [enumeration('', { A: 0n })], [enumeration('f', { A: 0n })], true],
    ['an enum and an int', [enumeration('e', { A: 0n })], [int('int', 4)], false],
    ['arrays of any length', [array(INT, 3)], [array(U64, 5)], true],
    ['arrays of arrays', [array(INT, 3), array(4, 2)], [array(INT, 3), array(4, 9)], true],
    ['arrays of another depth', [array(INT, 3)], [array(INT, 3), array(4, 2)], false],
    ['arrays of other things', [array(INT, 3)], [struct('s', 4), array(4, 3)], false],
    [
      'through typedefs and modifiers',
      [typedef('t', INT), constant(4)],
      [{ kind: 'volatile', type: U8 }],
      true,
    ],
    ['forward declarations of a name', [forward('s')], [forward('s')], true],
    ['forward declarations of two names', [forward('s')], [forward('t')], false],
    ['prototypes never', [prototype(INT)], [prototype(INT)], false],
  ];
  test.each(rows)('%s', (_, local, target, fits) => {
    expect(compare(fieldsAreCompatible, local, target)).toBe(fits);
  });
});

describe('types', () => {
  const rows: readonly Row[] = [
    ['structs whatever they hold', [struct('a', 4)], [struct('a', 8, ['x', U64, 0])], true],
    ['a struct and a union', [struct('a', 4)], [union('a', 4)], false],
    ['a typedef and what it stands for', [typedef('t', INT)], [int('int', 4)], false],
    ['typedefs of ints', [typedef('t', INT)], [typedef('t', U64)], true],
    ['typedefs of other kinds', [typedef('t', INT)], [pointer(INT), typedef('t', 4)], false],
    ['pointers by what they point to', [pointer(INT)], [struct('s', 4), pointer(4)], false],
    ['arrays by their elements', [array(INT, 1)], [array(U8, 9)], true],
    ['enums', [enumeration('e', { A: 0n })], [enumeration('e', { B: 1n }, 8)], true],
    ['prototypes', [prototype(INT, INT, U8)], [prototype(U8, U64, U64)], true],
    ['prototypes of another arity', [prototype(INT, INT)], [prototype(INT)], false],
    ['prototypes with another parameter', [pointer(0), prototype(INT, 4)], [prototype(INT, INT)], false],
    ['prototypes with another result', [prototype(0, INT)], [prototype(INT, INT)], false],
    [
      'functions never',
      [prototype(INT), { kind: 'func', name: 'f', type: 4, linkage: 'global' }],
      [prototype(INT), { kind: 'func', name: 'f', type: 4, linkage: 'global' }],
      false,
    ],
  ];
  test.each(rows)('%s', (_, local, target, fits) => {
    expect(compare(typesAreCompatible, local, target)).toBe(fits);
  });

  test('a chain of pointers without end is refused', () => {
    const circle = [pointer(4)];
    expect(() => compare(typesAreCompatible, circle, circle)).toThrow('nested deeper than 32');
  });

  test('a prototype that takes itself is refused', () => {
    const circle = [prototype(0, 4)];
    expect(() => compare(typesAreCompatible, circle, circle)).toThrow('nested deeper than 32');
  });
});

describe('matches', () => {
  const point = struct('point', 8, ['x', INT, 0], ['y', INT, 4]);
  const rows: readonly Row[] = [
    ['the same', [point], [point], true],
    ['fewer members', [struct('point', 4, ['y', INT, 0])], [point], true],
    ['more members', [struct('point', 12, ['x', INT, 0], ['y', INT, 4], ['z', INT, 8])], [point], false],
    ['a member of another name', [struct('point', 4, ['z', INT, 0])], [point], false],
    ['a member of another size', [struct('point', 8, ['x', U64, 0])], [point], false],
    [
      'a member of another sign',
      [{ ...int('int', 4), signed: false }, struct('point', 4, ['x', 4, 0])],
      [point],
      false,
    ],
    ['an int of another name', [int('long', 4, true), struct('point', 4, ['x', 4, 0])], [point], false],
    ['a struct for a union', [point], [union('point', 4, ['x', INT, 0], ['y', INT, 0])], false],
    [
      'in anonymous structs of both',
      [struct('', 4, ['x', INT, 0]), struct('s', 4, ['', 4, 0])],
      [struct('', 4, ['y', INT, 0]), struct('', 4, ['x', INT, 0]), struct('s', 8, ['', 4, 0], ['', 5, 4])],
      true,
    ],
    [
      'in an anonymous struct of one',
      [struct('s', 4, ['x', INT, 0])],
      [struct('', 4, ['x', INT, 0]), struct('s', 4, ['', 4, 0])],
      false,
    ],
    [
      'behind a pointer by name alone',
      [struct('p', 4, ['a', INT, 0]), pointer(4)],
      [struct('p', 4, ['b', U8, 0]), pointer(4)],
      true,
    ],
    ['behind a pointer of another name', [struct('p', 4), pointer(4)], [struct('q', 4), pointer(4)], false],
    ['behind a pointer of another kind', [struct('p', 4), pointer(4)], [union('p', 4), pointer(4)], false],
    [
      'a forward declaration behind a pointer',
      [forward('p'), pointer(4)],
      [struct('p', 4), pointer(4)],
      true,
    ],
    ['of a union behind a pointer', [forward('p', 'union'), pointer(4)], [struct('p', 4), pointer(4)], false],
    [
      'for a forward declaration behind a pointer',
      [struct('p', 4), pointer(4)],
      [forward('p'), pointer(4)],
      true,
    ],
    ['a forward declaration as such', [forward('p')], [struct('p', 4)], false],
    ['forward declarations', [forward('p')], [forward('p')], true],
    ['arrays of a length', [array(INT, 4)], [array(INT, 4)], true],
    ['arrays of two lengths', [array(INT, 4)], [array(INT, 5)], false],
    [
      'enums with fewer values, whatever the numbers',
      [enumeration('e', { B___x: 9n })],
      [enumeration('e', { A: 0n, B: 1n })],
      true,
    ],
    ['enums with another value', [enumeration('e', { C: 0n })], [enumeration('e', { A: 0n, B: 1n })], false],
    ['enums of two sizes', [enumeration('e', { A: 0n })], [enumeration('e', { A: 0n }, 8)], false],
    ['prototypes', [prototype(INT, U8)], [prototype(INT, U8)], true],
    ['prototypes with another parameter', [prototype(INT, U8)], [prototype(INT, INT)], false],
    ['void', [pointer(0)], [pointer(0)], true],
    ['void and not', [pointer(0)], [pointer(INT)], false],
    ['through typedefs of two names', [typedef('t', INT), pointer(4)], [typedef('u', INT), pointer(4)], true],
  ];
  test.each(rows)('%s', (_, local, target, fits) => {
    expect(compare(typesMatch, local, target)).toBe(fits);
  });

  test('structs nested 40 deep are refused', () => {
    const nested: BtfType[] = [struct('s', 4, ['x', INT, 0])];
    for (let id = 4; id < 44; id++) nested.push(struct('s', 4, ['x', id, 0]));
    expect(() => compare(typesMatch, nested, nested)).toThrow('nested deeper than 32');
  });
});
