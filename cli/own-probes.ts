/** `--test` and `--bench`: runs the script's own tests or benchmarks and reports them. */
import type { Source } from '../bpf/span.ts';
import { bytesOf } from '../runtime/output/byte-string.ts';
import { jsonRunnerReport, textRunnerReport } from '../runtime/output/runner-report.ts';
import { type CapturedSink, type RunnerOptions, runBenchmarks, runTests } from '../runtime/probe-runner.ts';
import type { SessionOptions } from '../runtime/session.ts';
import { createSink, type ExecuteFlags } from './execute.ts';
import { CliError, type CliIo } from './io.ts';
import type { ResultStream } from './output.ts';

/** Gives the exit code. */
export async function runOwnProbes(
  session: SessionOptions,
  sources: readonly Source[],
  results: ResultStream,
  flags: ExecuteFlags,
  io: CliIo,
): Promise<number> {
  const streams = { out: results.write, err: (text: string): void => io.stderr(text) };
  const filter = filterOf(flags.probeFilter);
  const options: RunnerOptions = {
    ...session,
    ...(filter === undefined ? {} : { filter }),
    report: flags.f === 'json' ? jsonRunnerReport(streams) : textRunnerReport(streams),
    capture: () => capture(session, sources, results, flags, io),
  };
  return flags.test === true ? runTests(options) : runBenchmarks(options);
}

function filterOf(text: string | undefined): RegExp | undefined {
  if (text === undefined) return undefined;
  try {
    return new RegExp(text);
  } catch (error) {
    throw new CliError(`Invalid regular expression '${text}' for --probe-filter`, 1, { cause: error });
  }
}

/** What a test prints on both streams, as text. */
function capture(
  { context }: SessionOptions,
  sources: readonly Source[],
  results: ResultStream,
  flags: ExecuteFlags,
  io: CliIo,
): CapturedSink {
  const pieces: string[] = [];
  const decoder = new TextDecoder();
  const stream: ResultStream = { ...results, write: (text) => pieces.push(decoder.decode(bytesOf(text))) };
  const quietIo: CliIo = {
    ...io,
    stderr: (chunk) => pieces.push(typeof chunk === 'string' ? chunk : decoder.decode(chunk)),
  };
  const sink = createSink(sources, context, stream, { ...flags, f: 'text', q: true }, quietIo);
  return { sink, text: () => pieces.join('') };
}
