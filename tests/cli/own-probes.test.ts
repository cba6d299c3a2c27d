/** `--test`, `--bench` and `self:signal` (language.md 2.4, 2.12, 2.14, 2.18). */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cli, root } from './support.ts';

const SCRIPT = `begin { @n = 40; printf("begin\\n"); }
test:adds { @n += 2; if (@n != 42) { return 1; } }
test:returns { printf("seen\\n"); return 3; }
test:reports { errorf("wrong %d", 7); }
test:exits { exit(2); }
test:ends { printf("hidden\\n"); exit(0); }
end { printf("end\\n"); }`;

describe('--test', () => {
  test('runs tests in order, shows what failed and its output, and fails', async () => {
    const { code, stdout } = await cli(['--test', '-e', SCRIPT]);
    expect(code).toBe(1);
    expect(stdout.replace(/\(\d+ ms/g, '(N ms')).toBe(`begin
[==========] Running 5 tests.
[ RUN      ] adds
[       OK ] adds (N ms)
[ RUN      ] returns
seen
[  FAILED  ] returns (N ms)
[ RUN      ] reports
stdin:4:16-37: ERROR: wrong 7
test:reports { errorf("wrong %d", 7); }
               ~~~~~~~~~~~~~~~~~~~~~
[  FAILED  ] reports (N ms)
[ RUN      ] exits
[  FAILED  ] exits (N ms)
[ RUN      ] ends
[       OK ] ends (N ms)
[==========] 5 tests ran. (N ms total)
[  PASSED  ] 2 tests.
[  FAILED  ] 3 tests, listed below:
[  FAILED  ] returns
[  FAILED  ] reports
[  FAILED  ] exits
end
`);
  });

  test('--probe-filter picks tests, which pass', async () => {
    const { code, stdout } = await cli(['--test', '--probe-filter', '^(adds|ends)$', '-e', SCRIPT]);
    expect(code).toBe(0);
    expect(stdout).toContain('[  PASSED  ] 2 tests.');
    expect(stdout).not.toContain('FAILED');
  });

  test('as JSON: a line a test', async () => {
    const { code, stdout } = await cli(['--test', '-f', 'json', '--probe-filter', 'returns', '-e', SCRIPT]);
    expect(code).toBe(1);
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    expect(lines[1]).toEqual({
      type: 'test_result',
      data: { returns: { duration: expect.any(Number) as number, passed: false, output: 'seen\n' } },
    });
  });

  test('without the flag tests and benchmarks are refused (2.18: 255)', async () => {
    for (const kind of ['test', 'bench']) {
      const { code, stderr } = await cli(['-e', `${kind}:a { }`]);
      expect([code, stderr]).toEqual([255, `ERROR: ${kind} probes run only with --${kind}\n`]);
    }
  });

  test.each([
    [['--test', '--bench', '-e', 'test:a { }'], 'Cannot use both --test and --bench'],
    [['--probe-filter', 'x', '-e', 'begin { }'], '--probe-filter is for --test and --bench'],
    [['--test', '--probe-filter', '(', '-e', 'test:a { }'], "Invalid regular expression '('"],
  ])('refuses %j', async (words, message) => {
    const { code, stderr } = await cli(words);
    expect(code).toBe(1);
    expect(stderr).toContain(message);
  });
});

describe('--bench', () => {
  const script =
    'bench:count { @ = count(); } bench:skipped { return 1; } bench:loop { for $i : 0..100 { @x += $i; } }';

  test('a table: as many runs as take a millisecond; returning 1 skips', async () => {
    const { code, stdout } = await cli(['--bench', '-e', script]);
    expect(code).toBe(0);
    const [head, rule, ...rows] = stdout.trimEnd().split('\n');
    expect(head).toBe(`${'Benchmark'.padEnd(41)}${'Time(ns)'.padEnd(15)}Iterations`);
    expect(rule).toBe('-'.repeat(66));
    expect(rows.map((row) => row.slice(0, 41).trimEnd())).toEqual(['count', 'loop']);
    for (const row of rows) {
      const [time, runs] = row.slice(41).trim().split(/ +/).map(Number);
      expect(time! * runs!).toBeGreaterThan(0.9e6);
    }
  });

  test('as JSON', async () => {
    const { stdout } = await cli(['--bench', '-f', 'json', '-e', 'bench:one { @ = count(); }']);
    expect(JSON.parse(stdout)).toEqual({
      type: 'benchmark_result',
      data: { one: { average: expect.any(Number) as number, iters: expect.any(Number) as number } },
    });
  });
});

describe('self:signal:SIGUSR1', () => {
  test('runs at each signal, and keeps a script of nothing else running until Ctrl-C', async () => {
    const script =
      'begin { printf("ready\\n"); } self:signal:SIGUSR1 { printf("got it\\n"); } end { printf("end\\n"); }';
    const child = spawn(process.execPath, [join(root, 'cli/bin.ts'), '-q', '-e', script]);
    let output = '';
    const saw = async (text: string): Promise<void> => {
      while (!output.includes(text)) await new Promise((resolve) => setTimeout(resolve, 20));
    };
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    const ended = new Promise((resolve) => child.on('exit', resolve));
    await saw('ready');
    child.kill('SIGUSR1');
    await saw('got it');
    child.kill('SIGINT');
    expect(await ended).toBe(0);
    expect(output).toBe('ready\ngot it\nend\n\n\n');
  }, 30_000);
});
