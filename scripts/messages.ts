/**
 * Makes the typed constructors of diagnostics from the message table: `compiler/messages/*.md` →
 * `compiler/diagnostics/messages.gen.ts` and `explanations.gen.ts`. Run `npx node scripts/messages.ts` after editing a
 * table; a test fails while the generated files are older than it. One message reads
 *
 *     ## BT0107 unknownIdentifier              CODE, then the constructor's name
 *
 *     > unknown identifier '%name%'            the text; %placeholders% become the constructor's values
 *     > HINT: %advice%                         any number of hint lines, placeholders too (optional)
 *
 *     Long text in Markdown: what it means, an example, what to do. `bpfkit explain BT0107` prints it.
 *
 * The text is an error unless it begins with `WARNING: ` or `NOTE: `. Use: `sink.report(unknownIdentifier(span, { name, advice }))`;
 * a third argument adds `related` places or further `hints`; the span may be `undefined`. Code ranges: BT01xx syntax,
 * BT02xx and up semantics and code generation; a new area takes the next free hundred.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type MessageExample, printExample, readExamples } from './message-examples.ts';
import { PLACEHOLDER, parseBlocks, readTable, template } from './message-table.ts';
import { generateVerifierMessages } from './verifier-messages.ts';

export interface Message {
  readonly code: string;
  readonly name: string;
  readonly severity: 'error' | 'warning' | 'note';
  readonly text: string;
  readonly hints: readonly string[];
  readonly explanation: string;
}

const ROOT: string = join(import.meta.dirname, '..');
const HEADING = /^## (\S+) (\S+)\s*$/;
const NOTICE = '// Made by scripts/messages.ts from compiler/messages/*.md. Do not edit.\n';

/** Reads one table. Every problem is an Error that names file and line. */
export function parseMessages(text: string, file: string): Message[] {
  return parseBlocks(text, file, parseMessage);
}

function parseMessage(lines: readonly string[], place: string): Message {
  const [, code = '', name = ''] = HEADING.exec(lines[0]!) ?? [];
  if (!/^[A-Z]{2}\d{4}$/.test(code)) throw new Error(`${place}: want "## BT0123 constructorName"`);
  if (!/^[a-z][A-Za-z0-9]*$/.test(name))
    throw new Error(`${place}: "${name}" is not a camelCase constructor name`);
  const quoted = lines.filter((line) => line.startsWith('> ')).map((line) => line.slice(2).trim());
  const hints = quoted.filter((line) => line.startsWith('HINT: ')).map((line) => line.slice(6));
  const texts = quoted.filter((line) => !line.startsWith('HINT: '));
  if (texts.length !== 1) throw new Error(`${place}: ${code} wants one "> text" line, found ${texts.length}`);
  const text = texts[0]!;
  const explanation = lines
    .slice(lines.findLastIndex((line) => line.startsWith('> ')) + 1)
    .join('\n')
    .trim();
  if (explanation === '') throw new Error(`${place}: ${code} has no long text`);
  const [label = '', kind] = /^(WARNING|NOTE): /.exec(text) ?? [];
  return {
    code,
    name,
    severity: kind === 'WARNING' ? 'warning' : kind === 'NOTE' ? 'note' : 'error',
    text: text.slice(label.length),
    hints,
    explanation,
  };
}

/** All messages of a folder by code; codes and names are unique over all its files. */
export function readMessages(folder: string): Message[] {
  return readTable(folder, parseMessages);
}

export function generateConstructors(messages: readonly Message[]): string {
  const head = `import type { Diagnostic } from '../../bpf/diagnostic.ts';
import type { Span } from '../../bpf/span.ts';
import { type DiagnosticExtra, makeDiagnostic, type MessageValue } from './make.ts';
`;
  return `${NOTICE}${head}\n${messages.map(generateConstructor).join('\n')}`;
}

function generateConstructor(message: Message): string {
  const names = placeholdersOf(message);
  const values = names.map((name) => `readonly ${name}: MessageValue`).join('; ');
  const parameter = names.length === 0 ? '' : `\n  values: { ${values} },`;
  const hints = message.hints.map(template).join(', ');
  return `/** ${message.code}: ${message.text} */
export function ${message.name}(
  span: Span | undefined,${parameter}
  extra?: DiagnosticExtra,
): Diagnostic {
  return makeDiagnostic('${message.code}', '${message.severity}', ${template(message.text)}, span, [${hints}], extra);
}
`;
}

function placeholdersOf(message: Message): string[] {
  const found = [message.text, ...message.hints].flatMap((text) => [...text.matchAll(PLACEHOLDER)]);
  return [...new Set(found.map((match) => match[1]!))];
}

function generateExplanations(
  messages: readonly Message[],
  examples: readonly MessageExample[] = [],
): string {
  const shown = new Map(examples.map((one) => [one.code, printExample(one)]));
  const entries = messages.map((message) => {
    const label = { error: '', warning: 'WARNING: ', note: 'NOTE: ' }[message.severity];
    const title = `${label}${message.text}`;
    const hints = message.hints.map((hint) => `> HINT: ${hint}\n`).join('');
    const example = shown.get(message.code);
    const shownBelow = example === undefined ? '' : `\n${example}`;
    const text = `# ${message.code} ${message.name}\n\n> ${title}\n${hints}\n${message.explanation}\n${shownBelow}`;
    return `  ${message.code}: ${JSON.stringify(text)},\n`;
  });
  const head = '/** The long text of every diagnostic code, in Markdown. */\n';
  return `${NOTICE}${head}export const EXPLANATIONS: Readonly<Record<string, string>> = {\n${entries.join('')}};\n`;
}

/** Generated file (relative to the project) → its content. */
export function generateAll(root: string = ROOT): ReadonlyMap<string, string> {
  const folder = join(root, 'compiler/messages');
  const messages = readMessages(folder);
  const examples = readExamples(folder);
  return new Map([
    ['compiler/diagnostics/messages.gen.ts', generateConstructors(messages)],
    ['compiler/diagnostics/explanations.gen.ts', generateExplanations(messages, examples)],
    ...generateVerifierMessages(root),
  ]);
}

if (import.meta.main) {
  for (const [file, content] of generateAll()) writeFileSync(join(ROOT, file), content);
}
