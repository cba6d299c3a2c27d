/**
 * A session for objects of other compilers: no script says what their output means, so that what can be shown is what
 * they print for the trace pipe, and what lies in their maps and variables at the end. Programs that cannot run here are
 * left out, each with a reason.
 */
import type { AttachPoint } from '../bpf/attach-point.ts';
import type { CoreProblem } from '../bpf/core/index.ts';
import type { BpfObject, BpfProgram } from '../bpf/object.ts';
import { AttachError } from './attach-error.ts';
import { countingConsumer } from './counting-consumer.ts';
import type { Kernel, Link } from './kernel.ts';
import { printMap } from './object-maps.ts';
import type { OutputSink } from './output/sink.ts';
import { type KernelFacts, runnableObject } from './runnable-object.ts';
import { pumpUntilEnd, verifyAndLoad } from './session.ts';

export interface ObjectSessionOptions {
  readonly kernel: Kernel;
  readonly object: BpfObject;
  readonly sink: OutputSink;
  readonly facts?: KernelFacts;
  readonly signal?: AbortSignal;
  readonly onProgress?: () => void;
  /** False: load what Linux would refuse, too. */
  readonly verify?: boolean;
  /** Takes what the user should know: programs left out, output that nobody reads. */
  readonly note: (message: string) => void;
  /** Takes what relocating the object found, all at once, if anything. */
  readonly relocationProblems: (problems: readonly CoreProblem[]) => void;
}

export interface ObjectSessionResult {
  readonly attached: number;
  /** Records of ring buffers and perf event arrays. */
  readonly records: number;
}

/** Rejects with a VerificationError when Linux would refuse what is left, with a LoadError when it cannot be loaded. */
export async function runObjectSession(options: ObjectSessionOptions): Promise<ObjectSessionResult> {
  const { kernel, sink, note } = options;
  const { object, problems, notes } = runnableObject(options.object, kernel.describe(), options.facts ?? {});
  if (problems.length > 0) options.relocationProblems(problems);
  for (const message of notes) note(message);
  const loaded = await verifyAndLoad(kernel, object, options.verify !== false);
  const consumer = countingConsumer(options);
  const links = await attachAll(kernel, object, note);
  sink.attached(links.length);
  try {
    if (links.length > 0) await pumpUntilEnd(options, consumer);
  } finally {
    for (const link of links) link.detach();
  }
  sink.end();
  for (const map of object.maps) printMap(map, loaded, object, sink);
  return { attached: links.length, records: consumer.records };
}

async function attachAll(
  kernel: Kernel,
  object: BpfObject,
  note: (message: string) => void,
): Promise<readonly Link[]> {
  const links: Link[] = [];
  const points = object.programs.flatMap((program) =>
    program.attach.map((point): readonly [BpfProgram, AttachPoint] => [program, point]),
  );
  for (const [program, point] of points) {
    try {
      links.push(await kernel.attach(program, point, ''));
    } catch (error) {
      if (!(error instanceof AttachError)) throw error;
      note(`${program.name} (${program.section}) is not run: ${error.message}`);
    }
  }
  return links;
}
