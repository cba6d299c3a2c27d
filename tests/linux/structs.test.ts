/**
 * Scripts that walk the kernel's own structures, run by this machine's kernel: what they find is what /proc tells of the
 * same process. Compiled for these types as they are, and for Linux 6.1's and then relocated.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findMember } from '../../bpf/btf/find-member.ts';
import { readBtf } from '../../bpf/btf/read.ts';
import { describeSpec, parseAccess, relocateCore } from '../../bpf/core/index.ts';
import type { BpfObject } from '../../bpf/object.ts';
import { profileFor } from '../../bpf/profiles/index.ts';
import { type CompileResult, compile } from '../../compiler/compile.ts';
import { readScriptFile, writeScriptFile } from '../../compiler/object/script-file.ts';
import { LinuxBpf } from './bpf-syscall.ts';
import { kernelTypes } from './kernel-types.ts';
import { kernelOf, type RunOptions, runScript } from './run-script.ts';

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
        $net = curtask->nsproxy->net_ns->loopback_dev;
        @flags = $net->flags & 8; @lo = $net->name;
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
      '@flags': '8',
      '@lo': 'lo',
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

/** What each access asks for, by the path of the member it is. */
const PATHS: readonly (readonly [struct: string, path: string])[] = [
  ['task_struct', 'pid'],
  ['task_struct', 'se.avg.load_avg'],
  ['task_struct', 'comm'],
  ['task_struct', 'signal'],
  ['signal_struct', 'rlim[7].rlim_max'],
  ['task_struct', 'mm'],
  ['mm_struct', 'exe_file'],
  ['file', 'f_path.dentry'],
  ['dentry', 'd_name.name'],
];
const WALK = `BEGIN {
  print((curtask->pid, curtask->se.avg.load_avg, curtask->comm, curtask->signal->rlim[7].rlim_max,
    curtask->mm->exe_file->f_path.dentry->d_name.name));
}`;

function compileWalk(text: string): CompileResult {
  const kernel = kernelOf(readBtf(sources.get('6.1')!()));
  return compile({ source: { name: 'walk', text }, kernel, target: profileFor('5.15'), env: {} });
}

test.each([...sources.keys()].filter((release) => release !== '5.4'))(
  'compiled for Linux 6.1, members are where the types of %s have them',
  (release) => {
    const types = readBtf(sources.get(release)!());
    const { relocations, problems } = relocateCore(compileWalk(WALK).object!, types);
    expect(problems).toEqual([]);
    const wanted = PATHS.map(([name, path]) => {
      const place = findMember(types, types.find(name, 'struct')!, path)!;
      return BigInt(place.bitOffset / 8);
    });
    expect(relocations.map(({ newValue }) => newValue).toSorted(ascending)).toEqual(
      wanted.toSorted(ascending),
    );
  },
);

function ascending(a: bigint | undefined, b: bigint | undefined): number {
  return Number((a ?? 0n) - (b ?? 0n));
}

describe.skipIf(reason !== undefined)('as an object file', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'structs-'));
    execFileSync('gcc', [
      ...['-O1', '-Wall', '-o', join(folder, 'loader')],
      ...[join(import.meta.dirname, 'loader.c'), '-lbpf'],
    ]);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('libbpf finds the members in this kernel and the verifier takes what comes of it', () => {
    const bits =
      '@b = curtask->sched_reset_on_fork; @s = sizeof(struct task_struct); @o = offsetof(struct file, f_path);';
    const { object, info, origin } = compileWalk(`${WALK} interval:s:1 { ${bits} @c = *curtask->cred; }`);
    const path = join(folder, 'walk.o');
    writeFileSync(path, writeScriptFile(object!, info!, origin!));
    const { status, stderr, stdout } = spawnSync(join(folder, 'loader'), [path], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout.match(/^program /gm)).toHaveLength(2);
  });

  test('read again it is what was written', () => {
    const { object, info, origin } = compileWalk(WALK);
    const { object: back } = readScriptFile(writeScriptFile(object!, info!, origin!), 'walk.o');
    const cores = ({ programs, btf }: BpfObject): readonly string[] =>
      programs.flatMap(({ instructions }) =>
        instructions.flatMap(({ core }) => (core === undefined ? [] : describeSpec(parseAccess(btf!, core)))),
      );
    expect(cores(back).map(withoutId)).toEqual(cores(object!).map(withoutId));
    expect(cores(back).length).toBe(PATHS.length);
  });
});

function withoutId(text: string): string {
  return text.replace(/\[\d+\] /, '');
}
