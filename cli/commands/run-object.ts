/** `bpfkit x.o`: runs an object file, be it a compiled script or another compiler's work. */
import { printObject } from '../../bpf/disasm/index.ts';
import { FormatError } from '../../bpf/format-error.ts';
import type { BpfObject } from '../../bpf/object.ts';
import { checkKernel } from '../../compiler/object/check-kernel.ts';
import type { ScriptData } from '../../compiler/object/script-data.ts';
import { type ObjectFileContent, readScriptFile } from '../../compiler/object/script-file.ts';
import type { Kernel } from '../../runtime/kernel.ts';
import { isNamedWord } from '../../runtime/named-options.ts';
import { RecordFault } from '../../runtime/record-fault.ts';
import { LoadError, VmFault } from '../../vm/fault.ts';
import { type Executable, execute } from '../execute.ts';
import { readBytes } from '../files.ts';
import { CliError, type CliIo, EXIT } from '../io.ts';
import { openKernel, tellWarnings } from '../kernels.ts';
import { render } from '../render.ts';
import { kernelFlags, type RunFlags } from './run.ts';

/** Reads an object file for a command; what is odd about it goes to stderr. */
function readObjectFile(file: string, flags: { readonly warnings?: boolean }, io: CliIo): ObjectFileContent {
  try {
    const content = readScriptFile(readBytes(file, io), file);
    if (flags.warnings !== false)
      for (const message of content.warnings) io.stderr(`WARNING: ${file}: ${message}\n`);
    return content;
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new CliError(`Cannot read the object '${file}': ${error.message}`, EXIT.refused, { cause: error });
  }
}

export async function runObject(
  file: string,
  params: readonly string[],
  flags: RunFlags,
  io: CliIo,
): Promise<number> {
  refuseCompileFlags(file, params, flags);
  const { object, script } = readObjectFile(file, flags, io);
  if (script !== undefined) refuseFactFlags(file, flags);
  if (flags.emit !== undefined || flags.d !== undefined) io.stdout(printObject(object));
  if (flags.emit !== undefined) return EXIT.ok;
  if (flags.pcap !== undefined) {
    if (script !== undefined) throw new CliError(`'${file}' is a compiled script, which runs on no packets`);
    return await overPackets(file, object, flags.pcap, flags, io);
  }
  if (flags.out !== undefined || flags.prog !== undefined)
    throw new CliError('--out and --prog are for --pcap');
  const kernel = await openObjectKernel(file, script !== undefined, flags, io);
  try {
    tellWarnings(kernel, flags, io);
    return await runIn(
      kernel,
      object,
      script,
      { ...flags, name: file, words: params.filter(isNamedWord) },
      io,
    );
  } catch (error) {
    throw objectFault(file, error);
  } finally {
    await kernel.close();
  }
}

async function overPackets(
  file: string,
  object: BpfObject,
  pcap: string,
  flags: RunFlags,
  io: CliIo,
): Promise<number> {
  const { runPackets } = await import('../packets.ts');
  try {
    return await runPackets(object, pcap, flags, io);
  } catch (error) {
    throw objectFault(file, error);
  }
}

async function runIn(
  kernel: Kernel,
  object: BpfObject,
  script: ScriptData | undefined,
  flags: RunFlags & Pick<Executable, 'name' | 'words'>,
  io: CliIo,
): Promise<number> {
  if (script === undefined) {
    const [word] = flags.words ?? [];
    if (word !== undefined) throw new CliError(`${word} is for scripts, and this object has none`);
    const { runForeign } = await import('../foreign.ts');
    return runForeign(kernel, object, flags, io);
  }
  const checked = checkKernel(object, script, kernel.describe());
  tellWarnings(kernel, flags, io);
  const shown = checked.problems.filter(({ severity }) => severity === 'error' || flags.warnings !== false);
  const refused = shown.some(({ severity }) => severity === 'error');
  const text = render(shown, object.sources, io);
  if (text !== '') (refused || flags.f === 'json' ? io.stderr : io.stdout)(text);
  if (refused) return EXIT.refused;
  const { name, words } = flags;
  const named = { ...(name !== undefined && { name }), ...(words !== undefined && { words }) };
  return execute(
    kernel,
    { object: checked.object, info: script.info, sources: object.sources, ...named },
    flags,
    io,
  );
}

/** A compiled script knows what it needs of its kernel: a target can only be that of a text it runs on. */
function refuseFactFlags(file: string, flags: RunFlags): void {
  if (flags.target !== undefined && flags.emit !== undefined) throw new CliError(misplacedTarget(file));
  if (flags.kconfig !== undefined) {
    throw new CliError(`'${file}' is a compiled script, which reads no configuration of a kernel`);
  }
}

function misplacedTarget(file: string): string {
  return `'${file}' is a compiled script: give --target to bpfkit compile, or with --on the text of a trace`;
}

async function openObjectKernel(
  file: string,
  isScript: boolean,
  flags: RunFlags,
  io: CliIo,
): Promise<Kernel> {
  const { target, ...rest } = kernelFlags(flags);
  if (target === undefined) return openKernel(rest, io);
  if (isScript) return openKernel({ ...rest, target }, io, misplacedTarget(file));
  // Types alone say nothing of a text.
  const { isBtf } = await import('../kernel-facts.ts');
  return openKernel(isBtf(target, io) ? rest : { ...rest, target }, io);
}

/** What was decided when the script was compiled cannot be said again. */
function refuseCompileFlags(file: string, params: readonly string[], flags: RunFlags): void {
  const given = [
    ['-p', flags.p],
    ['--kernel', flags.kernel],
    ['--unsafe', flags.unsafe],
    ['positional parameters', params.some((param) => param !== '--' && !isNamedWord(param)) || undefined],
  ].find(([, value]) => value !== undefined);
  if (given !== undefined) {
    throw new CliError(`'${file}' is compiled already: give ${given[0]} to bpfkit compile`);
  }
  const stage = flags.emit ?? flags.d;
  if (stage !== undefined && stage !== 'asm' && stage !== 'all') {
    throw new CliError(`'${file}' is compiled already: it has no stage ${stage}, only asm`);
  }
}

/** An object may be anybody's: where it does what no script of ours does, that is said and is no bug. */
function objectFault(file: string, error: unknown): unknown {
  if (error instanceof LoadError) {
    return new CliError(`Cannot load '${file}': ${error.message}`, EXIT.attach, { cause: error });
  }
  if (error instanceof RecordFault) {
    return new CliError(
      `'${file}' has a script that does not fit its programs: ${error.message}`,
      EXIT.refused,
      {
        cause: error,
      },
    );
  }
  if (error instanceof VmFault) {
    const { program, instruction } = error.details;
    const place = `program ${program}, instruction ${instruction}`;
    return new CliError(`'${file}' was stopped: ${place}: ${error.problem}`, EXIT.attach, { cause: error });
  }
  return error;
}
