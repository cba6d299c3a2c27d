/**
 * Recordings of one workload by perf in a guest, each with what `perf script` says of it there. The committed ones of
 * tests/data/perf-data are made of them, and a test makes new ones.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BootResult, boot } from './boot.ts';
import { run } from './command.ts';
import { buildImage } from './image.ts';
import type { Job } from './job.ts';
import type { GuestKernel } from './kernel.ts';

/** One way to call `perf record`. */
export interface PerfVariant {
  readonly name: string;
  /** After `perf record -N`. */
  readonly options: string;
  /** After `-o -`, through `cat`. */
  readonly pipe?: boolean;
  /** Fields of its samples: a CPU is told only where it was recorded. */
  readonly cpu?: boolean;
  readonly rounds: number;
  /** Keeps what the tracepoints say, too. */
  readonly fields?: boolean;
}

const SCHED =
  '-e sched:sched_switch,sched:sched_process_fork,sched:sched_process_exec,sched:sched_process_exit,task:task_rename';

export const PERF_VARIANTS: readonly PerfVariant[] = [
  { name: 'sched-stacks', options: `-a -g ${SCHED}`, rounds: 2, fields: true },
  { name: 'zstd', options: '-z -a -g -e raw_syscalls:sys_enter,raw_syscalls:sys_exit', rounds: 40 },
  { name: 'pipe', options: `-a -g ${SCHED} -e cpu-clock`, pipe: true, rounds: 2 },
  { name: 'pipe-zstd', options: '-z -a -e raw_syscalls:sys_enter', pipe: true, rounds: 20 },
  { name: 'cpu-clock', options: '-F 1999 -g -e cpu-clock', cpu: false, rounds: 20 },
  {
    name: 'per-thread',
    options: '--per-thread -T -g -e sched:sched_switch -e page-faults',
    cpu: false,
    rounds: 2,
  },
  { name: 'one-event', options: '-e syscalls:sys_enter_prctl', cpu: false, rounds: 2 },
  {
    name: 'group',
    options: "-F 1999 -g -e '{cpu-clock,page-faults,context-switches}:S'",
    cpu: false,
    rounds: 8,
  },
  {
    name: 'everything',
    options:
      '-F 1999 --call-graph dwarf,512 -I -d -W --data-page-size --code-page-size --phys-data --all-cgroups --namespaces -e cpu-clock',
    cpu: false,
    rounds: 30,
  },
  {
    name: 'mono',
    options: '-k mono --buildid-mmap -a -g -e sched:sched_process_exec,sched:sched_switch',
    rounds: 2,
  },
  { name: 'lost', options: '-m 1 -a -e raw_syscalls:sys_enter,raw_syscalls:sys_exit', rounds: 90 },
];

function jobOf(variant: PerfVariant): Job {
  const { name, options, rounds, pipe = false, cpu = true } = variant;
  const fields = `comm,pid,tid,${cpu ? 'cpu,' : ''}time,event`;
  const output = pipe
    ? `-o - /usr/bin/workload ${rounds} | cat > ${name}.data`
    : `-o ${name}.data /usr/bin/workload ${rounds}`;
  const command = [
    'cp /proc/kallsyms kallsyms',
    `perf record -N ${options} ${output}`,
    `perf script --ns -i ${name}.data -F ${fields} > samples.txt`,
    `perf script --ns -i ${name}.data -F tid,time,event,ip,sym,symoff,dso > stacks.txt`,
    variant.fields === true
      ? `perf script -i ${name}.data -F comm,event,trace > fields.txt`
      : 'touch fields.txt',
    `perf report -i ${name}.data -D 2>/dev/null | grep -o '[:] PERF_RECORD_[A-Z0-9_]*' | sort | uniq -c > records.txt`,
    `ls -l ${name}.data`,
  ].join('\n');
  return { name, command, limit: 120 };
}

async function buildWorkload(folder: string): Promise<string> {
  const source = new URL('perf-data-workload.c', import.meta.url).pathname;
  const path = join(folder, 'workload');
  await run('gcc', [
    '-O1',
    '-fno-omit-frame-pointer',
    '-fno-optimize-sibling-calls',
    '-static',
    '-no-pie',
    '-pthread',
    '-Wl,--build-id',
    '-o',
    path,
    source,
  ]);
  return path;
}

export interface PerfRecordings {
  /** Its jobs' folders hold `NAME.data`, `samples.txt`, `stacks.txt`, `fields.txt`, `kallsyms`. The caller removes it. */
  readonly boot: BootResult;
  /** Text of `nm` on the workload. */
  readonly symbols: string;
}

/** Records in one boot, in the order of the variants. Needs the packages linux-perf and gcc. */
export async function recordInGuest(
  kernel: GuestKernel,
  variants: readonly PerfVariant[],
): Promise<PerfRecordings> {
  const scratch = await mkdtemp(join(tmpdir(), 'perf-data-'));
  try {
    const workload = await buildWorkload(scratch);
    const { stdout: symbols } = await run('nm', ['-n', workload]);
    const image = await buildImage({
      programs: ['perf'],
      extra: new Map([['/usr/bin/workload', { kind: 'file', from: workload }]]),
    });
    const jobs = variants.map(jobOf);
    const options = { kernel, image, jobs, outputBytes: OUTPUT_BYTES };
    return { boot: await boot({ ...options, timeout: BOOT_SECONDS, attempts: 2 }), symbols };
  } finally {
    await rm(scratch, { recursive: true });
  }
}

const OUTPUT_BYTES: number = 512 * 1024 * 1024;
/** Five times what all variants take. */
const BOOT_SECONDS = 280;
