/** Which tokens begin what, and the words that are values even where a type could stand. */
import type { TokenType } from 'chevrotain';
import {
  Ampersand,
  Bang,
  Comptime,
  False,
  Identifier,
  If,
  Integer,
  LCurly,
  LParen,
  MapText,
  Minus,
  Offsetof,
  Positional,
  PositionalCount,
  Sizeof,
  Star,
  StringText,
  Tilde,
  True,
  Typeinfo,
  Typeof,
  Update,
  VariableText,
} from './tokens.ts';

/** Tokens a primary expression begins with. */
export const PRIMARY_STARTS: ReadonlySet<TokenType> = new Set([
  Identifier,
  True,
  False,
  Integer,
  StringText,
  VariableText,
  Positional,
  PositionalCount,
  MapText,
  LParen,
  LCurly,
  If,
  Sizeof,
  Offsetof,
  Typeof,
  Typeinfo,
]);

const PREFIXES: readonly TokenType[] = [Minus, Bang, Tilde, Star, Ampersand, Update, Comptime];

/** Tokens an expression begins with. */
export const EXPRESSION_STARTS: ReadonlySet<TokenType> = new Set([...PRIMARY_STARTS, ...PREFIXES]);

/** What makes `(word)` before it a cast: anything that begins an expression but a block. */
export const CAST_OPERAND_STARTS: ReadonlySet<TokenType> = new Set(
  [...EXPRESSION_STARTS].filter((type) => type !== LCurly),
);

const VALUE_WORDS: ReadonlySet<string> = new Set([
  'args',
  'ctx',
  'kstack',
  'nsecs',
  'pid',
  'tid',
  'ustack',
  ...[
    'cgroup',
    'comm',
    'cpid',
    'cpu',
    'curtask',
    'elapsed',
    'func',
    'gid',
    'jiffies',
    'ncpus',
    'probe',
    'rand',
    'retval',
    'uid',
    'usermode',
    'username',
  ].map((name) => `__builtin_${name}`),
]);

/** `(word) -x` is a cast unless the word is one of these builtins; they also cannot be macro parameters or record fields. */
export function isValueWord(word: string): boolean {
  return VALUE_WORDS.has(word) || /^s?arg[0-9]+$/.test(word);
}

const TYPE_WORD =
  /^(?:u?int(?:8|16|32|64)|void|bool|string|buffer|inet|u?(?:sum|min|max|avg|stats)_t|(?:count|hist|lhist|tseries)_t|[ku]sym_t|[ku]stack|timestamp|macaddr_t|cgroup_path_t|username_t)$/;

/** Names of types that are types wherever a type may stand, as in `sizeof(uint8)`. */
export function isTypeWord(word: string): boolean {
  return TYPE_WORD.test(word) && !isValueWord(word);
}
