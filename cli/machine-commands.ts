/** Commands about recordings and snapshots of machines. Each loads what it needs when it runs. */
import { type Command, Option } from 'commander';
import type { AddCommand, CommandContext } from './command-context.ts';
import type { ReportFlags } from './commands/report.ts';
import type { SnapshotFlags } from './commands/snapshot.ts';

const REPORT_EXAMPLES = `
Examples:
  bpfkit report trace.dat -e 'sched_switch,syscalls:*' --cpu 0,2-3 --limit 100
      Print the first hundred of these events on three CPUs.
  bpfkit report perf.data -R -t -o trace.txt
      Write all events with the fields as recorded, to the nanosecond.
  bpfkit report trace.txt.gz --target host.snapshot
      Print the text of a trace, whose fields are those of the kernel in a snapshot.`;

function addReport(program: Command, { io, exit }: CommandContext): void {
  program
    .command('report')
    .description('print a recording as text, as trace-cmd report does')
    .addHelpText('after', REPORT_EXAMPLES)
    .argument('<file>', 'trace.dat, perf.data, or the text of a trace (.gz too); - for standard input')
    .option('-R', 'raw: the fields of events, not their own text')
    .option('-t', 'times with nanoseconds')
    .option('-l', 'with latency flags: interrupts, rescheduling, preemption')
    .option('--cpu <list>', 'only these CPUs, e.g. 0,2-3')
    .option(
      '-e, --event <list>',
      'only these events, e.g. sched:*,sys_enter_openat; more than once adds',
      (list, before: readonly string[] = []) => [...before, ...list.split(',')],
    )
    .option('--limit <number>', 'at most so many events')
    .option('--target <snapshot>', 'the kernel that a text is of: a file of bpfkit snapshot, or linux-6.1')
    .option(
      '--kallsyms <file>',
      "/proc/kallsyms of the machine that perf.data was recorded on (.gz too): names the kernel's functions",
    )
    .option('-o <file>', 'write the report to this file')
    .option('--no-warnings', 'leave out warnings')
    .action(async (file: string, flags: ReportFlags) => {
      const { report } = await import('./commands/report.ts');
      exit(await report(file, flags, io));
    });
}

function addSnapshot(program: Command, { io, exit }: CommandContext): void {
  program
    .command('snapshot')
    .description("save what this machine's kernel has, to compile for it elsewhere with --target")
    .option('-o <file>', 'write it here', 'host.snapshot')
    .addOption(new Option('--root <folder>', "where the machine's files begin").default('/').hideHelp())
    .option('--no-warnings', 'do not say what is left out')
    .action(async (flags: SnapshotFlags) => {
      const { snapshot } = await import('./commands/snapshot.ts');
      exit(await snapshot(flags, io));
    });
}

export const MACHINE_COMMANDS: Readonly<Record<string, AddCommand>> = {
  report: addReport,
  snapshot: addSnapshot,
};
