import { describe, expect, test } from 'vitest';
import type { BtfType } from '../../../bpf/btf/type.ts';
import { fieldOf } from '../../../bpf/core/field.ts';
import type { CoreRelocationKind } from '../../../bpf/core/relocation.ts';
import { parseAccess } from '../../../bpf/core/spec.ts';
import { relocatedValue } from './object.ts';
import { enumeration, int, type MemberRow, struct, table } from './table.ts';

const BASE: readonly BtfType[] = [int('u8', 1), int('u32', 4), int('s32', 4, true), int('u64', 8)];
const [U8, U32, S32, U64] = [1, 2, 3, 4];
const STRUCT = 5;

const of = (...rows: readonly MemberRow[]) => table([...BASE, struct('s', 32, ...rows)]);
const fieldAt = (row: MemberRow) =>
  fieldOf(parseAccess(of(row), { kind: 'field_byte_offset', type: STRUCT, access: '0:0' }));

describe('loads', () => {
  test('a plain field', () => {
    expect(fieldAt(['x', S32, 12])).toEqual({
      type: S32,
      bitfield: false,
      bitOffset: 96,
      bitSize: 32,
      byteOffset: 12,
      byteSize: 4,
      signed: true,
      element: false,
    });
  });

  const rows: readonly (readonly [bits: string, row: MemberRow, offset: number, size: number])[] = [
    ['in a word', ['x', U32, 37, 3], 4, 4],
    ['that end at the end of a word', ['x', U32, 60, 4], 4, 4],
    ['across two words', ['x', U32, 30, 4], 0, 8],
    ['of a byte, across two bytes', ['x', U8, 14, 4], 0, 4],
    ['of a byte, in an aligned pair', ['x', U8, 22, 4], 2, 2],
    ['of eight bytes', ['x', U64, 70, 50], 8, 8],
  ];
  test.each(rows)('bits %s', (_, row, byteOffset, byteSize) => {
    expect(fieldAt(row)).toMatchObject({ bitfield: true, byteOffset, byteSize });
  });

  test('bits that no load of eight bytes holds', () => {
    expect(() => fieldAt(['x', U64, 60, 10])).toThrow("no load of 8 bytes holds all of bitfield 'x'");
  });

  test('bits of an enum and of what is no integer', () => {
    const types = table([
      enumeration('e', { A: -1n }),
      { kind: 'ptr', type: 0 },
      struct('s', 8, ['e', 1, 3, 2], ['p', 2, 5, 2]),
    ]);
    const at = (access: string) => fieldOf(parseAccess(types, { kind: 'field_signed', type: 3, access }));
    expect(at('0:0')).toMatchObject({ signed: true, byteSize: 4 });
    expect(() => at('0:1')).toThrow("bitfield 'p' is ptr <anon>, not an integer");
  });
});

describe('values', () => {
  const run = (kind: CoreRelocationKind, held: bigint, row: MemberRow, littleEndian = true) => {
    const types = table([...BASE, struct('s', 32, row)], { littleEndian });
    return relocatedValue(types, types, kind, STRUCT, '0:0', held);
  };

  test('shifts of a plain field', () => {
    expect(run('field_lshift_u64', 32n, ['x', U32, 4])).toBe(32n);
    expect(run('field_rshift_u64', 32n, ['x', U32, 4])).toBe(32n);
    expect(run('field_lshift_u64', 0n, ['x', U64, 8])).toBe(0n);
  });

  test('shifts of a bitfield, both byte orders', () => {
    // 3 bits from bit 5 of the word at byte 4.
    expect(run('field_lshift_u64', 0n, ['x', U32, 37, 3])).toBe(56n);
    expect(run('field_rshift_u64', 61n, ['x', U32, 37, 3])).toBe(61n);
    expect(run('field_lshift_u64', 0n, ['x', U32, 37, 3], false)).toBe(37n);
    expect(run('field_rshift_u64', 61n, ['x', U32, 37, 3], false)).toBe(61n);
  });

  test('the compiler may choose another load of a bitfield, but not another sign or width', () => {
    expect(run('field_byte_size', 1n, ['x', U32, 37, 3])).toBe(4n);
    expect(run('field_byte_offset', 4n, ['x', U32, 37, 3])).toBe(4n);
    expect(run('field_signed', 1n, ['x', U32, 37, 3])).toContain('holds 1, not the 0 of its own types');
    expect(run('field_rshift_u64', 60n, ['x', U32, 37, 3])).toContain(
      'holds 60, not the 61 of its own types',
    );
  });

  test('sign', () => {
    expect(run('field_signed', 1n, ['x', S32, 4])).toBe(1n);
    expect(run('field_signed', 0n, ['x', U32, 4])).toBe(0n);
  });

  test('elements have a size and an offset, but no sign and no shifts', () => {
    const types = table([
      int('u16', 2),
      { kind: 'array', element: 1, index: 1, count: 4 },
      struct('s', 12, ['a', 2, 4]),
    ]);
    const at = (kind: CoreRelocationKind, held: bigint, access = '0:0:3') =>
      relocatedValue(types, types, kind, 3, access, held);
    expect(at('field_byte_offset', 10n)).toBe(10n);
    expect(at('field_byte_size', 2n)).toBe(2n);
    expect(at('field_byte_size', 8n, '0:0')).toBe(8n);
    expect(at('field_signed', 0n)).toContain('an array element has neither sign nor shifts');
    expect(at('field_byte_offset', 12n, '0:0:4')).toContain('element 4 of an array of 4');
    expect(at('field_byte_offset', 24n, '2')).toBe(24n);
  });

  test('a struct cannot be shifted', () => {
    const types = table([...BASE, struct('inner', 16), struct('s', 32, ['x', 5, 0])]);
    expect(relocatedValue(types, types, 'field_lshift_u64', 6, '0:0', 0n)).toContain('a field of 16 bytes');
  });

  test('flexible arrays take any index, in both tables', () => {
    const flexible = table([
      int('u32', 4),
      { kind: 'array', element: 1, index: 1, count: 0 },
      struct('s', 4, ['a', 2, 4]),
    ]);
    const fixed = table([
      int('u32', 4),
      { kind: 'array', element: 1, index: 1, count: 8 },
      struct('s', 40, ['a', 2, 8]),
    ]);
    expect(relocatedValue(flexible, fixed, 'field_byte_offset', 3, '0:0:7', 32n)).toBe(36n);
    expect(relocatedValue(flexible, fixed, 'field_exists', 3, '0:0:8', 1n)).toBe(0n);
    expect(relocatedValue(fixed, flexible, 'field_byte_offset', 3, '0:0:7', 36n)).toBe(32n);
    const middle = table([
      int('u32', 4),
      { kind: 'array', element: 1, index: 1, count: 0 },
      struct('s', 8, ['a', 2, 4], ['b', 1, 4]),
    ]);
    expect(relocatedValue(middle, middle, 'field_exists', 3, '0:0:1', 1n)).toContain(
      'element 1 of an array of 0',
    );
  });
});

test('types have sizes, ids and existence; what the target lacks is 0', () => {
  const local = table([struct('gone', 4), struct('s', 4)]);
  const target = table([int('int', 4), struct('s', 64)]);
  const value = (kind: CoreRelocationKind, type: number, held: bigint) =>
    relocatedValue(local, target, kind, type, '0', held);
  expect(value('type_exists', 2, 1n)).toBe(1n);
  expect(value('type_exists', 1, 1n)).toBe(0n);
  expect(value('type_matches', 2, 1n)).toBe(1n);
  expect(value('type_size', 2, 4n)).toBe(64n);
  expect(value('type_size', 1, 4n)).toBe(0n);
  expect(value('type_id_target', 2, 77n)).toBe(2n);
  expect(value('type_id_target', 1, 77n)).toBe(0n);
  expect(value('type_id_local', 1, 77n)).toBe(1n);
});
