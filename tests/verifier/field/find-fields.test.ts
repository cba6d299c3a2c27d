import { expect, test } from 'vitest';
import { BtfBuilder } from '../../../bpf/btf/index.ts';
import { findFields } from '../../../verifier/field/find-fields.ts';
import { MAP_FIELDS } from '../../../verifier/field/special-field.ts';

test('finds locks, timers and tagged pointers, also in nested structures and arrays', () => {
  const builder = new BtfBuilder();
  const u32 = builder.add({
    kind: 'int',
    name: 'unsigned int',
    size: 4,
    signed: false,
    encoding: 'plain',
    bits: 32,
    bitOffset: 0,
  });
  const member = (name: string, type: number, byte: number) => ({
    name,
    type,
    bitOffset: byte * 8,
    bitSize: 0,
  });
  const lock = builder.add({
    kind: 'struct',
    name: 'bpf_spin_lock',
    size: 4,
    members: [member('val', u32, 0)],
  });
  const timer = builder.add({ kind: 'struct', name: 'bpf_timer', size: 16, members: [] });
  const task = builder.add({ kind: 'struct', name: 'task_struct', size: 8, members: [] });
  const tag = builder.add({ kind: 'type_tag', name: 'kptr', type: task, attribute: false });
  const pointer = builder.add({ kind: 'ptr', type: tag });
  const two = builder.add({ kind: 'array', element: pointer, index: u32, count: 2 });
  const inner = builder.add({
    kind: 'struct',
    name: 'inner',
    size: 24,
    members: [member('timer', timer, 8)],
  });
  const value = builder.add({
    kind: 'struct',
    name: 'value',
    size: 48,
    members: [member('lock', lock, 0), member('inner', inner, 8), member('tasks', two, 32)],
  });
  const btf = builder.build();
  const search = { btf, kinds: MAP_FIELDS, kernel: [] };
  const shown = (release: '6.18' | '6.1') =>
    findFields({ ...search, release }, value).fields.map(({ kind, offset }) => `${kind}@${offset}`);
  expect(shown('6.18')).toEqual(['spin-lock@0', 'timer@16', 'kptr@32', 'kptr@40']);
  expect(shown('6.1')).toEqual(['spin-lock@0']);
});

test('a pointer with a tag that makes no kptr spoils the whole value, before 6.2 its kptrs', () => {
  const types = new BtfBuilder();
  const member = (name: string, type: number, byte: number) => ({
    name,
    type,
    bitOffset: byte * 8,
    bitSize: 0,
  });
  const lock = types.addStruct('bpf_spin_lock', 4, [member('val', types.addInt('unsigned int', 4), 0)]);
  const task = types.addStruct('task_struct', 8, []);
  const tagged = (tag: string) => types.addPointer(types.addTypeTag(tag, task));
  const value = types.addStruct('value', 24, [
    member('lock', lock, 0),
    member('task', tagged('kptr'), 8),
    member('text', tagged('user'), 16),
  ]);
  const btf = types.build();
  const shown = (release: '6.18' | '6.1') =>
    findFields({ btf, kinds: MAP_FIELDS, kernel: [btf], release }, value).fields.map(({ kind }) => kind);
  expect(shown('6.18')).toEqual([]);
  expect(shown('6.1')).toEqual(['spin-lock']);
});

test('of types that no kernel takes it says so soon, however many fields and levels they have', () => {
  const types = new BtfBuilder();
  const int = types.addInt('int', 4, { signed: true });
  const all = (type: number, count: number) =>
    Array.from({ length: count }, (_, index) => ({ name: `m${index}`, type, bitOffset: 0, bitSize: 0 }));
  const timer = types.addStruct('bpf_timer', 16, all(int, 1));
  const timers = types.addStruct('timers', 16, all(types.addArray(timer, int, 0xffff_ffff), 1));
  const none = types.addStruct('none', 16, all(types.addArray(timer, int, 0), 1));
  let nested = types.addStruct('plain', 4, all(int, 1));
  for (let level = 0; level < 30; level++) nested = types.addStruct(`level${level}`, 4, all(nested, 50));
  const plain = types.addStruct('many', 4, all(types.addArray(nested, int, 0xffff_ffff), 1));
  const search = { btf: types.build(), kinds: MAP_FIELDS, kernel: [], release: '6.18' } as const;
  expect(() => findFields(search, timers)).toThrow(
    expect.objectContaining({ text: 'cannot judge: a type with more special fields than Linux keeps' }),
  );
  expect(findFields(search, none).fields).toEqual([]);
  expect(findFields(search, plain).fields).toEqual([]);
});
