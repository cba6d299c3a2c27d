/** What a compiler may ask of a recording; it takes no machine to answer. */
import type { KernelInfo, TracepointCatalog } from '../bpf/kernel-info.ts';
import type { EventTable, Recording } from './recording/index.ts';

/** `name` is the file's, for messages. */
export function recordingInfo(recording: Recording, name: string): KernelInfo {
  const { events, machine, savesTgids } = recording;
  const version = /^(\d+)\.(\d+)(?:\.(\d+))?/.exec(machine.release ?? '');
  return {
    name: `the recording ${name}`,
    ...(version === null
      ? {}
      : {
          version: { major: Number(version[1]), minor: Number(version[2]), patch: Number(version[3] ?? 0) },
        }),
    cpus: recordedCpus(recording),
    reach: {
      userMemory: false,
      kernelMemory: false,
      stacks: false,
      wallClock: false,
      processIds: savesTgids ? 'always' : 'partly',
      credentials: false,
    },
    tracepoints: catalog(events),
  };
}

/** The machine's CPUs, at least those with data. */
export function recordedCpus(recording: Recording): number {
  const highest = Math.max(0, ...recording.buffers.flatMap((buffer) => buffer.cpus));
  // The file may lie: more than the kernel allows (NR_CPUS) is not believed.
  return Math.min(8192, Math.max(recording.machine.cpuCount ?? 1, highest + 1));
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
