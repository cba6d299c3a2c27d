import { expect, test } from 'vitest';
import { CheckedJson } from '../../../compiler/object/checked-json.ts';
import { decodeType, encodeType } from '../../../compiler/object/type-json.ts';
import { givenMembers } from '../../../compiler/types/members.ts';
import type { StructType, Type } from '../../../compiler/types/type.ts';

const INT: Type = { kind: 'integer', size: 4, signed: true };

/** One of each kind: a new kind is a type error here. */
const TYPES: { readonly [Kind in Type['kind']]: Type & { readonly kind: Kind } } = {
  integer: {
    kind: 'integer',
    size: 8,
    signed: false,
    flexible: true,
    enum: { name: 'e', values: new Map([[(1n << 64n) - 1n, 'LAST']]) },
  },
  boolean: { kind: 'boolean', size: 1 },
  string: { kind: 'string', size: 64 },
  buffer: { kind: 'buffer', size: 20 },
  tuple: {
    kind: 'tuple',
    size: 8,
    elements: [
      { offset: 0, type: INT },
      { name: 'b', offset: 4, type: INT },
    ],
  },
  pointer: { kind: 'pointer', size: 8, target: INT, space: 'user' },
  array: { kind: 'array', size: 12, element: INT, count: 3 },
  struct: {
    kind: 'struct',
    tag: 'union',
    name: 'u',
    size: 8,
    align: 4,
    members: givenMembers([
      { name: 'a', offset: 4, type: INT },
      { name: 'bits', offset: 0, type: INT, bitfield: { storage: 4, shift: 3, bits: 5 } },
    ]),
  },
  timestamp: { kind: 'timestamp', size: 8, format: '%H', clock: 'tai' },
  none: { kind: 'none', size: 0 },
  ksym: { kind: 'ksym', size: 8 },
  usym: { kind: 'usym', size: 16 },
  username: { kind: 'username', size: 8 },
  kstack: { kind: 'kstack', size: 8, mode: 'perf', limit: 3 },
  ustack: { kind: 'ustack', size: 16, mode: 'build_id', limit: 127 },
  macaddr: { kind: 'macaddr', size: 6 },
  inet: { kind: 'inet', size: 24 },
  cgroup_path: { kind: 'cgroup_path', size: 8, filter: 'unified*' },
  count: { kind: 'count', size: 8 },
  sum: { kind: 'sum', size: 8, signed: true },
  min: { kind: 'min', size: 16, signed: false },
  max: { kind: 'max', size: 16, signed: true, flexible: true },
  avg: { kind: 'avg', size: 16, signed: true },
  stats: { kind: 'stats', size: 16, signed: true },
  hist: { kind: 'hist', size: 8, bits: 2 },
  tseries: { kind: 'tseries', size: 24, signed: true, interval: 1e9, count: 60, merge: 'avg' },
  lhist: { kind: 'lhist', size: 8, min: -10, max: 10, step: 2 },
};

/** Members are asked for; those behind pointers are not kept. */
function plain(type: Type): unknown {
  return type.kind === 'struct' ? { ...type, members: type.members.list() } : type;
}

function roundTrip(type: Type): Type {
  const json: unknown = JSON.parse(JSON.stringify(encodeType(type)));
  return decodeType(new CheckedJson(json));
}

test.each(Object.entries(TYPES))('%s comes back as it was', (_, type) => {
  expect(plain(roundTrip(type))).toEqual(plain(type));
});

test('what a pointer leads to keeps its name and no members', () => {
  const back = roundTrip({ kind: 'pointer', size: 8, target: TYPES.struct, space: 'kernel' });
  const target = (back as Type & { readonly kind: 'pointer' }).target as StructType;
  expect([target.name, target.members.list()]).toEqual(['u', []]);
});

test.each<[string, object, RegExp]>([
  [
    'a tuple smaller than its elements',
    { ...TYPES.tuple, size: 6 },
    /elements\[1\] reaches beyond its tuple/,
  ],
  ['an array of another size', { ...TYPES.array, size: 13 }, /has a size that is not its elements’/],
  [
    'an aggregation in a tuple',
    { ...TYPES.tuple, elements: [{ offset: 0, type: TYPES.count }] },
    /outside a map/,
  ],
  [
    'a struct smaller than its members',
    { ...TYPES.struct, members: [{ name: 'a', offset: 6, type: INT }] },
    /members\[0\] reaches beyond its struct/,
  ],
  [
    'a bitfield of more bits than its word has',
    {
      ...TYPES.struct,
      members: [{ name: 'a', offset: 0, type: INT, bitfield: { storage: 1, shift: 4, bits: 5 } }],
    },
    /bits is 5, and not 1 to 4/,
  ],
  ['an address of five bytes', { ...TYPES.macaddr, size: 5 }, /size is 5, and not 6 to /],
  ['buckets without number', { ...TYPES.lhist, max: 1e6, step: 1 }, /has more than 1000 buckets/],
  ['a step of nothing', { ...TYPES.lhist, step: 0 }, /step is 0/],
])('refuses %s', (_, json, message) => {
  expect(() => decodeType(new CheckedJson(json))).toThrow(message);
});
