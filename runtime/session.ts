/**
 * The session: the main loop all commands share. It loads a compiled script into a kernel, runs `BEGIN`, attaches,
 * pumps until the world ends or `exit()` is seen, detaches, runs `END` and prints what the maps hold.
 */
import { type AttachPoint, isOwnKind, type OwnKind } from '../bpf/attach-point.ts';
import type { BpfObject, BpfProgram } from '../bpf/object.ts';
import type { ScriptInfo } from '../compiler/script-info.ts';
import { VmFault } from '../vm/fault.ts';
import { AttachError } from './attach-error.ts';
import type { Kernel, Link, LoadedObject, OutputConsumer } from './kernel.ts';
import type { OptionValues } from './named-options.ts';
import type { PrintContext } from './output/context.ts';
import { viewMap } from './output/map-view.ts';
import { OUTPUT_BUFFER, type OutputSink } from './output/sink.ts';
import { createStackTexts, symbolText } from './output/stack-text.ts';
import { type ActionConsumer, createActionConsumer } from './session-actions.ts';
import { writeStartValues } from './start-values.ts';
import type { TracerHost } from './tracer-host.ts';
import { VerificationError } from './verification-error.ts';

export interface SessionOptions {
  readonly kernel: Kernel;
  readonly object: BpfObject;
  readonly info: ScriptInfo;
  readonly sink: OutputSink;
  readonly context: PrintContext;
  /** Named parameters that were given, by name. */
  readonly options?: OptionValues;
  /** For `cat()` and `system()`; absent where there are neither files nor a shell, as in a page. */
  readonly host?: TracerHost;
  /** Ends the session as Ctrl-C does: `END` runs, maps are printed. */
  readonly signal?: AbortSignal;
  /** Called between pumps, for a progress bar. */
  readonly onProgress?: () => void;
  /** False: load what Linux would refuse, too. */
  readonly verify?: boolean;
  /** Calls back whenever the host gets SIGUSR1, for `self:signal:SIGUSR1`; gives what ends that. */
  readonly onSelfSignal?: (handler: () => void) => () => void;
}

export interface SessionResult {
  /** The argument of `exit()`, 255 when a program ran without an end, else 0. */
  readonly exitCode: number;
  readonly lost: number;
}

/** How long pumping keeps the host's event loop waiting. */
const TURN_MS = 50;

/** When programs run: those of a kind of the tracer's own by themselves, the others at the kernel's events. */
type Stage = OwnKind | 'attached';

function stageOf({ kind }: AttachPoint): Stage {
  return isOwnKind(kind) ? kind : 'attached';
}

/** Programs with one of their attach points, in declared order. */
export function pointsOf(
  object: BpfObject,
  stage: Stage,
): { readonly program: BpfProgram; readonly point: AttachPoint }[] {
  return object.programs.flatMap((program) =>
    program.attach.filter((point) => stageOf(point) === stage).map((point) => ({ program, point })),
  );
}

/** Loads an object that is verified before, unless told not to. Rejects with a VerificationError when Linux would refuse a program. */
export async function verifyAndLoad(
  kernel: Kernel,
  object: BpfObject,
  isVerified: boolean,
): Promise<LoadedObject> {
  if (!isVerified) return kernel.load(object);
  const { judgePrograms } = await import('./judged-programs.ts');
  const { refused, accepted } = judgePrograms(object, kernel.describe());
  if (refused.length > 0) throw new VerificationError(refused);
  return kernel.load(object, accepted);
}

/** What every way of running a script begins with. Rejects when a program is refused, or loading fails. */
export async function prepareSession(
  options: SessionOptions,
): Promise<{ readonly loaded: LoadedObject; readonly consumer: ActionConsumer }> {
  const { kernel, object, info } = options;
  const loaded = await verifyAndLoad(kernel, object, options.verify !== false);
  writeStartValues(kernel, loaded, info, options.options ?? new Map());
  const symbols = kernel.symbols?.();
  options.context.stack = createStackTexts(info, loaded, symbols);
  options.context.symbol = (kind, bytes) => symbolText(symbols, kind, bytes);
  return { loaded, consumer: consumerOf(options, loaded) };
}

export function consumerOf(options: SessionOptions, loaded: LoadedObject): ActionConsumer {
  const { info, sink, context, signal, host } = options;
  return createActionConsumer({ info, loaded, sink, context, signal, host });
}

/** Runs a script to its end. Rejects when loading or attaching fails; the kernel stays the caller's to close. */
export async function runSession(options: SessionOptions): Promise<SessionResult> {
  const { kernel, object, info, sink } = options;
  refuseRunners(object);
  const { loaded, consumer } = await prepareSession(options);
  for (const { program } of pointsOf(object, 'begin')) {
    if (consumer.exitCode === undefined) await runBounded(consumer, () => kernel.runOnce(program, consumer));
  }
  const points = pointsOf(object, 'attached');
  const links: Link[] = [];
  try {
    // Attaching goes on after an early exit() as in bpftrace, so that the banner and its errors do not depend on it.
    for (const { program, point } of points) links.push(await kernel.attach(program, point, info.output.map));
    if (info.anyOrder === true) kernel.allowAnyOrder?.();
    consumer.unwatch = (address) => unwatch(links, address);
    sink.attached(object.programs.reduce((sum, program) => sum + program.attach.length, 0));
    const self = selfRunner(options, consumer);
    try {
      if (points.length > 0)
        await runBounded(consumer, () => pumpUntilEnd(options, consumer, self.runPending));
      else if (self.waits) await runBounded(consumer, () => waitUntilEnd(options, consumer, self.runPending));
    } finally {
      self.stop();
    }
    await kernel.settle?.();
  } finally {
    for (const link of links) link.detach();
  }
  for (const { program } of pointsOf(object, 'end')) {
    await runBounded(consumer, () => kernel.runOnce(program, consumer));
  }
  const lost = reportLost(loaded, info, consumer, sink);
  sink.end();
  if (info.config.printMapsOnExit) printMaps(loaded, info, sink);
  return { exitCode: consumer.exitCode ?? 0, lost };
}

/** Links of watchpoints are let go once. */
function unwatch(links: Link[], address: bigint): void {
  for (const link of links.filter(({ point }) => point.kind === 'watchpoint' && point.address === address)) {
    link.detach();
    links.splice(links.indexOf(link), 1);
  }
}

/** A program that does not end is the script's mistake, and the session ends in order; every other fault is a bug. */
export async function runBounded(consumer: ActionConsumer, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof VmFault) || error.details.kind !== 'fuel') throw error;
    consumer.overrun(error);
  }
}

/** Lets the kernel's world go on until it ends or the consumer has seen enough. */
export async function pumpUntilEnd(
  options: Pick<SessionOptions, 'kernel' | 'signal' | 'onProgress'>,
  consumer: OutputConsumer,
  between?: () => Promise<void>,
): Promise<void> {
  let resumed = performance.now();
  while (!consumer.stopped) {
    const state = await options.kernel.pump(consumer);
    options.onProgress?.();
    await between?.();
    if (state === 'ended') return;
    if (state === 'more' && (options.signal === undefined || performance.now() - resumed < TURN_MS)) continue;
    // Lets signals and timers of the host in between two pieces of work.
    await new Promise((resolve) => setTimeout(resolve, 0));
    resumed = performance.now();
  }
}

interface SelfRunner {
  /** There are such programs, so that the session waits for signals. */
  readonly waits: boolean;
  readonly runPending: () => Promise<void>;
  readonly stop: () => void;
}

/** Runs the programs of `self` once for each signal since the last time. */
function selfRunner({ kernel, object, onSelfSignal }: SessionOptions, consumer: ActionConsumer): SelfRunner {
  const programs = pointsOf(object, 'self');
  if (programs.length === 0) return { waits: false, runPending: async () => {}, stop: () => {} };
  let pending = 0;
  const stop = onSelfSignal?.(() => {
    pending++;
  });
  const runPending = async (): Promise<void> => {
    for (; pending > 0 && !consumer.stopped; pending--) {
      for (const { program } of programs) await kernel.runOnce(program, consumer);
    }
  };
  return { waits: true, runPending, stop: () => stop?.() };
}

/** Nothing is attached: only signals, and what they bring about, end the session. */
async function waitUntilEnd(
  { onProgress }: SessionOptions,
  consumer: OutputConsumer,
  between: () => Promise<void>,
): Promise<void> {
  while (!consumer.stopped) {
    await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
    await between();
    onProgress?.();
  }
}

/** How often signals are looked for when nothing else happens. */
const WAIT_MS = 10;

/** Tests and benchmarks are for a script's author: nobody else runs them by mistake. */
function refuseRunners(object: BpfObject): void {
  for (const kind of ['test', 'bench'] as const) {
    if (pointsOf(object, kind).length > 0) throw new AttachError(`${kind} probes run only with --${kind}`);
  }
}

/** Records that did not fit into the output buffer were counted by the programs themselves. */
function reportLost(
  loaded: LoadedObject,
  info: ScriptInfo,
  consumer: ActionConsumer,
  sink: OutputSink,
): number {
  if (info.lostCounter === undefined) return consumer.lostEvents;
  const value = loaded.map(info.lostCounter).lookup(new Uint8Array(4));
  if (value === undefined) return consumer.lostEvents;
  const view = new DataView(value.buffer, value.byteOffset, value.byteLength);
  let dropped = 0;
  for (let at = 0; at + 8 <= value.byteLength; at += 8) dropped += Number(view.getBigUint64(at, true));
  if (dropped > 0) sink.lost(dropped, OUTPUT_BUFFER);
  return consumer.lostEvents + dropped;
}

function printMaps(loaded: LoadedObject, info: ScriptInfo, sink: OutputSink): void {
  for (const map of info.maps) {
    const view = viewMap(map, loaded.map(map.name));
    if (view.rows.length > 0) sink.map(view);
  }
}
