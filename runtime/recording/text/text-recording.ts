/**
 * Recordings kept as text: the kernel's `trace` file, `trace-cmd report`, `perf script`. Records are made again out of what
 * was printed; what was not is lost, and told by a warning of its kind. The file is read twice, a window at a time.
 */
import type { ByteSource } from '../../../bpf/byte-source.ts';
import type { EventFormat } from '../../../bpf/event-format.ts';
import type { SyscallInfo } from '../../../bpf/kernel-info.ts';
import type { EventRecording } from '../event-recording.ts';
import type { EventTable } from '../event-table.ts';
import { KernelSymbols } from '../kernel-symbols.ts';
import { RecordingError, WarningList } from '../recording-error.ts';
import { functionFormat } from './function-format.ts';
import { TextCursor } from './text-cursor.ts';
import { textFormOf } from './text-form.ts';
import { indexText, type KnownEvents, type TextIndex } from './text-index.ts';
import { TextThreads } from './text-threads.ts';

export interface TextPorts {
  /** The formats of the kernel that was traced, as far as they are known. */
  readonly formats?: {
    find(system: string, event: string): EventFormat | undefined;
    list(): readonly EventFormat[];
  };
  /** The system calls of that kernel: their events tell the number by their name alone. */
  readonly syscalls?: readonly SyscallInfo[];
  /** Whose formats they are, for messages. */
  readonly formatsOf?: string;
}

/** Bytes that tell the form. */
const START_SIZE = 4096;

/** @throws RecordingError when it is no text of a tracer, or of one that is not supported */
export function openTextRecording(source: ByteSource, ports: TextPorts): EventRecording {
  const form = textFormOf(source.read(0, START_SIZE));
  if (form === undefined) throw new RecordingError('text', 0, 'no text of a tracer');
  const warnings = new WarningList();
  const index = indexText(source, form, knownEvents(ports), warnings);
  if (ports.formatsOf !== undefined && [...index.events.values()].some(({ isKnown }) => isKnown)) {
    warnings.note(form.name, `fields are laid out as in ${ports.formatsOf}`);
  }
  const unfit = new Set<string>();
  const functions = index.functions.size === 0 ? undefined : [...index.functions.keys()].sort();
  return {
    format: form.name,
    littleEndian: true,
    longSize: 8,
    machine: { cpuStats: [], timeOffset: 0n, guests: [], hooks: [], processes: [], unknownOptions: [] },
    cpus: index.cpus,
    clock: index.nanoseconds ? 'local' : 'counter',
    nanoseconds: index.nanoseconds,
    events: eventTable(index),
    dataSize: source.size,
    callChains: true,
    hasSymbols: false,
    processIds: index.processIds,
    warnings: warnings.items,
    get omittedWarnings() {
      return warnings.omitted;
    },
    ...(functions === undefined
      ? {}
      : { functions: { has: (name) => index.functions.has(name), list: () => functions } }),
    eventOf: (point) =>
      point.kind === 'kprobe' && (point.offset ?? 0) === 0 ? index.functions.get(point.function) : undefined,
    cursor: () => new TextCursor(source, form, index, warnings, unfit),
    threads: () => new TextThreads(),
    kernelSymbols: () => new KernelSymbols(new Uint8Array(0)),
  };
}

function knownEvents({ formats, syscalls = [] }: TextPorts): KnownEvents {
  let byName: Map<string, EventFormat> | undefined;
  return {
    syscalls: new Map(syscalls.map(({ name, number }) => [name, number])),
    find(system, event) {
      if (system !== '') return formats?.find(system, event);
      // Where the text names no system, an event is found by its name alone.
      byName ??= new Map(formats?.list().map((format) => [format.name, format]));
      return byName.get(event);
    },
  };
}

function eventTable(index: TextIndex): EventTable {
  const formats = [...index.events.values()].map(({ format }) => format);
  const byId = new Map(formats.map((format) => [format.id, format]));
  const byName = new Map(formats.map((format) => [`${format.system}:${format.name}`, format]));
  const functionNames = new Map([...index.functions].map(([name, id]) => [id, name]));
  return {
    names: formats,
    idOf: (system, name) => byName.get(`${system}:${name}`)?.id,
    lazy: () => formats,
    byId: (id) => {
      const name = functionNames.get(id);
      return name === undefined ? byId.get(id) : functionFormat(id, name);
    },
    byName: (system, name) => byName.get(`${system}:${name}`),
  };
}
