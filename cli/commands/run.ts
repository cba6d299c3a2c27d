/** `bpfkit FILE` and `bpfkit -e '…'`: compile, load, attach, run, print. */
import type { Source } from '../../bpf/span.ts';
import type { ScriptInfo } from '../../compiler/script-info.ts';
import { AttachError } from '../../runtime/attach-error.ts';
import type { Kernel } from '../../runtime/kernel.ts';
import { encodeText } from '../../runtime/output/byte-string.ts';
import type { PrintContext } from '../../runtime/output/context.ts';
import { createJsonSink } from '../../runtime/output/json-sink.ts';
import type { OutputSink, RuntimeMessage } from '../../runtime/output/sink.ts';
import { createTextSink } from '../../runtime/output/text-sink.ts';
import { runSession } from '../../runtime/session.ts';
import { VmFault } from '../../vm/fault.ts';
import { CliError, type CliIo, EXIT } from '../io.ts';
import { type KernelFlags, openKernel, parseDuration, tellWarnings } from '../kernels.ts';
import { type Buffering, openResults, type ResultStream } from '../output.ts';
import { createProgress } from '../progress.ts';
import { render } from '../render.ts';
import { compileScript, type ScriptFlags, showDiagnostics } from '../script.ts';
import type { Stage } from '../stages.ts';

export interface RunFlags extends ScriptFlags, KernelFlags {
  readonly duration?: string;
  readonly f: string;
  readonly o?: string;
  readonly q?: boolean;
  readonly v?: boolean;
  readonly k?: boolean;
  readonly l?: string | boolean;
  readonly c?: string;
  readonly dryRun?: boolean;
  readonly B: Buffering;
  readonly d?: Stage | 'all';
  readonly emit?: Stage;
}

function checkFlags(flags: RunFlags): void {
  if (flags.f !== 'text' && flags.f !== 'json') {
    throw new CliError(`Invalid output format "${flags.f}": use text or json`);
  }
  if (flags.c !== undefined && flags.p !== undefined) throw new CliError('Cannot use both -c and -p.');
  if (flags.c !== undefined)
    throw new CliError('-c needs a live kernel, and --on linux is not supported yet');
  if (flags.k === true && flags.warnings === false)
    throw new CliError('Cannot use both -k and --no-warnings.');
  if (flags.k === true)
    throw new CliError('-k is not supported yet: failed reads give zero without a warning');
}

export async function run(
  file: string | undefined,
  params: readonly string[],
  flags: RunFlags,
  io: CliIo,
): Promise<number> {
  checkFlags(flags);
  if (flags.l !== undefined) {
    const { list } = await import('./list.ts');
    return list(
      typeof flags.l === 'string' ? flags.l : file,
      {
        on: flags.on,
        ...(flags.v === undefined ? {} : { v: flags.v }),
        ...(flags.e === undefined ? {} : { e: flags.e }),
      },
      io,
    );
  }
  const durationNs = flags.duration === undefined ? undefined : parseDuration(flags.duration);
  const kernel = await openKernel({ ...flags, ...(durationNs === undefined ? {} : { durationNs }) }, io);
  try {
    tellWarnings(kernel, flags, io);
    const { result } = await compileScript(file, params, flags, kernel.describe(), io);
    tellWarnings(kernel, flags, io);
    showDiagnostics(result, flags, io);
    if (flags.emit !== undefined || flags.d !== undefined) {
      const stages: readonly Stage[] =
        flags.d === 'all' ? ['ast', 'ir', 'ir-opt', 'asm'] : [flags.emit ?? (flags.d as Stage)];
      const { stageText } = await import('../stages.ts');
      for (const stage of stages) io.stdout(stageText(result, stage) ?? '');
    }
    if (!result.ok || result.object === undefined || result.info === undefined) return EXIT.refused;
    if (flags.emit !== undefined) return EXIT.ok;
    return await execute(
      kernel,
      { object: result.object, info: result.info, sources: result.sources },
      flags,
      io,
    );
  } finally {
    await kernel.close();
  }
}

interface Executable {
  readonly object: Parameters<typeof runSession>[0]['object'];
  readonly info: ScriptInfo;
  readonly sources: readonly Source[];
}

async function execute(kernel: Kernel, script: Executable, flags: RunFlags, io: CliIo): Promise<number> {
  const results = openResults(io, flags.o, flags.B);
  const context = printContext(kernel, script.info);
  const progress = createProgress(kernel, io);
  const sink = createSink(script, context, results, flags, io);
  const signal = flags.dryRun === true ? AbortSignal.abort() : io.signal;
  try {
    const session = await runSession({
      kernel,
      object: script.object,
      info: script.info,
      sink,
      context,
      ...(signal === undefined ? {} : { signal }),
      onProgress: () => {
        results.tick();
        progress.tick();
      },
    });
    progress.clear();
    if (session.lost > 0) io.stderr(`WARNING: Total lost event count: ${session.lost}\n`);
    return session.exitCode;
  } catch (error) {
    if (error instanceof VmFault) io.stderr(faultText(error, script.sources, io));
    if (!(error instanceof AttachError)) throw error;
    io.stderr(`ERROR: ${error.message}\n`);
    return EXIT.attach;
  } finally {
    results.close();
  }
}

/** A fault is a bug of ours; the place in the script is what helps to tell of it. */
function faultText({ details, problem }: VmFault, sources: readonly Source[], io: CliIo): string {
  const message = `program ${details.program}, instruction ${details.instruction}: ${problem}`;
  const place = details.span === undefined ? {} : { span: details.span };
  return render([{ code: 'RT0005', severity: 'error', message, ...place }], sources, io);
}

function printContext(kernel: Kernel, info: ScriptInfo): PrintContext {
  return {
    strTruncTrailer: encodeText(info.config.strTruncTrailer),
    epochNs: (stamp) => stamp + kernel.clock().wallOffsetNs,
    nowEpochNs: () => {
      const { bootNs, wallOffsetNs } = kernel.clock();
      return bootNs + wallOffsetNs;
    },
    resolve: (kind, bytes) => (kind === 'username' && isRoot(bytes) ? 'root' : undefined),
  };
}

/** The one name every Unix shares; other ids belong to a machine that is not at hand. */
function isRoot(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}

function createSink(
  script: Executable,
  context: PrintContext,
  results: ResultStream,
  flags: RunFlags,
  io: CliIo,
): OutputSink {
  const streams = { out: results.write, err: (text: string): void => io.stderr(text) };
  const quiet = flags.q === true;
  const sink =
    flags.f === 'json'
      ? createJsonSink({ streams, context, quiet, sources: script.sources })
      : createTextSink({
          streams,
          context,
          quiet,
          render: (message) => runtimeText(message, script.sources, io),
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
