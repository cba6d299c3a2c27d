/** `bpfkit btf`: the types of a kernel, a module or an object, as C or one by one. */
import { basename } from 'node:path';
import type { Btf } from '../../bpf/btf/btf.ts';
import {
  type BtfDumpProblem,
  dumpAll,
  dumpTypes,
  layoutText,
  rawJson,
  rawText,
} from '../../bpf/btf/dump/index.ts';
import { isCompositeKind, type TypeId } from '../../bpf/btf/type.ts';
import { openBtf } from '../btf-file.ts';
import { selectTypes } from '../btf-names.ts';
import { CliError, type CliIo, EXIT } from '../io.ts';

export interface BtfFlags {
  readonly base?: string;
  readonly raw?: boolean;
  readonly json?: boolean;
  readonly layout?: boolean;
  readonly deps?: boolean;
  readonly prototypes?: 'kfuncs' | 'all';
  readonly variables?: boolean;
}

/** Text is handed on in pieces of about this many characters. */
const PIECE = 64 * 1024;
/** A damaged table may have thousands. */
const MAX_TOLD = 20;

export async function btfCommand(
  file: string,
  names: readonly string[],
  flags: BtfFlags,
  io: CliIo,
): Promise<number> {
  refuseContradictions(names, flags);
  const btf = openBtf(file, flags.base, io);
  const ids = names.length === 0 ? undefined : selectTypes(btf, names, file);
  const problems: BtfDumpProblem[] = [];
  const report = (problem: BtfDumpProblem): void => {
    problems.push(problem);
  };
  printPieces(texts(btf, { ids, flags, guard: guardOf(btf, file, flags), report }), io);
  tellProblems(problems, file, io);
  return problems.length === 0 ? EXIT.ok : EXIT.refused;
}

function refuseContradictions(names: readonly string[], flags: BtfFlags): void {
  const forms = (['raw', 'json', 'layout'] as const).filter((form) => flags[form] === true);
  const [first, second] = forms;
  if (second !== undefined) throw new CliError(`--${first} and --${second} are two forms: choose one`);
  if (first !== undefined && flags.deps === true)
    throw new CliError(`--deps is for C, and --${first} is not C`);
  const whole =
    flags.prototypes === undefined ? (flags.variables === true ? 'variables' : undefined) : 'prototypes';
  if (whole !== undefined && (names.length > 0 || first !== undefined)) {
    throw new CliError(
      `--${whole} adds to the dump of a whole file as C: leave out ${first === undefined ? 'the names' : `--${first}`}`,
    );
  }
}

/** A module's header stands beside its kernel's, which has the usual guard. */
function guardOf(btf: Btf, file: string, flags: BtfFlags): string | undefined {
  if (btf.base === undefined || flags.deps === true) return undefined;
  const name = basename(file).replace(/\..*$/, '');
  return `__${name.replace(/\W/g, '_').toUpperCase()}_H__`;
}

interface Wanted {
  /** Undefined: all. */
  readonly ids: readonly TypeId[] | undefined;
  readonly flags: BtfFlags;
  readonly guard: string | undefined;
  readonly report: (problem: BtfDumpProblem) => void;
}

function texts(btf: Btf, { ids, flags, guard, report }: Wanted): Iterable<string> {
  if (flags.raw === true) return mapped(ids ?? ownIds(btf), (id) => rawText(btf, id));
  if (flags.json === true) return jsonTexts(btf, ids ?? ownIds(btf));
  if (flags.layout === true) return layouts(btf, ids);
  if (ids !== undefined) return [dumpTypes(btf, ids, { dependencies: flags.deps === true, report })];
  return dumpAll(btf, {
    ...(flags.prototypes === undefined ? {} : { functions: flags.prototypes }),
    variables: flags.variables === true,
    dependencies: flags.deps === true,
    ...(guard === undefined ? {} : { guard }),
    report,
  });
}

function* ownIds(btf: Btf): Generator<TypeId, void, undefined> {
  for (let id = btf.firstId; id < btf.end; id++) yield id;
}

function* mapped(ids: Iterable<TypeId>, text: (id: TypeId) => string): Generator<string, void, undefined> {
  for (const id of ids) yield text(id);
}

function* jsonTexts(btf: Btf, ids: Iterable<TypeId>): Generator<string, void, undefined> {
  let before = '{"types":[';
  for (const id of ids) {
    yield before + rawJson(btf, id);
    before = ',';
  }
  yield before === ',' ? ']}\n' : '{"types":[]}\n';
}

function* layouts(btf: Btf, ids: readonly TypeId[] | undefined): Generator<string, void, undefined> {
  let between = '';
  for (const id of ids ?? ownIds(btf)) {
    const kind = btf.kindOf(id);
    if (ids === undefined && (!isCompositeKind(kind) || btf.nameOf(id) === '')) continue;
    const text = layoutText(btf, id);
    if (text === undefined && ids?.length === 1) {
      throw new CliError(`'${btf.nameOf(id)}' is a ${kind}, and only structs and unions have a layout`);
    }
    if (text === undefined) continue;
    yield between + text;
    between = '\n';
  }
}

function printPieces(texts: Iterable<string>, io: CliIo): void {
  let piece = '';
  for (const text of texts) {
    piece += text;
    if (piece.length < PIECE) continue;
    io.stdout(piece);
    piece = '';
  }
  if (piece !== '') io.stdout(piece);
}

function tellProblems(problems: readonly BtfDumpProblem[], file: string, io: CliIo): void {
  for (const { type, message } of problems.slice(0, MAX_TOLD))
    io.stderr(`ERROR: ${file}: type ${type}: ${message}\n`);
  const more = problems.length - MAX_TOLD;
  if (more > 0) io.stderr(`ERROR: ${file}: and ${more} more types that C has no words for\n`);
}
