/** Runs what is compiled in a kernel and prints: the part that scripts and object files share. Needs no compiler. */
import type { BpfObject } from '../bpf/object.ts';
import type { Source } from '../bpf/span.ts';
import type { ScriptInfo } from '../compiler/script-info.ts';
import { AttachError } from '../runtime/attach-error.ts';
import { NO_IDENTITIES } from '../runtime/identities.ts';
import type { Kernel } from '../runtime/kernel.ts';
import { bindOptions } from '../runtime/named-options.ts';
import { nodeTracerHost } from '../runtime/node/tracer-host.ts';
import { encodeText } from '../runtime/output/byte-string.ts';
import type { PrintContext } from '../runtime/output/context.ts';
import { createJsonSink } from '../runtime/output/json-sink.ts';
import type { OutputSink, RuntimeMessage } from '../runtime/output/sink.ts';
import { createTextSink } from '../runtime/output/text-sink.ts';
import { runSession, type SessionOptions } from '../runtime/session.ts';
import { VerificationError } from '../runtime/verification-error.ts';
import { VmFault } from '../vm/fault.ts';
import { type CliIo, EXIT } from './io.ts';
import { type Buffering, openResults, type ResultStream } from './output.ts';
import { createProgress } from './progress.ts';
import { render } from './render.ts';

export interface ExecuteFlags {
  readonly f: string;
  readonly o?: string;
  readonly q?: boolean;
  readonly dryRun?: boolean;
  readonly verify?: boolean;
  readonly warnings?: boolean;
  readonly B: Buffering;
  readonly test?: boolean;
  readonly bench?: boolean;
  /** Only tests and benchmarks whose name matches this regular expression. */
  readonly probeFilter?: string;
}

export interface Executable {
  readonly object: BpfObject;
  readonly info: ScriptInfo;
  readonly sources: readonly Source[];
  /** Named parameters as the user wrote them. */
  readonly words?: readonly string[];
  /** What the user calls the script. */
  readonly name?: string;
}

/** Loads, attaches, runs and prints; gives the exit code. */
export async function execute(
  kernel: Kernel,
  script: Executable,
  flags: ExecuteFlags,
  io: CliIo,
): Promise<number> {
  const bound = bindOptions(script.info.options ?? [], script.words ?? [], script.name ?? script.object.name);
  if (bound.kind === 'help') {
    io.stdout(bound.text);
    return EXIT.ok;
  }
  if (bound.kind === 'problem') {
    io.stderr(`ERROR: ${bound.message}\n${bound.hint === undefined ? '' : `HINT: ${bound.hint}\n`}`);
    return EXIT.refused;
  }
  const results = openResults(io, flags.o, flags.B);
  const context = printContext(kernel, script.info.config.strTruncTrailer);
  const progress = createProgress(kernel, io);
  const sink = createSink(script.sources, context, results, flags, io);
  const signal = flags.dryRun === true ? AbortSignal.abort() : io.signal;
  try {
    const session: SessionOptions = {
      kernel,
      object: script.object,
      info: script.info,
      sink,
      context,
      options: bound.values,
      host: nodeTracerHost(io.cwd ?? process.cwd()),
      ...(signal === undefined ? {} : { signal }),
      ...(flags.verify === undefined ? {} : { verify: flags.verify }),
      onProgress: () => {
        results.tick();
        progress.tick();
      },
      ...(io.onSelfSignal === undefined ? {} : { onSelfSignal: io.onSelfSignal }),
    };
    if (flags.test === true || flags.bench === true) {
      const { runOwnProbes } = await import('./own-probes.ts');
      return await runOwnProbes(session, script.sources, results, flags, io);
    }
    const { exitCode, lost } = await runSession(session);
    progress.clear();
    if (lost > 0) io.stderr(`WARNING: Total lost event count: ${lost}\n`);
    return exitCode;
  } catch (error) {
    if (error instanceof VmFault) io.stderr(faultText(error, script.sources, io));
    if (error instanceof VerificationError) return await refuse(error, io);
    if (!(error instanceof AttachError)) throw error;
    io.stderr(`ERROR: ${error.message}\n`);
    return EXIT.attach;
  } finally {
    results.close();
  }
}

/** Programs that Linux would refuse, each with its explanation. */
export async function refuse({ programs }: VerificationError, io: CliIo): Promise<number> {
  const { renderExplanation } = await import('../verifier/index.ts');
  for (const { name, section, explanation } of programs) {
    io.stderr(
      `ERROR: Linux would refuse the program ${name} (${section})\n${renderExplanation(explanation)}`,
    );
  }
  io.stderr('HINT: --no-verify runs it all the same\n');
  return EXIT.refused;
}

/** A fault is a bug of ours; the place in the script is what helps to tell of it. */
function faultText({ details, problem }: VmFault, sources: readonly Source[], io: CliIo): string {
  const message = `program ${details.program}, instruction ${details.instruction}: ${problem}`;
  const place = details.span === undefined ? {} : { span: details.span };
  return render([{ code: 'RT0005', severity: 'error', message, ...place }], sources, io);
}

/** What printing asks of the kernel; `trailer` is appended to strings without an end. */
export function printContext(kernel: Pick<Kernel, 'clock' | 'identities'>, trailer: string): PrintContext {
  const identities = kernel.identities?.() ?? NO_IDENTITIES;
  return {
    strTruncTrailer: encodeText(trailer),
    epochNs: (stamp, clock) => {
      const { wallOffsetNs, taiOffsetNs } = kernel.clock();
      return stamp + wallOffsetNs - (clock === 'tai' || clock === 'sw_tai' ? taiOffsetNs : 0n);
    },
    nowEpochNs: () => {
      const { bootNs, wallOffsetNs } = kernel.clock();
      return bootNs + wallOffsetNs;
    },
    userName: (uid) => {
      const name = identities.userName(uid);
      return name && encodeText(name);
    },
    cgroupPaths: (id) => identities.cgroupPaths(id),
    resolve: () => undefined,
  };
}

/** The sink of `-f`. */
export function createSink(
  sources: readonly Source[],
  context: PrintContext,
  results: ResultStream,
  flags: ExecuteFlags,
  io: CliIo,
): OutputSink {
  const streams = { out: results.write, err: (text: string): void => io.stderr(text) };
  const quiet = flags.q === true;
  const sink =
    flags.f === 'json'
      ? createJsonSink({ streams, context, quiet, sources })
      : createTextSink({
          streams,
          context,
          quiet,
          render: (message) => runtimeText(message, sources, io),
        });
  return flags.warnings === false ? withoutWarnings(sink) : sink;
}

function withoutWarnings(sink: OutputSink): OutputSink {
  return {
    ...sink,
    runtime(message: RuntimeMessage): void {
      if (message.diagnostic.severity === 'error') sink.runtime(message);
    },
  };
}

/** As a compile-time message, with the helper's name and return code on a line of their own after the first. */
function runtimeText(message: RuntimeMessage, sources: readonly Source[], io: CliIo): string {
  const text = render([message.diagnostic], sources, io);
  if (message.helper === undefined) return text;
  const end = text.indexOf('\n') + 1;
  const { name, retcode } = message.helper;
  return `${text.slice(0, end)}Additional Info - helper: ${name}, retcode: ${retcode}\n${text.slice(end)}`;
}
