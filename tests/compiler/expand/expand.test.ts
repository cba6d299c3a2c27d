/** Expansion of macros (2.11): where its nodes stand, whose macros win, and that it ends. Values: tests/cases/language/macros.txt. */
import { describe, expect, test } from 'vitest';
import { DiagnosticList } from '../../../bpf/diagnostic.ts';
import { expansionChain } from '../../../bpf/span.ts';
import { diagnosticsToJson } from '../../../compiler/diagnostics/json.ts';
import { renderDiagnostics } from '../../../compiler/diagnostics/render.ts';
import { CConstants } from '../../../compiler/expand/c-constants.ts';
import { Expander } from '../../../compiler/expand/expand.ts';
import { MacroTable } from '../../../compiler/expand/macro-table.ts';
import type { Statement } from '../../../compiler/syntax/ast.ts';
import { parseScript } from '../../../compiler/syntax/parse.ts';
import { printExpression } from '../../../compiler/syntax/print-source.ts';
import { compileText } from '../support.ts';

function tableOf(text: string, origin: 'script' | 'library'): MacroTable {
  const table = new MacroTable();
  for (const item of parseScript({ name: origin, text }, 1, new DiagnosticList()).items)
    if (item.kind === 'macro') table.add({ definition: item, origin });
  return table;
}

function expand(text: string, macros: string, library = ''): string {
  const sink = new DiagnosticList();
  const script = parseScript({ name: 'stdin', text }, 0, sink);
  const theirs = tableOf(library, 'library');
  const expander = new Expander({
    macros: tableOf(macros, 'script'),
    functions: new Set(['own']),
    constants: new CConstants(new Map(), sink),
    library: (name) => (theirs.has(name) ? theirs : undefined),
    isKnown: () => false,
    sink,
  });
  const [probe] = script.items.flatMap((item) => (item.kind === 'probe' ? expander.item(item) : []));
  expect(sink.items).toEqual([]);
  const printed = (one: Statement): string =>
    one.kind === 'expression-statement' ? printExpression(one.expression) : one.kind;
  return probe!.body.statements.map(printed).join('; ');
}

describe('2.11 whose macro is meant', () => {
  const library = 'macro a() { b() } macro b() { 1 } macro c(x) { x }';

  test('the script’s own in the script, the library’s inside the library', () => {
    expect(expand('begin { print(a()); print(b()); }', 'macro b() { 2 }', library)).toBe(
      'print(1); print(2)',
    );
  });

  test('the library’s where the script’s takes other arguments', () => {
    expect(expand('begin { print(c(1)); print(c()); }', 'macro c() { 3 }', library)).toBe(
      'print(1); print(3)',
    );
  });

  test('a function of the script hides the library’s macro', () => {
    expect(expand('begin { print(own(1)); }', '', 'macro own(x) { 2 }')).toBe('print(own(1))');
  });
});

describe('2.11 places', () => {
  const text = 'macro inner(x) { x + "t" }\nmacro outer(y) { inner(y) }\nbegin {\n  print(outer(7));\n}\n';
  const result = compileText(text);

  test('the use comes first, then the chain of what it was expanded from', () => {
    const [problem] = result.diagnostics;
    const at = [problem!.span!, ...expansionChain(problem!.span!)];
    expect(at.map(({ start, end }) => text.slice(start, end))).toEqual(['outer(7)', 'inner(y)', '+']);
    expect(renderDiagnostics(result.diagnostics, result.sources)).toBe(
      [
        "stdin:4:9-17: ERROR: The + operator can not be used on expressions of types 'int8', 'string[2]'",
        '  print(outer(7));',
        '        ~~~~~~~~',
        'stdin:2:18-26: expanded from',
        'macro outer(y) { inner(y) }',
        '                 ~~~~~~~~',
        'stdin:1:20-21: expanded from',
        'macro inner(x) { x + "t" }',
        '                   ~',
        '',
      ].join('\n'),
    );
  });

  test('as data too', () => {
    const [problem] = diagnosticsToJson(result.diagnostics, result.sources);
    expect(problem).toMatchObject({ line: 4, column: 9, endColumn: 17 });
    expect(problem?.expandedFrom?.map(({ line, column }) => [line, column])).toEqual([
      [2, 18],
      [1, 20],
    ]);
  });

  test('an argument’s own mistake is marked in the argument', () => {
    const script = 'macro both(e) { e + e } begin { print(both($nothing)); }';
    const { diagnostics } = compileText(script);
    const spans = diagnostics.map(({ span }) => script.slice(span!.start, span!.end));
    expect(spans).toEqual(['$nothing']);
  });

  test('variables of macros are called as in the macro', () => {
    const { diagnostics } = compileText('macro m() { let $x = 1; $x = "s"; } begin { m(); }');
    expect(diagnostics[0]?.message).toContain('for $x:');
  });
});

describe('bounds', () => {
  test('macros that double at every step end with a complaint', () => {
    const macros = Array.from({ length: 40 }, (_, at) => `macro m${at + 1}(x) { m${at}(x) + m${at}(x) }`);
    const { diagnostics } = compileText(`macro m0(x) { x } ${macros.join(' ')} begin { print(m40(1)); }`);
    expect(diagnostics.map(({ message }) => message)).toEqual([
      'The macros expand to more than 100000 nodes',
    ]);
  });

  test('chains of macros that are too tall are refused', () => {
    const macros = Array.from({ length: 3000 }, (_, at) => `macro m${at + 1}(x) { 1 + m${at}(x) }`);
    const { ok, diagnostics } = compileText(
      `macro m0(x) { x } ${macros.join(' ')} begin { print(m3000(1)); }`,
    );
    expect(ok).toBe(false);
    expect(diagnostics[0]?.code).toBe('BT0123');
  });
});
