/** Scripts for maps whose types BTF tells: values with a spin lock, and storage for kernel objects. */
import fc from 'fast-check';
import { BtfBuilder } from '../../../../bpf/btf/index.ts';
import type { BtfMember } from '../../../../bpf/btf/type.ts';
import { MapFlags } from '../../../../bpf/maps.ts';
import { functionInfo } from '../../../linux/function-info.ts';
import { hexOf } from '../machine-runner.ts';
import {
  batches,
  elements,
  few,
  frozen,
  index,
  mapLine,
  NOBODY,
  type Script,
  type Shape,
  scriptOf,
  value,
} from './parts.ts';

/** A value of `struct { long a; struct bpf_spin_lock lock; int b; }`, and the types it is told to Linux with. */
export const LOCKED: LockedTypes = lockedTypes();

interface LockedTypes {
  readonly size: number;
  readonly btf: string;
  readonly key: number;
  readonly value: number;
}

function lockedTypes(): LockedTypes {
  const builder = new BtfBuilder();
  const int = {
    kind: 'int',
    name: 'int',
    size: 4,
    signed: true,
    encoding: 'plain',
    bits: 32,
    bitOffset: 0,
  } as const;
  const key = builder.add(int);
  const long = builder.add({ ...int, name: 'long', size: 8, bits: 64 });
  const member = (name: string, type: number, bitOffset: number): BtfMember => ({
    name,
    type,
    bitOffset,
    bitSize: 0,
  });
  const lock = builder.add({
    kind: 'struct',
    name: 'bpf_spin_lock',
    size: 4,
    members: [member('val', key, 0)],
  });
  const members = [member('a', long, 0), member('lock', lock, 64), member('b', key, 96)];
  const last = builder.add({ kind: 'struct', name: 'value', size: 16, members });
  return { size: 16, btf: hexOf(builder.build().bytes()), key, value: last };
}

/** Goes before all scripts: types as number 0, and functions `main` and `each` as number 1. */
export const PRELUDE: readonly string[] = [
  `btf ${LOCKED.btf}`,
  `btf ${hexOf(functionInfo(['main', 'each'].map((name) => ({ name, slot: 0 }))).btf)}`,
];

export function lockedLine(shape: Shape): string {
  return mapLine(shape, '-', `0 ${LOCKED.key} ${LOCKED.value}`);
}

/** Storage of this process, of a control group, of a file; another one has none. */
export function storage(
  type: 'task_storage' | 'cgrp_storage' | 'inode_storage' | 'sk_storage',
): fc.Arbitrary<Script> {
  const kind = { task_storage: 'self', cgrp_storage: 'cgroup', inode_storage: 'file', sk_storage: 'unix' }[
    type
  ];
  const shape = { type, keySize: 4, valueSize: LOCKED.size, maxEntries: 0, flags: MapFlags.NO_PREALLOC };
  return elements(fc.constantFrom('@s0', '@s0', '@s0', NOBODY), value(LOCKED.size)).map((lines) => ({
    shape,
    lines: [`socket ${kind}`, lockedLine(shape), ...lines, 'get-batch 0 40 - 0 0'],
  }));
}

/** Values with a lock: what BPF_F_LOCK is for. */
export function locked(type: 'hash' | 'array'): fc.Arbitrary<Script> {
  const shape = few.map((maxEntries) => ({ type, keySize: 4, valueSize: LOCKED.size, maxEntries }));
  return scriptOf(shape, () =>
    fc
      .tuple(elements(index, value(LOCKED.size)), batches(index, value(LOCKED.size)), frozen)
      .map((parts) => [...parts.flat(), 'get-batch 0 40 - 0 0', 'freeze 0']),
  ).map(({ shape: one, lines }) => ({ shape: one, lines: [lockedLine(one), ...lines.slice(1)] }));
}
