/** `bpfkit list`, `-l` and `-lv`: the probes of a kernel, with their arguments when asked; of a `struct`, its definition. */
import { existsSync } from 'node:fs';
import { DiagnosticList } from '../../bpf/diagnostic.ts';
import type { KernelInfo } from '../../bpf/kernel-info.ts';
import { type ListedPoint, listPoints } from '../../compiler/resolve/list-points.ts';
import type { ProbeArgument, ProbeArguments } from '../../compiler/resolve/probe-arguments.ts';
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

export async function list(pattern: string | undefined, flags: ListFlags, io: CliIo): Promise<number> {
  const description = await describeKernel(flags, io);
  const kernel = description.info;
  tellWarnings(description, {}, io);
  if (flags.e === undefined && /^(struct|union|enum)\s+\S/.test(pattern ?? '')) {
    await printTypes(pattern!, kernel, io);
    return EXIT.ok;
  }
  const patterns = (await scriptPatterns(pattern, flags, io)) ?? [pattern];
  let count = 0;
  let text = '';
  for (const one of patterns) {
    for (const point of listPoints(one, kernel)) {
      count++;
      text += `${point.name}\n`;
      if (flags.v === true) for (const detail of detailsOf(point)) text += `    ${detail}\n`;
      if (text.length < PIECE) continue;
      io.stdout(text);
      text = '';
    }
  }
  io.stdout(text);
  tellWarnings(description, {}, io);
  if (count === 0 && pattern !== undefined) {
    io.stderr(`WARNING: No probes match '${pattern}' in ${kernel.name}\n`);
  }
  return EXIT.ok;
}

/** Lines are written in pieces: a kernel has a hundred thousand of them. */
const PIECE = 1 << 16;

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

async function printTypes(name: string, kernel: KernelInfo, io: CliIo): Promise<void> {
  const { btf } = kernel;
  if (btf === undefined) throw new CliError(`${kernel.name} has no types (BTF)`);
  const [{ dumpTypes }, { selectTypes }] = await Promise.all([
    import('../../bpf/btf/index.ts'),
    import('../btf-names.ts'),
  ]);
  io.stdout(dumpTypes(btf, selectTypes(btf, [name], kernel.name)));
}

/** What a script can ask of the event, as C declares it. */
function detailsOf({ name, args }: ListedPoint): readonly string[] {
  const data = args?.();
  const named = data?.named() ?? (name.startsWith('usdt:') ? numberedOf(data) : []);
  const returned = data?.returned?.();
  return [...named, ...(returned === undefined ? [] : [returned])].map(({ declaration }) => declaration);
}

/** `arg0`, `arg1`, … of a USDT probe. */
function numberedOf(data: ProbeArguments | undefined): readonly ProbeArgument[] {
  const found: ProbeArgument[] = [];
  for (let index = 0; index < MOST_NUMBERED; index++) {
    const one = data?.numbered?.(index);
    if (one !== undefined && one.place.kind !== 'nowhere') found.push(one);
  }
  return found;
}

const MOST_NUMBERED = 12;
