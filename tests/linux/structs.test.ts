/**
 * Scripts that walk the kernel's own structures, run by this machine's kernel: what they find is what /proc tells of the
 * same process. Compiled for these types as they are, and for Linux 6.1's and then relocated.
 */
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readBtf } from '../../bpf/btf/read.ts';
import { LinuxBpf } from './bpf-syscall.ts';
import { kernelTypes } from './kernel-types.ts';
import { type RunOptions, runScript } from './run-script.ts';

const reason = LinuxBpf.reason();
const sources = kernelTypes();
const running = sources.get('running');

let bpf: LinuxBpf | undefined;
beforeAll(async () => {
  if (reason === undefined) bpf = await LinuxBpf.start();
});
afterAll(() => bpf?.close());

/** What /proc tells of a process: the line of `status` that begins so. */
function status(pid: string, line: string): string {
  const text = readFileSync(`/proc/${pid}/status`, 'latin1');
  return new RegExp(`^${line}:\\s*(.*)$`, 'm').exec(text)![1]!;
}

describe.skipIf(reason !== undefined || running === undefined).each<[string, () => RunOptions]>([
  ['types of this kernel', () => ({ types: readBtf(running!()) })],
  [
    'types of Linux 6.1, relocated',
    () => ({ types: readBtf(sources.get('6.1')!()), relocateFor: readBtf(running!()) }),
  ],
])('with %s', (_, options) => {
  const run = (text: string): Promise<Readonly<Record<string, string>>> => runScript(bpf!, text, options());

  test('numbers, text and pointers of the current task', async () => {
    const found = await run(
      `BEGIN {
        @pid = pid; @tgid = curtask->tgid; @comm = curtask->comm; @same = curtask->group_leader == curtask;
        @parent = curtask->real_parent->tgid; @leader = curtask->group_leader.pid;
        @uid = curtask->cred->uid.val; @prio = curtask->static_prio;
      }`,
    );
    expect(found).toEqual({
      '@pid': found['@tgid'],
      '@tgid': found['@pid'],
      '@comm': 'bpfrun',
      '@same': 'true',
      '@parent': status(found['@pid']!, 'PPid'),
      '@leader': found['@pid'],
      '@uid': '0',
      '@prio': '120',
    });
  });

  test('embedded structs, unions without a name, arrays of chars and of structs', async () => {
    const found = await run(
      `BEGIN {
        @pid = pid;
        @file = str(curtask->mm->exe_file->f_path.dentry->d_name.name);
        @length = curtask->mm->exe_file->f_path.dentry->d_name.len;
        @host = curtask->nsproxy->uts_ns->name.nodename;
        @files = curtask->signal->rlim[7].rlim_cur;
        $i = 7; @most = curtask->signal->rlim[$i].rlim_max;
        $limits = curtask->signal->rlim; @copied = $limits[7].rlim_max;
        @limit = curtask->signal->rlim[7];
        @letter = curtask->comm[2];
      }`,
    );
    const limits = readFileSync(`/proc/${found['@pid']}/limits`, 'latin1');
    const [, soft, hard] = /^Max open files\s+(\d+)\s+(\d+)/m.exec(limits)!;
    expect(found).toMatchObject({
      '@file': 'bpfrun',
      '@length': '6',
      '@host': hostname(),
      '@files': soft,
      '@most': hard,
      '@copied': hard,
      '@limit': `{ .rlim_cur = ${soft}, .rlim_max = ${hard} }`,
      '@letter': String('f'.charCodeAt(0)),
    });
  });

  test('pointers: elements, steps, what is behind them, addresses of the script’s own', async () => {
    const found = await run(
      `BEGIN {
        @pid = pid;
        $task = curtask; @deref = (*$task).tgid; @element = $task[0].tgid;
        $pids = (int32 *)((uint64)$task + offsetof(struct task_struct, pid)); @first = *$pids; @second = $pids[1];
        @third = *($pids + 1); $x = 42; $at = &$x; @own = *$at; @m = 7; $map = &@m; @value = *$map;
        @shell = ((struct task_struct *)(uint64)curtask)->tgid;
      }`,
    );
    for (const name of ['@deref', '@element', '@first', '@second', '@third', '@shell'])
      expect([name, found[name]]).toEqual([name, found['@pid']]);
    expect([found['@own'], found['@value']]).toEqual(['42', '7']);
  });
});
