/**
 * Parses `print fmt`: a format string and C expressions. What needs the kernel itself (its functions, the address of a
 * field) is a problem, told with its place, and never a guess.
 */
import type { EventFormat } from '../event-format.ts';
import { parseCharacter, parseCNumber } from './c-number.ts';
import { depthOf } from './depth.ts';
import { enumeratorValue } from './enumerators.ts';
import type {
  BinaryOperator,
  PrintExpression,
  PrintFormat,
  PrintFormatProblem,
  UnaryOperator,
} from './expression.ts';
import { parseMacro } from './macros.ts';
import { TokenCursor } from './token-cursor.ts';
import { PrintFormatError, tokenize } from './tokens.ts';

export type PrintFormatResult =
  | { readonly format: PrintFormat; readonly problem?: never }
  | { readonly format?: never; readonly problem: PrintFormatProblem };

/** `longSize` is sizeof(long) of the kernel that wrote the text. */
export function parsePrintFormat(event: EventFormat, longSize: 4 | 8 = 8): PrintFormatResult {
  try {
    return {
      format: parseWhole(new TokenCursor(tokenize(toByteString(event.printFormat)), event, longSize)),
    };
  } catch (error) {
    if (!(error instanceof PrintFormatError)) throw error;
    return { problem: { offset: error.offset, message: error.message } };
  }
}

function parseWhole(cursor: TokenCursor): PrintFormat {
  const token = cursor.peek();
  if (token.kind !== 'text') cursor.fail('expected a format string');
  cursor.next();
  const args: PrintExpression[] = [];
  while (cursor.accept(',')) args.push(parseExpression(cursor));
  if (cursor.peek().kind !== 'end') cursor.fail("expected ','");
  return { text: token.text, args };
}

/** A conditional or what binds closer. */
export function parseExpression(cursor: TokenCursor): PrintExpression {
  return cursor.nested(() => {
    const condition = parseBinary(cursor, 1);
    if (!cursor.accept('?')) return condition;
    const whenTrue = parseExpression(cursor);
    cursor.expect(':');
    const whenFalse = parseExpression(cursor);
    return { kind: 'conditional', condition, whenTrue, whenFalse };
  });
}

/** C's precedences; a larger number binds closer. */
const PRECEDENCES: readonly (readonly [operator: BinaryOperator, precedence: number])[] = [
  ['||', 1],
  ['&&', 2],
  ['|', 3],
  ['^', 4],
  ['&', 5],
  ['==', 6],
  ['!=', 6],
  ['<', 7],
  ['>', 7],
  ['<=', 7],
  ['>=', 7],
  ['<<', 8],
  ['>>', 8],
  ['+', 9],
  ['-', 9],
  ['*', 10],
  ['/', 10],
  ['%', 10],
];
const BINARY: ReadonlyMap<string, { readonly operator: BinaryOperator; readonly precedence: number }> =
  new Map(PRECEDENCES.map(([operator, precedence]) => [operator, { operator, precedence }]));

function parseBinary(cursor: TokenCursor, weakest: number): PrintExpression {
  let left = parseUnary(cursor);
  for (let count = 0; ; count++) {
    const token = cursor.peek();
    const binary = token.kind === 'operator' ? BINARY.get(token.text) : undefined;
    if (binary === undefined || binary.precedence < weakest) {
      // Chains may begin with chains, which no nesting of the parser counts.
      if (count > 0 && depthOf(left) > MAX_DEPTH) cursor.fail('nested too deeply');
      return left;
    }
    // A chain is a tree as deep as it is long.
    if (count >= MAX_CHAIN) cursor.fail('too many operators in a row');
    cursor.next();
    const right = cursor.nested(() => parseBinary(cursor, binary.precedence + 1));
    left = { kind: 'binary', operator: binary.operator, left, right };
  }
}

const MAX_CHAIN = 500;
/** Of a tree; printing calls itself once a level. */
const MAX_DEPTH = 1000;

function parseUnary(cursor: TokenCursor): PrintExpression {
  return cursor.nested(() => {
    const token = cursor.peek();
    const operator = token.kind === 'operator' ? UNARY.get(token.text) : undefined;
    if (operator !== undefined) {
      cursor.next();
      return { kind: 'unary', operator, operand: parseUnary(cursor) };
    }
    const cast = acceptCast(cursor);
    if (cast !== undefined) return { kind: 'cast', type: cast, operand: parseUnary(cursor) };
    return parsePostfix(cursor);
  });
}

const UNARY: ReadonlyMap<string, UnaryOperator> = new Map([
  ['!', '!'],
  ['~', '~'],
  ['-', '-'],
  ['+', '+'],
]);

/** `(unsigned long)` and `(struct page *)`: words, stars, and then an operand. */
function acceptCast(cursor: TokenCursor): string | undefined {
  if (!cursor.isAt('(')) return undefined;
  const parts: string[] = [];
  let at = 1;
  for (; cursor.peek(at).kind === 'word'; at++) parts.push(cursor.peek(at).text);
  if (parts.length === 0 || parts[0] === 'REC') return undefined;
  for (; cursor.isAt('*', at); at++) parts.push('*');
  if (!cursor.isAt(')', at) || !beginsOperand(cursor, at + 1, parts)) return undefined;
  for (let skipped = 0; skipped <= at; skipped++) cursor.next();
  return parts.join(' ');
}

/** After `(name)`, a sign or a star may also go on with an expression: then the name must be a type's. */
function beginsOperand(cursor: TokenCursor, at: number, parts: readonly string[]): boolean {
  const token = cursor.peek(at);
  if (token.kind !== 'operator') return token.kind !== 'end';
  if (token.text === '(' || token.text === '~' || token.text === '!') return true;
  if (token.text !== '-' && token.text !== '+') return false;
  return (
    parts.at(-1) === '*' || /^(unsigned|signed|int|long|short|char|[us](8|16|32|64)|\w+_t)$/.test(parts[0]!)
  );
}

function parsePostfix(cursor: TokenCursor): PrintExpression {
  let expression = parsePrimary(cursor);
  while (cursor.accept('[')) {
    const index = parseExpression(cursor);
    cursor.expect(']');
    expression = { kind: 'index', array: expression, index };
  }
  return expression;
}

function parsePrimary(cursor: TokenCursor): PrintExpression {
  const token = cursor.peek();
  switch (token.kind) {
    case 'text':
      cursor.next();
      return { kind: 'text', text: token.text };
    case 'character':
      cursor.next();
      return { kind: 'number', value: parseCharacter(token.text), text: token.text };
    case 'word':
      cursor.next();
      return parseWord(cursor, token.text);
    default:
      if (!cursor.accept('(')) cursor.fail('expected an expression');
      return parseParenthesis(cursor);
  }
}

function parseParenthesis(cursor: TokenCursor): PrintExpression {
  // (REC)->field
  if (cursor.peek().text === 'REC' && cursor.isAt(')', 1)) {
    cursor.next();
    cursor.next();
    cursor.expect('->');
    return { kind: 'field', field: cursor.field() };
  }
  const expression = parseExpression(cursor);
  cursor.expect(')');
  return expression;
}

function parseWord(cursor: TokenCursor, word: string): PrintExpression {
  if (word === 'REC') {
    cursor.expect('->');
    return { kind: 'field', field: cursor.field() };
  }
  if (cursor.accept('(')) return parseMacro(cursor, word, parseExpression);
  const words = [word];
  while (cursor.peek().kind === 'word') words.push(cursor.next().text);
  return { kind: 'number', value: parseCNumber(word) ?? enumeratorValue(word) ?? 0n, text: words.join(' ') };
}

/** What is printed is bytes, one character each. */
function toByteString(text: string): string {
  if (!/[^\x00-\x7f]/.test(text)) return text;
  let bytes = '';
  for (const byte of new TextEncoder().encode(text)) bytes += String.fromCharCode(byte);
  return bytes;
}
