/** Named parameters of a script as words of the command line: `--name=value`, `--flag`, `--help`. */
import type { ScriptOption } from '../compiler/script-info.ts';

export type OptionValues = ReadonlyMap<string, bigint | boolean | string>;

export type BoundOptions =
  | { readonly kind: 'values'; readonly values: OptionValues }
  | { readonly kind: 'help'; readonly text: string }
  | { readonly kind: 'problem'; readonly message: string; readonly hint?: string };

/** Whether a word behind the script is no positional parameter. */
export function isNamedWord(word: string): boolean {
  return /^--./.test(word);
}

/** `script` is what the user called it, for the help. */
export function bindOptions(
  options: readonly ScriptOption[],
  words: readonly string[],
  script: string,
): BoundOptions {
  if (words.includes('--help')) return { kind: 'help', text: helpText(options, script) };
  const values = new Map<string, bigint | boolean | string>();
  for (const word of words) {
    const [, name = '', text] = /^--([^=]*)(?:=(.*))?$/s.exec(word) ?? [];
    const option = options.find((one) => one.name === name);
    if (option === undefined) return unknown(options, name);
    const value = parse(option, text);
    if (value === undefined) {
      const found = text === undefined ? 'nothing was given' : `'${text}' was given`;
      return { kind: 'problem', message: `--${name} takes ${describe(option)}, and ${found}` };
    }
    values.set(name, value);
  }
  return { kind: 'values', values };
}

function unknown(options: readonly ScriptOption[], name: string): BoundOptions {
  const message = `unexpected named parameter: --${name}`;
  if (options.length === 0) return { kind: 'problem', message, hint: 'the script has no named parameters' };
  const list = options.map((option) => `--${option.name}`).join(', ');
  return { kind: 'problem', message, hint: `expected named parameters: ${list}` };
}

function parse({ type }: ScriptOption, text: string | undefined): bigint | boolean | string | undefined {
  if (type.kind === 'boolean') {
    if (text === undefined || /^(1|true)$/i.test(text)) return true;
    return /^(0|false)$/i.test(text) ? false : undefined;
  }
  if (text === undefined) return undefined;
  if (type.kind === 'string') {
    const { length } = new TextEncoder().encode(text);
    return length < type.size ? text : undefined;
  }
  return parseInteger(text);
}

function parseInteger(text: string): bigint | undefined {
  const match = /^(-?)(0[xX][0-9a-fA-F]{1,16}|\d{1,20})$/.exec(text);
  if (match === null) return undefined;
  const value = match[1] === '-' ? -BigInt(match[2]!) : BigInt(match[2]!);
  return value >= -(1n << 63n) && value < 1n << 63n ? value : undefined;
}

function describe({ type }: ScriptOption): string {
  if (type.kind === 'boolean') return 'true or false';
  return type.kind === 'string' ? `a text of at most ${type.size - 1} bytes` : 'a whole number';
}

/** A table, aligned. */
function helpText(options: readonly ScriptOption[], script: string): string {
  const usage = `USAGE: bpfkit ${script} -- [parameters]\n`;
  if (options.length === 0) return `${usage}\nThe script has no named parameters.\n`;
  const rows = options.map((option) => [flagOf(option), aboutOf(option)] as const);
  const width = rows.reduce((most, [flag]) => Math.max(most, flag.length), 0);
  const lines = rows.map(([flag, about]) => `    ${flag.padEnd(width)}  ${about}`.trimEnd());
  return `${usage}\nNAMED PARAMETERS:\n${lines.join('\n')}\n`;
}

function flagOf({ name, type }: ScriptOption): string {
  if (type.kind === 'boolean') return `--${name}`;
  return `--${name}=${type.kind === 'string' ? 'TEXT' : 'NUMBER'}`;
}

function aboutOf({ help, initial }: ScriptOption): string {
  const shown = typeof initial === 'string' ? `"${initial}"` : String(initial);
  return `${help === undefined ? '' : `${help} `}[default: ${shown}]`;
}
