/**
 * Makes the simulated kernel's event tables from the `format` files of a real Linux 6.1 and the system call numbers of
 * x86-64's `asm/unistd_64.h`:
 *
 *     node scripts/sim-tables.ts FORMATS [UNISTD]
 *
 * FORMATS is a text in which each file follows a line `### events/<system>/<event>/format`.
 */
import { readFileSync, writeFileSync } from 'node:fs';

const MODELLED: Readonly<Record<string, readonly string[]>> = {
  block: ['block_bio_queue', 'block_rq_complete', 'block_rq_insert', 'block_rq_issue'],
  exceptions: ['page_fault_user'],
  irq: ['irq_handler_entry', 'irq_handler_exit', 'softirq_entry', 'softirq_exit', 'softirq_raise'],
  raw_syscalls: ['sys_enter', 'sys_exit'],
  sched: [
    'sched_migrate_task',
    'sched_process_exec',
    'sched_process_exit',
    'sched_process_fork',
    'sched_process_free',
    'sched_process_wait',
    'sched_stat_runtime',
    'sched_switch',
    'sched_wakeup',
    'sched_wakeup_new',
    'sched_waking',
  ],
  signal: ['signal_deliver', 'signal_generate'],
  task: ['task_newtask', 'task_rename'],
};

/** System calls whose tracepoint is named after the kernel's function, not after the number's macro. */
const NUMBER_NAMES: Readonly<Record<string, string>> = {
  newstat: 'stat',
  newfstat: 'fstat',
  newlstat: 'lstat',
  newuname: 'uname',
  sendfile64: 'sendfile',
  umount: 'umount2',
};

interface Format {
  readonly id: number;
  /** `declaration|offset|size|signed` of each field after the common ones. */
  readonly fields: readonly string[];
  readonly printFormat: string;
}

function readFormats(text: string): ReadonlyMap<string, Format> {
  const formats = new Map<string, Format>();
  for (const part of text.split(/^### events\//m).slice(1)) {
    const name = part.slice(0, part.indexOf('/format\n'));
    const fields = [...part.matchAll(/field:([^;]*);\toffset:(\d+);\tsize:(\d+);\tsigned:([01]);/g)]
      .filter((match) => !match[1]!.includes(' common_'))
      .map((match) => match.slice(1, 5).join('|'));
    const id = Number(/^ID: (\d+)$/m.exec(part)![1]);
    formats.set(name, { id, fields, printFormat: /^print fmt: ([\s\S]*?)\n*$/m.exec(part)![1]! });
  }
  return formats;
}

function readNumbers(text: string): ReadonlyMap<string, number> {
  return new Map(
    [...text.matchAll(/#define __NR_(\w+) (\d+)/g)].map((match) => [match[1]!, Number(match[2])]),
  );
}

const [formatsPath = '', unistdPath = '/usr/include/x86_64-linux-gnu/asm/unistd_64.h'] =
  process.argv.slice(2);
const formats = readFormats(readFileSync(formatsPath, 'utf8'));
const numbers = readNumbers(readFileSync(unistdPath, 'utf8'));

const events = Object.entries(MODELLED).flatMap(([system, names]) =>
  names.map((name) => {
    const format = formats.get(`${system}/${name}`)!;
    return [system, name, format.id, format.fields, format.printFormat];
  }),
);

const calls = [...formats].flatMap(([path, format]) => {
  const name = /^syscalls\/sys_enter_(\w+)$/.exec(path)?.[1];
  const number = name === undefined ? undefined : numbers.get(NUMBER_NAMES[name] ?? name);
  if (name === undefined || number === undefined) return [];
  const args = format.fields.slice(1).map((field) => field.split('|')[0]!);
  return [[name, number, format.id, formats.get(`syscalls/sys_exit_${name}`)!.id, args] as const];
});
calls.sort((a, b) => a[1] - b[1]);

const rows = (list: readonly unknown[]): string => list.map((row) => `  ${JSON.stringify(row)},\n`).join('');
writeFileSync(
  'runtime/sim/tables/events.gen.ts',
  `/** Made by scripts/sim-tables.ts: system, name, id, fields as declaration|offset|size|signed, print format. */
export type EventRow = readonly [string, string, number, readonly string[], string];

export const EVENT_ROWS: readonly EventRow[] = [
${rows(events)}];
`,
);
writeFileSync(
  'runtime/sim/tables/syscalls.gen.ts',
  `/** Made by scripts/sim-tables.ts: name, number, ids of sys_enter and sys_exit, declarations of the arguments. */
export type SyscallRow = readonly [string, number, number, number, readonly string[]];

export const SYSCALL_ROWS: readonly SyscallRow[] = [
${rows(calls)}];
`,
);
