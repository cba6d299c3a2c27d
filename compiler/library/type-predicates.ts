/** Questions about types, answered at compile time, and what stops the compilation. */
import type { Checker } from '../check/checker.ts';
import { literal } from '../check/expressions.ts';
import { latin1, truth } from '../check/fold.ts';
import type { Constant } from '../check/model.ts';
import {
  compileTimeFailure,
  compileTimeText,
  formatExtra,
  formatMissing,
  notAConstant,
} from '../diagnostics/messages.gen.ts';
import { parseFormat } from '../format/parse.ts';
import type { FormatPiece } from '../script-info.ts';
import { BOOL, NONE } from '../types/make.ts';
import type { Type } from '../types/type.ts';
import { settle } from '../types/unify.ts';
import type { CallSite, LibraryEntry } from './entry.ts';

function predicate(
  name: string,
  doc: string,
  holds: (type: Type, constant: Constant | undefined) => boolean,
): LibraryEntry {
  return {
    name,
    kind: 'function',
    signature: `${name}(expression)`,
    doc: `${doc} Known at compile time; the expression is not evaluated.`,
    arguments: { min: 1, max: 1 },
    check: ({ node, args: [value] }, checker) => {
      checker.unevaluated++;
      const type = checker.type(value!);
      checker.unevaluated--;
      if (type === undefined) {
        checker.awaits = true;
        checker.setConstant(node, undefined);
        return BOOL;
      }
      const answer = holds(settle(type), checker.constant(value!));
      return literal(checker, node, { kind: 'boolean', value: answer });
    },
    effect: () => undefined,
  };
}

const staticAssert: LibraryEntry = {
  name: 'static_assert',
  kind: 'function',
  signature: 'static_assert(bool condition, string message)',
  doc: 'Stops the compilation with the message unless the condition, a constant, is true.',
  arguments: { min: 2, max: 2 },
  check: ({ args: [condition, message], name, span }, checker) => {
    checker.condition(condition!);
    checker.valueType(message!);
    const [held, text] = [checker.constant(condition!), checker.constant(message!)];
    if (held === undefined) checker.report(notAConstant(condition!.span));
    else if (text?.kind !== 'string') checker.report(compileTimeText(message!.span, { name }));
    else if (!truth(held)) checker.report(compileTimeFailure(span, { message: textOf(text) }));
    return NONE;
  },
  effect: () => undefined,
};

const assertStr: LibraryEntry = {
  name: 'assert_str',
  kind: 'function',
  signature: 'assert_str(expression)',
  doc: 'Stops the compilation unless the expression is a string.',
  arguments: { min: 1, max: 1 },
  check: ({ args: [value], span }, checker) => {
    const type = checker.valueType(value!);
    if (type !== undefined && type.kind !== 'string')
      checker.report(compileTimeFailure(span, { message: 'assert_str: the expression must be a string' }));
    return NONE;
  },
  effect: () => undefined,
};

const fail: LibraryEntry = {
  name: 'fail',
  kind: 'function',
  signature: 'fail(format, ...)',
  doc: 'Stops the compilation with a message. Arms of `if` that a constant condition excludes are not compiled.',
  arguments: { min: 1, max: 128 },
  check: (call, checker) => {
    const message = failure(call, checker);
    if (message !== undefined) checker.report(compileTimeFailure(call.span, { message }));
    return NONE;
  },
  effect: () => undefined,
};

function failure({ args, name }: CallSite, checker: Checker): string | undefined {
  for (const value of args) checker.valueType(value);
  const [format, ...values] = args.map((value) => checker.constant(value));
  const unknown = args.find((value) => checker.constant(value) === undefined);
  if (unknown !== undefined || format?.kind !== 'string') {
    checker.report(compileTimeText((unknown ?? args[0]!).span, { name }));
    return undefined;
  }
  const { pieces, conversions } = parseFormat(format.bytes);
  const counts = { name, given: values.length, wanted: conversions.length };
  if (values.length !== conversions.length) {
    const make = values.length < conversions.length ? formatMissing : formatExtra;
    checker.report(make(args[0]!.span, counts));
    return undefined;
  }
  return pieces.map((piece) => pieceText(piece, values)).join('');
}

function pieceText(piece: FormatPiece, values: readonly (Constant | undefined)[]): string {
  if (piece.kind === 'text') return latin1(piece.bytes);
  const value = values[piece.arg]!;
  const text = textOf(value, piece.conversion);
  return piece.flags.left ? text.padEnd(piece.width ?? 0) : text.padStart(piece.width ?? 0);
}

function textOf(value: Constant, conversion = 's'): string {
  if (value.kind === 'string') return new TextDecoder().decode(value.bytes);
  if (value.kind === 'boolean' && conversion === 's') return String(value.value);
  const number = value.kind === 'boolean' ? BigInt(value.value) : value.value;
  if (conversion === 'x') return BigInt.asUintN(64, number).toString(16);
  if (conversion === 'X') return BigInt.asUintN(64, number).toString(16).toUpperCase();
  return conversion === 'c' ? String.fromCharCode(Number(number & 0xffn)) : String(number);
}

export const TYPE_ENTRIES: readonly LibraryEntry[] = [
  predicate('is_array', 'True for arrays.', ({ kind }) => kind === 'array'),
  predicate('is_integer', 'True for integers of any width.', ({ kind }) => kind === 'integer'),
  predicate('is_unsigned_integer', 'True for integers without a sign.', (type) => {
    return type.kind === 'integer' && !type.signed;
  }),
  predicate('is_ptr', 'True for pointers.', ({ kind }) => kind === 'pointer'),
  predicate('is_str', 'True for strings.', ({ kind }) => kind === 'string'),
  predicate(
    'is_literal',
    'True for literals and what folds to one.',
    (_, constant) => constant !== undefined,
  ),
  staticAssert,
  assertStr,
  fail,
];
