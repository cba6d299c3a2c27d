/** This machine's kernel as a target, of files that are laid out like a machine's. */
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hostBinaries } from '../../../runtime/node/host-binaries.ts';
import { hostKernelInfo } from '../../../runtime/node/host-info.ts';

const FORMAT = `name: start
ID: 7
format:
	field:unsigned short common_type;	offset:0;	size:2;	signed:0;
	field:int common_pid;	offset:4;	size:4;	signed:1;

	field:int number;	offset:8;	size:4;	signed:1;

print fmt: ""
`;

let root = '';
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'host-info-'));
  const put = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  put('traced/sys/kernel/tracing/events/task/start/format', FORMAT);
  put('traced/sys/kernel/tracing/events/task/enable', '0\n');
  put(
    'traced/sys/kernel/tracing/available_filter_functions',
    'vfs_read\nxfs_read [xfs]\nvfs_open\ndo_it [a]\ndo_it [b]\n',
  );
  put(
    'plain/proc/kallsyms',
    '00 T vfs_write\n00 t do_it\t[xfs]\n00 D some_data\n00 t __pfx_vfs_write\n00 T __cfi_x\n00 T bpf_prog\t[bpf]\n',
  );
  put('bin/tool', 'x');
});
afterAll(() => rmSync(root, { recursive: true }));

describe('hostKernelInfo', () => {
  test('reads tracefs where it is mounted', () => {
    const { functions, tracepoints, btf, rawTracepoints } = hostKernelInfo({ root: join(root, 'traced') });
    expect(tracepoints?.list().map(({ system, name }) => `${system}:${name}`)).toEqual(['task:start']);
    expect(tracepoints?.find('task', 'start')?.fields.at(-1)?.name).toBe('number');
    expect(tracepoints?.find('task', 'none')).toBeUndefined();
    expect(tracepoints?.find('..', 'task')).toBeUndefined();
    expect([functions?.has('vfs_read'), functions?.has('vfs_rea')]).toEqual([true, false]);
    expect(functions?.modulesOf?.('xfs_read')).toEqual(['xfs']);
    expect(functions?.modulesOf?.('do_it')).toEqual(['a', 'b']);
    expect(functions?.list()).toEqual(['vfs_read', 'xfs_read', 'vfs_open', 'do_it']);
    expect([btf, rawTracepoints]).toEqual([undefined, undefined]);
  });

  test('takes functions out of the symbols where it is not', () => {
    const { functions, tracepoints } = hostKernelInfo({ root: join(root, 'plain') });
    expect(tracepoints).toBeUndefined();
    expect(functions?.list()).toEqual(['do_it', 'vfs_write']);
    expect(functions?.modulesOf?.('do_it')).toEqual(['xfs']);
    expect(functions?.has('some_data')).toBe(false);
  });

  test('knows the id of a cgroup by its folder', () => {
    const { cgroupId } = hostKernelInfo({ root: join(root, 'traced') });
    const { ino } = statSync(join(root, 'traced/sys/kernel'), { bigint: true });
    expect(cgroupId?.('/sys/kernel')).toBe(ino);
    expect(cgroupId?.('/sys/nothing')).toBeUndefined();
  });

  test('has nothing where there is nothing', () => {
    const { functions, tracepoints, btf, moduleBtf } = hostKernelInfo({ root: join(root, 'none') });
    expect([functions, tracepoints, btf, moduleBtf?.size]).toEqual([undefined, undefined, undefined, 0]);
  });
});

describe('hostBinaries', () => {
  test('finds files by path, in PATH, by pattern, and what a process runs', () => {
    const binaries = hostBinaries({ folder: root, searchPath: `/nowhere:${join(root, 'bin')}` });
    const tool = join(root, 'bin/tool');
    expect(binaries.resolve('tool')).toEqual([tool]);
    expect(binaries.resolve('bin/tool')).toEqual([tool]);
    expect(binaries.resolve('bin/t*')).toEqual([tool]);
    expect(binaries.resolve('nothing')).toEqual([]);
    expect(binaries.open(tool)).toBeUndefined();
    expect(binaries.ofProcess(process.pid).some((path) => path.includes('node'))).toBe(true);
    expect(binaries.ofProcess(2 ** 30)).toEqual([]);
  });

  test.skipIf(process.platform !== 'linux')(
    'finds a library by its name, and not the text for the linker',
    () => {
      const binaries = hostBinaries({ folder: '/', searchPath: '' });
      const [libc] = binaries.resolve('libc');
      expect(libc).toMatch(/\/libc\.so\.6$/);
      expect(binaries.open(libc!)?.functions.named('malloc')).not.toEqual([]);
    },
  );
});
