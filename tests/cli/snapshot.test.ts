import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { machine, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packSnapshot } from '../../runtime/node/pack-snapshot.ts';
import { formatText, moduleBtf, smallBtf, smallSnapshot } from '../runtime/snapshot/small.ts';
import { cli } from './support.ts';

let folder = '';
let file = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bpfkit-snapshot-'));
  file = join(folder, 'host.json.gz');
  writeFileSync(file, packSnapshot(smallSnapshot()));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function put(path: string, content: string | Uint8Array): void {
  const full = join(folder, 'machine', path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, content);
}

describe('--target', () => {
  it('lists what a snapshot has', async () => {
    const listed = await cli(['list', '--target', file]);
    expect(listed).toEqual({
      code: 0,
      stdout: [
        'kprobe:vfs_open',
        'kprobe:vfs_read',
        'kprobe:vfs_readv',
        'kprobe:xfs_read',
        'rawtracepoint:task_start',
        'rawtracepoint:xfs_start',
        'tracepoint:sched:sched_exit',
        'tracepoint:sched:sched_start',
        'tracepoint:task:start',
        '',
      ].join('\n'),
      stderr: '',
    });
    const detailed = await cli(['--target', file, '-lv', 'rawtracepoint:task*']);
    expect(detailed.stdout).toBe('rawtracepoint:task_start\n    struct task *task\n    int arg1\n');
  });

  it('compiles for a snapshot, and runs nothing in it', async () => {
    const script = 'tracepoint:task:start { @[args.pid] = count(); }';
    const compiled = await cli(['compile', '--target', file, '-e', script]);
    expect(compiled).toMatchObject({ code: 0, stderr: '' });
    expect(compiled.stdout).toContain('tracepoint/task/start');
    const emitted = await cli(['--target', file, '--emit', 'asm', '-e', script]);
    expect(emitted.stdout).toBe(compiled.stdout);
    const run = await cli(['--target', file, '-e', script]);
    expect(run).toMatchObject({
      code: 1,
      stderr:
        'ERROR: --target is a kernel to compile for, not to run in: use it with compile, -l or --emit, or --on the text of a trace\n',
    });
    const replayed = await cli(['--target', file, '--on', 'tests/data/trace.dat', '-e', script]);
    expect(replayed).toEqual(run);
    const other = await cli(['compile', '--target', file, '-e', 'tracepoint:task:stop { @ = count(); }']);
    expect(other.code).toBe(1);
    expect(other.stderr).toContain('tracepoint:task:stop');
  });

  it('tells what the fields of a text are', async () => {
    const text = join(folder, 'trace.txt');
    writeFileSync(text, '# tracer: nop\n#\n              sh-7       [000] .....     1.000001: start: a=5\n');
    const on = ['--on', text, '--target', file];
    const script = ['-e', 'tracepoint:task:start { printf("pid %d\\n", args.pid); exit() }'];
    const run = await cli(['-q', ...on, ...script]);
    expect(run).toMatchObject({ code: 0, stdout: 'pid 5\n\n\n' });
    expect(run.stderr).toContain('fields are laid out as in Linux 6.18.2-test');
    const without = await cli(['-q', '--on', text, ...script]);
    expect(without.stderr).toContain('tracepoint not found: task:start');
    const listed = await cli(['list', ...on]);
    expect(listed.stdout).toBe('tracepoint:task:start\n');
    const object = join(folder, 'start.o');
    expect((await cli(['compile', '-o', object, ...on, ...script])).code).toBe(0);
    expect(await cli(['-q', ...on, object])).toEqual(run);
    const misplaced = await cli(['--target', file, object]);
    expect(misplaced.stderr).toContain('is a compiled script: give --target to bpfkit compile, or with --on');
  });

  it('tells the types and the fields for an object of clang on a text', async () => {
    const object = 'tests/data/objects/core-fields.o';
    const run = ['run', '-q', '--on', 'tests/data/text/ftrace.txt.gz'];
    const bySnapshot = await cli([...run, '--target', file, object]);
    expect(bySnapshot.stderr).not.toContain('fields are laid out');
    const byTypes = await cli([...run, '--target', 'tests/data/core/6.1.btf', object]);
    expect(byTypes.stderr).toMatch(/fields are laid out as in Linux 6\.1/);
  });

  it('knows the kernel that comes with it', async () => {
    const listed = await cli(['list', '--target', 'linux-6.1', 'kprobe:vfs_read*']);
    expect(listed.stdout).toBe('kprobe:vfs_read\nkprobe:vfs_readlink\nkprobe:vfs_readv\n');
  });

  it('tells why a file cannot be read', async () => {
    expect((await cli(['list', '--target', 'linux-0.1'])).stderr).toBe(
      "ERROR: Cannot read the snapshot 'linux-0.1': No such file or directory\n",
    );
    expect((await cli(['list', '--target', 'package.json'])).stderr).toBe(
      "ERROR: Cannot read the snapshot 'package.json': snapshot: byte 0: it does not begin as a snapshot does\n",
    );
    const damaged = smallSnapshot();
    damaged[Buffer.from(damaged).indexOf('xfs_read') - 2] = 99;
    writeFileSync(join(folder, 'damaged'), damaged);
    const listed = await cli(['list', '--target', join(folder, 'damaged')]);
    expect(listed).toMatchObject({ code: 1, stdout: '' });
    expect(listed.stderr).toMatch(
      /^ERROR: snapshot: byte \d+: a name goes on from 99 (of 9 characters|characters of 'vfs_readv')\n$/,
    );
  });
});

describe('bpfkit snapshot', () => {
  it('saves what a machine has, and tells what is missing', async () => {
    const btf = smallBtf();
    put('sys/kernel/btf/vmlinux', btf.bytes());
    put('sys/kernel/btf/xfs', moduleBtf(btf).bytes());
    put('sys/kernel/tracing/events/task/start/format', formatText('start', 12));
    put('sys/kernel/tracing/events/task/enable', '0\n');
    put('proc/kallsyms', '0 T __x64_sys_read\n0 T __arm64_sys_read\n');
    const output = join(folder, 'saved.json.gz');
    const saved = await cli(['snapshot', '--root', join(folder, 'machine'), '-o', output]);
    expect(saved.code).toBe(0);
    expect(saved.stdout).toMatch(/: types \(1 modules\), 1 tracepoints/);
    expect(saved.stderr).toMatch(/^WARNING: left out: functions: ENOENT.*available_filter_functions/);
    expect(saved.stdout).toContain(machine());
    const listed = await cli(['list', '--target', output]);
    expect((await cli(['list', '--target', output, 'fentry:*'])).stdout).toBe(
      'fentry:vmlinux:__traceiter_task_start\nfentry:vmlinux:pick\n',
    );
    const events = listed.stdout.replace(/^fentry:.*\n/gm, '');
    expect(events).toBe('rawtracepoint:task_start\nrawtracepoint:xfs_start\ntracepoint:task:start\n');
    const again = join(folder, 'again.json.gz');
    await cli(['snapshot', '--root', join(folder, 'machine'), '-o', again]);
    expect(readFileSync(again)).toEqual(readFileSync(output));
  });

  it('refuses to save nothing', async () => {
    const saved = await cli(['snapshot', '--root', join(folder, 'none'), '-o', join(folder, 'none')]);
    expect(saved.code).toBe(1);
    expect(saved.stderr).toContain('WARNING: left out: types: ENOENT');
    expect(saved.stderr).toContain('ERROR: Nothing of this kernel can be read: run it on Linux, as root\n');
  });
});
