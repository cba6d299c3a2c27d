/**
 * Makes the typed constructors of the verifier's rejections from its message table: `verifier/messages/*.md` →
 * `verifier/messages.gen.ts` and `verifier/explanations.gen.ts`; `scripts/messages.ts` runs it. One message reads
 *
 *     ## VE0201 registerInvalid                CODE, then the constructor's name
 *
 *     > R%register% is invalid                 the kernel's own text, each line of it; %placeholders% become values
 *
 *     Why: r%register% is …                  what is wrong in words (optional; else the first sentence of the long text)
 *     Change: name one of r0 to r10.         one concrete change (optional; else the last sentence)
 *
 *     Long text in Markdown: what it means and what to do. `bpfkit explain VE0201` prints it.
 *
 * `Why:` and `Change:` know the values of the message, also those that its text does not show, and of a value that is a
 * register's number `%register.is%` (what it holds in words) and `%register.range%` (the numbers it may be).
 *
 * Use: `throw registerInvalid({ register })`. Further values may be given for the explanation.
 */
import { join } from 'node:path';
import { PLACEHOLDER, parseBlocks, readTable, template } from './message-table.ts';

export interface VerifierMessage {
  readonly code: string;
  readonly name: string;
  readonly text: string;
  readonly explanation: string;
  /** With placeholders; absent where the plain sentences say all. */
  readonly why: string | undefined;
  readonly change: string | undefined;
  /** First and last sentence of the long text. */
  readonly plainWhy: string;
  readonly plainChange: string;
}

const HEADING = /^## (VE\d{4}) ([a-z][A-Za-z0-9]*)\s*$/;
const LABEL = /^(Why|Change): /;
const NOTICE = '// Made by scripts/messages.ts from verifier/messages/*.md. Do not edit.\n';

/** Reads one table. Every problem is an Error that names file and line. */
export function parseVerifierMessages(text: string, file: string): VerifierMessage[] {
  return parseBlocks(text, file, parseMessage);
}

function parseMessage(lines: readonly string[], place: string): VerifierMessage {
  const [, code, name] = HEADING.exec(lines[0]!) ?? [];
  if (code === undefined || name === undefined) throw new Error(`${place}: want "## VE0123 constructorName"`);
  const quoted = lines.filter((line) => line.startsWith('> '));
  if (quoted.length === 0) throw new Error(`${place}: ${code} wants a "> text" line`);
  const last = lines.findLastIndex((line) => line.startsWith('> '));
  const paragraphs = lines
    .slice(last + 1)
    .join('\n')
    .trim()
    .split(/\n{2,}/);
  const explanation = paragraphs
    .filter((one) => !LABEL.test(one))
    .join('\n\n')
    .trim();
  if (explanation === '') throw new Error(`${place}: ${code} has no long text`);
  const sentences = explanation.replaceAll(/\s+/g, ' ').split(/(?<=[.!])\s+(?=[A-Z`])/);
  return {
    code,
    name,
    text: quoted.map((line) => line.slice(2)).join('\n'),
    explanation,
    why: labelled(paragraphs, 'Why'),
    change: labelled(paragraphs, 'Change'),
    plainWhy: sentences[0]!,
    plainChange: sentences.at(-1)!,
  };
}

/** The rest of `Why: …` or `Change: …`; both may stand in one paragraph. */
function labelled(paragraphs: readonly string[], label: string): string | undefined {
  for (const paragraph of paragraphs) {
    if (!LABEL.test(paragraph)) continue;
    for (const part of paragraph.split(/\n(?=(?:Why|Change): )/)) {
      if (part.startsWith(`${label}: `))
        return part
          .slice(label.length + 2)
          .replaceAll(/\s+/g, ' ')
          .trim();
    }
  }
  return undefined;
}

/** All messages of a folder by code; codes and names are unique over all its files. */
export function readVerifierMessages(folder: string): VerifierMessage[] {
  return readTable(folder, parseVerifierMessages);
}

function constructorOf(message: VerifierMessage): string {
  const names = [...new Set([...message.text.matchAll(PLACEHOLDER)].map((match) => match[1]!))];
  const own = names.map((name) => `readonly ${name}: string | number`).join('; ');
  const values = names.length === 0 ? 'values: MessageValues = {}' : `values: { ${own} } & MessageValues`;
  return `/** ${message.code}: ${message.text.replaceAll('\n', ' / ')} */
export function ${message.name}(${values}): Rejection {
  return new Rejection('${message.code}', '${message.name}', ${template(message.text)}, values);
}
`;
}

/** Generated file (relative to the project) → its content. */
export function generateVerifierMessages(root: string): ReadonlyMap<string, string> {
  const messages = readVerifierMessages(join(root, 'verifier/messages'));
  const head = "import { type MessageValues, Rejection } from './rejection.ts';\n\n";
  const entries = messages.map(({ code, name, text, explanation }) => {
    // A reader of the long text has no values: `<size>` reads as a gap, `%size%` as a mistake.
    const quoted = text.replaceAll(PLACEHOLDER, '<$1>').replaceAll('\n', '\n> ');
    return `  ${code}: ${JSON.stringify(`# ${code} ${name}\n\n> ${quoted}\n\n${explanation}\n`)},\n`;
  });
  const explanations = `/** The long text of every code, in Markdown. */
export const VERIFIER_EXPLANATIONS: Readonly<Record<string, string>> = {\n${entries.join('')}};\n`;
  const reasons = messages.map(
    ({ code, why, change, plainWhy, plainChange }) =>
      `  ${code}: ${JSON.stringify({ why, change, plainWhy, plainChange })},\n`,
  );
  const table = `import type { ReasonTexts } from './explain/reason.ts';

/** Reason and change of every code. */
export const VERIFIER_REASONS: Readonly<Record<string, ReasonTexts>> = {\n${reasons.join('')}};\n`;
  return new Map([
    ['verifier/reasons.gen.ts', `${NOTICE}${table}`],
    ['verifier/messages.gen.ts', `${NOTICE}${head}${messages.map(constructorOf).join('\n')}`],
    ['verifier/explanations.gen.ts', `${NOTICE}${explanations}`],
  ]);
}
