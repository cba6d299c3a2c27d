/** The C text of a script: what it defines, over the kernel's types. Never throws; mistakes are diagnostics. */
import type { Btf } from '../../bpf/btf/btf.ts';
import { DiagnosticList, type DiagnosticSink } from '../../bpf/diagnostic.ts';
import type { KernelInfo } from '../../bpf/kernel-info.ts';
import type { Span } from '../../bpf/span.ts';
import type { ScriptFiles } from '../files.ts';
import type { SourceList } from '../sources.ts';
import type { CDefinition } from '../syntax/ast.ts';
import { constantExpression } from './constant.ts';
import { CFault } from './cursor.ts';
import { emitBtf } from './emit-btf.ts';
import { Includes } from './includes.ts';
import { type CMacro, CTooLarge } from './macros.ts';
import { CNames } from './names.ts';
import { Preprocessor } from './preprocess.ts';
import { CReader } from './reader.ts';
import { type CToken, textOf } from './token.ts';
import { cBytes } from './value.ts';

export interface CDefinitionOptions {
  readonly sources: SourceList;
  readonly files?: ScriptFiles | undefined;
  /** `-I` */
  readonly includeFolders?: readonly string[];
  /** `--include`: read before all else. */
  readonly includeFiles?: readonly string[];
  /** Whose types the text goes on from. */
  readonly kernel: Pick<KernelInfo, 'name' | 'btf'>;
  readonly sink: DiagnosticSink;
}

/** What an object-like macro stands for in the script itself. */
export type CConstant =
  | { readonly kind: 'integer'; readonly value: bigint; readonly span: Span }
  | { readonly kind: 'string'; readonly bytes: Uint8Array; readonly span: Span }
  /** Text that is no constant of C: an expression of the script's language perhaps. */
  | { readonly kind: 'text'; readonly text: string; readonly span: Span };

export interface CDefinitions {
  readonly btf?: Btf;
  /** Object-like macros by name. */
  readonly macros: ReadonlyMap<string, CConstant>;
  /** Something was complained of: names may be missing. */
  readonly failed: boolean;
}

/** A piece of C text, or a header that an import names. */
export type CPiece =
  | { readonly kind: 'text'; readonly definition: CDefinition }
  | { readonly kind: 'header'; readonly path: string; readonly span: Span };

export function readDefinitions(pieces: readonly CPiece[], options: CDefinitionOptions): CDefinitions {
  const problems = new DiagnosticList();
  const definitions = readInto(pieces, { ...options, sink: problems });
  for (const problem of problems.items) options.sink.report(problem);
  return { ...definitions, failed: problems.hasErrors };
}

function readInto(pieces: readonly CPiece[], options: CDefinitionOptions): Omit<CDefinitions, 'failed'> {
  const { includeFiles = [], sink } = options;
  if (pieces.length === 0 && includeFiles.length === 0) return { macros: new Map() };
  const { kernel } = options;
  const { btf } = kernel;
  const includes = new Includes({
    files: options.files,
    folders: options.includeFolders ?? [],
    kernelTypes: btf && kernel.name,
    sources: options.sources,
    sink,
  });
  const preprocessor = new Preprocessor({ includes, hasBtf: btf !== undefined, sink });
  const names = new CNames(btf);
  try {
    for (const path of includeFiles) header(preprocessor, includes, path, undefined);
    for (const piece of pieces) {
      if (piece.kind === 'header') header(preprocessor, includes, piece.path, piece.span);
      else text(preprocessor, options.sources, piece.definition.span);
    }
    const tokens = preprocessor.finish();
    new CReader(tokens, endOf(tokens, pieces), names, sink).all();
    const { defined } = names;
    const macros = constants(preprocessor, names);
    return { ...(defined.length > 0 && { btf: emitBtf(defined, btf) }), macros };
  } catch (error) {
    if (error instanceof CTooLarge) return { macros: new Map() };
    throw error;
  }
}

function header(preprocessor: Preprocessor, includes: Includes, path: string, span: Span | undefined): void {
  const found = includes.read(path, span);
  if (found !== undefined) preprocessor.file(found.source, found.text, path);
}

function text(preprocessor: Preprocessor, sources: SourceList, span: Span): void {
  const source = sources.at(span.source);
  preprocessor.read({ name: source.name, text: source.text, span });
}

function endOf(tokens: readonly CToken[], pieces: readonly CPiece[]): Span {
  const last = tokens.at(-1)?.span;
  if (last !== undefined) return { ...last, start: last.end };
  const piece = pieces.at(-1);
  return piece?.kind === 'text' ? piece.definition.span : { source: 0, start: 0, end: 0 };
}

function constants(preprocessor: Preprocessor, names: CNames): ReadonlyMap<string, CConstant> {
  const found = new Map<string, CConstant>();
  for (const macro of preprocessor.macros.table.values()) {
    if (macro.parameters === undefined && macro.body.length > 0 && macro.name !== 'BPFTRACE_HAVE_BTF')
      found.set(macro.name, constantOf(macro, preprocessor, names));
  }
  return found;
}

/** What is no constant of C is no mistake before a script uses it. */
function constantOf(macro: CMacro, preprocessor: Preprocessor, names: CNames): CConstant {
  const { span } = macro;
  const tokens = preprocessor.macros.expand([...macro.body]);
  if (tokens.length > 0 && tokens.every(({ kind }) => kind === 'string')) {
    const bytes = tokens.map((token) => cBytes(token.text));
    if (bytes.every((one) => one !== undefined))
      return { kind: 'string', bytes: Uint8Array.from(bytes.flatMap((one) => [...one])), span };
  }
  const reader = new CReader(tokens, span, names, { report: () => {} });
  try {
    const { value } = constantExpression(reader.cursor, reader.names);
    if (reader.cursor.isEnd) return { kind: 'integer', value, span };
  } catch (error) {
    if (!(error instanceof CFault)) throw error;
  }
  return { kind: 'text', text: textOf(tokens), span };
}
