/** `bpfkit check`: what is wrong with scripts and what could be better, without running them. */
import type { Diagnostic } from '../../bpf/diagnostic.ts';
import type { Source } from '../../bpf/span.ts';
import { type CheckResult, check } from '../../compiler/check-script.ts';
import { diagnosticsToJson } from '../../compiler/diagnostics/json.ts';
import { isLintName, LINT_NAMES, type LintName } from '../../compiler/lint/names.ts';
import { nearest } from '../../compiler/resolve/suggest.ts';
import { readScript } from '../files.ts';
import { CliError, type CliIo, EXIT } from '../io.ts';
import { describeKernel, parseCount, tellWarnings } from '../kernels.ts';
import { render } from '../render.ts';
import { bpftraceVariables, targetOf } from '../script.ts';
import { type IncludeFlags, includeOptions } from '../script-files.ts';

export interface CheckFlags extends IncludeFlags {
  readonly e?: string;
  readonly json?: boolean;
  readonly diagnostics?: 'text' | 'json';
  /** A file of requests; true for standard input. */
  readonly batch?: string | true;
  readonly mockSymbols?: boolean;
  readonly on?: string;
  readonly target?: string;
  readonly kernel?: string;
  readonly unsafe?: boolean;
  readonly p?: string;
  readonly lint?: string;
  readonly withoutLint?: string;
  readonly warnings?: boolean;
}

/** Checks one source; `params` are what stands behind a script on a command line. */
export type Checker = (source: Source, params: readonly string[], more?: { unsafe?: boolean }) => CheckResult;

/** What scripts are checked against when nothing else is said. */
const DEFAULT_TARGET = 'linux-6.1';

export async function checkCommand(
  files: readonly string[],
  params: readonly string[],
  flags: CheckFlags,
  io: CliIo,
): Promise<number> {
  if (flags.batch !== undefined) {
    if (files.length > 0 || flags.e !== undefined)
      throw new CliError(
        '--batch takes its scripts from requests: give it no script, only a file of requests',
      );
    const { checkBatch } = await import('./check-batch.ts');
    return checkBatch(flags.batch === true ? undefined : flags.batch, await makeChecker(flags, io), io);
  }
  const sources = await readSources(files, flags, io);
  const run = await makeChecker(flags, io);
  const results = sources.map((source) => run(source, params));
  if (flags.json === true || flags.diagnostics === 'json') io.stdout(`${documentOf(sources, results)}\n`);
  else for (const result of results) show(result, io);
  return results.every(({ ok }) => ok) ? EXIT.ok : EXIT.refused;
}

async function readSources(files: readonly string[], flags: CheckFlags, io: CliIo): Promise<Source[]> {
  if (flags.e !== undefined && files.length > 0)
    throw new CliError("Use either files or -e 'program'; parameters of the script come after --");
  if (flags.e !== undefined) return [await readScript(undefined, flags.e, io)];
  if (files.length === 0)
    throw new CliError("Filenames, - or -e 'program' required. See bpfkit check --help.");
  const sources: Source[] = [];
  for (const file of files) sources.push(await readScript(file, undefined, io));
  return sources;
}

async function makeChecker(flags: CheckFlags, io: CliIo): Promise<Checker> {
  const target = flags.target ?? (flags.on === undefined ? DEFAULT_TARGET : undefined);
  const where = { on: flags.on ?? 'sim', ...(target === undefined ? {} : { target }) };
  const description = await describeKernel(where, io);
  tellWarnings(description, flags, io);
  const kernel = description.info;
  const common = {
    kernel,
    target: targetOf(flags, kernel),
    env: bpftraceVariables(io),
    ...includeOptions(flags, io),
    mockSymbols: flags.mockSymbols === true,
    lints: chosenLints(flags),
    ...(flags.p === undefined ? {} : { pid: parseCount('-p', flags.p, 1, 2 ** 22) }),
  };
  return (source, params, more) => {
    const result = check({
      ...common,
      source,
      params,
      unsafe: flags.unsafe === true || more?.unsafe === true,
    });
    if (flags.warnings !== false) return result;
    return { ...result, diagnostics: result.diagnostics.filter(({ severity }) => severity === 'error') };
  };
}

/** `--lint a,b` runs these only, `--no-lint a,b` all but these. */
function chosenLints({ lint, withoutLint }: CheckFlags): ReadonlySet<LintName> {
  const wanted = lint === undefined ? LINT_NAMES : namesOf('--lint', lint);
  const unwanted = withoutLint === undefined ? [] : namesOf('--no-lint', withoutLint);
  return new Set(wanted.filter((name) => !unwanted.includes(name)));
}

function namesOf(flag: string, text: string): readonly LintName[] {
  if (text === 'all') return LINT_NAMES;
  const names = text.split(',').filter((name) => name !== '');
  return names.map((name) => {
    if (isLintName(name)) return name;
    const near = nearest(name, LINT_NAMES);
    const advice = near === undefined ? `the lints are ${LINT_NAMES.join(', ')}` : `did you mean '${near}'?`;
    throw new CliError(`Unknown lint '${name}' for ${flag}: ${advice}`);
  });
}

/** As with `run`: warnings of a script without errors go to stdout, everything else to stderr. */
function show({ ok, diagnostics, sources }: CheckResult, io: CliIo): void {
  const isNote = ({ severity }: Diagnostic): boolean => severity === 'note';
  const notes = render(diagnostics.filter(isNote), sources, io);
  const text = render(
    diagnostics.filter((one) => !isNote(one)),
    sources,
    io,
  );
  if (text !== '') (ok ? io.stdout : io.stderr)(text);
  if (notes !== '') io.stderr(notes);
}

function documentOf(sources: readonly Source[], results: readonly CheckResult[]): string {
  const files = results.map((result, index) => ({
    file: sources[index]!.name,
    ok: result.ok,
    diagnostics: diagnosticsToJson(result.diagnostics, result.sources),
  }));
  return JSON.stringify({ ok: results.every(({ ok }) => ok), files }, undefined, 2);
}
