/** `bpfkit list`, `-l` and `-lv`: the probes of a kernel, with their arguments when asked. */
import { existsSync } from 'node:fs';
import { DiagnosticList } from '../../bpf/diagnostic.ts';
import type { EventFormat } from '../../bpf/event-format.ts';
import type { KernelInfo } from '../../bpf/kernel-info.ts';
import { readScript, resolvePath } from '../files.ts';
import { CliError, type CliIo, EXIT } from '../io.ts';
import { describeKernel, tellWarnings } from '../kernels.ts';
import { render } from '../render.ts';

interface ListFlags {
  readonly on: string;
  readonly target?: string;
  readonly v?: boolean;
  /** Program text whose probes are listed. */
  readonly e?: string;
}

interface Listing {
  readonly name: string;
  readonly details: readonly string[];
}

const SHORT_NAMES: Readonly<Record<string, string>> = {
  t: 'tracepoint',
  rt: 'rawtracepoint',
  i: 'interval',
  p: 'profile',
  s: 'software',
  h: 'hardware',
  k: 'kprobe',
  kr: 'kretprobe',
};

export async function list(pattern: string | undefined, flags: ListFlags, io: CliIo): Promise<number> {
  const description = await describeKernel(flags, io);
  const kernel = description.info;
  tellWarnings(description, {}, io);
  const patterns = (await scriptPatterns(pattern, flags, io)) ?? [pattern];
  const all = listings(kernel);
  const found = patterns.flatMap((one) => {
    const matches = matcher(one);
    const listed = all.filter((item) => matches(item.name));
    return listed.length === 0 && one !== undefined && isOwn(one) ? [{ name: one, details: [] }] : listed;
  });
  for (const item of found) {
    io.stdout(`${item.name}\n`);
    if (flags.v === true) for (const detail of item.details) io.stdout(`    ${detail}\n`);
  }
  tellWarnings(description, {}, io);
  if (found.length === 0 && pattern !== undefined) {
    io.stderr(`WARNING: No probes match '${pattern}' in ${kernel.name}\n`);
  }
  return EXIT.ok;
}

/** The attach points of `-e` or of a script file; undefined when the word is a pattern. */
async function scriptPatterns(
  word: string | undefined,
  flags: ListFlags,
  io: CliIo,
): Promise<readonly string[] | undefined> {
  const isFile = flags.e === undefined && word !== undefined && existsSync(resolvePath(word, io));
  if (flags.e === undefined && !isFile) return undefined;
  const { parseScript } = await import('../../compiler/syntax/parse.ts');
  const source = await readScript(word, flags.e, io);
  const errors = new DiagnosticList();
  const script = parseScript(source, 0, errors);
  if (errors.hasErrors) throw new CliError(render(errors.items, [source], io).trimEnd());
  return script.items.flatMap((item) =>
    item.kind === 'probe' ? item.attachPoints.map((point) => point.raw) : [],
  );
}

/** Probes that no kernel lists because they are the tracer's own. */
function isOwn(point: string): boolean {
  return /^(begin|end|interval|i|profile|p)\b/i.test(point);
}

/** A bare pattern stands for `*:pattern`; short provider names are spelled out. */
function matcher(pattern: string | undefined): (name: string) => boolean {
  if (pattern === undefined || pattern === '' || pattern === '*') return () => true;
  const [first = '', ...rest] = pattern.split(':');
  const full = rest.length === 0 ? `*:${pattern}` : [SHORT_NAMES[first] ?? first, ...rest].join(':');
  const source = full.replace(/[.+?^${}()|\\]/g, '\\$&').replaceAll('*', '.*');
  try {
    const regex = new RegExp(`^${source}$`, 'i');
    return (name) => regex.test(name);
  } catch {
    return (name) => name === full;
  }
}

function listings(info: KernelInfo): readonly Listing[] {
  const tracepoints = info.tracepoints?.list().map((format) => ({
    name: `tracepoint:${format.system}:${format.name}`,
    details: argumentsOf(format),
  }));
  const raw = info.rawTracepoints?.list().map((event) => ({
    name: `rawtracepoint:${event}`,
    details: (info.rawTracepoints?.find(event) ?? []).map((argument) => `${argument.type} ${argument.name}`),
  }));
  const functions = info.functions?.list().map((name) => ({ name: `kprobe:${name}`, details: [] }));
  return [...(functions ?? []), ...(raw ?? []), ...(tracepoints ?? [])];
}

/** The fields a script can name: not the common ones. */
function argumentsOf(format: EventFormat): readonly string[] {
  return format.fields.filter((field) => !field.common).map((field) => field.declaration);
}
