import { describe, expect, test } from 'vitest';
import { DiagnosticList } from '../../../bpf/diagnostic.ts';
import type { Script } from '../../../compiler/syntax/ast.ts';
import { HEIGHT_LIMIT } from '../../../compiler/syntax/depth.ts';
import { parseExpression, parseScript } from '../../../compiler/syntax/parse.ts';
import { NESTING_LIMIT } from '../../../compiler/syntax/parser-base.ts';
import { printScript } from '../../../compiler/syntax/print-ast.ts';
import { printExpression } from '../../../compiler/syntax/print-source.ts';

function parse(text: string, source = 0): { script: Script; messages: string[] } {
  const list = new DiagnosticList();
  const script = parseScript({ name: 'stdin', text }, source, list);
  return { script, messages: list.items.map((item) => item.message) };
}

/** Every span in a tree, with the text it covers checked to lie inside the node around it. */
function checkSpans(node: unknown, text: string, around = { start: 0, end: text.length }): number {
  if (typeof node !== 'object' || node === null) return 0;
  const { span } = node as { span?: { source: number; start: number; end: number } };
  if (span) {
    expect(span.start).toBeGreaterThanOrEqual(around.start);
    expect(span.end).toBeLessThanOrEqual(around.end);
    expect(span.start).toBeLessThanOrEqual(span.end);
    expect(span.source).toBe(3);
  }
  const inner = span ?? around;
  return Object.entries(node).reduce(
    (count, [key, child]) => count + (key === 'span' ? 0 : checkSpans(child, text, inner)),
    span ? 1 : 0,
  );
}

describe('spans', () => {
  const text = [
    '#include <a.h>\nconfig = { a = "b" }',
    'kprobe:f /pid == 1/ { @a[1, 2] = hist(args.x->y[3]); if (1) { 2 } else { } }',
    'fn f($a : struct x*) : int8 { for $i : 0..3 { $b = (x = 1, y = (2, 3)); } return -1 ? 2 : 3 }',
  ].join('\n');

  test('children lie inside their parents', () => {
    const { script, messages } = parse(text, 3);
    expect(messages).toEqual([]);
    expect(checkSpans(script, text)).toBeGreaterThan(60);
  });

  test('cover the text of the node', () => {
    const source = 'BEGIN { @x[ $a /* c */ , 2 ] = 1 + f ( 3 ) ; }';
    const { script } = parse(source);
    const [probe] = script.items;
    if (probe?.kind !== 'probe') throw new Error('no probe');
    const [assign] = probe.body.statements;
    if (assign?.kind !== 'assign' || assign.target.kind !== 'map-access') throw new Error('no assignment');
    const slice = ({ span }: { readonly span: { start: number; end: number } }): string =>
      source.slice(span.start, span.end);
    expect(slice(probe)).toBe(source);
    expect(slice(assign)).toBe('@x[ $a /* c */ , 2 ] = 1 + f ( 3 )');
    expect(slice(assign.target)).toBe('@x[ $a /* c */ , 2 ]');
    expect(slice(assign.target.key)).toBe('$a /* c */ , 2');
    expect(slice({ span: assign.operatorSpan })).toBe('=');
    expect(slice(assign.value)).toBe('1 + f ( 3 )');
  });
});

test('comments are kept in source order', () => {
  const { script } = parse('// a\nBEGIN /* b */ { // c\n}\n/* d\n */');
  expect(script.comments.map(({ style, text }) => [style, text])).toEqual([
    ['line', '// a'],
    ['block', '/* b */'],
    ['line', '// c'],
    ['block', '/* d\n */'],
  ]);
});

test('one parser serves many scripts and keeps nothing between them', () => {
  const wrong = 'BEGIN { $x = ( ; ';
  const first = parse(wrong);
  expect(parse('BEGIN { @ = 1; }').messages).toEqual([]);
  expect(parse(wrong)).toEqual(first);
});

describe('deep and long texts', () => {
  const deep = 50_000;
  test.each([
    { name: 'parentheses', text: `BEGIN { $x = ${'('.repeat(deep)}1${')'.repeat(deep)}; }` },
    { name: 'open parentheses', text: `BEGIN { $x = ${'('.repeat(deep)}` },
    { name: 'blocks', text: `BEGIN ${'{'.repeat(deep)}${'}'.repeat(deep)}` },
    { name: 'calls', text: `BEGIN { ${'f('.repeat(deep)}${')'.repeat(deep)} }` },
    { name: 'map keys', text: `BEGIN { ${'@a['.repeat(deep)}1${']'.repeat(deep)} }` },
    { name: 'prefixes', text: `BEGIN { $x = ${'!'.repeat(deep)}1; }` },
    { name: 'casts', text: `BEGIN { $x = ${'(int8)'.repeat(deep)}1; }` },
    { name: 'cast look-ahead', text: `BEGIN { $x = ${'(a['.repeat(deep)}1; }` },
    { name: 'ternaries', text: `BEGIN { $x = ${'1 ? 2 : '.repeat(deep)}3; }` },
    { name: 'ifs', text: `BEGIN { ${'if 1 { '.repeat(deep)} }` },
    { name: 'typeof', text: `BEGIN { let $x : ${'typeof('.repeat(deep)} }` },
    { name: 'tuples', text: `BEGIN { $x = ${'(1,'.repeat(deep)} }` },
    { name: 'records', text: `BEGIN { $x = ${'(a='.repeat(deep)} }` },
    { name: 'comptime', text: `BEGIN { $x = ${'comptime '.repeat(deep)}1; }` },
  ])('$name are refused when nested too deeply', ({ text }) => {
    const { messages } = parse(`END { }\n${text}`);
    expect(messages.at(-1)).toBe(`syntax: nested too deeply: the limit is ${NESTING_LIMIT} levels`);
  });

  test.each([
    { name: 'operators', text: `BEGIN { $x = 1${' + 1'.repeat(deep)}; }` },
    { name: 'fields', text: `BEGIN { $x = $y${'.a'.repeat(deep)}; }` },
    { name: 'else ifs', text: `BEGIN { if 1 { }${' else if 1 { }'.repeat(deep)} }` },
    { name: 'pointers', text: `BEGIN { let $x : a${'*'.repeat(deep)}; }` },
  ])('a tree made tall by $name is refused', ({ text }) => {
    const { script, messages } = parse(`${text} END { exit(); }`);
    expect(messages).toEqual([`syntax: nested too deeply: the limit is ${HEIGHT_LIMIT} levels`]);
    expect(script.items.map((item) => item.kind)).toEqual(['error-item', 'probe']);
  });

  test.each([
    { name: 'parentheses', text: `BEGIN { $x = ${'('.repeat(40)}1${')'.repeat(40)}; }` },
    { name: 'operators', text: `BEGIN { $x = 1${' + 1'.repeat(1000)}; }` },
    { name: 'else ifs', text: `BEGIN { if 1 { }${' else if 1 { }'.repeat(300)} }` },
    { name: 'blocks', text: `BEGIN ${'{'.repeat(30)}${'}'.repeat(30)}` },
    { name: 'statements', text: `BEGIN { ${'$x = 1; '.repeat(20_000)} }` },
    { name: 'probes', text: 'BEGIN { }\n'.repeat(5_000) },
    { name: 'attach points', text: `${'kprobe:f,\n'.repeat(5_000)} { }` },
    { name: 'map keys', text: `BEGIN { @x[1${', 1'.repeat(10_000)}] = 1; }` },
    { name: 'a string', text: `BEGIN { $x = "${'\\n.'.repeat(500_000)}"; }` },
    { name: 'a comment', text: `/*${'*'.repeat(2_000_000)}*/BEGIN { }` },
    { name: 'blanks', text: `${' '.repeat(2_000_000)}BEGIN { }` },
  ])('many $name are fine', ({ text }) => {
    const { script, messages } = parse(text);
    expect(messages).toEqual([]);
    // Passes recurse over what the parser lets through.
    expect(printScript(script).length).toBeGreaterThan(0);
  });

  test.each([
    { name: 'wrong statements', text: `BEGIN { ${'$x = ; ] '.repeat(10_000)}` },
    { name: 'wrong items', text: '} macro 3 { } '.repeat(5_000) },
    { name: 'junk', text: `BEGIN { ${') ] : '.repeat(20_000)}` },
    { name: 'unknown characters', text: '`'.repeat(100_000) },
    { name: 'slashes in a predicate', text: `BEGIN /1${' / /*c*/'.repeat(20_000)}` },
    { name: 'unclosed C types', text: 'struct { '.repeat(5_000) },
    { name: 'open quotes', text: '" \n'.repeat(20_000) },
    { name: 'open braces with errors', text: 'BEGIN { ] '.repeat(20_000) },
  ])('many $name end in errors', ({ text }) => {
    expect(parse(text).messages.length).toBeGreaterThan(0);
  });
});

describe('parseExpression', () => {
  test.each([
    { name: 'an expression', text: '1 + (2 * x)', want: '1 + 2 * x' },
    { name: 'with comments', text: '/* a */ 1 // b', want: '1' },
    { name: 'two expressions', text: '1 2', want: undefined },
    { name: 'nothing', text: '', want: undefined },
    { name: 'half of one', text: '1 +', want: undefined },
    { name: 'a closing brace', text: '1 }', want: undefined },
  ])('$name', ({ text, want }) => {
    const list = new DiagnosticList();
    const expression = parseExpression({ name: 'm', text }, 0, list);
    expect(expression && printExpression(expression)).toBe(want);
    expect(list.hasErrors).toBe(want === undefined);
  });
});
