/**
 * The samples of a perf.data file in the order `perf script` shows them. The records between them are taken in on the way:
 * they tell names, processes and mappings as of the current sample, and what was lost before it.
 */
import type { CallChain, EventCursor } from '../event-recording.ts';
import type { WarningList } from '../recording-error.ts';
import { splitCallChain } from './call-chain.ts';
import { EVENT_TYPE, SAMPLE } from './event-attr.ts';
import type { EventIndex, IndexedEvent } from './event-index.ts';
import { GroupReads } from './group-reads.ts';
import { LossCount } from './loss-count.ts';
import type { OrderedRecords } from './ordered-records.ts';
import { double64, type PerfRecord } from './perf-record.ts';
import { ProcessTable } from './process-table.ts';
import { RECORD } from './record-types.ts';
import { type PerfSample, readSample } from './sample.ts';
import { applySideRecord } from './side-records.ts';
import { type SymbolisedChain, type SymbolPorts, symbolise } from './stack-frames.ts';

const SECTION = 'event data';
const NO_BYTES = new Uint8Array(0);
const NO_VIEW = new DataView(new ArrayBuffer(0));
/** `common_type` and the rest, up to and with `common_pid`. */
const COMMON_SIZE = 8;
const COMMON_PID = 4;

export interface PerfCursorOptions {
  readonly records: OrderedRecords;
  readonly events: EventIndex;
  /** Those of the file's BUILD_ID section, by path. */
  readonly buildIds: ReadonlyMap<string, string>;
  readonly warnings: WarningList;
}

export class PerfCursor implements EventCursor {
  cpu = 0;
  timeHigh = 0;
  timeLow = 0;
  eventId = 0;
  tid = 0;
  /** -1 where samples do not tell it. */
  tgid = -1;
  bytes: Uint8Array = NO_BYTES;
  view: DataView = NO_VIEW;
  offset = 0;
  length = 0;
  lost = 0;
  lostRecords = 0;
  readonly lostUncounted = 0;
  readonly littleEndian: boolean;
  /** Names, processes and mappings at the current sample. */
  readonly processes: ProcessTable;
  readonly #records: OrderedRecords;
  readonly #events: EventIndex;
  readonly #warnings: WarningList;
  readonly #loss = new LossCount();
  readonly #reads: GroupReads;
  #event: IndexedEvent | undefined;
  /** The event the record is of: {@link #event} may be another of its group. */
  #leader: IndexedEvent | undefined;
  /** The sample's call chain: where its addresses are in the record's memory, and how many; -1 without one. */
  #chainAt = 0;
  #chainCount = -1;
  #isOver = false;
  #hasDeferred = false;

  constructor(options: PerfCursorOptions) {
    this.#records = options.records;
    this.#events = options.events;
    this.processes = new ProcessTable(options.buildIds);
    this.#warnings = options.warnings;
    this.#reads = new GroupReads(options.events);
    this.littleEndian = options.records.littleEndian;
  }

  get time(): number {
    return (this.timeHigh >>> 0) * 2 ** 32 + (this.timeLow >>> 0);
  }

  get consumed(): number {
    return this.#records.consumed;
  }

  /** Bytes of memory that records waiting for their turn take. */
  get held(): number {
    return this.#records.held;
  }

  /** The event whose sample this is. */
  get event(): IndexedEvent | undefined {
    return this.#event;
  }

  next(): boolean {
    const records = this.#records;
    const before = this.lostRecords;
    this.lost = 0;
    if (this.#takeCounted()) return true;
    while (!this.#isOver) {
      if (!records.next()) {
        this.#finish();
        break;
      }
      if (records.type === RECORD.sample) {
        if (!this.#takeSample(records)) continue;
        this.lost = this.lostRecords - before;
        if (!this.#reads.isCounting || this.#takeCounted()) return true;
        continue;
      }
      this.#takeSide(records);
    }
    return false;
  }

  callChain(): CallChain | undefined {
    if (this.#chainCount < 0) return undefined;
    return splitCallChain(this.#records, this.#chainAt, this.#chainCount);
  }

  stackFrames(ports: SymbolPorts): SymbolisedChain | undefined {
    const chain = this.callChain();
    return chain && symbolise(chain, this.tid, this.processes, ports);
  }

  /** All that was recorded of the current sample. Valid until the next record. */
  sample(): PerfSample | undefined {
    return this.#leader && readSample(this.#records, this.#leader.attr);
  }

  #takeSide(record: PerfRecord): void {
    const { type } = record;
    if (type === RECORD.lost || type === RECORD.lostSamples || type === RECORD.read) {
      const event = this.#events.eventOf(record);
      this.#loss.observe(record, event?.attr, this.#events.readTime(record));
      this.lostRecords = this.#loss.told;
    } else if (type === RECORD.callchainDeferred) this.#warnOfDeferred();
    else applySideRecord(record, this.processes);
  }

  #warnOfDeferred(): void {
    if (this.#hasDeferred) return;
    this.#hasDeferred = true;
    const problem = 'user stacks that the kernel wrote after their samples are left out';
    this.#warnings.add(SECTION, this.#records.position, problem);
  }

  /** False for a sample that cannot be read. */
  #takeSample(record: PerfRecord): boolean {
    const event = this.#events.eventOf(record);
    if (event === undefined) return this.#skip('a sample of an event the file does not describe');
    const { layout } = event;
    if (layout.variable > record.size) return this.#skip('a sample shorter than its fields');
    const { view, offset, littleEndian } = record;
    const high = littleEndian ? 4 : 0;
    this.#leader = event;
    this.#event = event;
    this.eventId = event.eventId;
    if (layout.time >= 0) {
      this.timeHigh = view.getInt32(offset + layout.time + high, littleEndian);
      this.timeLow = view.getInt32(offset + layout.time + 4 - high, littleEndian);
    }
    if (layout.cpu >= 0) this.cpu = view.getUint32(offset + layout.cpu, littleEndian);
    if (!this.#takeVariable(record, event)) return false;
    this.#takeThread(record, event);
    return true;
  }

  /**
   * A sample with counters stands for each of them that counted since its last one: the next of those becomes the current
   * event. False when there are no more.
   */
  #takeCounted(): boolean {
    const event = this.#reads.next();
    if (event === undefined) return false;
    this.#event = event;
    this.eventId = event.eventId;
    return true;
  }

  /**
   * The kernel writes -1 for a thread that has gone from its tables, as in its last switch; a tracepoint's own bytes still
   * name it, and so would a program.
   */
  #takeThread(record: PerfRecord, { layout, attr }: IndexedEvent): void {
    const hasCommon = attr.type === EVENT_TYPE.tracepoint && this.length >= COMMON_SIZE;
    const common = hasCommon ? this.view.getInt32(this.offset + COMMON_PID, this.littleEndian) : -1;
    this.tgid = -1;
    this.tid = common;
    if (layout.tid < 0) return;
    const at = record.offset + layout.tid;
    const tid = record.view.getInt32(at + 4, this.littleEndian);
    this.tgid = record.view.getInt32(at, this.littleEndian);
    if (tid >= 0) this.tid = tid;
    this.processes.see(this.tgid, this.tid);
  }

  /** The counters are taken; the call chain and the raw bytes are kept. */
  #takeVariable(record: PerfRecord, event: IndexedEvent): boolean {
    const { sampleType } = event.attr;
    const { view, littleEndian } = record;
    const end = record.offset + record.size;
    let at = record.offset + event.layout.variable;
    this.#chainCount = -1;
    this.#reads.clear();
    this.#setBytes(NO_BYTES, NO_VIEW, 0, 0);
    if (sampleType & SAMPLE.read) {
      at += this.#reads.observe(record, at, event.attr.readFormat);
      if (at > end) return this.#skip('a sample whose counters do not fit into it');
    }
    if (sampleType & SAMPLE.callChain) {
      if (at + 8 > end) return this.#skip('a sample without its call chain');
      const count = double64(view, at, littleEndian);
      if (count > (end - at - 8) / 8) return this.#skip('a sample whose call chain does not fit into it');
      this.#chainAt = at + 8;
      this.#chainCount = count;
      at += 8 + count * 8;
    }
    if ((sampleType & SAMPLE.raw) === 0 || event.attr.type !== EVENT_TYPE.tracepoint) return true;
    if (at + 4 > end) return this.#skip('a sample without its raw data');
    const size = view.getUint32(at, littleEndian);
    if (size > end - at - 4) return this.#skip('a sample whose raw data does not fit into it');
    this.#setBytes(record.bytes, view, at + 4, size);
    return true;
  }

  #setBytes(bytes: Uint8Array, view: DataView, offset: number, length: number): void {
    this.bytes = bytes;
    this.view = view;
    this.offset = offset;
    // Programs and readers take whole words; the kernel pads to them.
    this.length = length & ~3;
  }

  #skip(problem: string): false {
    this.#warnings.add(SECTION, this.#records.position, `${problem}; it is left out`);
    return false;
  }

  #finish(): void {
    this.#isOver = true;
    this.#chainCount = -1;
    this.lost = this.#loss.untold;
    this.lostRecords += this.lost;
    if (this.processes.hasLostMappings) {
      this.#warnings.add(
        SECTION,
        this.#records.position,
        'too many mappings: some user addresses belong to no file',
      );
    }
    const { late } = this.#records;
    if (late === 0) return;
    const count = late === 1 ? '1 record was' : `${late} records were`;
    this.#warnings.add(
      SECTION,
      this.#records.position,
      `${count} written after the end of the round they belong to: out of time order, as perf script shows them too`,
    );
  }
}
