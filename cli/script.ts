/** What every command that takes a script does: read it, compile it, show what is wrong. */

import type { Diagnostic } from '../bpf/diagnostic.ts';
import type { KernelInfo } from '../bpf/kernel-info.ts';
import { compareKernelReleases, parseKernelRelease } from '../bpf/kernel-release.ts';
import { NEWEST_RELEASE, profileFor, type TargetProfile } from '../bpf/profiles/index.ts';
import type { Source } from '../bpf/span.ts';
import { type CompileResult, compile } from '../compiler/compile.ts';
import { diagnosticsToJson } from '../compiler/diagnostics/json.ts';
import { isNamedWord } from '../runtime/named-options.ts';
import { readScript } from './files.ts';
import { CliError, type CliIo } from './io.ts';
import { parseCount } from './kernels.ts';
import { render } from './render.ts';
import { type IncludeFlags, includeOptions } from './script-files.ts';

export interface ScriptFlags extends IncludeFlags {
  readonly e?: string;
  readonly kernel?: string;
  readonly p?: string;
  readonly unsafe?: boolean;
  /** Warn of failed reads. */
  readonly k?: boolean;
  readonly warnings?: boolean;
  /** Say the codes of diagnostics. */
  readonly v?: boolean;
  /** Output format. */
  readonly f?: string;
  /** Form of diagnostics. */
  readonly diagnostics?: 'text' | 'json';
}

export interface CompiledScript {
  readonly result: CompileResult;
  readonly source: Source;
}

/** Programs attach to tracepoints since this release. */
const OLDEST_RELEASE = '4.7';

/** The release `--kernel` names, else the one the kernel says it is, else the newest we know. */
export function targetOf(flags: Pick<ScriptFlags, 'kernel'>, kernel: KernelInfo): TargetProfile {
  if (flags.kernel === undefined) return profileFor(kernel.version);
  const release = parseKernelRelease(flags.kernel);
  if (release === undefined) {
    throw new CliError(`Invalid kernel release '${flags.kernel}': use major.minor, e.g. 5.4`);
  }
  const known =
    compareKernelReleases(release, OLDEST_RELEASE) >= 0 &&
    compareKernelReleases(release, NEWEST_RELEASE) <= 0;
  if (!known)
    throw new CliError(`Kernel release ${release} is not known: use ${OLDEST_RELEASE} to ${NEWEST_RELEASE}`);
  return profileFor(release);
}

/** `$1`, `$2`, …: with `-e` the file argument is the first, as in bpftrace; the `--` before them is none. */
function words(
  file: string | undefined,
  params: readonly string[],
  flags: Pick<ScriptFlags, 'e'>,
): readonly string[] {
  const all = flags.e === undefined || file === undefined ? params : [file, ...params];
  const separator = all.indexOf('--');
  return separator < 0 ? all : [...all.slice(0, separator), ...all.slice(separator + 1)];
}

/** `--name=value` among the words behind the script. */
export function namedWords(
  file: string | undefined,
  params: readonly string[],
  flags: Pick<ScriptFlags, 'e'>,
): readonly string[] {
  return words(file, params, flags).filter(isNamedWord);
}

/** The variables of the environment that are settings of scripts. */
export function bpftraceVariables({ env }: CliIo): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (name.startsWith('BPFTRACE_') && value !== undefined) found[name] = value;
  }
  return found;
}

/** Reads and compiles; what is wrong is in the result's diagnostics. */
export async function compileScript(
  file: string | undefined,
  params: readonly string[],
  flags: ScriptFlags,
  kernel: KernelInfo,
  io: CliIo,
): Promise<CompiledScript> {
  const source = await readScript(flags.e === undefined ? file : undefined, flags.e, io);
  const result = compile({
    source,
    params: words(file, params, flags).filter((word) => !isNamedWord(word)),
    kernel,
    target: targetOf(flags, kernel),
    env: bpftraceVariables(io),
    ...includeOptions(flags, io),
    unsafe: flags.unsafe === true,
    warnReads: flags.k === true,
    ...(flags.p === undefined ? {} : { pid: parseCount('-p', flags.p, 1, 2 ** 22) }),
  });
  return { result, source };
}

/**
 * What is wrong with a script goes to stderr; the warnings of one that compiles go to stdout, as bpftrace does, but never
 * among JSON lines. Notes, which bpftrace has none of, go to stderr, and with `--diagnostics json` all do.
 */
export function showDiagnostics(result: CompileResult, flags: ScriptFlags, io: CliIo): void {
  const shown =
    flags.warnings === false
      ? result.diagnostics.filter((item) => item.severity === 'error')
      : result.diagnostics;
  if (shown.length === 0) return;
  if (flags.diagnostics === 'json') {
    io.stderr(jsonLines(shown, result.sources));
    return;
  }
  const codes = [...new Set(shown.map((item) => item.code))].join(' ');
  const more = flags.v === true ? `Codes (see bpfkit explain CODE): ${codes}\n` : '';
  if (!result.ok || flags.f === 'json') {
    io.stderr(render(shown, result.sources, io) + more);
    return;
  }
  const isNote = (one: Diagnostic): boolean => one.severity === 'note';
  const notes = render(shown.filter(isNote), result.sources, io);
  const warnings = render(
    shown.filter((one) => !isNote(one)),
    result.sources,
    io,
  );
  if (notes !== '') io.stderr(notes);
  io.stdout(warnings + more);
}

/** One object a line, errors before warnings before notes. */
function jsonLines(diagnostics: readonly Diagnostic[], sources: readonly Source[]): string {
  const lines = diagnosticsToJson(diagnostics, sources);
  const ordered = [
    ...lines.filter(({ severity }) => severity === 'error'),
    ...lines.filter(({ severity }) => severity !== 'error'),
  ];
  return ordered.map((line) => `${JSON.stringify(line)}\n`).join('');
}
