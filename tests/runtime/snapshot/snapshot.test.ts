import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { FormatError } from '../../../bpf/format-error.ts';
import type { KernelInfo } from '../../../bpf/kernel-info.ts';
import { bundledSnapshot, openSnapshotFile } from '../../../runtime/node/snapshot-file.ts';
import { createCatalog } from '../../../runtime/sim/catalog.ts';
import { SYSCALL_ROWS } from '../../../runtime/sim/tables/syscalls.gen.ts';
import { openSnapshot } from '../../../runtime/snapshot/index.ts';
import { smallSnapshot } from './small.ts';

describe('openSnapshot', () => {
  it('gives what was saved', () => {
    const kernel = openSnapshot(smallSnapshot());
    expect(kernel).toMatchObject({
      name: 'Linux 6.18.2-test',
      release: '6.18.2-test',
      architecture: 'x86_64',
      version: { major: 6, minor: 18, patch: 2 },
      cpus: 4,
    });
    expect(kernel.tracepoints?.list().map(({ system, name }) => `${system}:${name}`)).toEqual([
      'sched:sched_exit',
      'sched:sched_start',
      'task:start',
    ]);
    expect(kernel.tracepoints?.find('task', 'start')).toMatchObject({
      id: 12,
      printFormat: '"a=%d\n", REC->pid',
    });
    expect(kernel.functions?.list()).toEqual(['vfs_open', 'vfs_read', 'vfs_readv', 'xfs_read']);
    expect(kernel.functions?.has('vfs_readv')).toBe(true);
    expect(kernel.functions?.has('vfs_rea')).toBe(false);
    expect(kernel.syscalls).toEqual([
      { number: 0, name: 'read' },
      { number: 257, name: 'openat' },
    ]);
    expect(kernel.rawTracepoints?.list()).toEqual(['task_start', 'xfs_start']);
    expect(kernel.rawTracepoints?.find('task_start')).toMatchObject([
      { name: 'task', type: 'struct task *' },
      { name: 'arg1', type: 'int' },
    ]);
    expect(kernel.rawTracepoints?.find('none')).toBeUndefined();
    const module = kernel.moduleBtf?.get('xfs');
    expect([...(kernel.moduleBtf?.keys() ?? [])]).toEqual(['xfs']);
    expect(module?.base).toBe(kernel.btf);
    expect(kernel.takeWarnings()).toEqual([]);
  });

  it('has nothing that was not saved', () => {
    const kernel = openSnapshot(smallSnapshot({ release: '5.4', architecture: 'x86_64' }));
    const parts: (keyof KernelInfo)[] = [
      'btf',
      'moduleBtf',
      'tracepoints',
      'rawTracepoints',
      'functions',
      'syscalls',
    ];
    for (const part of parts) expect(kernel[part]).toBeUndefined();
    expect(kernel.version).toEqual({ major: 5, minor: 4, patch: 0 });
  });

  it('tells events it does not understand', () => {
    const formats = [
      { system: 'a', name: 'good', text: 'name: good\nID: 1\nformat:\n' },
      { system: 'a', name: 'odd', text: 'name: odd\nID: none\nformat:\n' },
    ];
    const kernel = openSnapshot(smallSnapshot({ release: '5.4', architecture: 'x86_64', formats }));
    expect(kernel.tracepoints?.list().map(({ name }) => name)).toEqual(['good']);
    expect(kernel.takeWarnings()).toEqual([
      'tracepoint a:odd is left out: event format line 2: ID is not a number from 0 to 2147483647',
    ]);
    expect(kernel.takeWarnings()).toEqual([]);
  });

  it('refuses what is no snapshot', () => {
    const bytes = smallSnapshot();
    expect(() => openSnapshot(new Uint8Array(0))).toThrow(
      'snapshot: byte 0: it does not begin as a snapshot does',
    );
    const other = bytes.slice();
    other[16] = 9;
    expect(() => openSnapshot(other)).toThrow('snapshot: byte 16: version 9 is not known: this reads 1');
    expect(() => openSnapshot(bytes.subarray(0, 30))).toThrow(
      /^snapshot: byte 21: the header takes \d+ bytes, and 9 are left$/,
    );
    expect(() => openSnapshot(bytes.subarray(0, bytes.length - 1))).toThrow(/part syscalls takes/);
  });

  it('tells damage of a part when it is asked for', () => {
    const bytes = smallSnapshot();
    const damaged = bytes.slice();
    // `xfs_read`, the last function, goes on from characters that the one before does not have.
    const at = Buffer.from(damaged).indexOf('xfs_read');
    damaged[at - 2] = 99;
    const kernel = openSnapshot(damaged);
    expect(kernel.syscalls).toHaveLength(2);
    expect(() => kernel.functions!.has('xfs_read')).toThrow(FormatError);
    expect(() => kernel.functions!.list()).toThrow(FormatError);
  });
});

describe('the snapshot of Linux 6.1', () => {
  const path = bundledSnapshot('linux-6.1');
  const kernel = openSnapshotFile(path ?? '');

  it('is small', () => {
    expect(readFileSync(path ?? '').length).toBeLessThan(1.5 * 2 ** 20);
    expect(gunzipSync(readFileSync(path ?? '')).length).toBeLessThan(4 * 2 ** 20);
    expect(kernel.version).toMatchObject({ major: 6, minor: 1 });
  });

  it('has the tracepoints the simulated kernel has, and more', () => {
    const simulated = createCatalog().tracepoints.list();
    expect(simulated.length).toBeGreaterThan(500);
    for (const format of simulated) {
      expect(kernel.tracepoints?.find(format.system, format.name)).toEqual(format);
    }
    expect(kernel.tracepoints?.list()).toHaveLength(1390);
  });

  it('has the system calls of x86-64', () => {
    const numbers = new Map(kernel.syscalls?.map(({ name, number }) => [name, number]));
    for (const [name, number] of SYSCALL_ROWS) expect(numbers.get(name), name).toBe(number);
    expect(new Set(numbers.values()).size).toBe(numbers.size);
  });

  it('has functions, types and raw tracepoints', () => {
    expect(kernel.functions?.list()).toHaveLength(34795);
    expect(kernel.functions?.has('vfs_read')).toBe(true);
    const { btf } = kernel;
    const task = btf?.type(btf.find('task_struct', 'struct') ?? 0);
    expect(task).toMatchObject({ kind: 'struct', size: 9728 });
    expect(kernel.rawTracepoints?.list().length).toBeGreaterThan(600);
    expect(kernel.rawTracepoints?.find('sched_switch')).toMatchObject([
      { name: 'preempt', type: 'bool' },
      { name: 'prev', type: 'struct task_struct *' },
      { name: 'next', type: 'struct task_struct *' },
      { name: 'prev_state', type: 'unsigned int' },
    ]);
    expect(kernel.takeWarnings()).toEqual([]);
  });

  it('is not there under other names', () => {
    expect(bundledSnapshot('linux-0.1')).toBeUndefined();
    expect(bundledSnapshot('../snapshots/linux-6.1')).toBeUndefined();
  });
});
