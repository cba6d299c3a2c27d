/** Root imports and imports in blocks (2.2): what they bring, and what is refused where. */
import { describe, expect, test } from 'vitest';
import type { CompileResult } from '../../../compiler/compile.ts';
import { LineIndex } from '../../../compiler/diagnostics/line-index.ts';
import { type MemoryOptions, memoryFiles } from '../memory-files.ts';
import { compileText } from '../support.ts';

interface Script extends MemoryOptions {
  readonly text: string;
  readonly name?: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
}

function run({ text, name = 'tool.bt', files = {}, env = {}, ...options }: Script): CompileResult {
  return compileText(text, { name, env, files: memoryFiles(files, options) });
}

function said({ diagnostics, sources }: CompileResult): string[] {
  return diagnostics.map(({ severity, message, span }) => {
    const source = span && sources[span.source];
    const at = source && new LineIndex(source).position(span.start);
    return `${severity} ${at ? `${source.name}:${at.line}:${at.column}` : '-'} ${message}`;
  });
}

const programs = ({ object }: CompileResult): string[] => (object?.programs ?? []).map(({ name }) => name);

describe('2.2 root imports', () => {
  test('of scripts: macros, functions, maps, C definitions and probes', () => {
    const result = run({
      text: 'import "lib/all.bt"; begin { @table[1] = LIMIT; print(twice(add(1, 2))); }',
      files: {
        'lib/all.bt': `#define LIMIT 7
          let @table = lruhash(9);
          macro twice(n) { n * 2 }
          fn add($a : int64, $b : int64) : int64 { return $a + $b; }
          end { print(LIMIT); }`,
      },
    });
    expect(said(result)).toEqual([]);
    expect(programs(result)).toEqual(['end_0', 'begin_1']);
    expect(result.object?.maps.find(({ name }) => name === '@table')).toMatchObject({
      type: 'lru_hash',
      maxEntries: 9,
    });
  });

  test('are relative to the file that imports, and each path is read once, also in circles', () => {
    const result = run({
      name: 'dir/tool.bt',
      text: 'import "a.bt"; import "./sub/../a.bt"; begin { print(b()); }',
      files: {
        'dir/a.bt': 'import "sub/b.bt";',
        'dir/sub/b.bt': 'import "../a.bt"; import "../tool.bt"; macro b() { 1 } end { }',
      },
    });
    expect(said(result)).toEqual([]);
    expect(programs(result)).toEqual(['end_0', 'begin_1']);
  });

  test('of headers: their types and constants', () => {
    const result = run({
      text: 'import "types.h"; begin { print((sizeof(struct pair), SIDES)); }',
      files: { 'types.h': '#define SIDES 2\nstruct pair { int a[SIDES]; };\n' },
    });
    expect(said(result)).toEqual([]);
  });

  test('of folders: scripts and headers in order, nothing of what is inside folders of theirs', () => {
    const files = {
      'lib/b.bt': 'macro from_b() { 2 }',
      'lib/a.bt': 'macro from_a() { 1 }',
      'lib/c.h': '#define FROM_C 3\n',
      'lib/README.md': 'no script',
      'lib/deep/d.bt': 'this is no script {',
    };
    const result = run({ text: 'import "lib"; begin { print(from_a() + from_b() + FROM_C); }', files });
    expect(said(result)).toEqual([]);
    expect(result.sources.map(({ name }) => name)).toEqual(['tool.bt', 'lib/a.bt', 'lib/b.bt', 'lib/c.h']);
  });

  test('a mistake in an imported file has its place there', () => {
    const files = { 'a.bt': '\nmacro bad() { 1 + "x" }\nend { $x = ; }' };
    expect(said(run({ text: 'import "a.bt"; begin { print(bad()); }', files }))).toEqual([
      'error a.bt:3:12 syntax: expected expression',
      "error tool.bt:1:30 The + operator can not be used on expressions of types 'int8', 'string[2]'",
    ]);
  });

  test('instructions of an imported probe stand in its file', () => {
    const result = run({ text: 'import "a.bt"; begin { }', files: { 'a.bt': 'end { print(1); }' } });
    const [end] = result.object?.programs ?? [];
    const lines = new Set(end?.instructions.flatMap(({ span }) => (span ? [span.source] : [])));
    expect([...lines]).toEqual([1]);
    expect(result.object?.sources.map(({ name }) => name)).toEqual(['tool.bt', 'a.bt']);
  });

  test.each([
    [
      'a file that is not there',
      'import "none.bt";',
      ["Failed to import 'none.bt': no such file or name of the standard library"],
    ],
    [
      'a folder that everybody may write to',
      'import "open";',
      ["Failed to import 'open': the folder is world-writable"],
    ],
    ['a folder without scripts', 'import "empty";', ["Nothing to import in 'empty'"]],
    ['C source', 'import "a.bpf.c";', ["Failed to import 'a.bpf.c': compile it with clang first"]],
    [
      'an object',
      'import "a.bpf.o";',
      ["Failed to import 'a.bpf.o': scripts and objects are not linked into one program yet"],
    ],
    ['something else', 'import "a.txt";', ["Failed to import 'a.txt': not a script (.bt) or a header (.h)"]],
    ['a config block', 'import "config.bt";', ['An imported file cannot have a config block']],
  ])('refuses %s', (_, text, messages) => {
    const files = {
      'open/a.bt': '',
      'empty/a.txt': '',
      'a.bpf.c': '',
      'a.bpf.o': '',
      'a.txt': '',
      'config.bt': 'config = { max_strlen = 64 }',
    };
    const { diagnostics } = run({ text: `${text} begin { }`, files, open: ['open'] });
    expect(diagnostics.map(({ message }) => message)).toEqual(messages);
  });

  test('of what was not found nothing follows', () => {
    const result = run({ text: 'import "none.bt"; begin { print(its_macro(@map)); }' });
    expect(said(result)).toHaveLength(1);
  });

  test('without files there is nothing to import', () => {
    const { diagnostics } = compileText('import "a.bt"; begin { }');
    expect(diagnostics).toHaveLength(1);
  });
});

describe('2.2 imports in blocks', () => {
  const text = 'begin { import "a.bt"; print(one()); }';
  const files = { 'a.bt': 'macro one() { 1 }' };

  test('are unstable, and an error unless told otherwise', () => {
    const { ok, diagnostics } = run({ text, files });
    expect(ok).toBe(false);
    expect(diagnostics[0]?.message).toMatch(/import statement/);
  });

  test('are followed with a warning, or without', () => {
    const warned = run({ text, files, env: { BPFTRACE_UNSTABLE_IMPORT_STATEMENT: 'warn' } });
    expect(warned.ok).toBe(true);
    expect(warned.diagnostics.map(({ severity }) => severity)).toEqual(['warning']);
    const enabled = run({ text, files, env: { BPFTRACE_UNSTABLE_IMPORT_STATEMENT: 'enable' } });
    expect([enabled.ok, enabled.diagnostics]).toEqual([true, []]);
  });
});
