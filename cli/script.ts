/** What every command that takes a script does: read it, compile it, show what is wrong. */
import type { KernelInfo } from '../bpf/kernel-info.ts';
import { profileFor, type TargetProfile } from '../bpf/profiles/index.ts';
import type { Source } from '../bpf/span.ts';
import { type CompileResult, compile } from '../compiler/compile.ts';
import { readScript } from './files.ts';
import { CliError, type CliIo } from './io.ts';
import { parseCount } from './kernels.ts';
import { render } from './render.ts';

export interface ScriptFlags {
  readonly e?: string;
  readonly kernel?: string;
  readonly p?: string;
  readonly unsafe?: boolean;
  readonly warnings?: boolean;
  /** Output format. */
  readonly f?: string;
}

export interface CompiledScript {
  readonly result: CompileResult;
  readonly source: Source;
}

/** The release `--kernel` names, else the one the kernel says it is, else the newest we know. */
function targetOf(flags: ScriptFlags, kernel: KernelInfo): TargetProfile {
  if (flags.kernel === undefined) return profileFor(kernel.version);
  const match = /^(\d+)\.(\d+)(?:\.(\d+))?$/.exec(flags.kernel);
  if (match === null)
    throw new CliError(`Invalid kernel release '${flags.kernel}': use major.minor, e.g. 5.4`);
  return profileFor({ major: Number(match[1]), minor: Number(match[2]), patch: Number(match[3] ?? 0) });
}

/** With `-e` the file argument is the first positional parameter, as in bpftrace. */
export async function compileScript(
  file: string | undefined,
  params: readonly string[],
  flags: ScriptFlags,
  kernel: KernelInfo,
  io: CliIo,
): Promise<CompiledScript> {
  const source = await readScript(flags.e === undefined ? file : undefined, flags.e, io);
  const all = flags.e === undefined || file === undefined ? params : [file, ...params];
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(io.env)) {
    if (name.startsWith('BPFTRACE_') && value !== undefined) env[name] = value;
  }
  const result = compile({
    source,
    params: all,
    kernel,
    target: targetOf(flags, kernel),
    env,
    unsafe: flags.unsafe === true,
    ...(flags.p === undefined ? {} : { pid: parseCount('-p', flags.p, 1, 2 ** 22) }),
  });
  return { result, source };
}

/**
 * What is wrong with a script goes to stderr; the warnings of one that compiles go to stdout, as bpftrace does, but never
 * among JSON lines.
 */
export function showDiagnostics(result: CompileResult, flags: ScriptFlags, io: CliIo): void {
  const shown =
    flags.warnings === false
      ? result.diagnostics.filter((item) => item.severity === 'error')
      : result.diagnostics;
  if (shown.length === 0) return;
  const text = render(shown, result.sources, io);
  if (result.ok && flags.f !== 'json') io.stdout(text);
  else io.stderr(text);
}
