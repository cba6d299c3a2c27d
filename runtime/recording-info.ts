/** What a compiler may ask of a recording; it takes no machine to answer. */
import { type AttachKind, type AttachPoint, OWN_KINDS } from '../bpf/attach-point.ts';
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
      stacks: recording.callChains,
      wallClock: recording.wallClockOffsetNs !== undefined,
      processIds: recording.processIds,
      credentials: false,
      cgroups: false,
    },
    attachable: { kinds: kindsOf(recording), problem: (point) => problemOf(recording, point) },
    tracepoints: catalog(events),
    ...symbolsOf(recording),
    ...(functions === undefined ? {} : { functions }),
  };
}

/** `rawtracepoint` is told apart by itself: the arguments of its handlers are in no recording. */
const KINDS: readonly AttachKind[] = [
  ...OWN_KINDS,
  'tracepoint',
  'rawtracepoint',
  'interval',
  'profile',
  'software',
  'hardware',
  'watchpoint',
];

function kindsOf({ functions }: EventRecording): ReadonlySet<AttachKind> {
  return new Set(functions === undefined ? KINDS : [...KINDS, 'kprobe']);
}

/** Samples of perf events are in a recording, or are not. */
function problemOf(recording: EventRecording, point: AttachPoint): string | undefined {
  switch (point.kind) {
    case 'software':
    case 'hardware':
      if (recording.eventOf(point) !== undefined) return undefined;
      return `the recording has no samples of ${point.event}`;
    case 'watchpoint':
      if (recording.eventOf(point) !== undefined) return undefined;
      return `the recording has no samples of a watchpoint at 0x${point.address.toString(16)}`;
    case 'kprobe':
      return (point.offset ?? 0) === 0
        ? undefined
        : 'recordings tell of calls, not of places inside functions';
    default:
      return undefined;
  }
}

/** Some recordings have the kernel's symbols; reading them waits until they are asked for. */
function symbolsOf({ hasSymbols, kernelSymbols }: EventRecording): Pick<KernelInfo, 'symbolAddress'> {
  if (!hasSymbols) return {};
  return { symbolAddress: (name) => kernelSymbols().symbolOf(name)?.address };
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
