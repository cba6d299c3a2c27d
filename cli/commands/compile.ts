/** `bpfkit compile` */
import { type CliIo, EXIT } from '../io.ts';
import { describeKernel, type KernelFlags, tellWarnings } from '../kernels.ts';
import { compileScript, type ScriptFlags, showDiagnostics } from '../script.ts';
import { type Stage, stageText } from '../stages.ts';

export async function compileCommand(
  file: string | undefined,
  params: readonly string[],
  flags: ScriptFlags & KernelFlags & { readonly emit: Stage },
  io: CliIo,
): Promise<number> {
  const kernel = await describeKernel(flags, io);
  tellWarnings(kernel, flags, io);
  const { result } = await compileScript(file, params, flags, kernel.info, io);
  tellWarnings(kernel, flags, io);
  showDiagnostics({ ...result, ok: false }, flags, io);
  const text = stageText(result, flags.emit);
  if (text !== undefined) io.stdout(text);
  return result.ok ? EXIT.ok : EXIT.refused;
}
