/**
 * A recording as text, a line an event, as `trace-cmd report` prints it. It streams: what is kept does not depend on how
 * long the recording is.
 */
import { LOST_UNKNOWN } from '../recording/cpu-stream.ts';
import type { EventCursor, EventRecording } from '../recording/event-recording.ts';
import type { SymbolPorts } from '../recording/perf-data/stack-frames.ts';
import { CallChainText } from './call-chain.ts';
import { recordingEnvironment } from './environment.ts';
import { EventPrinters } from './event-printers.ts';
import { FunctionGraph } from './graph.ts';
import {
  type LatencyFields,
  latencyFields,
  latencyText,
  type TimeStyle,
  taskText,
  timeText,
} from './line.ts';
import { TaskNames } from './task-names.ts';

export interface ReportOptions {
  /** Fields by their types, and no event's own text. */
  readonly raw?: boolean;
  /** Times with nanoseconds rather than rounded to microseconds. */
  readonly nanoseconds?: boolean;
  /** Interrupt and preemption flags. */
  readonly latency?: boolean;
  readonly cpus?: { has(cpu: number): boolean };
  /** Which events to print; all without it. */
  selects?(system: string, event: string): boolean;
  /** At most so many events. */
  readonly limit?: number;
  /** Names for user addresses of call chains, out of the files that were mapped. */
  readonly userSymbol?: SymbolPorts['user'];
}

/** A byte string of whole lines. */
export type WriteLines = (lines: string) => void;

const CHUNK = 1 << 16;

/** Writes the report in chunks of some 64 KiB. */
export function reportRecording(recording: EventRecording, options: ReportOptions, write: WriteLines): void {
  const report = new Report(recording, options);
  let waiting = `cpus=${recording.cpus}\n`;
  for (const lines of report.lines()) {
    waiting += lines;
    if (waiting.length < CHUNK) continue;
    write(waiting);
    waiting = '';
  }
  if (waiting !== '') write(waiting);
}

class Report {
  private readonly recording: EventRecording;
  private readonly options: ReportOptions;
  private readonly names: TaskNames;
  private readonly printers: EventPrinters;
  private readonly graph: FunctionGraph;
  private readonly latency: LatencyFields;
  private readonly timeStyle: TimeStyle;
  private readonly chains: CallChainText;
  private readonly selected = new Map<number, boolean>();
  /** What tells the trace instance before each event; empty where there is one. */
  private readonly prefixes: readonly string[];

  constructor(recording: EventRecording, options: ReportOptions) {
    this.recording = recording;
    this.options = options;
    const environment = recordingEnvironment(recording, longSizeOf(recording));
    this.chains = new CallChainText(environment, options.userSymbol);
    this.names = new TaskNames(recording);
    this.printers = new EventPrinters(recording, environment, this.names, options.raw === true);
    this.graph = new FunctionGraph(recording, environment);
    this.prefixes = instancePrefixes(recording.buffers ?? []);
    const first = recording.events.names[0];
    this.latency = latencyFields(first && recording.events.byId(first.id));
    this.timeStyle = !recording.nanoseconds
      ? 'counter'
      : options.nanoseconds
        ? 'nanoseconds'
        : 'microseconds';
  }

  *lines(): Generator<string> {
    const cursor = this.recording.cursor();
    const { limit = Number.POSITIVE_INFINITY } = this.options;
    let head: string | undefined;
    let printed = 0;
    while (printed < limit && cursor.next()) {
      this.names.observe(cursor);
      if (!this.isSelected(cursor)) continue;
      if (head !== undefined) {
        const entry = this.graph.finish(cursor);
        yield `${head}${entry.text}\n`;
        head = undefined;
        printed++;
        if (entry.isLeaf || printed >= limit) continue;
      }
      const printer = this.printers.of(cursor.eventId);
      const columns = this.columns(cursor) + printer.label;
      if (cursor.eventId === this.graph.entryId && this.options.raw !== true) {
        head = columns;
        this.graph.begin(cursor);
        continue;
      }
      printed++;
      yield `${columns}${this.textOf(cursor, printer.text)}\n${this.chains.of(cursor)}`;
    }
    if (head !== undefined) yield `${head}${this.graph.finish(undefined).text}\n`;
  }

  private textOf(cursor: EventCursor, print: (record: EventCursor) => string): string {
    if (cursor.eventId === this.graph.exitId && this.options.raw !== true) return this.graph.exitText(cursor);
    const text = print(cursor);
    const nul = text.indexOf('\0');
    const whole = nul < 0 ? text : text.slice(0, nul);
    return whole.endsWith('\n') ? whole.slice(0, -1) : whole;
  }

  private columns(cursor: EventCursor): string {
    const start = (this.prefixes[cursor.buffer ?? 0] ?? '') + lossText(cursor);
    const latency = this.options.latency === true;
    const task = taskText(this.names.nameOf(cursor.tid, cursor.cpu), cursor.tid, cursor.cpu, latency);
    const flags = latency ? latencyText(cursor, this.latency) : '';
    return start + task + flags + timeText(cursor, this.timeStyle);
  }

  private isSelected(cursor: EventCursor): boolean {
    const { cpus, selects } = this.options;
    if (cpus !== undefined && !cpus.has(cursor.cpu)) return false;
    if (selects === undefined) return true;
    let selected = this.selected.get(cursor.eventId);
    if (selected === undefined) {
      const { event } = this.printers.of(cursor.eventId);
      selected = event !== undefined && selects(event.system, event.name);
      this.selected.set(cursor.eventId, selected);
    }
    return selected;
  }
}

function lossText(cursor: EventCursor): string {
  if (cursor.lost === 0) return '';
  const count = cursor.lost === LOST_UNKNOWN ? '' : `${cursor.lost} `;
  return `CPU:${cursor.cpu} [${count}EVENTS DROPPED]\n`;
}

/** `name: `, all as wide as the longest; the top instance's is blank. */
function instancePrefixes(buffers: readonly { readonly name: string }[]): readonly string[] {
  if (buffers.length < 2) return [];
  const width = buffers.reduce((most, { name }) => Math.max(most, name.length), 0);
  return buffers.map(({ name }) => (name === '' ? ' '.repeat(width + 2) : `${name.padStart(width)}: `));
}

/** Of a recording that does not say, what its formats say of pointers. */
function longSizeOf(recording: EventRecording): 4 | 8 {
  const architecture = recording.machine.architecture ?? '';
  if (recording.longSize !== undefined) return recording.longSize;
  return /64|^$|s390x|ppc64/.test(architecture) ? 8 : 4;
}
