import { describe, expect, test } from 'vitest';
import { accessOf, enumvalRelocation, fieldRelocation, typeRelocation } from '../../../bpf/core/access.ts';
import { describeSpec, parseAccess } from '../../../bpf/core/spec.ts';
import { coreTargetOf } from '../../../bpf/core/target.ts';
import type { KernelInfo } from '../../../bpf/kernel-info.ts';
import { enumeration, int, struct, table, union } from './table.ts';

const types = table([
  int('u32', 4),
  struct('leaf', 8, ['a', 1, 0], ['c', 1, 4]),
  { kind: 'array', element: 2, index: 1, count: 4 },
  union('', 32, ['raw', 1, 0], ['leaves', 3, 0]),
  struct('root', 36, ['id', 1, 0], ['', 4, 4]),
  { kind: 'const', type: 5 },
  { kind: 'typedef', name: 'root_t', type: 6 },
  struct('', 4, ['counter', 1, 0]),
  { kind: 'typedef', name: 'atomic_t', type: 8 },
  { kind: 'const', type: 9 },
  enumeration('e', { A: 3n, B: 4n }),
]);
const ROOT = 5;

describe('access strings', () => {
  test.each([
    ['id', '0:0'],
    ['raw', '0:1:0'],
    ['leaves', '0:1:1'],
    ['leaves[2].c', '0:1:1:2:1'],
    ['[3].id', '3:0'],
    ['[3]', '3'],
    ['', '0'],
  ])('%s is %s', (path, access) => {
    expect(accessOf(types, ROOT, path)).toBe(access);
  });

  test.each([
    'none',
    'id.x',
    'leaves.a',
    'id[1]',
    'leaves[4]',
    'leaves[',
    'leaves[2]c',
    '.id',
    '[3]id',
    '[3].',
    'a b',
    '.',
    '-1',
  ])('%s leads nowhere', (path) => {
    expect(() => accessOf(types, ROOT, path)).toThrow(`struct root has no ${path}`);
  });

  test('they parse to the field they were made from', () => {
    const relocation = fieldRelocation(types, ROOT, 'leaves[2].c');
    expect(relocation).toEqual({ kind: 'field_byte_offset', type: ROOT, access: '0:1:1:2:1' });
    expect(describeSpec(parseAccess(types, relocation))).toBe(
      '<byte_off> [5] struct root.leaves[2].c (0:1:1:2:1 @ offset 24)',
    );
  });
});

describe('roots', () => {
  test('a typedef of a named struct is the struct, of one without name itself', () => {
    expect(fieldRelocation(types, 7, 'id', 'field_exists')).toEqual({
      kind: 'field_exists',
      type: 5,
      access: '0:0',
    });
    expect(fieldRelocation(types, 10, 'counter')).toEqual({
      kind: 'field_byte_offset',
      type: 9,
      access: '0:0',
    });
    expect(typeRelocation(types, 10, 'type_size')).toEqual({ kind: 'type_size', type: 9, access: '0' });
  });

  test('enumerators by name', () => {
    expect(enumvalRelocation(types, 11, 'B')).toEqual({ kind: 'enumval_value', type: 11, access: '1' });
    expect(() => enumvalRelocation(types, 11, 'C')).toThrow('enum e has no enumerator C');
    expect(() => enumvalRelocation(types, ROOT, 'A')).toThrow('struct root has no enumerator A');
  });
});

test('bits are told in the text of a spec', () => {
  const bits = table([int('u32', 4), struct('s', 4, ['x', 1, 0, 5], ['y', 1, 5, 2])]);
  const relocation = fieldRelocation(bits, 2, 'y', 'field_rshift_u64');
  expect(describeSpec(parseAccess(bits, relocation))).toBe('<rshift_u64> [2] struct s.y (0:1 @ offset 0.5)');
});

test('a kernel is a target when its types are known', () => {
  const info: KernelInfo = {
    name: 'the guest',
    cpus: 1,
    reach: {
      userMemory: true,
      kernelMemory: true,
      stacks: true,
      processIds: 'always',
      wallClock: true,
      credentials: true,
    },
  };
  expect(coreTargetOf(info)).toBeUndefined();
  const module = table([struct('m', 4)], { base: types });
  const target = coreTargetOf({ ...info, btf: types, moduleBtf: new Map([['mod', module]]) })!;
  expect(target.name).toBe('the guest');
  expect(target.candidates('struct', 'root___x').map(({ id }) => id)).toEqual([5]);
  expect(target.candidates('struct', 'm')).toMatchObject([{ id: 12, module: 'mod' }]);
  expect(target.candidates('union', 'm')).toEqual([]);
});
