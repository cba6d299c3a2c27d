/** Types of a real kernel, `tests/data/btf`: what bpftool and pahole say of them. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { BtfBuilder } from '../../../bpf/btf/builder.ts';
import { findMember } from '../../../bpf/btf/find-member.ts';
import { layoutOf } from '../../../bpf/btf/layout.ts';
import { deduplicateBtf, mergeBtf } from '../../../bpf/btf/merge.ts';
import { readBtf } from '../../../bpf/btf/read.ts';
import { typeName } from '../../../bpf/btf/type-name.ts';
import { verifyBtf } from '../../../bpf/btf/verify.ts';
import { typesOf } from './types.ts';

const file = new URL('../../data/btf/task-6.1.btf.gz', import.meta.url);
const btf = readBtf(new Uint8Array(gunzipSync(readFileSync(file))));
const task = btf.find('task_struct', 'struct')!;

describe('task_struct of Linux 6.1', () => {
  it('is laid out as the kernel has it', () => {
    const layout = layoutOf(btf, task)!;
    expect(layout).toMatchObject({ kind: 'struct', name: 'task_struct', size: 9728, packed: false });
    expect(layout.fields).toHaveLength(244);
  });

  it.each([
    ['flags', 352, 32, 'unsigned int flags'],
    ['mm', 18176, 64, 'struct mm_struct *mm'],
    ['exit_code', 18496, 32, 'int exit_code'],
    ['sched_migrated', 18722, 1, 'unsigned int sched_migrated'],
    ['pid', 19328, 32, 'pid_t pid'],
    ['real_parent', 19456, 64, 'struct task_struct *real_parent'],
    ['comm', 23808, 128, 'char comm[16]'],
  ])('%s', (name, bitOffset, bitSize, text) => {
    const place = findMember(btf, task, name)!;
    expect(place).toMatchObject({ bitOffset, bitSize });
    expect(typeName(btf, place.type, name)).toBe(text);
  });

  it('has members in members', () => {
    expect(findMember(btf, task, 'se.load.weight')).toMatchObject({ bitOffset: 1024 });
    expect(findMember(btf, task, 'comm[3]')).toMatchObject({ bitOffset: 23832, bitSize: 8 });
    expect(findMember(btf, task, 'pids')).toBeUndefined();
  });
});

describe('types of Linux 6.1', () => {
  it('are as many of each kind as bpftool has', () => {
    const counts: Record<string, number> = {};
    for (const { kind } of typesOf(btf)) counts[kind] = (counts[kind] ?? 0) + 1;
    expect(counts).toMatchInlineSnapshot(`
      {
        "array": 55,
        "const": 12,
        "enum": 12,
        "func_proto": 29,
        "fwd": 97,
        "int": 11,
        "ptr": 224,
        "struct": 263,
        "typedef": 81,
        "union": 41,
      }
    `);
  });

  it('are what the kernel loads', () => {
    expect(verifyBtf(btf)).toEqual([]);
  });

  it('are written as they were read, in both byte orders', () => {
    for (const littleEndian of [true, false]) {
      const copy = BtfBuilder.from(btf).build({ littleEndian });
      expect(typesOf(copy)).toEqual(typesOf(btf));
    }
  });

  it('are each once, and stay so with a copy of them', () => {
    expect(typesOf(deduplicateBtf(btf).btf)).toEqual(typesOf(btf));
    const twice = mergeBtf([{ btf }, { btf: BtfBuilder.from(btf).build({ littleEndian: false }) }]);
    expect(typesOf(twice.btf)).toEqual(typesOf(btf));
    expect(twice.idOf(1, task)).toBe(task);
  });
});
