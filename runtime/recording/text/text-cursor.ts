/**
 * The records of a text recording. A line becomes the bytes of its event when somebody asks for them: most lines of a text
 * are of events that nobody does.
 */
import type { ByteSource } from '../../../bpf/byte-source.ts';
import { bytesOfText } from '../../../bpf/print-format/scan/field-values.ts';
import { RecordBuilder } from '../../../bpf/print-format/scan/record-builder.ts';
import { LOST_UNKNOWN } from '../cpu-stream.ts';
import type { CallChain, EventCursor } from '../event-recording.ts';
import type { SymbolisedChain } from '../perf-data/stack-frames.ts';
import { readInteger, readText, requireFields } from '../record-field.ts';
import type { WarningList } from '../recording-error.ts';
import { functionFormat } from './function-format.ts';
import { LineReader } from './line-reader.ts';
import type { TextForm } from './text-form.ts';
import { keyOf, type TextIndex } from './text-index.ts';
import type { TextFrame, TextLine } from './text-line.ts';

const MAX_FRAMES = 1024;
const MAX_CPU = 8191;

export class TextCursor implements EventCursor {
  readonly littleEndian = true;
  cpu = 0;
  timeHigh = 0;
  timeLow = 0;
  time = 0;
  eventId = 0;
  tid = 0;
  tgid = -1;
  lost = 0;
  lostRecords = 0;
  lostUncounted = 0;
  readonly offset = 0;
  /** The current record's task, where its line names it. */
  comm: string | undefined;
  private readonly form: TextForm;
  private readonly index: TextIndex;
  private readonly warnings: WarningList;
  /** Events whose texts did not fit, told once for all cursors. */
  private readonly unfit: Set<string>;
  private readonly reader: LineReader;
  private readonly record = new RecordBuilder(true);
  private readonly pendingLost = new Map<number, number>();
  private chain: { kernel: TextFrame[]; user: TextFrame[] } | undefined;
  /** The event after the current one, read while looking for the current one's frames. */
  private ahead: { readonly line: TextLine; readonly offset: number } | undefined;
  private ended = false;
  private current: { readonly line: TextLine; readonly offset: number } | undefined;
  private isLaid = false;

  constructor(
    source: ByteSource,
    form: TextForm,
    index: TextIndex,
    warnings: WarningList,
    unfit: Set<string>,
  ) {
    this.form = form;
    this.index = index;
    this.warnings = warnings;
    this.unfit = unfit;
    this.reader = new LineReader(source);
  }

  get bytes(): Uint8Array {
    this.lay();
    return this.record.bytes;
  }

  get view(): DataView {
    this.lay();
    return this.record.view;
  }

  get length(): number {
    this.lay();
    return this.record.length;
  }

  get consumed(): number {
    return this.reader.end;
  }

  callChain(): CallChain | undefined {
    const addressOf = ({ address }: TextFrame): bigint => address;
    return this.chain && { kernel: this.chain.kernel.map(addressOf), user: this.chain.user.map(addressOf) };
  }

  /** With the names that stand in the text. */
  stackFrames(): SymbolisedChain | undefined {
    return this.chain;
  }

  next(): boolean {
    for (;;) {
      const next = this.ahead ?? this.readEvent();
      this.ahead = undefined;
      if (next === undefined) return false;
      if (!this.step(next.line, next.offset)) continue;
      this.chain = undefined;
      this.ahead = this.readEvent();
      return true;
    }
  }

  /** The next event's line; frames on the way are of the current one. */
  private readEvent(): { readonly line: TextLine; readonly offset: number } | undefined {
    if (this.ended) return undefined;
    while (this.reader.next()) {
      const read = this.form.read(this.reader.line);
      switch (read.kind) {
        case 'event':
          return { line: read.line, offset: this.reader.offset };
        case 'frame':
          this.addFrame(read.frame);
          break;
        case 'lost':
          this.addLost(read.cpu, read.count);
          break;
        default:
          break;
      }
    }
    this.ended = true;
    return undefined;
  }

  private addFrame(frame: TextFrame): void {
    if (frame.address === 0n) return;
    this.chain ??= { kernel: [], user: [] };
    // A wild frame of user space may look like the kernel's, which come first.
    const frames = frame.kernel && this.chain.user.length === 0 ? this.chain.kernel : this.chain.user;
    if (frames.length < MAX_FRAMES) frames.push(frame);
  }

  private addLost(cpu: number, count: number): void {
    if (cpu > MAX_CPU) return;
    const before = this.pendingLost.get(cpu) ?? 0;
    this.pendingLost.set(cpu, count < 0 || before < 0 ? LOST_UNKNOWN : before + count);
  }

  /** False when the line stands for no event that was indexed. */
  private step(line: TextLine, offset: number): boolean {
    const id =
      line.call === undefined
        ? this.index.events.get(keyOf(line))?.format.id
        : this.index.functions.get(line.call.function);
    if (id === undefined) return false;
    this.current = { line, offset };
    this.isLaid = false;
    this.eventId = id;
    this.comm = line.comm;
    this.cpu = Math.min(Math.max(line.cpu, 0), MAX_CPU);
    this.tid = line.tid;
    this.tgid = line.tgid;
    const time = BigInt.asUintN(64, line.time);
    this.timeHigh = Number(time >> 32n) | 0;
    this.timeLow = Number(time & 0xffff_ffffn) | 0;
    this.time = Number(time);
    if (line.tid < 0) this.taskOfSwitch();
    this.takeLosses();
    return true;
  }

  /** Lays the current record out, once. */
  private lay(): void {
    if (this.isLaid || this.current === undefined) return;
    this.isLaid = true;
    const { line, offset } = this.current;
    if (line.call === undefined) this.layEvent(line, offset);
    else this.layCall(line.call);
    this.record.common(this.eventId, line.flags, line.preemptCount, this.tid);
  }

  private layEvent(line: TextLine, offset: number): void {
    const { format, scanner } = this.index.events.get(keyOf(line))!;
    this.record.begin(format);
    if (!scanner.scan(line.text, this.record)) this.tellUnfit(`${format.system}:${format.name}`, offset);
  }

  /** The registers were not recorded: the context is zeros, and the caller's name stands behind it. */
  private layCall(call: { readonly function: string; readonly parent: string }): void {
    const format = functionFormat(this.eventId, call.function);
    this.record.begin(format);
    this.record.data(format.fields.at(-1)!, bytesOfText(call.parent));
  }

  /** perf has no thread any more for a task that ends; the switch away from it still names it. */
  private taskOfSwitch(): void {
    const format = this.index.events.get('sched:sched_switch')?.format;
    const fields = format?.id === this.eventId ? requireFields(format, ['prev_pid', 'prev_comm']) : undefined;
    if (fields === undefined) return;
    this.comm = readText(this, fields.prev_comm);
    this.tid = readInteger(this, fields.prev_pid) ?? this.tid;
    this.isLaid = false;
  }

  private takeLosses(): void {
    this.lost = this.pendingLost.get(this.cpu) ?? 0;
    if (this.lost === 0) return;
    this.pendingLost.delete(this.cpu);
    if (this.lost < 0) this.lostUncounted++;
    else this.lostRecords += this.lost;
  }

  private tellUnfit(name: string, offset: number): void {
    if (this.unfit.has(name)) return;
    this.unfit.add(name);
    const problem = `the text of ${name} does not fit its format: such records read as 0`;
    this.warnings.add(this.form.name, offset, problem);
  }
}
