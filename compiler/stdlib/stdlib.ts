/**
 * Our standard library: macros in the language itself, in parts that a script imports by name. Their texts come as a
 * module; a part is parsed when one of its macros is named.
 */
import { DiagnosticList } from '../../bpf/diagnostic.ts';
import { MacroTable } from '../expand/macro-table.ts';
import { InternalCompilerError } from '../fault.ts';
import type { SourceList } from '../sources.ts';
import { parseScript } from '../syntax/parse.ts';
import { STDLIB_MACROS, STDLIB_TEXTS } from './stdlib.gen.ts';

/** A macro as the reference shows it. */
export interface StdlibMacro {
  readonly name: string;
  /** The text it is in, without `.bt`. */
  readonly file: string;
  readonly signature: string;
  readonly doc: string;
}

/** Names that an import may give. */
export const STDLIB_PARTS: readonly string[] = Object.keys(STDLIB_TEXTS);

/** Names of the macros of some parts, for suggestions. */
export function stdlibNames(parts: ReadonlySet<string>): readonly string[] {
  return STDLIB_MACROS.filter(({ file }) => parts.has(file)).map(({ name }) => name);
}

/** The part that has a macro of that name. */
export function stdlibPart(name: string): string | undefined {
  return STDLIB_MACROS.find((one) => one.name === name)?.file;
}

/** The macros, parsed when they are asked for; their texts become sources that diagnostics show. */
export class Stdlib {
  private readonly sources: SourceList;
  private readonly parts: ReadonlySet<string>;
  private readonly parsed: Set<string> = new Set();
  private readonly table: MacroTable = new MacroTable();

  /** `parts`: those that the script imports. */
  constructor(sources: SourceList, parts: ReadonlySet<string>) {
    this.sources = sources;
    this.parts = parts;
  }

  /** The table when it has macros of that name. */
  find(name: string): MacroTable | undefined {
    const found = STDLIB_MACROS.filter((one) => one.name === name && this.parts.has(one.file));
    for (const { file } of found) this.load(file);
    return found.length > 0 ? this.table : undefined;
  }

  private load(file: string): void {
    if (this.parsed.has(file)) return;
    this.parsed.add(file);
    const source = { name: `stdlib/${file}.bt`, text: STDLIB_TEXTS[file]! };
    const sink = new DiagnosticList();
    const script = parseScript(source, this.sources.add(source), sink);
    if (sink.hasErrors)
      throw new InternalCompilerError(`${source.name}: ${sink.items[0]!.message}`, undefined);
    for (const item of script.items) {
      if (item.kind === 'macro') this.table.add({ definition: item, origin: 'library' });
    }
  }
}
