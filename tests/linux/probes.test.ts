/**
 * Programs of every kind of probe, compiled for Linux 6.1 with all that events tell, are accepted by this machine's verifier
 * (load only). `fentry`, `fexit` and `iter` are refused here by the machine's policy: a booted kernel judges them.
 */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { KernelInfo } from '../../bpf/kernel-info.ts';
import type { KernelRelease } from '../../bpf/kernel-release.ts';
import { NEWEST_RELEASE, profileFor } from '../../bpf/profiles/index.ts';
import { compile } from '../../compiler/compile.ts';
import { hostBinaries } from '../../runtime/node/host-binaries.ts';
import { openSnapshotFile, snapshotPath } from '../../runtime/node/snapshot-file.ts';
import { root } from '../cli/support.ts';
import { LinuxBpf } from './bpf-syscall.ts';

const reason = LinuxBpf.reason();
if (reason !== undefined) console.warn(`tests/linux/probes skipped: ${reason}`);

const folder = join(root, 'tests/data/user');
const GCC = './sample-gcc-v5.so';

const RELEASES: readonly KernelRelease[] = ['5.4', '5.15', '6.1', NEWEST_RELEASE];

/** By kind of program. */
const SCRIPTS: readonly (readonly [string, string])[] = [
  [
    'begin, end, self',
    'begin { print(probe); } end { print(probetype); } self:signal:SIGUSR1 { @ = count(); }',
  ],
  ['test and bench', 'test:a { return 1; } bench:b { @ = count(); }'],
  [
    'kprobe',
    'kprobe:vfs_read { @[arg0, arg1, arg2, arg3, arg4, arg5] = count(); @f = func; print(usermode); }',
  ],
  [
    'kprobe with typed arguments',
    'kprobe:vfs_read { @ = sum(args.count); print(args.file); @b = args.buf; }',
  ],
  ['kprobe with all arguments', 'kprobe:vfs_read { print(args); }'],
  ['kprobe with stack words', 'kprobe:vfs_read { @ = sarg0; @b = sarg1; }'],
  [
    'kprobe inside a function',
    'kprobe:vfs_read+4 { @ = reg("ax"); @i = reg("ip"); @c = reg("cs"); @p = reg("pc"); }',
  ],
  ['kprobes of a pattern', 'kprobe:vfs_* { @[func] = count(); }'],
  ['kretprobe', 'kretprobe:vfs_read { @[func] = hist(retval); }'],
  ['uprobe', `uprobe:${GCC}:walk { @[arg0, arg1] = count(); @s = sarg0; print(func); print(reg("sp")); }`],
  ['uprobe with typed arguments', `uprobe:${GCC}:walk { @ = args.limit; @h = args.head; }`],
  ['uretprobe', `uretprobe:${GCC}:walk { @ = retval; }`],
  ['usdt, a program a place', `usdt:${GCC}:step { printf("%d\\n", arg0); }`],
  ['usdt of two values', `usdt:${GCC}:sample:move { printf("%d %d\\n", arg0, arg1); }`],
  ['usdt of clang', 'usdt:./sample-clang-v4.so:* { @[probe] = count(); }'],
  ['tracepoint', 'tracepoint:sched:sched_switch { @[args.prev_comm] = sum(args.prev_prio); print(args); }'],
  ['tracepoint with strings', 'tracepoint:irq:irq_handler_entry { @[args.name] = count(); print(args); }'],
  [
    'tracepoint of a system call',
    'tracepoint:syscalls:sys_enter_openat { printf("%s\\n", str(args.filename)); }',
  ],
  ['rawtracepoint', 'rawtracepoint:sched_switch { @[args.preempt] = count(); @n = args.next; @w = arg1; }'],
  ['rawtracepoint, all of it', 'rawtracepoint:sched_wakeup { print(args); }'],
  ['profile and interval', 'profile:hz:99 { @[usermode] = count(); } interval:1s { print(reg("ip")); }'],
  ['software and hardware', 'software:page-faults:1 { @ = usermode; } hardware:cycles { @c = reg("ip"); }'],
  ['watchpoint', 'watchpoint:0x10000000:8:w { @[usermode] = count(); }'],
];

describe.skipIf(reason !== undefined)('Linux accepts', () => {
  let bpf: LinuxBpf;
  let kernel: KernelInfo;
  beforeAll(async () => {
    bpf = await LinuxBpf.start();
    kernel = Object.create(openSnapshotFile(snapshotPath('linux-6.1', '')), {
      binaries: { value: hostBinaries({ folder, searchPath: folder }) },
    }) as KernelInfo;
  });
  afterAll(() => bpf.close());

  /** With and without the filter of `-p`. Older kernels lack some of what scripts ask for, and say so. */
  describe.each(RELEASES)('for %s', (release) => {
    test.each(SCRIPTS)('%s', async (_name, text) => {
      const source = { name: 'stdin', text };
      for (const pid of [undefined, 1]) {
        const options = { source, kernel, target: profileFor(release), ...(pid !== undefined && { pid }) };
        const { object, diagnostics } = compile(options);
        const others = diagnostics.filter(({ message }) => !/needs Linux [\d.]+ or newer/.test(message));
        expect(others.map(({ message }) => message).join('\n')).toBe('');
        if (object === undefined && release !== RELEASES.at(-1)) continue;
        const maps = await bpf.createMaps(object!);
        for (const { name } of object!.programs) {
          const { ok, log } = await bpf.loadProgram(object!, name, maps);
          expect(ok, `${name}\n${log.split('\n').slice(-12).join('\n')}`).toBe(true);
        }
      }
    });
  });
});
