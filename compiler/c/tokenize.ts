/** C text to tokens: comments are blanks, and a line that ends with `\` goes on in the next. Linear in the text. */
import type { Span } from '../../bpf/span.ts';
import type { CToken, CTokenKind } from './token.ts';

const BLANK = /(?:[ \t\f\v\r\uFEFF]|\\\r?\n|\/\/(?:[^\n\\]|\\\r?\n|\\)*)+/y;
const TOKEN =
  /([A-Za-z_$][A-Za-z0-9_$]*)|(\.?[0-9](?:[eEpP][+-]|[A-Za-z0-9_.])*)|("(?:[^"\\\n]|\\[\s\S])*"?)|('(?:[^'\\\n]|\\[\s\S])*'?)|(<<=|>>=|\.\.\.|##|->|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&|^]=|[\s\S])/y;
const KINDS: readonly CTokenKind[] = ['word', 'number', 'string', 'character', 'punctuator'];

/** The tokens of `text` from `span.start` to `span.end`. */
export function tokenizeC(text: string, { source, start, end }: Span): CToken[] {
  const tokens: CToken[] = [];
  const part = text.slice(0, end);
  const blank = new RegExp(BLANK);
  const token = new RegExp(TOKEN);
  let lineStart = true;
  let spaced = false;
  for (let at = start; at < end; ) {
    if (part[at] === '\n') {
      lineStart = true;
      at++;
      continue;
    }
    if (part.startsWith('/*', at)) {
      const close = part.indexOf('*/', at + 2);
      at = close < 0 ? end : close + 2;
      spaced = true;
      continue;
    }
    blank.lastIndex = at;
    if (blank.test(part)) {
      at = blank.lastIndex;
      spaced = true;
      continue;
    }
    token.lastIndex = at;
    const match = token.exec(part);
    if (match === null) break;
    const kind = KINDS[match.findIndex((group, index) => index > 0 && group !== undefined) - 1]!;
    const next = at + match[0].length;
    tokens.push({ kind, text: match[0], span: { source, start: at, end: next }, lineStart, spaced });
    at = next;
    lineStart = false;
    spaced = false;
  }
  return tokens;
}
