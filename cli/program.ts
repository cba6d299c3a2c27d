/** The command line: every command, flag and its help. The help text is the documentation. */
import { Command, Option } from 'commander';
import type { AsmFlags } from './commands/asm.ts';
import type { BtfFlags } from './commands/btf.ts';
import type { CheckFlags } from './commands/check.ts';
import type { DisasmFlags } from './commands/disasm.ts';
import type { FmtFlags } from './commands/fmt.ts';
import type { InspectFlags } from './commands/inspect.ts';
import type { LinkFlags } from './commands/link.ts';
import type { ReportFlags } from './commands/report.ts';
import type { RunFlags } from './commands/run.ts';
import type { SnapshotFlags } from './commands/snapshot.ts';
import { CliError, type CliIo } from './io.ts';
import { version } from './version.ts';

const INTRODUCTION = `bpftrace anywhere: one tracing language, compiled to real BPF bytecode and run on a simulated kernel (the default) or on a recorded trace.`;

const EXAMPLES = `
Examples:
  bpfkit -e 'BEGIN { printf("hello\\n"); }'
      Run a one-liner.
  bpfkit --on trace.dat -e 'tracepoint:raw_syscalls:sys_enter { @[comm] = count(); }'
      Count system calls by process in a recording made by trace-cmd.
  bpfkit --duration 1s -e 'tracepoint:syscalls:sys_enter_openat { printf("%s %s\\n", comm, str(args.filename)); }'
      Print the files opened during one second of the simulated kernel.
  bpfkit --on trace.dat -lv 'tracepoint:sched:*'
      List the events of a recording with their fields.
  bpfkit compile -o opens.o samples/opens.bt
      Compile a script to an ELF object; bpfkit opens.o runs it, bpfkit inspect opens.o shows what is in it.
  bpfkit compile --emit asm -e 'tracepoint:sched:sched_switch { @ = count(); }'
      Show the BPF bytecode of a script.
  bpfkit compile --target host.snapshot -o opens.o samples/opens.bt
      Compile for another machine, from what bpfkit snapshot saved there; --target linux-6.1 comes with bpfkit.
  bpfkit report trace.dat -e 'sched:*' --cpu 0
      Print a recording as text, as trace-cmd report does.

Exit codes:
  0 end, Ctrl-C; N after exit(N); 1 wrong usage or a script with errors; 2 a bug of bpfkit;
  255 loading or attaching failed, or a program ran without an end; 130 second Ctrl-C.`;

const REPORT_EXAMPLES = `
Examples:
  bpfkit report trace.dat -e 'sched_switch,syscalls:*' --cpu 0,2-3 --limit 100
      Print the first hundred of these events on three CPUs.
  bpfkit report perf.data -R -t -o trace.txt
      Write all events with the fields as recorded, to the nanosecond.
  bpfkit report trace.txt.gz --target host.snapshot
      Print the text of a trace, whose fields are those of the kernel in a snapshot.`;

/** Flags of what a script's C text includes. */
function addIncludeFlags(command: Command): Command {
  const gather = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];
  return command
    .option('-I <folder>', 'look for headers of #include here too (may be repeated)', gather)
    .option('--include <file>', 'include this header before the script (may be repeated)', gather);
}

/** Flags that say what to compile, for which kernel. */
function addScriptFlags(command: Command): Command {
  return addIncludeFlags(command)
    .option('-e <program>', 'run this program text')
    .option(
      '--on <kernel>',
      'where to run: sim (the simulated kernel) or a recording: trace.dat, perf.data, the text of a trace (.gz too)',
      'sim',
    )
    .option('-p <pid>', 'only events of this process')
    .addOption(
      new Option('--diagnostics <form>', 'text, or json: one object a line, all on standard error')
        .choices(['text', 'json'])
        .default('text'),
    )
    .option('--unsafe', 'allow functions that change the system')
    .option('--kernel <release>', 'generate code for this Linux release, e.g. 5.4')
    .option(
      '--target <snapshot>',
      'compile for this kernel, which a text of --on is of: a file of bpfkit snapshot, linux-6.1, or host (this machine); relocates objects of clang, for which it may be BTF too',
    )
    .option('--seed <number>', 'seed of the simulated kernel', '1')
    .option('--cpus <number>', 'CPUs of the simulated kernel', '4');
}

/** A flag before a command's name would be the main command's and do nothing: say so instead. */
function refuseMisplaced(parent: Command, command: string): void {
  const given = parent.options.find(
    (option) => parent.getOptionValueSource(option.attributeName()) === 'cli',
  );
  if (given === undefined) return;
  const flag = given.long ?? given.short;
  throw new CliError(`${flag} stands before '${command}': put it behind, bpfkit ${command} ${flag} …`);
}

/** Words that make the commands below matter: their names, and what asks for help (as does `-h` among other letters). */
export const COMMAND_WORDS: ReadonlySet<string> = new Set([
  'run',
  'compile',
  'check',
  'fmt',
  'list',
  'asm',
  'disasm',
  'btf',
  'inspect',
  'link',
  'explain',
  'report',
  'snapshot',
  'help',
  '--help',
]);

/** Builds the command line for `argv`; `exit` takes the exit code of the command that ran. */
export function buildProgram(argv: readonly string[], io: CliIo, exit: (code: number) => void): Command {
  const program = buildRun(io, exit);
  // Most runs name no command, and building them all takes as long as parsing a script.
  if (argv.some((arg) => COMMAND_WORDS.has(arg) || /^-\w*h/.test(arg))) addCommands(program, argv, io, exit);
  return program;
}

/** The command without a name: runs a script. */
function buildRun(io: CliIo, exit: (code: number) => void): Command {
  const program = new Command('bpfkit');
  program
    .description(INTRODUCTION)
    .usage("[options] [command] [file | - | -e 'program'] [-- params]")
    .version(`bpfkit v${version}`, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .addHelpText('after', EXAMPLES)
    .configureOutput({ writeOut: io.stdout, writeErr: io.stderr })
    .showHelpAfterError('(bpfkit --help shows all of them)')
    .exitOverride()
    .enablePositionalOptions()
    .passThroughOptions();
  addRunFlags(program).action(runAction(io, exit));
  return program;
}

type RunAction = (file: string | undefined, params: string[], flags: RunFlags) => Promise<void>;

function runAction(io: CliIo, exit: (code: number) => void): RunAction {
  return async (file, params, flags) => {
    const { run } = await import('./commands/run.ts');
    exit(await run(file, params, flags, io));
  };
}

/** What the command without a name and `run` take. */
function addRunFlags(command: Command): Command {
  return addScriptFlags(command)
    .argument('[file]', 'script, compiled object, or - for standard input')
    .argument('[params...]', 'positional parameters $1, $2, … (after --)')
    .option(
      '--kallsyms <file>',
      "/proc/kallsyms of the machine that perf.data was recorded on (.gz too): names the kernel's functions",
    )
    .option('--duration <time>', 'end after this much time of the traced machine, e.g. 1s, 200ms')
    .option('-f <format>', 'output format: text or json', 'text')
    .option('-o <file>', 'write results to this file')
    .option('-q', 'leave out the banner')
    .option('-v', 'say more: codes for bpfkit explain')
    .option('-l [pattern]', 'list probes, or those of a script; -lv with their arguments')
    .option('-k', 'warn about failed reads and missing keys')
    .option('--no-warnings', 'leave out warnings')
    .option(
      '--kconfig <file>',
      'for object files that ask: the configuration of their kernel (/boot/config-*)',
    )
    .option('-c <command>', 'trace this command (needs --on linux)')
    .option('--fmt', 'print the script formatted and end (the same as bpfkit fmt)')
    .option('--dry-run', 'attach, then end')
    .option('--test', "run the script's test: probes")
    .option('--bench', "run the script's bench: probes")
    .option('--probe-filter <regex>', 'only tests and benchmarks of these names')
    .addOption(new Option('-B <mode>', 'output buffering').choices(['line', 'full', 'none']).default('line'))
    .addOption(
      new Option('-d <stage>', 'print a stage of compilation first').choices([
        'ast',
        'ir',
        'ir-opt',
        'asm',
        'all',
      ]),
    )
    .addOption(
      new Option('--emit <stage>', 'print a stage of compilation and end').choices([
        'ast',
        'ir',
        'ir-opt',
        'asm',
      ]),
    );
}

const CHECK_EXAMPLES = `
Examples:
  bpfkit check samples/*.bt
      Check scripts against Linux 6.1, which comes with bpfkit; say nothing when nothing is wrong.
  bpfkit check --mock-symbols --json tool.bt
      Check a script for a machine that is not at hand: its probes, functions and binaries are taken as existing.
  bpfkit check --no-lint hot-output,racy-counter tool.bt
      Leave out two lints; --no-lint all leaves out every one.
  echo '{"id": 1, "source": "BEGIN { exit(); }"}' | bpfkit check --batch
      Answer requests, one JSON object a line, with {"id", "ok", "diagnostics"}.

Lints: stable-tracepoint, hot-output, hot-stack, unbounded-key, missing-delete, racy-counter, absence-test, print-in-loop,
  unread-map, narrow-conversion, unused-variable. bpfkit explain CODE says what each is about.

Exit codes: 0 no errors (warnings count as none), 1 errors or wrong usage.`;

function addCheck(program: Command, argv: readonly string[], io: CliIo, exit: (code: number) => void): void {
  addIncludeFlags(program.command('check'))
    .description('check scripts without running them: syntax, types, lints')
    .usage("[options] [files... | - | -e 'program'] [-- params]")
    .addHelpText('after', CHECK_EXAMPLES)
    .argument('[files...]', 'scripts, - for standard input')
    .option('-e <program>', 'check this program text')
    .option('--json', 'print one JSON document: {ok, files: [{file, ok, diagnostics}]}')
    .addOption(
      new Option('--diagnostics <form>', 'text, or json (the same as --json)').choices(['text', 'json']),
    )
    .option('--batch [file]', 'answer requests {id, source, args?}, one JSON object a line')
    .option('--mock-symbols', 'take every probe target, kernel function and binary as existing')
    .option('--target <snapshot>', 'check against this kernel: a file of bpfkit snapshot', 'linux-6.1')
    .option('--on <kernel>', 'check against the simulated kernel (sim) or a recording instead')
    .option('--kernel <release>', 'check for this Linux release, e.g. 5.4')
    .option('--unsafe', 'allow functions that change the system')
    .option('-p <pid>', 'as -p of run')
    .option('--lint <names>', 'only these lints; --no-lint <names>: all but these')
    .addOption(new Option('--without-lint <names>').hideHelp())
    .addOption(new Option('--no-warnings', 'leave out warnings, lints too'))
    .action(async (files: string[], flags: CheckFlags, command: Command) => {
      const { checkCommand } = await import('./commands/check.ts');
      const separator = argv.indexOf('--');
      const params = separator < 0 ? [] : argv.slice(separator + 1);
      const scripts = files.slice(0, files.length - params.length);
      const { target, ...rest } = flags;
      const given = command.getOptionValueSource('target') === 'cli' && target !== undefined;
      exit(await checkCommand(scripts, params, { ...rest, ...(given ? { target } : {}) }, io));
    });
}

const FMT_EXAMPLES = `
Examples:
  bpfkit fmt tool.bt
      Print the script with two blanks an indent, 80 columns wide; comments stay where they are.
  bpfkit fmt -w samples/*.bt
      Change the files themselves.
  bpfkit fmt --check samples/*.bt
      Name the files that are not formatted; exit code 1 when there are any.`;

function addFmt(program: Command, io: CliIo, exit: (code: number) => void): void {
  program
    .command('fmt')
    .description('format scripts')
    .usage("[options] [files... | - | -e 'program']")
    .addHelpText('after', FMT_EXAMPLES)
    .argument('[files...]', 'scripts, - for standard input')
    .option('-e <program>', 'format this program text')
    .option('-w, --write', 'change the files themselves')
    .option('--check', 'only name the files that are not formatted')
    .action(async (files: string[], flags: FmtFlags) => {
      const { fmt } = await import('./commands/fmt.ts');
      exit(await fmt(files, flags, io));
    });
}

function addCommands(
  program: Command,
  argv: readonly string[],
  io: CliIo,
  exit: (code: number) => void,
): void {
  addRunFlags(program.command('run').passThroughOptions())
    .description('run a script or an object file (the same as without a command)')
    .action(runAction(io, exit));

  addScriptFlags(program.command('compile'))
    .description('compile a script to an object file, or print a stage of it')
    .argument('[file]', 'script, or - for standard input')
    .argument('[params...]', 'positional parameters')
    .option('-o <file>', 'write an ELF object here, - for standard output; bpfkit FILE runs it')
    .addOption(
      new Option('--emit <stage>', 'what to print: asm without -o').choices(['ast', 'ir', 'ir-opt', 'asm']),
    )
    .action(async (file: string | undefined, params: string[], flags) => {
      const { compileCommand } = await import('./commands/compile.ts');
      exit(await compileCommand(file, params, flags, io));
    });

  addCheck(program, argv, io, exit);
  addFmt(program, io, exit);

  program
    .command('list')
    .description('list probes, with -v their arguments')
    .argument('[pattern]', 'e.g. tracepoint:sched:*')
    .option('--on <kernel>', 'sim or a recording: trace.dat, perf.data, the text of a trace (.gz too)', 'sim')
    .option('--target <snapshot>', 'a kernel in a file of bpfkit snapshot, linux-6.1, or host (this machine)')
    .option('-v', 'with arguments')
    .action(async (pattern: string | undefined, flags: { on: string; target?: string; v?: boolean }) => {
      const { list } = await import('./commands/list.ts');
      exit(await list(pattern, flags, io));
    });

  program
    .command('asm')
    .description('assemble BPF text to bytecode')
    .argument('<file>', 'text in the syntax of the kernel log and LLVM, or -')
    .option('-o <file>', 'write raw bytecode here; without it hex is printed')
    .option('--program <name>', 'which program, when the text has several')
    .option('--big', 'big-endian bytecode')
    .action(async (file: string, flags: AsmFlags) => {
      const { asm } = await import('./commands/asm.ts');
      exit(await asm(file, flags, io));
    });

  program
    .command('disasm')
    .description('disassemble raw BPF bytecode')
    .argument('<file>', 'bytecode, eight bytes an instruction')
    .option('--big', 'big-endian bytecode')
    .addOption(new Option('--style <style>', 'text style').choices(['kernel', 'llvm']).default('kernel'))
    .action(async (file: string, flags: DisasmFlags) => {
      const { disasm } = await import('./commands/disasm.ts');
      exit(await disasm(file, flags, io));
    });

  program
    .command('btf')
    .description('print the types of a kernel, module or object as C')
    .argument(
      '<file>',
      'BTF, e.g. /sys/kernel/btf/vmlinux, an ELF file with it (.gz too), a snapshot, or linux-6.1',
    )
    .argument('[names...]', 'types, functions, variables: task_struct, "struct file", vfs_*; all without')
    .option('--base <file>', 'the kernel whose BTF a module goes on from')
    .option('--deps', 'with all that the types need to compile')
    .option('--layout', 'offsets, sizes, holes and padding of structs')
    .option('--raw', 'the table as it is, numbered')
    .option('--json', 'the table as data')
    .addOption(new Option('--prototypes <which>', 'with prototypes of functions').choices(['kfuncs', 'all']))
    .option('--variables', 'with declarations of variables')
    .action(async (file: string, names: string[], flags: BtfFlags) => {
      const { btfCommand } = await import('./commands/btf.ts');
      exit(await btfCommand(file, names, flags, io));
    });

  program
    .command('inspect')
    .description(
      'show what is in an object file (programs, maps, relocations, types, its script), or what uprobes and USDT can use of a program or library',
    )
    .argument('<file>', 'ELF object, of bpfkit compile or of clang; a program or shared library')
    .argument('[names...]', 'functions of the program or library: readline, "read*"')
    .option('--json', 'as JSON')
    .option('-d, --disasm', 'print the BPF code with its source lines instead')
    .action(async (file: string, names: string[], flags: InspectFlags) => {
      const { inspect } = await import('./commands/inspect.ts');
      exit(await inspect(file, names, flags, io));
    });

  program
    .command('link')
    .description('link object files into one')
    .argument('<files...>', 'ELF objects')
    .requiredOption('-o <file>', 'write the object here, - for standard output')
    .action(async (files: string[], flags: LinkFlags) => {
      const { link } = await import('./commands/link.ts');
      exit(await link(files, flags, io));
    });

  program
    .command('explain')
    .description('print the long form of a diagnostic')
    .argument('<code>', 'e.g. BT0212')
    .action(async (code: string) => {
      const { explain } = await import('./commands/explain.ts');
      exit(await explain(code, io));
    });

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

  program.hook('preSubcommand', (parent, command) => refuseMisplaced(parent, command.name()));
  for (const command of program.commands) {
    command
      .showHelpAfterError(`(bpfkit ${command.name()} --help shows all of them)`)
      .exitOverride()
      .configureOutput({ writeOut: io.stdout, writeErr: io.stderr })
      .helpOption('-h, --help', 'print this help');
  }
}
