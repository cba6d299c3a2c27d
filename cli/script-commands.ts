/** Commands about scripts. Each loads what it needs when it runs. */
import { type Command, Option } from 'commander';
import { LINT_NAMES } from '../compiler/lint/names.ts';
import type { AddCommand, CommandContext } from './command-context.ts';
import type { CheckFlags } from './commands/check.ts';
import type { FmtFlags } from './commands/fmt.ts';
import type { RunFlags } from './commands/run.ts';
import { addIncludeFlags, addRunFlags, addScriptFlags } from './flags.ts';

type RunAction = (file: string | undefined, params: string[], flags: RunFlags) => Promise<void>;

export function runAction({ io, exit }: CommandContext): RunAction {
  return async (file, params, flags) => {
    const { run } = await import('./commands/run.ts');
    exit(await run(file, params, flags, io));
  };
}

function addRun(program: Command, context: CommandContext): void {
  addRunFlags(program.command('run').passThroughOptions())
    .description('run a script or an object file (the same as without a command)')
    .action(runAction(context));
}

function addCompile(program: Command, { io, exit }: CommandContext): void {
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

Lints: ${LINT_NAMES.join(', ').replace(/(.{90,110}), /, '$1,\n  ')}.
  bpfkit explain CODE says what each is about.

Exit codes: 0 no errors (warnings count as none), 1 errors or wrong usage.`;

function addCheck(program: Command, { argv, io, exit }: CommandContext): void {
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

function addFmt(program: Command, { io, exit }: CommandContext): void {
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

function addList(program: Command, { io, exit }: CommandContext): void {
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
}

function addExplain(program: Command, { io, exit }: CommandContext): void {
  program
    .command('explain')
    .description('print the long form of a diagnostic')
    .argument('<code>', 'e.g. BT0212')
    .action(async (code: string) => {
      const { explain } = await import('./commands/explain.ts');
      exit(await explain(code, io));
    });
}

export const SCRIPT_COMMANDS: Readonly<Record<string, AddCommand>> = {
  run: addRun,
  compile: addCompile,
  check: addCheck,
  fmt: addFmt,
  list: addList,
  explain: addExplain,
};
