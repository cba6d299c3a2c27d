import { describe, expect, test } from 'vitest';
import { givenMembers } from '../../../compiler/types/members.ts';
import type { Member, StructType, Type } from '../../../compiler/types/type.ts';
import { jsonOf } from '../../../runtime/output/json-sink.ts';
import { textOf } from '../../../runtime/output/text-value.ts';
import { context } from './support.ts';

const U32: Type = { kind: 'integer', size: 4, signed: false };
const S32: Type = { kind: 'integer', size: 4, signed: true };

function struct(name: string, size: number, ...members: readonly Member[]): StructType {
  return { kind: 'struct', tag: 'struct', name, size, align: 4, members: givenMembers(members) };
}

const inner = struct('', 8, { name: 'x', offset: 0, type: U32 }, { name: 'y', offset: 4, type: U32 });
const point = struct('point', 8, ...inner.members.list());
const color: Type = { ...U32, enum: { name: 'color', values: new Map([[2n, 'BLUE']]) } };

const all = struct(
  'all',
  40,
  { name: '', offset: 0, type: inner },
  { name: 'at', offset: 8, type: point },
  { name: 'low', offset: 16, type: S32, bitfield: { storage: 4, shift: 0, bits: 3 } },
  { name: 'high', offset: 16, type: U32, bitfield: { storage: 4, shift: 3, bits: 5 } },
  { name: '', offset: 16, type: U32, bitfield: { storage: 4, shift: 8, bits: 24 } },
  { name: 'list', offset: 20, type: { kind: 'array', size: 8, element: U32, count: 2 } },
  { name: 'weight', offset: 32, type: { kind: 'none', size: 0 } },
  { name: 'color', offset: 28, type: color },
  { name: 'text', offset: 36, type: { kind: 'string', size: 4 } },
);

const bytes = new Uint8Array(40);
const view = new DataView(bytes.buffer);
for (const [index, value] of [1, 2, 3, 4].entries()) view.setUint32(index * 4, value, true);
view.setUint32(16, 0b10110_101, true);
view.setUint32(20, 5, true);
view.setUint32(24, 6, true);
view.setUint32(28, 2, true);
bytes.set([97, 98, 0], 36);

describe('structs are printed field by field (language.md 2.12, 2.14)', () => {
  test('as text: fields of anonymous structs are the outer one’s, floats are null, enums are names', () => {
    expect(textOf({ type: all, bytes, offset: 0 }, context)).toBe(
      '{ .x = 1, .y = 2, .at = { .x = 3, .y = 4 }, .low = -3, .high = 22, .list = [5,6], .weight = null, .color = BLUE, .text = ab }',
    );
  });

  test('as JSON: objects, enums are numbers', () => {
    expect(jsonOf({ type: all, bytes, offset: 0 }, context)).toBe(
      '{"x": 1, "y": 2, "at": {"x": 3, "y": 4}, "low": -3, "high": 22, "list": [5,6], "weight": null, "color": 2, "text": "ab"}',
    );
  });

  test('an empty one is {}', () => {
    const cell = { type: struct('nothing', 0), bytes: new Uint8Array(0), offset: 0 };
    expect([textOf(cell, context), jsonOf(cell, context)]).toEqual(['{}', '{}']);
  });
});
