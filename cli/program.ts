/** The command line: every command, flag and its help. The help text is the documentation. */
import { Command } from 'commander';
import type { AddCommand, CommandContext } from './command-context.ts';
import { addRunFlags } from './flags.ts';
import { CliError, type CliIo } from './io.ts';
import { MACHINE_COMMANDS } from './machine-commands.ts';
import { OBJECT_COMMANDS } from './object-commands.ts';
import { runAction, SCRIPT_COMMANDS } from './script-commands.ts';
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

/** In the order of the help text. */
const COMMANDS: Readonly<Record<string, AddCommand>> = {
  ...SCRIPT_COMMANDS,
  ...OBJECT_COMMANDS,
  ...MACHINE_COMMANDS,
};

/** Words that make the commands matter: their names, and what asks for help (as does `-h` among other letters). */
export const COMMAND_WORDS: ReadonlySet<string> = new Set([...Object.keys(COMMANDS), 'help', '--help']);

/** A flag before a command's name would be the main command's and do nothing: say so instead. */
function refuseMisplaced(parent: Command, command: string): void {
  const given = parent.options.find(
    (option) => parent.getOptionValueSource(option.attributeName()) === 'cli',
  );
  if (given === undefined) return;
  const flag = given.long ?? given.short;
  throw new CliError(`${flag} stands before '${command}': put it behind, bpfkit ${command} ${flag} …`);
}

/** Builds the command line for `argv`; `exit` takes the exit code of the command that ran. */
export function buildProgram(argv: readonly string[], io: CliIo, exit: (code: number) => void): Command {
  const context: CommandContext = { argv, io, exit };
  const program = buildRun(context);
  // Most runs name no command, and building them all takes as long as parsing a script.
  if (argv.some((arg) => COMMAND_WORDS.has(arg) || /^-\w*h/.test(arg))) addCommands(program, context);
  return program;
}

/** The command without a name: runs a script. */
function buildRun(context: CommandContext): Command {
  const { io } = context;
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
  addRunFlags(program).action(runAction(context));
  return program;
}

function addCommands(program: Command, context: CommandContext): void {
  const { io } = context;
  for (const add of Object.values(COMMANDS)) add(program, context);
  program.hook('preSubcommand', (parent, command) => refuseMisplaced(parent, command.name()));
  for (const command of program.commands) {
    command
      .showHelpAfterError(`(bpfkit ${command.name()} --help shows all of them)`)
      .exitOverride()
      .configureOutput({ writeOut: io.stdout, writeErr: io.stderr })
      .helpOption('-h, --help', 'print this help');
  }
}
