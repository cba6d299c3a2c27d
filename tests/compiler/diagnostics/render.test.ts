import { describe, expect, test } from 'vitest';
import type { Diagnostic } from '../../../bpf/diagnostic.ts';
import { diagnosticsToJson } from '../../../compiler/diagnostics/json.ts';
import { LineIndex } from '../../../compiler/diagnostics/line-index.ts';
import { renderDiagnostics } from '../../../compiler/diagnostics/render.ts';

const SOURCE = { name: 'a.bt', text: 'BEGIN {\n\t$x = 1;\r\n  "é𝄞" @y;\n}' };

function at(text: string, length = text.length): { source: number; start: number; end: number } {
  const start = SOURCE.text.indexOf(text);
  return { source: 0, start, end: start + length };
}

const error = (message: string, more: Partial<Diagnostic> = {}): Diagnostic => ({
  code: 'BT0001',
  severity: 'error',
  message,
  ...more,
});

describe('renderDiagnostics', () => {
  test.each([
    {
      name: 'one line, tab before the place',
      have: error('bad', { span: at('$x') }),
      want: 'a.bt:2:2-4: ERROR: bad\n    $x = 1;\n    ~~\n',
    },
    {
      name: 'a tab inside the place',
      have: error('bad', { span: at('\t$x') }),
      want: 'a.bt:2:1-4: ERROR: bad\n    $x = 1;\n~~~~~~\n',
    },
    {
      name: 'characters of several units before the place',
      have: error('bad', { span: at('@y') }),
      want: 'a.bt:3:8-10: ERROR: bad\n  "é𝄞" @y;\n       ~~\n',
    },
    {
      name: 'several lines',
      have: error('bad', { span: at('{\n\t$x') }),
      want: 'a.bt:1-2: ERROR: bad\nBEGIN {\n\t$x = 1;\n',
    },
    { name: 'no place', have: error('bad'), want: 'ERROR: bad\n' },
    {
      name: 'a place in no source',
      have: error('bad', { span: { source: 9, start: 0, end: 1 } }),
      want: 'ERROR: bad\n',
    },
    {
      name: 'related places, then hints',
      have: error('bad', {
        span: at('$x'),
        related: [{ message: 'Here.', span: at('@y') }],
        hints: ['do', 'or'],
      }),
      want:
        'a.bt:2:2-4: ERROR: bad\n    $x = 1;\n    ~~\n' +
        'a.bt:3:8-10: ERROR: Here.\n  "é𝄞" @y;\n       ~~\nHINT: do\nHINT: or\n',
    },
    {
      name: 'the end of the text',
      have: error('bad', { span: { source: 0, start: 99, end: 99 } }),
      want: 'a.bt:4:2-2: ERROR: bad\n}\n \n',
    },
  ])('$name', ({ have, want }) => {
    expect(renderDiagnostics([have], [SOURCE])).toBe(want);
  });

  test('errors come before warnings, each in its order', () => {
    const items = [
      error('w1', { severity: 'warning' }),
      error('e1'),
      error('w2', { severity: 'warning' }),
      error('e2'),
    ];
    expect(renderDiagnostics(items, [])).toBe('ERROR: e1\nERROR: e2\nWARNING: w1\nWARNING: w2\n');
  });

  test('colours the message, not the place', () => {
    const text = renderDiagnostics([error('e', { span: at('$x') })], [SOURCE], { color: true });
    expect(text.split('\n')[0]).toBe('a.bt:2:2-4: \u001b[31mERROR: e\u001b[0m');
    expect(renderDiagnostics([error('w', { severity: 'warning' })], [], { color: true })).toContain(
      '\u001b[33mWARNING',
    );
  });
});

test('diagnosticsToJson', () => {
  const items = [error('bad', { span: at('$x'), hints: ['do'] }), error('none')];
  expect(diagnosticsToJson(items, [SOURCE])).toEqual([
    {
      code: 'BT0001',
      severity: 'error',
      message: 'bad',
      hints: ['do'],
      file: 'a.bt',
      line: 2,
      column: 2,
      endLine: 2,
      endColumn: 4,
    },
    { code: 'BT0001', severity: 'error', message: 'none' },
  ]);
});

test('LineIndex finds every offset of a text', () => {
  const text = 'a\n\nbc\n';
  const index = new LineIndex({ name: 'x', text });
  const found = Array.from({ length: text.length + 1 }, (_, offset) => {
    const { line, column } = index.position(offset);
    return `${line}:${column}`;
  });
  expect(found).toEqual(['1:1', '1:2', '2:1', '3:1', '3:2', '3:3', '4:1']);
  expect([1, 2, 3, 4, 5].map((line) => index.lineText(line))).toEqual(['a', '', 'bc', '', '']);
  expect(index.lineCount).toBe(4);
});

describe('very long lines', () => {
  const source = { name: 'l.bt', text: `${'a'.repeat(500)}XY${'b'.repeat(500)}` };
  const shown = (start: number, end: number): string[] =>
    renderDiagnostics([error('bad', { span: { source: 0, start, end } })], [source]).split('\n');

  test('show what stands around the place; the header keeps the columns', () => {
    const [header, line, underline] = shown(500, 502);
    expect(header).toBe('l.bt:1:501-503: ERROR: bad');
    expect(line).toBe(`…${'a'.repeat(80)}XY${'b'.repeat(80)}…`);
    expect(underline).toBe(`${' '.repeat(81)}~~`);
  });

  test('at the ends, and a place that is longer itself', () => {
    expect(shown(0, 1)[1]).toBe(`${'a'.repeat(81)}…`);
    expect(shown(1001, 1002)[1]).toBe(`…${'b'.repeat(81)}`);
    const [, line, underline] = shown(100, 900);
    expect([line?.length, underline?.length]).toEqual([300, 299]);
  });
});

/** language.md §2.17: columns count characters, the underline stands below what it marks. */
describe('wide characters, tabs and line ends', () => {
  const shown = (text: string, marked: string): string => {
    const start = text.indexOf(marked);
    const span = { source: 0, start, end: start + marked.length };
    return renderDiagnostics([error('bad', { span })], [{ name: 'w.bt', text }]);
  };

  test.each([
    [
      'BEGIN { print("日本"); x }',
      'x',
      'w.bt:1:22-23: ERROR: bad',
      'BEGIN { print("日本"); x }',
      `${' '.repeat(23)}~`,
    ],
    ['/* é */ x', 'x', 'w.bt:1:9-10: ERROR: bad', '/* é */ x', `${' '.repeat(8)}~`],
    ['/* e\u0301 */ x', 'x', 'w.bt:1:10-11: ERROR: bad', '/* e\u0301 */ x', `${' '.repeat(8)}~`],
    ['"🐝🐝" x', 'x', 'w.bt:1:6-7: ERROR: bad', '"🐝🐝" x', `${' '.repeat(7)}~`],
    ['print("🐝")', '"🐝"', 'w.bt:1:7-10: ERROR: bad', 'print("🐝")', `${' '.repeat(6)}~~~~`],
    ['\t\tx\ty', 'y', 'w.bt:1:5-6: ERROR: bad', '        x    y', `${' '.repeat(13)}~`],
    ['a\r\n\tx\r\nb', 'x', 'w.bt:2:2-3: ERROR: bad', '    x', '    ~'],
  ])('%j', (text, marked, header, line, underline) => {
    expect(shown(text, marked)).toBe(`${header}\n${line}\n${underline}\n`);
  });

  test('several lines, with both line ends', () => {
    expect(shown('a {\r\n\tb\r\n}\r\nc', 'a {\r\n\tb\r\n}')).toBe('w.bt:1-3: ERROR: bad\na {\n\tb\n}\n');
  });
});
