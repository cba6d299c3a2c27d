/**
 * Scanners for the token types whose end is not a matter of one regular expression. Each gets the text and an offset
 * and gives the match there, or null; each looks at every character once, so that lexing stays linear.
 */

/** What chevrotain takes from a custom pattern: an array with the matched text, here with notes for the parser. */
export type ScanResult = RegExpExecArray & { payload?: ScanNote };

/** `closed`: the construct has its end (quote, brace or star-slash). */
export interface ScanNote {
  readonly closed: boolean;
}

function result(text: string, start: number, end: number, closed = true): ScanResult {
  const match = [text.slice(start, end)] as unknown as ScanResult;
  match.payload = { closed };
  return match;
}

export function scanLineComment(text: string, offset: number): ScanResult | null {
  if (!text.startsWith('//', offset)) return null;
  const end = text.indexOf('\n', offset);
  return result(text, offset, end < 0 ? text.length : end);
}

export function scanBlockComment(text: string, offset: number): ScanResult | null {
  if (!text.startsWith('/*', offset)) return null;
  const end = text.indexOf('*/', offset + 2);
  return end < 0 ? result(text, offset, text.length, false) : result(text, offset, end + 2);
}

export function scanString(text: string, offset: number): ScanResult | null {
  if (text[offset] !== '"') return null;
  const end = quoteEnd(text, offset);
  return result(text, offset, end, end > offset + 1 && isClosed(text, offset, end));
}

/** The offset behind a quoted run that begins at `offset`, at most the end of its line. */
function quoteEnd(text: string, offset: number): number {
  for (let at = offset + 1; at < text.length; at++) {
    const char = text[at];
    if (char === '"') return at + 1;
    if (char === '\n') return at;
    if (char === '\\' && text[at + 1] !== '\n') at++;
  }
  return text.length;
}

function isClosed(text: string, start: number, end: number): boolean {
  if (text[end - 1] !== '"') return false;
  let backslashes = 0;
  for (let at = end - 2; at > start && text[at] === '\\'; at--) backslashes++;
  return backslashes % 2 === 0;
}

/** A `#` line, with the lines it is continued on by a final backslash. */
export function scanDirective(text: string, offset: number): ScanResult | null {
  if (text[offset] !== '#') return null;
  let end = text.indexOf('\n', offset);
  while (end >= 0 && /\\\r?$/.test(text.slice(Math.max(offset, end - 2), end)))
    end = text.indexOf('\n', end + 1);
  return result(text, offset, end < 0 ? text.length : end);
}

const C_TYPE_START = /(?:struct|union|enum)(?![A-Za-z0-9_])\s*(?:[A-Za-z_][A-Za-z0-9_]*\s*)?\{/y;
const ATTRIBUTE = /\s*__attribute__\s*(?=\()/y;
const FINAL_SEMICOLON = /\s*;/y;

/** What is only declared. */
const C_FORWARD = /(?:struct|union|enum)\s+[A-Za-z_][A-Za-z0-9_]*\s*;/y;
/** Declarations that end with a `;` of their own. */
const C_STATEMENT = /(?:typedef|_Static_assert|static_assert)(?![A-Za-z0-9_])/y;

/** A definition or declaration of types. */
export function scanCType(text: string, offset: number): ScanResult | null {
  const forward = endOf(C_FORWARD, text, offset);
  if (forward !== undefined) return result(text, offset, forward);
  if (endOf(C_STATEMENT, text, offset) !== undefined) return scanStatement(text, offset);
  return scanComposite(text, offset);
}

/** To the `;` outside all brackets. */
function scanStatement(text: string, offset: number): ScanResult {
  for (let at = offset; at < text.length; at++) {
    const char = text[at]!;
    if (char === ';') return result(text, offset, at + 1);
    const close = char === '{' ? '}' : char === '(' ? ')' : undefined;
    if (close !== undefined) {
      const end = balancedEnd(text, at, char, close);
      if (end === undefined) break;
      at = end - 1;
    } else if (char === '"' || char === "'") at = literalEnd(text, at) - 1;
    else if (char === '/') at += Math.max(0, commentLength(text, at) - 1);
  }
  return result(text, offset, text.length, false);
}

function scanComposite(text: string, offset: number): ScanResult | null {
  const open = endOf(C_TYPE_START, text, offset);
  if (open === undefined) return null;
  const body = balancedEnd(text, open - 1, '{', '}');
  if (body === undefined) return result(text, offset, text.length, false);
  let end = body;
  for (;;) {
    const attribute = endOf(ATTRIBUTE, text, end);
    if (attribute === undefined) break;
    const closed = balancedEnd(text, attribute, '(', ')');
    if (closed === undefined) return result(text, offset, text.length, false);
    end = closed;
  }
  return result(text, offset, endOf(FINAL_SEMICOLON, text, end) ?? end);
}

function endOf(pattern: RegExp, text: string, offset: number): number | undefined {
  // A fresh copy, so that `lastIndex` is not state of the module.
  const sticky = new RegExp(pattern);
  sticky.lastIndex = offset;
  return sticky.test(text) ? sticky.lastIndex : undefined;
}

/** Behind the bracket that closes the one at `offset`; comments and literals are stepped over. */
function balancedEnd(text: string, offset: number, open: string, close: string): number | undefined {
  let depth = 0;
  for (let at = offset; at < text.length; at++) {
    const char = text[at]!;
    if (char === open) depth++;
    else if (char === close && --depth === 0) return at + 1;
    else if (char === '"' || char === "'") at = literalEnd(text, at) - 1;
    else if (char === '/') at += Math.max(0, commentLength(text, at) - 1);
  }
  return undefined;
}

function commentLength(text: string, offset: number): number {
  return (scanLineComment(text, offset) ?? scanBlockComment(text, offset))?.[0].length ?? 0;
}

function literalEnd(text: string, offset: number): number {
  const quote = text[offset];
  for (let at = offset + 1; at < text.length; at++) {
    if (text[at] === quote || text[at] === '\n') return at + 1;
    if (text[at] === '\\') at++;
  }
  return text.length;
}

const BLANK = /[\s\uFEFF]/;

/**
 * Attach-point text runs to a blank, `{`, `}` or `,`; quoted pieces may hold those. A `/` opens the predicate until a `:`
 * has been seen: from there on it belongs to a path.
 */
export function scanAttachText(text: string, offset: number): ScanResult | null {
  let colon = false;
  let closed = true;
  let at = offset;
  while (at < text.length) {
    const char = text[at]!;
    if (char === '{' || char === '}' || char === ',' || BLANK.test(char)) break;
    if (char === '/' && !colon) break;
    if (char === ':') colon = true;
    if (char === '"') {
      const end = quoteEnd(text, at);
      closed &&= isClosed(text, at, end) && end > at + 1;
      at = end;
    } else {
      at++;
    }
  }
  return at === offset ? null : result(text, offset, at, closed);
}

/** A `/` whose next character, blanks and comments aside, is `{`. */
export function scanPredicateClose(text: string, offset: number): ScanResult | null {
  if (text[offset] !== '/') return null;
  let at = offset + 1;
  for (;;) {
    while (at < text.length && BLANK.test(text[at]!)) at++;
    const length = commentLength(text, at);
    if (length === 0) break;
    at += length;
  }
  return text[at] === '{' ? result(text, offset, offset + 1) : null;
}
