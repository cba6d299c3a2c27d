/**
 * The session: the main loop all commands share. It loads a compiled script into a kernel, runs `BEGIN`, attaches,
 * pumps until the world ends or `exit()` is seen, detaches, runs `END` and prints what the maps hold.
 */
import type { AttachPoint } from '../bpf/attach-point.ts';
import type { BpfObject, BpfProgram } from '../bpf/object.ts';
import type { ScriptInfo } from '../compiler/script-info.ts';
import { VmFault } from '../vm/fault.ts';
import type { Kernel, Link, LoadedObject, OutputConsumer } from './kernel.ts';
import type { PrintContext } from './output/context.ts';
import { viewMap } from './output/map-view.ts';
import type { OutputSink } from './output/sink.ts';
import { createStackTexts } from './output/stack-text.ts';
import { type ActionConsumer, createActionConsumer } from './session-actions.ts';
import type { TracerHost } from './tracer-host.ts';

export interface SessionOptions {
  readonly kernel: Kernel;
  readonly object: BpfObject;
  readonly info: ScriptInfo;
  readonly sink: OutputSink;
  readonly context: PrintContext;
  /** For `cat()` and `system()`; absent where there are neither files nor a shell, as in a page. */
  readonly host?: TracerHost;
  /** Ends the session as Ctrl-C does: `END` runs, maps are printed. */
  readonly signal?: AbortSignal;
  /** Called between pumps, for a progress bar. */
  readonly onProgress?: () => void;
}

export interface SessionResult {
  /** The argument of `exit()`, 255 when a program ran without an end, else 0. */
  readonly exitCode: number;
  readonly lost: number;
}

/** How long pumping keeps the host's event loop waiting. */
const TURN_MS = 50;

type Stage = 'begin' | 'end' | 'attached';

function stageOf(point: AttachPoint): Stage {
  return point.kind === 'begin' || point.kind === 'end' ? point.kind : 'attached';
}

/** Programs with one of their attach points, in declared order. */
function pointsOf(
  object: BpfObject,
  stage: Stage,
): { readonly program: BpfProgram; readonly point: AttachPoint }[] {
  return object.programs.flatMap((program) =>
    program.attach.filter((point) => stageOf(point) === stage).map((point) => ({ program, point })),
  );
}

/** Runs a script to its end. Rejects when loading or attaching fails; the kernel stays the caller's to close. */
export async function runSession(options: SessionOptions): Promise<SessionResult> {
  const { kernel, object, info, sink } = options;
  const loaded = await kernel.load(object);
  writeStartValues(kernel, loaded, info);
  options.context.stack = createStackTexts(info, loaded, kernel.symbols?.());
  const consumer = createActionConsumer({
    info,
    loaded,
    sink,
    context: options.context,
    signal: options.signal,
    host: options.host,
  });

  for (const { program } of pointsOf(object, 'begin')) {
    if (consumer.exitCode === undefined) await bounded(consumer, () => kernel.runOnce(program, consumer));
  }
  const points = pointsOf(object, 'attached');
  const links: Link[] = [];
  try {
    // Attaching goes on after an early exit() as in bpftrace, so that the banner and its errors do not depend on it.
    for (const { program, point } of points) links.push(await kernel.attach(program, point, info.output.map));
    sink.attached(object.programs.reduce((sum, program) => sum + program.attach.length, 0));
    if (points.length > 0) await bounded(consumer, () => pumpUntilEnd(options, consumer));
  } finally {
    for (const link of links) link.detach();
  }
  for (const { program } of pointsOf(object, 'end')) {
    await bounded(consumer, () => kernel.runOnce(program, consumer));
  }
  const lost = reportLost(loaded, info, consumer, sink);
  sink.end();
  if (info.config.printMapsOnExit) printMaps(loaded, info, sink);
  return { exitCode: consumer.exitCode ?? 0, lost };
}

/** A program that does not end is the script's mistake, and the session ends in order; every other fault is a bug. */
async function bounded(consumer: ActionConsumer, work: () => Promise<void>): Promise<void> {
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
): Promise<void> {
  let resumed = performance.now();
  while (!consumer.stopped) {
    const state = await options.kernel.pump(consumer);
    options.onProgress?.();
    if (state === 'ended') return;
    if (state === 'more' && (options.signal === undefined || performance.now() - resumed < TURN_MS)) continue;
    // Lets signals and timers of the host in between two pieces of work.
    await new Promise((resolve) => setTimeout(resolve, 0));
    resumed = performance.now();
  }
}

function writeStartValues(kernel: Kernel, loaded: LoadedObject, info: ScriptInfo): void {
  const key = new Uint8Array(4);
  for (const start of info.startValues) {
    const map = loaded.map(start.map);
    const value = map.lookup(key) ?? new Uint8Array(map.valueSize * map.copies);
    new DataView(value.buffer, value.byteOffset).setBigUint64(start.offset, kernel.clock().bootNs, true);
    map.update(key, value, 0);
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
  if (dropped > 0) sink.lost(dropped, 'the output buffer');
  return consumer.lostEvents + dropped;
}

function printMaps(loaded: LoadedObject, info: ScriptInfo, sink: OutputSink): void {
  for (const map of info.maps) {
    const view = viewMap(map, loaded.map(map.name));
    if (view.rows.length > 0) sink.map(view);
  }
}
