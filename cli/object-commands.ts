/** Commands about bytecode, types and object files. Each loads what it needs when it runs. */
import { type Command, Option } from 'commander';
import type { AddCommand, CommandContext } from './command-context.ts';
import type { AsmFlags } from './commands/asm.ts';
import type { BtfFlags } from './commands/btf.ts';
import type { DisasmFlags } from './commands/disasm.ts';
import type { InspectFlags } from './commands/inspect.ts';
import type { LinkFlags } from './commands/link.ts';
import { addIncludeFlags } from './flags.ts';
import type { VerifyFlags } from './verify/flags.ts';

function addAsm(program: Command, { io, exit }: CommandContext): void {
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
}

function addDisasm(program: Command, { io, exit }: CommandContext): void {
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
}

function addBtf(program: Command, { io, exit }: CommandContext): void {
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
}

function addInspect(program: Command, { io, exit }: CommandContext): void {
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
}

function addLink(program: Command, { io, exit }: CommandContext): void {
  program
    .command('link')
    .description('link object files into one')
    .argument('<files...>', 'ELF objects')
    .requiredOption('-o <file>', 'write the object here, - for standard output')
    .action(async (files: string[], flags: LinkFlags) => {
      const { link } = await import('./commands/link.ts');
      exit(await link(files, flags, io));
    });
}

const VERIFY_EXAMPLES = `
Examples:
  bpfkit verify -e 'kprobe:do_exit { @[pid] = count(); }'
      Would the running kernel load it (elsewhere: Linux 6.18)? Why not, where the value came from, what to change.
  bpfkit verify prog.o --kernel 5.4,5.15,6.1
      A line a release; --kernel all says the oldest that accepts it, and why older ones refuse.
  bpfkit verify prog.s --log-level 2
      The log as the kernel would write it: 1 the path, 2 everything, 4 statistics.
  bpfkit verify --batch cases.json --json
      Answer a file of cases (bpfcase-1), one JSON object a line: id, ok, reason, insn, code, processed, us. An ok of null is
      no verdict: the case uses what is not modelled, or cannot be read.
  bpfkit verify --batch cases.json --compare
      Ask the running kernel too (root, a C compiler; it only loads), and show where the two differ.

Exit codes: 0 all programs accepted (--compare: no verdict differs), 1 some not.`;

function addVerify(program: Command, { io, exit }: CommandContext): void {
  addIncludeFlags(program.command('verify'))
    .description('say whether Linux would load programs, and if not, what is wrong and what to change')
    .addHelpText('after', VERIFY_EXAMPLES)
    .argument('[file]', 'script, ELF object (.o), BPF text (.s), or - for a script on standard input')
    .argument('[params...]', 'positional parameters of a script')
    .option('-e <program>', 'verify this program text')
    .option('--on <kernel>', 'what a script is compiled for, as for bpfkit compile; linux-6.1 without it')
    .option('--unsafe', 'allow functions that change the system')
    .option(
      '--program <name>',
      'only this program of the file (may be repeated)',
      (name: string, before: readonly string[] = []) => [...before, name],
    )
    .option('--kernel <releases>', 'judge as these Linux releases would, e.g. 5.4,6.1, or all')
    .option(
      '--target <snapshot>',
      'the kernel whose types count: a file of bpfkit snapshot, linux-6.1, or host',
    )
    .option('--btf <file>', 'types of the kernel: BTF, or an ELF file with it')
    .option('--cpus <number>', 'CPUs of the machine')
    .option(
      '--grants <names>',
      'what this build grants: override-return, kprobe-writes, error-injection, probe-write-user, or all',
    )
    .option('--unprivileged', 'as a user without capabilities')
    .option('--batch <file>', 'programs of a file of cases, - for standard input')
    .option('--json', 'one JSON object a line')
    .option('--linux', 'ask the running kernel instead; it only loads')
    .option('--compare', 'ask the running kernel too, and show the differences')
    .option('--log-level <level>', 'print the log: 1 path, 2 everything, 4 statistics, or a sum')
    .option('--states', 'print what is known before each instruction')
    .option('--stats', 'print what the verification took')
    .action(async (file: string | undefined, params: string[], flags: VerifyFlags) => {
      const { verifyCommand } = await import('./commands/verify.ts');
      exit(await verifyCommand(file, params, flags, io));
    });
}

export const OBJECT_COMMANDS: Readonly<Record<string, AddCommand>> = {
  asm: addAsm,
  disasm: addDisasm,
  btf: addBtf,
  inspect: addInspect,
  link: addLink,
  verify: addVerify,
};
