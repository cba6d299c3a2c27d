/**
 * Imports: what a script names is read and becomes a part of it. Scripts bring their items and C definitions, headers
 * their types; a folder brings all of both that are in it; a name of the standard library its macros.
 */
import { DiagnosticList, type DiagnosticSink } from '../../bpf/diagnostic.ts';
import type { Span } from '../../bpf/span.ts';
import type { CPiece } from '../c/definitions.ts';
import {
  importConfig,
  importDepth,
  importEmpty,
  importNotFound,
  importObject,
  importSource,
  importsTooLarge,
  importUnknown,
  importWritable,
} from '../diagnostics/messages.gen.ts';
import { folderOf, joinPath, type ScriptFiles } from '../files.ts';
import { didYouMean } from '../resolve/suggest.ts';
import type { SourceList } from '../sources.ts';
import type { ImportStatement, Item, Script } from '../syntax/ast.ts';
import { parseScript } from '../syntax/parse.ts';
import { statementImports } from './statement-imports.ts';

export interface ImportOptions {
  readonly sources: SourceList;
  readonly files?: ScriptFiles | undefined;
  readonly params: readonly string[];
  /** Names of the standard library's parts. */
  readonly library: readonly string[];
  /** What to do about `import` inside a block: the statement is followed when it gives true. */
  readonly allowsStatement: (statement: ImportStatement) => boolean;
  readonly sink: DiagnosticSink;
}

/** A script and all that it imports, in the order in which they are read. */
export interface Imported {
  readonly items: readonly Item[];
  readonly pieces: readonly CPiece[];
  /** Parts of the standard library. */
  readonly parts: ReadonlySet<string>;
}

/** One thing that a script names. */
interface Wanted {
  readonly path: string;
  readonly span: Span;
  /** The file that names it. */
  readonly from: string;
  readonly depth: number;
}

const MOST_DEPTH = 32;
const MOST_CHARACTERS = 16 * 1024 * 1024;

export function resolveImports(script: Script, options: ImportOptions): Imported {
  const resolver = new Resolver(options);
  resolver.script(script, options.sources.at(0).name, 0);
  return resolver;
}

class Resolver implements Imported {
  readonly items: Item[] = [];
  readonly pieces: CPiece[] = [];
  readonly parts: Set<string> = new Set();
  private readonly options: ImportOptions;
  /** Paths that were read: each is once, which ends circles too. */
  private readonly done: Set<string> = new Set();
  private characters = 0;

  constructor(options: ImportOptions) {
    this.options = options;
    this.done.add(joinPath('', options.sources.at(0).name));
  }

  script(script: Script, from: string, depth: number): void {
    for (const { path, pathSpan } of script.imports) this.follow({ path, span: pathSpan, from, depth });
    for (const statement of statementImports(script.items)) {
      const { path, span } = statement;
      if (this.options.allowsStatement(statement)) this.follow({ path, span, from, depth });
    }
    for (const definition of script.preamble) this.pieces.push({ kind: 'text', definition });
    for (const item of script.items) this.items.push(item);
  }

  private follow(wanted: Wanted): void {
    const { files, sink, library } = this.options;
    if (wanted.depth >= MOST_DEPTH) {
      sink.report(importDepth(wanted.span, { limit: MOST_DEPTH }));
      return;
    }
    const path = joinPath(folderOf(wanted.from), wanted.path);
    if (this.done.has(path)) return;
    const found = files?.stat(path);
    if (found?.kind === 'directory') this.folder(path, found.worldWritable, wanted);
    else if (found !== undefined) this.file(path, wanted);
    else if (library.includes(wanted.path)) this.parts.add(wanted.path);
    else {
      const { hints = [] } = didYouMean(wanted.path, library);
      sink.report(
        importNotFound(wanted.span, { path: wanted.path }, { hints: [`looked for ${path}`, ...hints] }),
      );
    }
  }

  /** What is in it, and not what is in folders inside it. */
  private folder(path: string, worldWritable: boolean, wanted: Wanted): void {
    const { files, sink } = this.options;
    if (worldWritable) {
      sink.report(importWritable(wanted.span, { path }));
      return;
    }
    const inside = (files?.list(path) ?? []).map((name) => joinPath(path, name));
    const supported = inside.filter((one) => /\.(?:bt|h)$/.test(one) && files?.stat(one)?.kind === 'file');
    if (supported.length === 0) sink.report(importEmpty(wanted.span, { path }));
    for (const one of supported) this.file(one, wanted);
  }

  private file(path: string, wanted: Wanted): void {
    const { sink } = this.options;
    if (this.done.has(path)) return;
    this.done.add(path);
    if (/\.h$/.test(path)) this.pieces.push({ kind: 'header', path, span: wanted.span });
    else if (/\.c$/.test(path))
      sink.report(importSource(wanted.span, { path, object: path.replace(/c$/, 'o') }));
    else if (/\.o$/.test(path)) sink.report(importObject(wanted.span, { path }));
    else if (/\.bt$/.test(path)) this.other(path, wanted);
    else sink.report(importUnknown(wanted.span, { path }));
  }

  private other(path: string, wanted: Wanted): void {
    const { files, sources, params, sink } = this.options;
    const text = files?.read(path);
    if (text === undefined) {
      sink.report(importNotFound(wanted.span, { path: wanted.path }));
      return;
    }
    this.characters += text.length;
    if (this.characters > MOST_CHARACTERS) {
      sink.report(importsTooLarge(wanted.span, { limit: MOST_CHARACTERS }));
      return;
    }
    const problems = new DiagnosticList();
    const source = { name: path, text };
    const script = parseScript(source, sources.add(source), problems, { params });
    for (const problem of problems.items) sink.report(problem);
    if (script.config !== undefined) sink.report(importConfig(script.config.span));
    this.script(script, path, wanted.depth + 1);
  }
}
