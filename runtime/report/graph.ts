/**
 * The function graph: entries wait until the next record tells whether the function returned at once (then both are one
 * line) or called others.
 */
import type { EventFormat } from '../../bpf/event-format.ts';
import type { PrintEnvironment } from '../../bpf/print-format/environment.ts';
import type { EventCursor, EventRecording } from '../recording/event-recording.ts';
import { type NumberReader, numberReaders } from './handlers/handler.ts';

const INDENT = 2;

interface Entry {
  readonly tid: number;
  readonly address: bigint;
  readonly depth: number;
}

export class FunctionGraph {
  readonly entryId: number | undefined;
  readonly exitId: number | undefined;
  private readonly environment: PrintEnvironment;
  private readonly entry: Readers<'func' | 'depth'> | undefined;
  private readonly exit: Readers<'func' | 'depth' | 'calltime' | 'rettime'> | undefined;
  private waiting: Entry | undefined;

  constructor(recording: EventRecording, environment: PrintEnvironment) {
    this.environment = environment;
    const { events } = recording;
    const entry = events.byName('ftrace', 'funcgraph_entry');
    const exit = events.byName('ftrace', 'funcgraph_exit');
    this.entry = readers(entry, ['func', 'depth']);
    this.exit = readers(exit, ['func', 'depth', 'calltime', 'rettime']);
    this.entryId = this.entry && this.exit ? entry?.id : undefined;
    this.exitId = this.entry && this.exit ? exit?.id : undefined;
  }

  /** Keeps an entry until {@link finish}. */
  begin(record: EventCursor): void {
    const { func, depth } = this.entry!;
    this.waiting = { tid: record.tid, address: func(record), depth: depthOf(depth(record)) };
  }

  /** The waiting entry's text. `isLeaf`: the record is its return, and needs no line of its own. */
  finish(next: EventCursor | undefined): { readonly text: string; readonly isLeaf: boolean } {
    const entry = this.waiting!;
    this.waiting = undefined;
    const isLeaf =
      next !== undefined &&
      next.eventId === this.exitId &&
      next.tid === entry.tid &&
      this.exit!.func(next) === entry.address;
    const name = this.environment.symbolAt(entry.address)?.name ?? entry.address.toString(16);
    const indent = ' '.repeat(entry.depth * INDENT);
    if (!isLeaf) return { text: `             |  ${indent}${name}() {`, isLeaf };
    return { text: `${durationText(this.durationOf(next))}${indent}${name}();`, isLeaf };
  }

  /** A return that is not a leaf's. */
  exitText(record: EventCursor): string {
    const indent = ' '.repeat(depthOf(this.exit!.depth(record)) * INDENT);
    return `${durationText(this.durationOf(record))}${indent}}`;
  }

  private durationOf(record: EventCursor): bigint {
    const { rettime, calltime } = this.exit!;
    return BigInt.asUintN(64, rettime(record) - calltime(record));
  }
}

type Readers<Names extends string> = { readonly [Name in Names]: NumberReader };

function readers<const Names extends readonly string[]>(
  format: EventFormat | undefined,
  names: Names,
): Readers<Names[number]> | undefined {
  return format === undefined ? undefined : numberReaders(format, names);
}

/** The kernel's graph is at most 50 deep; a record may say anything. */
function depthOf(value: bigint): number {
  return Math.max(0, Math.min(1024, Number(BigInt.asIntN(32, value))));
}

const MARKS: readonly (readonly [bigint, string])[] = [
  [1_000_000_000n, '$ '],
  [1_000_000n, '# '],
  [100_000n, '! '],
  [10_000n, '+ '],
];
const WIDTH = 7;

/** A mark for long ones, then microseconds in seven characters or more. */
function durationText(duration: bigint): string {
  // All ones is what is subtracted wrongly, not a long time.
  const mark =
    duration === 0xffff_ffff_ffff_ffffn ? '  ' : (MARKS.find(([limit]) => duration > limit)?.[1] ?? '  ');
  const micros = String(duration / 1000n);
  const digits = String(duration % 1000n).padStart(3, '0');
  const text = micros.length < WIDTH ? `${micros}.${digits}` : micros;
  return `${mark}${text} us ${' '.repeat(Math.max(0, WIDTH - text.length))}|  `;
}
