/**
 * Makes the module with our standard library: `compiler/stdlib/*.bt` → `compiler/stdlib/stdlib.gen.ts`, the texts with an index
 * of their macros by name. Run `npx node scripts/stdlib.ts` after editing one; a test fails while the module is older. The comment
 * right above a macro is its documentation.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DiagnosticList } from '../bpf/diagnostic.ts';
import { macroSignature } from '../compiler/expand/macro-table.ts';
import type { Script } from '../compiler/syntax/ast.ts';
import { parseScript } from '../compiler/syntax/parse.ts';

const ROOT: string = join(import.meta.dirname, '..');
const FOLDER = 'compiler/stdlib';
const NOTICE = '// Made by scripts/stdlib.ts from compiler/stdlib/*.bt. Do not edit.\n';

interface File {
  readonly name: string;
  readonly text: string;
}

interface Entry {
  readonly name: string;
  readonly file: string;
  readonly signature: string;
  readonly doc: string;
}

/** @throws Error when it is not a list of macros */
export function macrosOf({ name: file, text }: File): readonly Entry[] {
  const sink = new DiagnosticList();
  const script = parseScript({ name: file, text }, 0, sink);
  const [problem] = sink.items;
  if (problem !== undefined) throw new Error(`${file}.bt:${problem.span?.start}: ${problem.message}`);
  return script.items.map((item) => {
    if (item.kind !== 'macro') throw new Error(`${file}.bt:${item.span.start}: only macros stand here`);
    const doc = docAbove(script, text, item.span.start);
    if (doc === '') throw new Error(`${file}.bt: ${item.name.name} has no comment right above it`);
    return { name: item.name.name, file, signature: macroSignature(item), doc };
  });
}

/** The lines of comments that end right above. */
function docAbove({ comments }: Script, text: string, start: number): string {
  const lines: string[] = [];
  let below = start;
  for (const { span, text: comment } of comments.toReversed()) {
    if (span.end > below || text.slice(span.end, below).trim() !== '') continue;
    if (text.slice(span.end, below).split('\n').length > 2) break;
    lines.unshift(comment.replace(/^\/\/ ?/, ''));
    below = span.start;
  }
  return lines.join('\n').trim();
}

export function generateStdlib(root: string = ROOT): string {
  const folder = join(root, FOLDER);
  const names = readdirSync(folder).filter((file) => file.endsWith('.bt'));
  const files = names.sort().map((file) => ({
    name: file.slice(0, -3),
    text: readFileSync(join(folder, file), 'utf8'),
  }));
  const entries = files.flatMap(macrosOf);
  const texts = files.map(({ name, text }) => `  ${name}: ${JSON.stringify(text)},\n`).join('');
  const rows = entries.map((entry) => `  ${JSON.stringify(entry)},\n`).join('');
  return `${NOTICE}import type { StdlibMacro } from './stdlib.ts';

/** Texts by name. */
export const STDLIB_TEXTS: Readonly<Record<string, string>> = {
${texts}};

export const STDLIB_MACROS: readonly StdlibMacro[] = [
${rows}];
`;
}

if (import.meta.main) writeFileSync(join(ROOT, FOLDER, 'stdlib.gen.ts'), generateStdlib());
