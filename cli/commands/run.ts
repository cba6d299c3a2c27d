/** `bpfkit FILE` and `bpfkit -e '…'`: compile, load, attach, run, print. Object files are run without the compiler. */
import { existsSync } from 'node:fs';
import { nearest } from '../../compiler/resolve/suggest.ts';
import { type ExecuteFlags, execute } from '../execute.ts';
import { isObjectFile, isSameFile, resolvePath } from '../files.ts';
import { CliError, type CliIo, EXIT } from '../io.ts';
import { type KernelFlags, openKernel, parseDuration, tellWarnings } from '../kernels.ts';
import { COMMAND_WORDS } from '../program.ts';
import type { ScriptFlags } from '../script.ts';
import type { Stage } from '../stages.ts';
import { isForPackets, withTrailingFlags } from '../trailing-flags.ts';

export interface RunFlags extends ScriptFlags, KernelFlags, ExecuteFlags {
  readonly duration?: string;
  readonly f: string;
  readonly warnings?: boolean;
  readonly v?: boolean;
  readonly k?: boolean;
  readonly l?: string | boolean;
  readonly c?: string;
  readonly kconfig?: string;
  /** Network programs: the packets they run over. */
  readonly pcap?: string;
  readonly out?: string;
  readonly prog?: string;
  readonly repeat?: string;
  readonly map?: readonly string[];
  readonly json?: boolean;
  readonly d?: Stage | 'all';
  readonly emit?: Stage;
  /** Only format the script. */
  readonly fmt?: boolean;
}

function checkFlags(flags: RunFlags): void {
  if (flags.f !== 'text' && flags.f !== 'json') {
    throw new CliError(`Invalid output format "${flags.f}": use text or json`);
  }
  if (flags.c !== undefined && flags.p !== undefined) throw new CliError('Cannot use both -c and -p.');
  if (flags.c !== undefined)
    throw new CliError('-c needs a live kernel, and --on linux is not supported yet');
  if (flags.test === true && flags.bench === true) throw new CliError('Cannot use both --test and --bench.');
  if (flags.probeFilter !== undefined && flags.test !== true && flags.bench !== true)
    throw new CliError('--probe-filter is for --test and --bench');
  if (flags.k === true && flags.warnings === false)
    throw new CliError('Cannot use both -k and --no-warnings.');
}

/** Opening the results empties their file: none of what is read may be it. */
function checkOutput(file: string | undefined, flags: RunFlags, io: CliIo): void {
  const { o, on, e } = flags;
  if (o === undefined) return;
  const what = isSameFile(on, o, io) ? 'recording' : 'script';
  const isRead = what === 'recording' || (e === undefined && file !== undefined && isSameFile(file, o, io));
  if (isRead) throw new CliError(`'${o}' is the ${what} itself: write the results to another file`);
}

/** A word that is no file is most often a command's name, not quite. */
function refuseMisspelt(file: string | undefined, { e, l }: RunFlags, io: CliIo): void {
  if (e !== undefined || l !== undefined || file === undefined || file === '-') return;
  if (existsSync(resolvePath(file, io))) return;
  const command = nearest(file, COMMAND_WORDS);
  if (command !== undefined)
    throw new CliError(`'${file}' is neither a file nor a command: did you mean bpfkit ${command}?`);
}

/** Flags of the kernel with the time it is to run. */
export function kernelFlags(flags: RunFlags): KernelFlags {
  return flags.duration === undefined ? flags : { ...flags, durationNs: parseDuration(flags.duration) };
}

const MISPLACED_TARGET =
  '--target is a kernel to compile for, not to run in: use it with compile, -l or --emit, or --on the text of a trace';

export async function run(
  file: string | undefined,
  params: readonly string[],
  given: RunFlags,
  io: CliIo,
): Promise<number> {
  const flags = given.json === true ? { ...given, f: 'json' } : given;
  checkFlags(flags);
  refuseMisspelt(file, flags, io);
  checkOutput(file, flags, io);
  if (flags.l !== undefined) {
    const { list } = await import('./list.ts');
    return list(
      typeof flags.l === 'string' ? flags.l : file,
      {
        on: flags.on,
        ...(flags.target === undefined ? {} : { target: flags.target }),
        ...(flags.v === undefined ? {} : { v: flags.v }),
        ...(flags.e === undefined ? {} : { e: flags.e }),
      },
      io,
    );
  }
  if (flags.fmt === true) {
    const { fmt } = await import('./fmt.ts');
    return fmt(
      file === undefined || flags.e !== undefined ? [] : [file],
      flags.e === undefined ? {} : { e: flags.e },
      io,
    );
  }
  const isObject = flags.e === undefined && file !== undefined && file !== '-' && isObjectFile(file, io);
  if (isObject) {
    const { runObject } = await import('./run-object.ts');
    if (!isForPackets(params, flags)) return runObject(file, params, flags, io);
    return runObject(file, [], withTrailingFlags(params, flags, io), io);
  }
  if (flags.pcap !== undefined || flags.out !== undefined || flags.prog !== undefined)
    throw new CliError('--pcap, --out and --prog are for object files with network programs');
  if (flags.kconfig !== undefined) throw new CliError('--kconfig is for object files of other compilers');
  if (flags.target !== undefined && flags.emit !== undefined) {
    const { compileCommand } = await import('./compile.ts');
    // Here -o would be the object file.
    const { o: _, ...rest } = flags;
    return compileCommand(file, params, rest, io);
  }
  const [kernel, { compileScript, namedWords, showDiagnostics }] = await Promise.all([
    openKernel(kernelFlags(flags), io, MISPLACED_TARGET),
    import('../script.ts'),
  ]);
  try {
    tellWarnings(kernel, flags, io);
    const { result } = await compileScript(file, params, flags, kernel.describe(), io);
    tellWarnings(kernel, flags, io);
    showDiagnostics(result, flags, io);
    if (flags.emit !== undefined || flags.d !== undefined) {
      const stages: readonly Stage[] =
        flags.d === 'all' ? ['ast', 'ir', 'ir-opt', 'asm'] : [flags.emit ?? (flags.d as Stage)];
      const { stageText } = await import('../stages.ts');
      for (const stage of stages) io.stdout(stageText(result, stage) ?? '');
    }
    if (!result.ok || result.object === undefined || result.info === undefined) return EXIT.refused;
    if (flags.emit !== undefined) return EXIT.ok;
    const words = namedWords(file, params, flags);
    const name = flags.e === undefined && file !== undefined ? file : "-e 'program'";
    return await execute(
      kernel,
      { object: result.object, info: result.info, sources: result.sources, words, name },
      flags,
      io,
    );
  } finally {
    await kernel.close();
  }
}
