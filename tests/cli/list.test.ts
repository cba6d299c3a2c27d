/** `bpfkit list`: every kind of point a kernel and its programs have, what they tell, and types (language.md 2.4). */
import { describe, expect, test } from 'vitest';
import { cli } from './support.ts';

const TARGET = ['--target', 'linux-6.1'];
const LIBRARY = 'tests/data/user/sample-gcc-v5.so';

async function listed(...words: string[]): Promise<readonly string[]> {
  const { code, stdout } = await cli(['list', ...TARGET, ...words]);
  expect(code).toBe(0);
  return stdout.trimEnd().split('\n');
}

describe('list', { timeout: 60_000 }, () => {
  test('a provider with its short name, and the points of several by a wildcard', {
    timeout: 60_000,
  }, async () => {
    expect(await listed('kr:vfs_read')).toEqual(['kretprobe:vfs_read']);
    expect(await listed('f*:vfs_read')).toEqual(['fentry:vmlinux:vfs_read']);
    expect(await listed('*:vfs_read')).toEqual(['fentry:vmlinux:vfs_read', 'kprobe:vfs_read']);
  });

  test('a bare pattern means any provider', async () => {
    expect(await listed('*sys_enter_openat2')).toEqual(['tracepoint:syscalls:sys_enter_openat2']);
  });

  test('-v: a line for each argument, and the result of fexit', async () => {
    expect(await listed('-v', 'fexit:vfs_read')).toEqual([
      'fexit:vmlinux:vfs_read',
      '    struct file *file',
      '    char *buf',
      '    size_t count',
      '    loff_t *pos',
      '    ssize_t retval',
    ]);
    expect(await listed('-v', 'iter:task')).toEqual([
      'iter:task',
      '    struct bpf_iter_meta *meta',
      '    struct task_struct *task',
    ]);
  });

  test('functions and USDT probes of a library, with what debugging information and notes tell', async () => {
    expect(await listed('-v', `uprobe:${LIBRARY}:wal*`)).toEqual([
      expect.stringMatching(/^uprobe:\/.*sample-gcc-v5\.so:walk$/),
      '    struct node *head',
      '    word limit',
      '    int (*visit)(void *, int)',
    ]);
    expect(await listed('-v', `usdt:${LIBRARY}:move`)).toEqual([
      expect.stringMatching(/^usdt:\/.*sample-gcc-v5\.so:sample:move$/),
      '    s32 arg0',
      '    s32 arg1',
    ]);
  });

  test('events that are the same everywhere', async () => {
    expect(await listed('hardware:cache*')).toEqual(['hardware:cache-misses:', 'hardware:cache-references:']);
    expect(await listed('interval:s:1')).toEqual(['interval:s:1']);
  });

  test('a type by its name', async () => {
    expect((await listed('struct list_head'))[0]).toBe('struct list_head {');
    const { code, stderr } = await cli(['list', 'struct list_head']);
    expect([code, stderr]).toEqual([1, 'ERROR: the simulated kernel has no types (BTF)\n']);
  });

  test('what the simulated kernel cannot fire is not there', async () => {
    const { stdout, stderr } = await cli(['list', 'kprobe:vfs_read']);
    expect([stdout, stderr]).toEqual([
      '',
      "WARNING: No probes match 'kprobe:vfs_read' in the simulated kernel\n",
    ]);
  });
});
