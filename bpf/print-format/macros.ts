/**
 * The macros and functions that print formats call: those of the kernel's trace events, compiler builtins, and the few
 * functions this library knows (`functions.ts`). Any other name is a problem: only the kernel could run it.
 */

import { constantOf } from './constant.ts';
import type { PrintData, PrintExpression, SymbolEntry } from './expression.ts';
import { functionArity } from './functions.ts';
import type { TokenCursor } from './token-cursor.ts';

type Parse = (cursor: TokenCursor) => PrintExpression;

/** The name and its opening parenthesis are read already. */
export function parseMacro(cursor: TokenCursor, name: string, parse: Parse): PrintExpression {
  switch (name) {
    case '__print_flags':
    case '__print_flags_u64':
      return parseFlags(cursor, parse);
    case '__print_symbolic':
    case '__print_symbolic_u64': {
      const value = parse(cursor);
      return { kind: 'symbolic', value, entries: parseEntries(cursor, parse) };
    }
    case '__print_hex':
      return parseHex(cursor, parse, ' ');
    case '__print_hex_str':
      return parseHex(cursor, parse, '');
    case '__print_array':
      return parseIntArray(cursor, parse);
    case '__get_str':
    case '__get_rel_str':
      return { kind: 'string', field: fieldArgument(cursor) };
    case '__get_bitmask':
    case '__get_rel_bitmask':
      return { kind: 'bitmask', field: fieldArgument(cursor) };
    case '__get_cpumask':
    case '__get_rel_cpumask':
      return { kind: 'cpumask', field: fieldArgument(cursor) };
    case '__get_dynamic_array':
    case '__get_rel_dynamic_array':
    case '__get_sockaddr':
    case '__get_rel_sockaddr':
    case '__get_sockaddr_rel':
      return { kind: 'dynamic-array', field: fieldArgument(cursor) };
    case '__get_dynamic_array_len':
    case '__get_rel_dynamic_array_len':
      return { kind: 'dynamic-array-length', field: fieldArgument(cursor) };
    case '__builtin_expect':
      return parseExpect(cursor, parse);
    case '__builtin_choose_expr':
      return parseChoice(cursor, parse);
    case 'scsi_trace_parse_cdb':
      return parseScsi(cursor, parse);
    case 'sizeof':
      return parseSizeof(cursor);
    default:
      return parseCall(cursor, name, parse);
  }
}

function fieldArgument(cursor: TokenCursor): ReturnType<TokenCursor['field']> {
  const field = cursor.field();
  cursor.expect(')');
  return field;
}

function parseFlags(cursor: TokenCursor, parse: Parse): PrintExpression {
  const value = parse(cursor);
  cursor.expect(',');
  const token = cursor.peek();
  if (token.kind !== 'text') cursor.fail('expected a delimiter');
  cursor.next();
  return { kind: 'flags', value, delimiter: token.text, entries: parseEntries(cursor, parse) };
}

/** `, { 1, "a" }, { 2, "b" })` */
function parseEntries(cursor: TokenCursor, parse: Parse): readonly SymbolEntry[] {
  const entries: SymbolEntry[] = [];
  while (cursor.accept(',')) {
    cursor.expect('{');
    const value = constantOf(parse(cursor));
    if (value === undefined) cursor.fail('expected a constant before this');
    cursor.expect(',');
    let text = parse(cursor);
    // A list may end with `{ -1, ((void *)0) }`.
    while (text.kind === 'cast') text = text.operand;
    if (text.kind !== 'text' && text.kind !== 'number') cursor.fail('expected a string before this');
    cursor.expect('}');
    entries.push({ value, text: text.text });
  }
  cursor.expect(')');
  return entries;
}

function parseHex(cursor: TokenCursor, parse: Parse, separator: string): PrintExpression {
  const data = parseData(cursor, parse);
  cursor.expect(',');
  const length = parse(cursor);
  cursor.expect(')');
  return { kind: 'hex', data, length, separator };
}

function parseIntArray(cursor: TokenCursor, parse: Parse): PrintExpression {
  const data = parseData(cursor, parse);
  cursor.expect(',');
  const count = parse(cursor);
  cursor.expect(',');
  const elementSize = parse(cursor);
  cursor.expect(')');
  return { kind: 'int-array', data, count, elementSize };
}

function parseData(cursor: TokenCursor, parse: Parse): PrintData {
  let data = parse(cursor);
  while (data.kind === 'cast') data = data.operand;
  if (data.kind !== 'field' && data.kind !== 'dynamic-array') cursor.fail('expected an array before this');
  return data;
}

/** The sequence it is printed to, the command, its length. */
function parseScsi(cursor: TokenCursor, parse: Parse): PrintExpression {
  parse(cursor);
  cursor.expect(',');
  const data = parseData(cursor, parse);
  cursor.expect(',');
  parse(cursor);
  cursor.expect(')');
  return { kind: 'scsi-command', data };
}

function parseExpect(cursor: TokenCursor, parse: Parse): PrintExpression {
  const value = parse(cursor);
  cursor.expect(',');
  parse(cursor);
  cursor.expect(')');
  return value;
}

function parseChoice(cursor: TokenCursor, parse: Parse): PrintExpression {
  const condition = parse(cursor);
  cursor.expect(',');
  const whenTrue = parse(cursor);
  cursor.expect(',');
  const whenFalse = parse(cursor);
  cursor.expect(')');
  return { kind: 'conditional', condition, whenTrue, whenFalse };
}

/** Sizes by the last word of the type; `long` is the kernel's. */
const TYPE_SIZES: ReadonlyMap<string, number> = new Map([
  ['char', 1],
  ['short', 2],
  ['int', 4],
  ['unsigned', 4],
  ...(['u', 's', '__u', '__s'] as const).flatMap((prefix) =>
    [8, 16, 32, 64].map((bits) => [`${prefix}${bits}`, bits / 8] as const),
  ),
]);

function parseSizeof(cursor: TokenCursor): PrintExpression {
  const first = cursor.word('a type');
  const size = first === 'REC' ? fieldSize(cursor) : typeSize(cursor, first);
  if (size === undefined) cursor.fail('not a type whose size is known, before this');
  cursor.expect(')');
  return { kind: 'number', value: BigInt(size), text: String(size) };
}

function fieldSize(cursor: TokenCursor): number {
  cursor.expect('->');
  return cursor.field().size;
}

function typeSize(cursor: TokenCursor, first: string): number | undefined {
  const words = [first];
  while (cursor.peek().kind === 'word') words.push(cursor.next().text);
  if (cursor.isAt('*')) {
    while (cursor.accept('*'));
    return cursor.longSize;
  }
  if (words.filter((word) => word === 'long').length === 2) return 8;
  if (words.includes('long')) return cursor.longSize;
  return TYPE_SIZES.get(words.at(-1)!);
}

function parseCall(cursor: TokenCursor, name: string, parse: Parse): PrintExpression {
  const arity = functionArity(name);
  if (arity === undefined) cursor.fail(`'${name}' is a function of the kernel; the call's arguments begin`);
  const args: PrintExpression[] = [];
  if (!cursor.isAt(')'))
    do args.push(parse(cursor));
    while (cursor.accept(','));
  cursor.expect(')');
  if (args.length !== arity)
    cursor.fail(`'${name}' takes ${arity} arguments, not ${args.length}; the call ends before this`);
  return { kind: 'call', name, args };
}
