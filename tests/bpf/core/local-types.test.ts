import { expect, test } from 'vitest';
import { fieldRelocation, typeRelocation } from '../../../bpf/core/access.ts';
import { localTypes } from '../../../bpf/core/local-types.ts';
import { describeSpec, parseAccess } from '../../../bpf/core/spec.ts';
import { int, struct, table, union } from './table.ts';

const types = table([
  int('u32', 4),
  struct('leaf', 8, ['a', 1, 0], ['c', 1, 4]),
  { kind: 'array', element: 2, index: 1, count: 4 },
  union('', 32, ['raw', 1, 0], ['leaves', 3, 0]),
  { kind: 'ptr', type: 6 },
  struct('root', 56, ['id', 1, 0], ['other', 1, 4], ['next', 5, 8], ['', 4, 16]),
  struct('', 4, ['counter', 1, 0]),
  { kind: 'typedef', name: 'counter_t', type: 7 },
]);
const [ROOT, COUNTER] = [6, 8];

/** Relocations whose type is the place of their root. */
const relocations = [
  { ...fieldRelocation(types, ROOT, 'leaves[2].c'), type: 0 },
  { ...fieldRelocation(types, ROOT, 'next'), type: 0 },
  { ...fieldRelocation(types, COUNTER, 'counter'), type: 1 },
  { ...typeRelocation(types, ROOT, 'type_size'), type: 0 },
];
const roots = [
  { btf: types, id: ROOT },
  { btf: types, id: COUNTER },
];

test('structs keep the members that are accessed, at their places', () => {
  const { btf, localise } = localTypes(relocations, roots);
  expect(
    relocations.map((one) => describeSpec(parseAccess(btf, localise(one))).replace(/\[\d+\] /, '')),
  ).toEqual([
    '<byte_off> struct root.leaves[2].c (0:1:0:2:0 @ offset 36)',
    '<byte_off> struct root.next (0:0 @ offset 8)',
    '<byte_off> typedef counter_t.counter (0:0 @ offset 0)',
    '<type_size> struct root',
  ]);
  const root = btf.type(btf.find('root', 'struct')!);
  expect(root).toMatchObject({ size: 56, members: [{ name: 'next', bitOffset: 64 }, { name: '' }] });
  expect(btf.find('other')).toBeUndefined();
});

test('what pointers lead to is only named', () => {
  const { btf } = localTypes(relocations, roots);
  expect(btf.find('root', 'fwd')).toBeDefined();
});
