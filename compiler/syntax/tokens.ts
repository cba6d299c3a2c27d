/**
 * The token types of the language. Three kinds of text have different character rules, so there are four lexer modes:
 * `root` (C text, attach points), `header` (from `macro`, `fn`, `config`, `import`, `let` to their `{` or `;`), `predicate`
 * (until the `/` before a `{`) and `code` (inside braces). See `scan.ts` for the patterns that look at their surroundings.
 */
import { createToken, type IMultiModeLexerDefinition, Lexer, type TokenType } from 'chevrotain';
import {
  scanAttachText,
  scanBlockComment,
  scanCType,
  scanDirective,
  scanLineComment,
  scanPredicateClose,
  scanString,
} from './scan.ts';

// Every pattern says which characters it begins with, and is sticky: else chevrotain parses each regular expression of
// each mode when it starts, to find out.
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_';
const DIGITS = '0123456789';

type Scanner = (text: string, offset: number) => RegExpExecArray | null;

/** Category of the tokens no statement begins with. */
export const Junk: TokenType = createToken({ name: 'Junk', pattern: Lexer.NA });

function scanned(name: string, scan: Scanner, starts: readonly string[], line_breaks: boolean): TokenType {
  return createToken({ name, pattern: scan, start_chars_hint: [...starts], line_breaks });
}

function symbol(text: string, name: string): TokenType {
  return createToken({ name, pattern: text, label: `'${text}'` });
}

function junk(text: string, name: string): TokenType {
  return createToken({ name, pattern: text, label: `'${text}'`, categories: Junk });
}

/* ---- everywhere ---- */

export const Blank: TokenType = createToken({
  name: 'Blank',
  pattern: /[ \t\r\n\f\v\uFEFF]+/y,
  start_chars_hint: [...' \t\r\n\f\v\uFEFF'],
  group: Lexer.SKIPPED,
  line_breaks: true,
});
export const LineComment: TokenType = createToken({
  name: 'LineComment',
  pattern: scanLineComment as Scanner,
  start_chars_hint: ['/'],
  line_breaks: false,
  group: 'comments',
});
const BlockComment: TokenType = createToken({
  name: 'BlockComment',
  pattern: scanBlockComment as Scanner,
  start_chars_hint: ['/'],
  line_breaks: true,
  group: 'comments',
});
/** Characters that begin nothing: the lexer makes these of what it had to skip, so that the parser answers for them. */
export const Unknown: TokenType = createToken({ name: 'Unknown', pattern: Lexer.NA, categories: Junk });

/* ---- words ---- */

export const Identifier: TokenType = createToken({
  name: 'Identifier',
  pattern: /[A-Za-z_][A-Za-z0-9_]*/y,
  start_chars_hint: [...LETTERS],
  label: 'identifier',
});

function keyword(text: string, name: string, categories: TokenType[] = []): TokenType {
  return createToken({ name, pattern: text, label: `'${text}'`, longer_alt: Identifier, categories });
}

export const Break: TokenType = keyword('break', 'Break');
export const Comptime: TokenType = keyword('comptime', 'Comptime');
export const Continue: TokenType = keyword('continue', 'Continue');
export const Else: TokenType = keyword('else', 'Else', [Junk]);
export const False: TokenType = keyword('false', 'False');
export const For: TokenType = keyword('for', 'For');
export const If: TokenType = keyword('if', 'If');
export const Import: TokenType = keyword('import', 'Import');
export const Let: TokenType = keyword('let', 'Let');
export const Offsetof: TokenType = keyword('offsetof', 'Offsetof');
export const Return: TokenType = keyword('return', 'Return');
export const Sizeof: TokenType = keyword('sizeof', 'Sizeof');
export const Struct: TokenType = keyword('struct', 'Struct', [Junk]);
export const Union: TokenType = keyword('union', 'Union', [Junk]);
export const Enum: TokenType = keyword('enum', 'Enum', [Junk]);
export const True: TokenType = keyword('true', 'True');
export const Typeinfo: TokenType = keyword('typeinfo', 'Typeinfo');
export const Typeof: TokenType = keyword('typeof', 'Typeof');
export const Unroll: TokenType = keyword('unroll', 'Unroll');
export const While: TokenType = keyword('while', 'While');

/* ---- values ---- */

/** Digits with whatever letters follow; `literals.ts` tells what is wrong with them. */
export const Integer: TokenType = createToken({
  name: 'Integer',
  pattern: /[0-9][A-Za-z0-9_]*/y,
  start_chars_hint: [...DIGITS],
});
/** Up to the closing quote or, when there is none, to the end of the line. */
export const StringText: TokenType = scanned('StringText', scanString, ['"'], false);
export const VariableText: TokenType = createToken({
  name: 'VariableText',
  pattern: /\$[A-Za-z_][A-Za-z0-9_]*/y,
  start_chars_hint: [...'$'],
});
export const Positional: TokenType = createToken({
  name: 'Positional',
  pattern: /\$[0-9]+/y,
  start_chars_hint: [...'$'],
});
export const PositionalCount: TokenType = createToken({ name: 'PositionalCount', pattern: '$#' });
export const MapText: TokenType = createToken({
  name: 'MapText',
  pattern: /@(?:[A-Za-z_][A-Za-z0-9_]*)?/y,
  start_chars_hint: [...'@'],
});

/* ---- punctuation ---- */

export const LCurly: TokenType = createToken({
  name: 'LCurly',
  pattern: '{',
  label: "'{'",
  push_mode: 'code',
});
export const RCurly: TokenType = createToken({ name: 'RCurly', pattern: '}', label: "'}'", pop_mode: true });
export const LParen: TokenType = symbol('(', 'LParen');
export const RParen: TokenType = junk(')', 'RParen');
export const LSquare: TokenType = junk('[', 'LSquare');
export const RSquare: TokenType = junk(']', 'RSquare');
export const Comma: TokenType = junk(',', 'Comma');
export const Semicolon: TokenType = junk(';', 'Semicolon');
export const Colon: TokenType = junk(':', 'Colon');
export const Question: TokenType = junk('?', 'Question');
export const Arrow: TokenType = junk('->', 'Arrow');
export const DotDot: TokenType = junk('..', 'DotDot');
export const Dot: TokenType = junk('.', 'Dot');
export const Assign: TokenType = junk('=', 'Assign');
export const CompoundAssign: TokenType = createToken({
  name: 'CompoundAssign',
  pattern: /(?:<<|>>|[-+*/%&|^])=/y,
  start_chars_hint: [...'<>-+*/%&|^'],
  categories: Junk,
});
/** Operators that are only binary; `-`, `*` and `&` are also unary and stand for themselves. */
export const BinaryText: TokenType = createToken({
  name: 'BinaryText',
  pattern: /\|\||&&|==|!=|<<|>>|<=|>=|[|^<>+/%]/y,
  start_chars_hint: [...'|&=!<>^+/%'],
  categories: Junk,
});
export const Update: TokenType = createToken({
  name: 'Update',
  pattern: /\+\+|--/y,
  start_chars_hint: [...'+-'],
});
export const Minus: TokenType = symbol('-', 'Minus');
export const Star: TokenType = symbol('*', 'Star');
export const Ampersand: TokenType = symbol('&', 'Ampersand');
export const Bang: TokenType = symbol('!', 'Bang');
export const Tilde: TokenType = symbol('~', 'Tilde');

/* ---- root and header modes ---- */

export const Shebang: TokenType = createToken({
  name: 'Shebang',
  pattern: /#![^\n]*/y,
  start_chars_hint: [...'#'],
});
export const Directive: TokenType = scanned('Directive', scanDirective, ['#'], true);
/** `struct X { … }` with attributes and an optional `;`, `struct X;`, `typedef …;`. */
export const CType: TokenType = scanned('CType', scanCType, ['s', 'u', 'e', 't', '_'], true);

function header(word: string, name: string): TokenType {
  const pattern = new RegExp(`${word}(?![A-Za-z0-9_])`, 'y');
  return createToken({
    name,
    pattern,
    label: `'${word}'`,
    push_mode: 'header',
    start_chars_hint: [word[0]!],
  });
}

export const Config: TokenType = header('config', 'Config');
export const RootImport: TokenType = header('import', 'RootImport');
export const Macro: TokenType = header('macro', 'Macro');
export const Fn: TokenType = header('fn', 'Fn');
export const RootLet: TokenType = header('let', 'RootLet');

/** One attach point, or the piece of one up to a blank. */
export const AttachText: TokenType = createToken({
  name: 'AttachText',
  pattern: scanAttachText as Scanner,
  line_breaks: false,
  label: 'attach point',
});
export const PredicateOpen: TokenType = createToken({
  name: 'PredicateOpen',
  pattern: '/',
  label: "'/'",
  push_mode: 'predicate',
});
export const PredicateClose: TokenType = createToken({
  name: 'PredicateClose',
  pattern: scanPredicateClose as Scanner,
  start_chars_hint: ['/'],
  line_breaks: false,
  label: "'/'",
  pop_mode: true,
});
/** A `}` outside all braces. */
const StrayRCurly: TokenType = createToken({ name: 'StrayRCurly', pattern: '}', categories: Junk });
/** `{` and `;` that end a header; the lexer hands them on as `LCurly` and `Semicolon`. */
export const HeaderLCurly: TokenType = createToken({
  name: 'HeaderLCurly',
  pattern: '{',
  pop_mode: true,
  push_mode: 'code',
});
export const HeaderSemicolon: TokenType = createToken({
  name: 'HeaderSemicolon',
  pattern: ';',
  pop_mode: true,
});

const COMMON: readonly TokenType[] = [Blank, LineComment, BlockComment];

export const KEYWORDS: readonly TokenType[] = [
  Break,
  Comptime,
  Continue,
  Else,
  False,
  For,
  If,
  Import,
  Let,
  Offsetof,
  Return,
  Sizeof,
  Struct,
  Union,
  Enum,
  True,
  Typeinfo,
  Typeof,
  Unroll,
  While,
];

/** Longer operators come before those they begin with. */
const CODE: readonly TokenType[] = [
  ...KEYWORDS,
  Identifier,
  Integer,
  StringText,
  VariableText,
  Positional,
  PositionalCount,
  MapText,
  LParen,
  RParen,
  LSquare,
  RSquare,
  Comma,
  Semicolon,
  Colon,
  Question,
  CompoundAssign,
  Arrow,
  Update,
  BinaryText,
  Assign,
  DotDot,
  Dot,
  Minus,
  Star,
  Ampersand,
  Bang,
  Tilde,
  LCurly,
  RCurly,
];

export const LEXER_DEFINITION: IMultiModeLexerDefinition = {
  defaultMode: 'root',
  modes: {
    root: [
      ...COMMON,
      Shebang,
      Directive,
      CType,
      Config,
      RootImport,
      Macro,
      Fn,
      RootLet,
      PredicateOpen,
      Comma,
      LCurly,
      StrayRCurly,
      AttachText,
      Unknown,
    ],
    header: [
      ...COMMON,
      HeaderLCurly,
      HeaderSemicolon,
      ...CODE.filter((type) => type !== LCurly && type !== Semicolon),
    ],
    predicate: [...COMMON, PredicateClose, ...CODE],
    code: [...COMMON, ...CODE],
  },
};

export const ALL_TOKENS: TokenType[] = [
  ...new Set([Junk, Unknown, ...Object.values(LEXER_DEFINITION.modes).flat()]),
] as TokenType[];
