/**
 * Replays one share of a recording ({@link ReplayShare}) in a machine of its own; what its maps hold for the share's CPUs is
 * the result. Where order does matter after all (something is printed, lost or wrong, a name is learnt from events), it says so.
 */
import { mapType } from '../../bpf/maps.ts';
import type { EngineFactory } from '../../vm/index.ts';
import type { LoadedObject, OutputConsumer } from '../kernel.ts';
import type { EventRecording, ThreadNames } from '../recording/event-recording.ts';
import { createRecordingKernel } from '../recording-kernel.ts';
import { type MapContent, ORDERED, type ReplayShare, type ShareProgress, type ShareResult } from './share.ts';

export interface SharePorts {
  readonly engine: EngineFactory | undefined;
  /** Called between pieces of work; true ends it. */
  readonly between: (progress: ShareProgress) => Promise<boolean>;
}

/** A thread's name is learnt from events: from then on order matters. */
class LearntName extends Error {
  override readonly name = 'LearntName';
}

/** Replays the share of a recording that is open for it alone. */
export async function replayShare(
  recording: EventRecording,
  { cpus, object, accepted, maps }: ReplayShare,
  { engine, between }: SharePorts,
): Promise<ShareResult> {
  const kernel = createRecordingKernel(sharedRecording(recording, cpus), {
    name: '',
    ...(engine !== undefined && { engine }),
  });
  const loaded = await kernel.load(object, new Set(accepted));
  writeMaps(loaded, maps);
  for (const program of object.programs) {
    for (const point of program.attach) {
      if (point.kind === 'tracepoint') await kernel.attach(program, point, '');
    }
  }
  const output = silence();
  const progress = (): ShareProgress => kernel.progress!();
  try {
    while ((await kernel.pump(output)) !== 'ended') {
      if (output.stopped) return ORDERED;
      if (await between(progress())) break;
    }
  } catch (error) {
    if (error instanceof LearntName) return ORDERED;
    throw error;
  }
  if (output.stopped) return ORDERED;
  const { done, events } = progress();
  return { kind: 'done', done, events, endNs: Number(kernel.clock().bootNs), maps: ownMaps(loaded) };
}

/** The maps whose values are apart by CPU. */
function ownMaps({ object, map }: LoadedObject): readonly MapContent[] {
  return object.maps.flatMap(({ name, type }) =>
    mapType(type).perCpu ? [{ name, entries: [...map(name).entries()] }] : [],
  );
}

function writeMaps(loaded: LoadedObject, maps: readonly MapContent[]): void {
  for (const { name, entries } of maps) {
    const map = loaded.map(name);
    for (const { key, value } of entries) map.update(key, value, 0);
  }
}

/** Records of some CPUs, and of threads only what the file saved. */
function sharedRecording(recording: EventRecording, cpus: readonly number[]): EventRecording {
  const wanted = new Set(cpus);
  const shared: Partial<EventRecording> = {
    cursor: (room) => recording.cursor(room, wanted),
    threads: () => savedThreads(recording),
  };
  return Object.assign(Object.create(recording) as EventRecording, shared);
}

function savedThreads(recording: EventRecording): ThreadNames {
  return {
    changes: 0,
    observed: [],
    observe(): void {},
    tgidOf: () => undefined,
    commOf(tid, cpu): string {
      const comm = tid === 0 ? `swapper/${cpu}` : recording.commOf?.(tid);
      if (comm === undefined) throw new LearntName();
      return comm;
    },
  };
}

/** Whatever is to be told, be it a record, a loss or a warning, has a place in the order of all. */
function silence(): OutputConsumer {
  let told = false;
  const tell = (): void => {
    told = true;
  };
  return {
    record: tell,
    lost: tell,
    warning: tell,
    printk: tell,
    get stopped(): boolean {
      return told;
    },
  };
}
