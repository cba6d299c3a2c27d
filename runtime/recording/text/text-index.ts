/**
 * The first pass over a text recording: which events and functions it has, its CPUs, and what is lost in it. It keeps
 * names and shapes, not records.
 */
import type { ByteSource } from '../../../bpf/byte-source.ts';
import type { EventFormat } from '../../../bpf/event-format.ts';
import { RecordingError, type WarningList } from '../recording-error.ts';
import { type EventScanner, eventScanner, keyScanner, type SyscallNumbers } from './event-scanners.ts';
import { LineReader, ownText } from './line-reader.ts';
import { FormatLearner } from './synthetic-format.ts';
import type { TextForm } from './text-form.ts';
import type { OtherLine, TextLine } from './text-line.ts';

/** What is known of the kernel that was traced. */
export interface KnownEvents {
  /** The kernel's format of an event; the system is empty where the text does not name it. */
  find(system: string, event: string): EventFormat | undefined;
  readonly syscalls: SyscallNumbers;
}

export interface IndexedEvent {
  readonly format: EventFormat;
  readonly scanner: EventScanner;
  readonly isKnown: boolean;
}

export interface TextIndex {
  /** By `system:event` as the text has it. */
  readonly events: ReadonlyMap<string, IndexedEvent>;
  /** The event id of each function that was called. */
  readonly functions: ReadonlyMap<string, number>;
  readonly cpus: number;
  readonly processIds: 'always' | 'partly' | 'never';
  readonly nanoseconds: boolean;
}

interface UnknownEvent {
  readonly system: string;
  readonly event: string;
  readonly learner: FormatLearner;
}

/** Ids of events without a format of the kernel, behind those of 16 bits that kernels give. */
const FIRST_EVENT_ID = 0x1_0000;
const FIRST_FUNCTION_ID = 0x2_0000;
/** Names beyond these are damage, not events. */
const MAX_EVENTS = 4096;
const MAX_FUNCTIONS = 1 << 17;
const MAX_CPU = 8191;

export function indexText(
  source: ByteSource,
  form: TextForm,
  kernel: KnownEvents,
  warnings: WarningList,
): TextIndex {
  return new Indexer(form, kernel, warnings).run(source);
}

export function keyOf(line: TextLine): string {
  return `${line.system}:${line.event}`;
}

class Indexer {
  private readonly form: TextForm;
  private readonly kernel: KnownEvents;
  private readonly warnings: WarningList;
  private readonly known = new Map<string, IndexedEvent>();
  private readonly unknown = new Map<string, UnknownEvent>();
  private readonly functions = new Map<string, number>();
  private readonly told = new Set<string>();
  private highestCpu = 0;
  private events = 0;
  private withProcess = 0;
  private coarse = false;
  private isKernelText = false;
  private nanoseconds = true;

  constructor(form: TextForm, kernel: KnownEvents, warnings: WarningList) {
    this.form = form;
    this.kernel = kernel;
    this.warnings = warnings;
  }

  run(source: ByteSource): TextIndex {
    const reader = new LineReader(source);
    while (reader.next()) {
      const read = this.form.read(reader.line);
      if (read.kind === 'event') this.event(read.line, reader.line, reader.offset);
      else this.other(read, reader.offset);
    }
    if (this.events === 0)
      throw new RecordingError(this.form.name, 0, 'no line of it is an event with a time');
    if (reader.cut > 0) this.tell('cut', 0, `${reader.cut} lines are too long and were cut`);
    const events = new Map(this.known);
    let id = FIRST_EVENT_ID;
    for (const [key, { system, event, learner }] of this.unknown) {
      const format = learner.format(system || 'unknown', event, id++);
      events.set(key, { format, scanner: keyScanner(format), isKnown: false });
    }
    this.tellLosses(events);
    return {
      events,
      functions: this.functions,
      cpus: this.highestCpu + 1,
      processIds: this.withProcess === 0 ? 'never' : this.withProcess === this.events ? 'always' : 'partly',
      nanoseconds: this.nanoseconds,
    };
  }

  private event(line: TextLine, text: string, offset: number): void {
    this.events++;
    if (line.tgid >= 0) this.withProcess++;
    this.highestCpu = Math.max(this.highestCpu, Math.min(line.cpu, MAX_CPU));
    if (line.comm === undefined) this.tell('comm', offset, 'tasks without a name stay without one');
    if (line.cpu < 0) this.tell('cpu', offset, 'no CPU is printed: all events seem to be of CPU 0');
    this.time(line, text);
    if (line.call !== undefined) this.call(line.call.function, offset);
    else if (line.event !== '') this.name(line, offset);
    else this.tell('event', offset, 'lines without an event are left out');
  }

  private time(line: TextLine, text: string): void {
    if (this.events > 1) return;
    this.nanoseconds = /\d\.\d{6,9}: /.test(text);
    this.coarse = this.nanoseconds && line.time % 1000n === 0n && !/\d\.\d{9}: /.test(text);
  }

  private call(name: string, offset: number): void {
    if (this.functions.has(name)) return;
    if (this.functions.size >= MAX_FUNCTIONS) {
      this.tell(
        'functions',
        offset,
        `more than ${MAX_FUNCTIONS} functions: calls of the others are left out`,
      );
      return;
    }
    this.functions.set(ownText(name), FIRST_FUNCTION_ID + this.functions.size);
  }

  private name(line: TextLine, offset: number): void {
    const key = keyOf(line);
    if (this.known.has(key)) return;
    const learning = this.unknown.get(key);
    if (learning !== undefined) {
      learning.learner.observe(line.text);
      return;
    }
    if (this.known.size + this.unknown.size >= MAX_EVENTS) {
      this.tell('events', offset, `more than ${MAX_EVENTS} events: the others are left out`);
      return;
    }
    const format = this.kernel.find(line.system, line.event);
    if (format !== undefined) {
      const scanner = eventScanner(format, this.kernel.syscalls);
      this.known.set(ownText(key), { format, scanner, isKnown: true });
      return;
    }
    const learner = new FormatLearner();
    learner.observe(line.text);
    this.unknown.set(ownText(key), { system: ownText(line.system), event: ownText(line.event), learner });
  }

  private other(read: OtherLine, offset: number): void {
    if (read.kind === 'comment') this.comment(read.text, offset);
    else if (read.kind === 'unknown') this.tell('unknown', offset, 'lines that are no events are left out');
    else if (read.kind === 'frame' && read.frame.address === 0n) {
      this.tell('frame', offset, 'stack traces without addresses are left out');
    }
  }

  private comment(text: string, offset: number): void {
    const tracer = /^# tracer: (\S+)/.exec(text)?.[1];
    this.isKernelText ||= tracer !== undefined;
    if (tracer !== undefined && !['nop', 'function'].includes(tracer)) {
      const advice = 'record events, or functions with the function tracer';
      throw new RecordingError(
        this.form.name,
        offset,
        `text of the ${tracer} tracer is not supported: ${advice}`,
      );
    }
    const counts = /entries-in-buffer\/entries-written: (\d{1,15})\/(\d{1,15})/.exec(text);
    const overwritten = counts === null ? 0 : Number(counts[2]) - Number(counts[1]);
    if (overwritten > 0)
      this.tell('overwritten', offset, `${overwritten} events before the first were overwritten`);
  }

  private tellLosses(events: ReadonlyMap<string, IndexedEvent>): void {
    if (this.coarse) this.tell('time', 0, 'times are rounded to microseconds');
    if (this.form.name.startsWith('perf'))
      this.tell('flags', 0, 'common_flags and common_preempt_count are not printed');
    this.tellHashes(events);
    const made: string[] = [];
    const partial = new Map<string, string[]>();
    for (const { format, scanner, isKnown } of events.values()) {
      const name = `${format.system}:${format.name}`;
      if (!isKnown) made.push(name);
      else if (scanner.lost.length > 0) {
        const fields = scanner.lost.map((field) => field.name).join(', ');
        const names = partial.get(fields) ?? [];
        names.push(name);
        partial.set(fields, names);
      }
    }
    // One for all events of a kind: each system call has two.
    for (const [fields, names] of partial) {
      const verb = names.length === 1 ? 'does' : 'do';
      const problem = `${someOf(names)} ${verb} not print ${fields} wholly: what is not printed reads as 0`;
      this.tell(`partial ${fields}`, 0, problem);
    }
    if (made.length === 0) return;
    this.tell(
      'made',
      0,
      `no format is known of ${someOf(made)}: fields are made of what the lines look like`,
    );
  }

  /** The kernel prints no addresses to its own text (`hash_pointer`); perf and trace-cmd print what was recorded. */
  private tellHashes(events: ReadonlyMap<string, IndexedEvent>): void {
    if (!this.isKernelText) return;
    const hashed = [...events.values()].filter(
      ({ format, isKnown }) => isKnown && /%p(?![A-Za-z])/.test(format.printFormat),
    );
    if (hashed.length === 0) return;
    const names = hashed.map(({ format }) => `${format.system}:${format.name}`).join(', ');
    this.tell('hashes', 0, `addresses that ${names} print with %p are hashes of them`);
  }

  /** One warning of a kind. */
  private tell(kind: string, offset: number, problem: string): void {
    if (this.told.has(kind)) return;
    this.told.add(kind);
    if (offset === 0) this.warnings.note(this.form.name, problem);
    else this.warnings.add(this.form.name, offset, problem);
  }
}

const MAX_NAMES = 8;

function someOf(names: readonly string[]): string {
  if (names.length <= MAX_NAMES) return names.join(', ');
  return `${names.slice(0, MAX_NAMES).join(', ')} and ${names.length - MAX_NAMES} more`;
}
