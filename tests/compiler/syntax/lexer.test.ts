import { describe, expect, test } from 'vitest';
import { createLexer } from '../../../compiler/syntax/lexer.ts';
import { scanCType, scanPredicateClose } from '../../../compiler/syntax/scan.ts';

const lexer = createLexer(true);

function tokens(text: string): string {
  return lexer
    .tokenize(text)
    .tokens.map(({ tokenType, image }) => `${tokenType.name} ${image}`)
    .join(' | ');
}

describe('lexer modes', () => {
  test.each([
    {
      name: 'a slash is path, predicate and division',
      have: 'uprobe:/a/b:f /1 / 2/ { }',
      want: 'AttachText uprobe:/a/b:f | PredicateOpen / | Integer 1 | BinaryText / | Integer 2 | PredicateClose / | LCurly { | RCurly }',
    },
    {
      name: 'braces inside a body do not end it',
      have: 'a { { } b } c',
      want: 'AttachText a | LCurly { | LCurly { | RCurly } | Identifier b | RCurly } | AttachText c',
    },
    {
      name: 'a header ends at its brace or semicolon',
      have: 'macro m { x } let @a = hash(1); import "y"; p',
      want:
        'Macro macro | Identifier m | LCurly { | Identifier x | RCurly } | RootLet let | MapText @a | Assign = | ' +
        'Identifier hash | LParen ( | Integer 1 | RParen ) | Semicolon ; | RootImport import | StringText "y" | Semicolon ; | AttachText p',
    },
    {
      name: 'words of the outermost level are whole words',
      have: 'macros:x { fn config }',
      want: 'AttachText macros:x | LCurly { | Identifier fn | Identifier config | RCurly }',
    },
    {
      name: 'the longest operator wins',
      have: 'a { <<= << <= < >>= -> -- -= - .. . == = ?: }',
      want:
        'AttachText a | LCurly { | CompoundAssign <<= | BinaryText << | BinaryText <= | BinaryText < | CompoundAssign >>= | ' +
        'Arrow -> | Update -- | CompoundAssign -= | Minus - | DotDot .. | Dot . | BinaryText == | Assign = | Question ? | Colon : | RCurly }',
    },
    {
      name: 'skipped characters come back as tokens in their places',
      have: 'a { ` $ 1 }',
      want: 'AttachText a | LCurly { | Unknown ` | Unknown $ | Integer 1 | RCurly }',
    },
    { name: 'a byte order mark is blank', have: '\uFEFFBEGIN', want: 'AttachText BEGIN' },
  ])('$name', ({ have, want }) => {
    expect(tokens(have)).toBe(want);
  });
});

test.each([
  { name: 'brace next', have: '/ {', want: true },
  { name: 'brace behind comments', have: '/ // {\n /* x */ {', want: true },
  { name: 'an operand', have: '/ 2 {', want: false },
  { name: 'the end', have: '/', want: false },
])('scanPredicateClose: $name', ({ have, want }) => {
  expect(scanPredicateClose(have, 0) !== null).toBe(want);
});

test.each([
  { name: 'no body, no end', have: 'struct a {}'.slice(0, 8), want: undefined },
  { name: 'a forward declaration', have: 'struct a; BEGIN', want: 'struct a;' },
  {
    name: 'a typedef',
    have: 'typedef struct { int a; } *b, c[2]; x;',
    want: 'typedef struct { int a; } *b, c[2];',
  },
  {
    name: 'an assertion',
    have: '_Static_assert(\';\' == 59, ";"); x',
    want: '_Static_assert(\';\' == 59, ";");',
  },
  { name: 'a word that begins like one', have: 'typedefs:x;', want: undefined },
  { name: 'another word', have: 'structure {}', want: undefined },
  {
    name: 'nested, with its semicolon',
    have: 'struct a { struct { int x; } b; } ; BEGIN',
    want: 'struct a { struct { int x; } b; } ;',
  },
  {
    name: 'brackets in literals',
    have: "enum { A = '}', B = '\\'' } x",
    want: "enum { A = '}', B = '\\'' }",
  },
  { name: 'an attribute', have: 'union u { } __attribute__((x)) y', want: 'union u { } __attribute__((x))' },
])('scanCType: $name', ({ have, want }) => {
  expect(scanCType(have, 0)?.[0]).toBe(want);
});
