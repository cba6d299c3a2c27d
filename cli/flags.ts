/** Flags that several commands share. */
import { type Command, Option } from 'commander';
import { ENGINE_CHOICES } from '../runtime/engines.ts';

/** Flags of what a script's C text includes. */
export function addIncludeFlags(command: Command): Command {
  const gather = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];
  return command
    .option('-I <folder>', 'look for headers of #include here too (may be repeated)', gather)
    .option('--include <file>', 'include this header before the script (may be repeated)', gather);
}

/** Flags that say what to compile, for which kernel. */
export function addScriptFlags(command: Command): Command {
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

/** What the command without a name and `run` take. */
export function addRunFlags(command: Command): Command {
  return addScriptFlags(command)
    .argument('[file]', 'script, compiled object, or - for standard input')
    .argument('[params...]', 'positional parameters $1, $2, … (after --)')
    .option(
      '--kallsyms <file>',
      "/proc/kallsyms of the machine that perf.data was recorded on (.gz too): names the kernel's functions",
    )
    .addOption(
      new Option(
        '--jit <engine>',
        'how programs run: auto, resident (interpreted in WebAssembly), direct (compiled to WebAssembly), binaryen (and optimised), or off (interpreted, every access checked)',
      )
        .choices(ENGINE_CHOICES)
        .default('auto'),
    )
    .option(
      '--threads <number>',
      'replay a recording by so many threads where the result is the same; without it all cores, for large ones',
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
    .option(
      '--pcap <file>',
      'for object files with network programs: run one over the packets of this capture',
    )
    .option('--out <file>', 'with --pcap: write the packets that leave here, as pcap')
    .option('--prog <name>', 'with --pcap: the program or section to run; the first one without it')
    .option('--repeat <number>', 'with --pcap: run each packet so often, for the time', '1')
    .option(
      '--map <entry>',
      "with --pcap: put this into a map first, e.g. 'ports[0]=3', 'programs[1]=parse_tcp' (may be repeated)",
      (entry: string, before: readonly string[] = []): readonly string[] => [...before, entry],
    )
    .option('--json', 'the same as -f json')
    .option('-c <command>', 'trace this command (needs --on linux)')
    .option('--fmt', 'print the script formatted and end (the same as bpfkit fmt)')
    .option('--dry-run', 'attach, then end')
    .option('--no-verify', 'load programs that Linux would refuse, too')
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
