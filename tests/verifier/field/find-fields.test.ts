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
