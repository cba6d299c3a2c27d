/** What `--test` and `--bench` print: lines as gtest's and a table, or JSON. */
import { encodeText } from './byte-string.ts';
import { quote } from './json-sink.ts';
import type { Streams } from './sink.ts';

export interface TestResult {
  readonly name: string;
  readonly passed: boolean;
  readonly nanoseconds: number;
  /** What it printed: shown of a test that failed. */
  readonly output: string;
}

export interface BenchmarkResult {
  readonly name: string;
  readonly averageNs: number;
  readonly iterations: number;
}

export interface RunnerReport {
  testsBegin(count: number): void;
  testBegin(name: string): void;
  testEnd(result: TestResult): void;
  testsEnd(results: readonly TestResult[]): void;
  benchmarks(results: readonly BenchmarkResult[]): void;
}

/** Columns of the table of benchmarks. */
const NAME_WIDTH = 41;
const TIME_WIDTH = 15;
const COUNT_WIDTH = 10;

export function textRunnerReport({ out }: Streams): RunnerReport {
  const line = (text: string): void => out(encodeText(`${text}\n`));
  return {
    testsBegin: (count) => line(`[==========] Running ${tests(count)}.`),
    testBegin: (name) => line(`[ RUN      ] ${name}`),
    testEnd({ name, passed, nanoseconds, output }): void {
      if (!passed) out(encodeText(output));
      line(`${passed ? '[       OK ]' : '[  FAILED  ]'} ${name} (${milliseconds(nanoseconds)} ms)`);
    },
    testsEnd(results): void {
      const total = results.reduce((sum, { nanoseconds }) => sum + nanoseconds, 0);
      const failed = results.filter(({ passed }) => !passed);
      line(`[==========] ${tests(results.length)} ran. (${milliseconds(total)} ms total)`);
      line(`[  PASSED  ] ${tests(results.length - failed.length)}.`);
      if (failed.length === 0) return;
      line(`[  FAILED  ] ${tests(failed.length)}, listed below:`);
      for (const { name } of failed) line(`[  FAILED  ] ${name}`);
    },
    benchmarks(results): void {
      const width = Math.max(NAME_WIDTH, ...results.map(({ name }) => name.length + 1));
      line(`${'Benchmark'.padEnd(width)}${'Time(ns)'.padEnd(TIME_WIDTH)}Iterations`);
      line('-'.repeat(width + TIME_WIDTH + COUNT_WIDTH));
      for (const { name, averageNs, iterations } of results) {
        line(`${name.padEnd(width)}${String(Math.round(averageNs)).padEnd(TIME_WIDTH)}${iterations}`);
      }
    },
  };
}

/** A line for each result; times are in nanoseconds. */
export function jsonRunnerReport({ out }: Streams): RunnerReport {
  const line = (type: string, name: string, data: string): void => {
    out(`{"type": "${type}", "data": {${quote(encodeText(name))}: ${data}}}\n`);
  };
  return {
    testsBegin: () => {},
    testBegin: () => {},
    testEnd: ({ name, passed, nanoseconds, output }) =>
      line(
        'test_result',
        name,
        `{"duration": ${Math.round(nanoseconds)}, "passed": ${passed}, "output": ${quote(encodeText(output))}}`,
      ),
    testsEnd: () => {},
    benchmarks(results): void {
      for (const { name, averageNs, iterations } of results) {
        line('benchmark_result', name, `{"average": ${Math.round(averageNs)}, "iters": ${iterations}}`);
      }
    },
  };
}

function tests(count: number): string {
  return count === 1 ? '1 test' : `${count} tests`;
}

function milliseconds(nanoseconds: number): number {
  return Math.round(nanoseconds / 1e6);
}
