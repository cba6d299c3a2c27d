/**
 * `--test` and `--bench`: the script's own `test:` and `bench:` probes, each run by itself between `begin` and `end`. A
 * test passes when it returns 0, ends without `exit(N)` of another N, and reports no error; a benchmark runs as often as it takes
 * to measure it, and is left out when it returns 1.
 */
import type { AttachPoint } from '../bpf/attach-point.ts';
import type { BpfProgram } from '../bpf/object.ts';
import type { LoadedObject } from './kernel.ts';
import type { BenchmarkResult, RunnerReport, TestResult } from './output/runner-report.ts';
import type { OutputSink, RuntimeMessage } from './output/sink.ts';
import { consumerOf, pointsOf, prepareSession, runBounded, type SessionOptions } from './session.ts';

export interface RunnerOptions extends SessionOptions {
  /** Only probes whose name matches. */
  readonly filter?: RegExp;
  readonly report: RunnerReport;
  /** A sink that keeps its output, for one test. */
  readonly capture: () => CapturedSink;
}

export interface CapturedSink {
  readonly sink: OutputSink;
  text(): string;
}

/** Shortest time a benchmark is measured over, nanoseconds. */
const LEAST_NS = 1e6;
const MOST_RUNS = 1e9;
const SKIP = 1;

type OwnPoint = Extract<AttachPoint, { kind: 'test' | 'bench' }>;

interface Probe {
  readonly program: BpfProgram;
  readonly name: string;
}

/** Gives the exit code: 0 when all pass. */
export async function runTests(options: RunnerOptions): Promise<number> {
  const { report } = options;
  const probes = probesOf(options, 'test');
  const { loaded } = await begin(options);
  report.testsBegin(probes.length);
  const results: TestResult[] = [];
  for (const probe of probes) {
    report.testBegin(probe.name);
    const result = await runTest(options, loaded, probe);
    report.testEnd(result);
    results.push(result);
  }
  report.testsEnd(results);
  await end(options, loaded);
  return results.every(({ passed }) => passed) ? 0 : 1;
}

/** Gives the exit code: 0 unless a benchmark reports an error. */
export async function runBenchmarks(options: RunnerOptions): Promise<number> {
  const { loaded } = await begin(options);
  const results: BenchmarkResult[] = [];
  let failed = false;
  for (const probe of probesOf(options, 'bench')) {
    const { result, hasError } = await runBenchmark(options, loaded, probe);
    failed ||= hasError;
    if (result !== undefined) results.push(result);
  }
  options.report.benchmarks(results);
  await end(options, loaded);
  return failed ? 1 : 0;
}

function probesOf({ object, filter }: RunnerOptions, kind: OwnPoint['kind']): readonly Probe[] {
  const all = pointsOf(object, kind).flatMap(({ program, point }) =>
    point.kind === kind ? { program, name: point.name } : [],
  );
  return all.filter(({ name }) => filter?.test(name) !== false);
}

async function begin(options: RunnerOptions): Promise<{ readonly loaded: LoadedObject }> {
  const { loaded, consumer } = await prepareSession(options);
  for (const { program } of pointsOf(options.object, 'begin')) {
    await runBounded(consumer, () => options.kernel.runOnce(program, consumer));
  }
  return { loaded };
}

async function end(options: RunnerOptions, loaded: LoadedObject): Promise<void> {
  const consumer = consumerOf(options, loaded);
  for (const { program } of pointsOf(options.object, 'end')) {
    await runBounded(consumer, () => options.kernel.runOnce(program, consumer));
  }
}

async function runTest(
  options: RunnerOptions,
  loaded: LoadedObject,
  { program, name }: Probe,
): Promise<TestResult> {
  const captured = options.capture();
  const errors = watchErrors(captured.sink);
  const consumer = consumerOf({ ...options, sink: errors.sink }, loaded);
  let result = 0;
  let nanoseconds = 0;
  await runBounded(consumer, async () => {
    const once = await options.kernel.runOnce(program, consumer);
    ({ result, nanoseconds } = once);
  });
  const passed = result === 0 && (consumer.exitCode ?? 0) === 0 && !errors.seen();
  return { name, passed, nanoseconds, output: captured.text() };
}

async function runBenchmark(
  options: RunnerOptions,
  loaded: LoadedObject,
  { program, name }: Probe,
): Promise<{ readonly result?: BenchmarkResult; readonly hasError: boolean }> {
  const errors = watchErrors(options.sink);
  const consumer = consumerOf({ ...options, sink: errors.sink }, loaded);
  let found: BenchmarkResult | undefined;
  await runBounded(consumer, async () => {
    for (let runs = 1; runs <= MOST_RUNS && !errors.seen(); runs *= 10) {
      const { result, nanoseconds } = await options.kernel.runOnce(program, consumer, runs);
      if (result === SKIP) return;
      found = { name, averageNs: nanoseconds / runs, iterations: runs };
      if (nanoseconds >= LEAST_NS) return;
    }
  });
  return { ...(found !== undefined && { result: found }), hasError: errors.seen() };
}

/** The sink, and whether it was told of an error. */
function watchErrors(sink: OutputSink): { readonly sink: OutputSink; seen(): boolean } {
  let seen = false;
  const runtime = (message: RuntimeMessage): void => {
    seen ||= message.diagnostic.severity === 'error';
    sink.runtime(message);
  };
  return { sink: { ...sink, runtime }, seen: () => seen };
}
