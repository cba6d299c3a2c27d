/** What a compiler may ask of a recording; it takes no machine to answer. */
import type { KernelInfo, TracepointCatalog } from '../bpf/kernel-info.ts';
import type { EventRecording, EventTable } from './recording/index.ts';

/** `name` is the file's, for messages. */
export function recordingInfo(recording: EventRecording, name: string): KernelInfo {
  const { events, machine, functions } = recording;
  const version = /^(\d+)\.(\d+)(?:\.(\d+))?/.exec(machine.release ?? '');
  return {
    name: `the recording ${name}`,
    ...(version === null
      ? {}
      : {
          version: { major: Number(version[1]), minor: Number(version[2]), patch: Number(version[3] ?? 0) },
        }),
    cpus: recording.cpus,
    reach: {
      userMemory: false,
      kernelMemory: false,
      stacks: false,
      wallClock: recording.wallClockOffsetNs !== undefined,
      processIds: recording.processIds,
      credentials: false,
      cgroups: false,
    },
    tracepoints: catalog(events),
    ...(functions === undefined ? {} : { functions }),
  };
}

function catalog(events: EventTable): TracepointCatalog {
  return {
    find: (system, event) => events.byName(system, event),
    list: () => events.lazy().toSorted((a, b) => compare(a.system, b.system) || compare(a.name, b.name)),
  };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
