/** `bpfkit compile`: a script to an object file, or to the text of a stage. */
import type { CompileResult } from '../../compiler/compile.ts';
import { isSameFile } from '../files.ts';
import { CliError, type CliIo, EXIT } from '../io.ts';
import { describeKernel, type KernelFlags, tellWarnings } from '../kernels.ts';
import { writeOutput } from '../output.ts';
import { compileScript, namedWords, type ScriptFlags, showDiagnostics } from '../script.ts';
import { type Stage, stageText } from '../stages.ts';

export interface CompileFlags extends ScriptFlags, KernelFlags {
  readonly emit?: Stage;
  readonly o?: string;
}

export async function compileCommand(
  file: string | undefined,
  params: readonly string[],
  flags: CompileFlags,
  io: CliIo,
): Promise<number> {
  checkOutput(file, flags, io);
  const [word] = namedWords(file, params, flags);
  if (word !== undefined)
    throw new CliError(`${word} is for the script when it runs: give it to bpfkit FILE.o`);
  const kernel = await describeKernel(flags, io);
  tellWarnings(kernel, flags, io);
  const { result } = await compileScript(file, params, flags, kernel.info, io);
  tellWarnings(kernel, flags, io);
  showDiagnostics({ ...result, ok: false }, flags, io);
  const stage = flags.emit ?? (flags.o === undefined ? 'asm' : undefined);
  const text = stage === undefined ? undefined : stageText(result, stage);
  if (text !== undefined) io.stdout(text);
  if (!result.ok) return EXIT.refused;
  if (flags.o !== undefined) await writeObjectFile(result, flags.o, io);
  return EXIT.ok;
}

/** Neither the script itself nor the stage's text may be where the object goes. */
function checkOutput(file: string | undefined, flags: CompileFlags, io: CliIo): void {
  if (flags.o === undefined) return;
  if (flags.o === '-' && flags.emit !== undefined) {
    throw new CliError('Cannot write both the object and a stage to standard output.');
  }
  const isScript = flags.e === undefined && file !== undefined && file !== '-';
  if (isScript && isSameFile(file, flags.o, io)) {
    throw new CliError(`'${flags.o}' is the script itself: write the object to another file`);
  }
}

async function writeObjectFile(
  { object, info, origin }: CompileResult,
  path: string,
  io: CliIo,
): Promise<void> {
  if (object === undefined || info === undefined || origin === undefined) return;
  const { writeScriptFile } = await import('../../compiler/object/script-file.ts');
  let bytes: Uint8Array;
  try {
    bytes = writeScriptFile(object, info, origin);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new CliError(`Cannot write the object: ${error.message}`, EXIT.refused, { cause: error });
  }
  writeOutput(path, bytes, io);
}
