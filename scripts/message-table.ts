/** What the tables of messages (`compiler/messages`, `verifier/messages`) have in common: blocks, files, placeholders. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** `%name%` in a message's text. */
export const PLACEHOLDER: RegExp = /%([A-Za-z][A-Za-z0-9]*)%/g;

/** Cuts a table at its `## ` lines; `place` is file and line of a block, for problems. */
export function parseBlocks<T>(
  text: string,
  file: string,
  parse: (lines: readonly string[], place: string) => T,
): T[] {
  const lines = text.split('\n');
  const starts = lines.flatMap((line, index) => (line.startsWith('## ') ? [index] : []));
  return starts.map((start, index) => parse(lines.slice(start, starts[index + 1]), `${file}:${start + 1}`));
}

/** All messages of a folder by code; codes and names are unique over all its files. */
export function readTable<T extends { readonly code: string; readonly name: string }>(
  folder: string,
  parse: (text: string, file: string) => T[],
): T[] {
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.md'))
    .sort();
  const messages = files.flatMap((file) => parse(readFileSync(join(folder, file), 'utf8'), file));
  for (const key of ['code', 'name'] as const) {
    const seen = new Set<string>();
    for (const message of messages) {
      if (seen.has(message[key])) throw new Error(`second message with the ${key} ${message[key]}`);
      seen.add(message[key]);
    }
  }
  return messages.sort((a, b) => (a.code < b.code ? -1 : 1));
}

/** A text with placeholders as the source of a template literal over `values`. */
export function template(text: string): string {
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('`', '\\`').replaceAll('${', '\\${');
  const line = escaped.replaceAll('\n', '\\n');
  return `\`${line.replaceAll(PLACEHOLDER, (_, name: string) => `\${values.${name}}`)}\``;
}
