import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cli } from './support.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'check-'));
  writeFileSync(join(folder, 'good.bt'), 'BEGIN { printf("%d\\n", $1); }');
  writeFileSync(join(folder, 'bad.bt'), 'BEGIN {\n\tprint($x);\n}\nEND { foo(1); }\n');
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('bpfkit check', () => {
  test('says nothing of a script that is fine', async () => {
    expect(await cli(['check', 'good.bt'], { cwd: folder })).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  test('checks several files and standard input, and tells all mistakes of each', async () => {
    const { code, stdout, stderr } = await cli(['check', 'bad.bt', 'good.bt', '-'], {
      cwd: folder,
      stdin: 'BEGIN { 1 + ; }',
    });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr.match(/^\S+: ERROR/gm)).toEqual([
      'bad.bt:2:8-10: ERROR',
      'bad.bt:4:7-10: ERROR',
      'stdin:1:13-14: ERROR',
    ]);
  });

  test('calls a struct that only a typedef names as C does', async () => {
    const script = 'fentry:vfs_read { $x = args.file->f_count; $x = 5; }';
    const { stderr } = await cli(['check', '-e', script]);
    expect(stderr).toContain("already has a type 'atomic64_t'");
  });

  test('prints one JSON document', async () => {
    const { code, stdout } = await cli(['check', '--json', 'bad.bt', 'good.bt'], { cwd: folder });
    const { ok, files } = JSON.parse(stdout);
    expect({ code, ok, files: files.map(({ file, ok }: never) => [file, ok]) }).toEqual({
      code: 1,
      ok: false,
      files: [
        ['bad.bt', false],
        ['good.bt', true],
      ],
    });
    expect(files[0].diagnostics[0]).toEqual({
      code: 'BT0201',
      severity: 'error',
      message: 'Undefined or undeclared variable: $x',
      file: 'bad.bt',
      line: 2,
      column: 8,
      endLine: 2,
      endColumn: 10,
    });
  });

  test('takes parameters behind --', async () => {
    const script = 'BEGIN { $x = $1 * 2; print($x); }';
    expect((await cli(['check', '-e', script, '--', '5'])).code).toBe(0);
    expect((await cli(['check', '-e', script, '--', 'five'])).code).toBe(1);
  });

  // language.md §7.18
  test('warnings go to stdout when there are no errors, else to stderr', async () => {
    const warned = await cli(['check', '-e', 'BEGIN { $x = 1; }']);
    expect(warned).toMatchObject({ code: 0, stderr: '' });
    expect(warned.stdout).toMatch(/^stdin:1:9-11: WARNING: \$x is assigned and never used\n/);
    const failed = await cli(['check', '-e', 'BEGIN { let $x; print($x); foo(); }']);
    expect(failed).toMatchObject({ code: 1, stdout: '' });
    expect(failed.stderr.indexOf('ERROR')).toBeLessThan(failed.stderr.indexOf('WARNING'));
  });

  test('lints are chosen by name', async () => {
    const script = 'tracepoint:sched:sched_switch { $x = 1; printf("a\\n"); }';
    const count = async (...flags: string[]): Promise<number> =>
      (await cli(['check', ...flags, '-e', script])).stdout.match(/WARNING/g)?.length ?? 0;
    expect(await count()).toBe(2);
    expect(await count('--lint', 'hot-output')).toBe(1);
    expect(await count('--no-lint', 'hot-output')).toBe(1);
    expect(await count('--no-lint=all')).toBe(0);
    expect(await count('--no-warnings')).toBe(0);
    const unknown = await cli(['check', '--lint', 'hot-ouput', '-e', script]);
    expect(unknown).toMatchObject({
      code: 1,
      stderr: "ERROR: Unknown lint 'hot-ouput' for --lint: did you mean 'hot-output'?\n",
    });
  });

  test('--mock-symbols takes what a script names as existing', async () => {
    const script = `kprobe:no_such_* { @[arg3] = count(); } tracepoint:no:such { @x[args.foo] = count(); printf("%s\\n", str(args.bar)); }`;
    expect((await cli(['check', '-e', script])).code).toBe(1);
    expect(await cli(['check', '--mock-symbols', '-e', script])).toMatchObject({ code: 0, stderr: '' });
    const wrong = await cli(['check', '--mock-symbols', '-e', 'tracepoint:no:such { @x = "a" - 1; foo(); }']);
    expect(wrong.stderr.match(/ERROR/g)).toHaveLength(2);
  });

  test('checks for an older kernel', async () => {
    const script = 'BEGIN { @x[1] = 1; for ($kv : @x) { print($kv); } }';
    const { code, stderr } = await cli(['check', '--kernel', '5.4', '-e', script]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/a loop over a map/);
  });

  test('wrong usage has a way out', async () => {
    expect((await cli(['check'])).stderr).toMatch(/Filenames, - or -e 'program' required/);
    expect((await cli(['check', 'a.bt', '-e', 'x'])).stderr).toMatch(/either files or -e/);
    expect((await cli(['check', 'nope.bt'])).stderr).toBe(
      "ERROR: Failed to open file 'nope.bt': No such file or directory\n",
    );
  });
});

interface Answer {
  readonly id: unknown;
  readonly ok: boolean;
  readonly diagnostics: readonly { readonly code: string; readonly message: string }[];
}

test('--diagnostics json of run and compile: one object a line on stderr, errors first', async () => {
  const script = 'BEGIN { let $x; print($x); foo(); }';
  for (const command of [[], ['run'], ['compile']]) {
    const { code, stdout, stderr } = await cli([...command, '--diagnostics', 'json', '-e', script]);
    const lines = stderr
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(lines.map(({ code: one, severity }) => [one, severity])).toEqual([
      ['BT0205', 'error'],
      ['BT0240', 'warning'],
      ['BT0271', 'warning'],
    ]);
    expect(lines[0]).toMatchObject({ line: 1, column: 28, endLine: 1, endColumn: 31 });
  }
});

describe('bpfkit check --batch', () => {
  const batch = async (
    lines: readonly string[],
    ...flags: string[]
  ): Promise<{ code: number; answers: Answer[] }> => {
    async function* stdinChunks(): AsyncIterable<string> {
      const text = lines.join('\n');
      for (let at = 0; at < text.length; at += 7) yield text.slice(at, at + 7);
    }
    const { code, stdout } = await cli(['check', '--batch', ...flags], { stdinChunks });
    return {
      code,
      answers: stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    };
  };

  test('answers every request in order', async () => {
    const { code, answers } = await batch([
      '{"id": 1, "source": "BEGIN { exit(); }"}',
      '',
      '{"id": {"any": "value"}, "source": "BEGIN { foo(); }"}',
      '{"id": "p", "source": "BEGIN { $x = $1 * 2; print($x); }", "args": ["five"]}',
      '{"id": "u", "source": "BEGIN { $x = $1 * 2; print($x); }", "args": ["--unsafe", "--", "5"]}',
    ]);
    expect(code).toBe(1);
    expect(answers.map(({ id, ok }) => [id, ok])).toEqual([
      [1, true],
      [{ any: 'value' }, false],
      ['p', false],
      ['u', true],
    ]);
    expect(answers[1]!.diagnostics).toMatchObject([
      { code: 'BT0205', severity: 'error', line: 1, column: 9, endLine: 1, endColumn: 12 },
    ]);
  });

  test('a bad line is answered and the next is read', async () => {
    const bad = [
      'nope',
      '[]',
      '1',
      'null',
      '{"id": 2}',
      '{"id": 3, "source": "BEGIN{}", "args": [1]}',
      '{"source":',
    ];
    const { code, answers } = await batch([...bad, '{"id": 9, "source": "BEGIN { }"}']);
    expect(code).toBe(1);
    expect(answers.map(({ id, ok, diagnostics }) => [id, ok, diagnostics[0]?.code])).toEqual([
      [null, false, 'BT2101'],
      [null, false, 'BT2101'],
      [null, false, 'BT2101'],
      [null, false, 'BT2101'],
      [2, false, 'BT2101'],
      [3, false, 'BT2101'],
      [null, false, 'BT2101'],
      [9, true, undefined],
    ]);
    expect(answers[0]!.diagnostics[0]!.message).toMatch(/^line 1 is no request: it is not JSON/);
  });

  test('reads a file of requests, and 0 is the exit code when all are well', async () => {
    writeFileSync(
      join(folder, 'requests'),
      '{"id":1,"source":"BEGIN { }"}\n{"id":2,"source":"kprobe:x { }"}',
    );
    const { code, stdout } = await cli(['check', '--mock-symbols', '--batch', 'requests'], { cwd: folder });
    expect({ code, lines: stdout.split('\n').length }).toEqual({ code: 0, lines: 3 });
    const missing = await cli(['check', '--batch', 'nope'], { cwd: folder });
    expect(missing).toMatchObject({
      code: 1,
      stderr: "ERROR: Failed to open file 'nope': No such file or directory\n",
    });
  });
});

test('a command or flag that is not quite right is told what it may be', async () => {
  expect((await cli(['chekc', 'x.bt'])).stderr).toBe(
    "ERROR: 'chekc' is neither a file nor a command: did you mean bpfkit check?\n",
  );
  expect(await cli(['check', '--mocksymbols', 'x.bt'])).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/Did you mean --mock-symbols[\s\S]*bpfkit check --help/),
  });
});
