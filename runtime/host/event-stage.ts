/**
 * Where a source stages events until their programs run: an {@link EventBatch}, the records' bytes behind it, and beside
 * it the task of each event at its own moment, since a batch is filled before any of its programs run.
 */
import type { LinearAddress } from '../../vm/address.ts';
import type { EventBatch } from '../../vm/event-batch.ts';
import type { Memory } from '../../vm/memory.ts';
import type { CallChain, CurrentTask } from '../helpers/execution-context.ts';

/** A record to stage: `length` bytes, a multiple of four, at `offset` of `view`. */
export interface StagedRecord {
  readonly eventId: number;
  readonly timeLow: number;
  readonly timeHigh: number;
  readonly view: DataView;
  readonly offset: number;
  readonly length: number;
}

const ROWS = 1024;
const RECORD_BYTES: number = 256 * 1024;
/** A ring buffer page holds at most this; records are smaller. */
const LONGEST_RECORD = 65536 - 8;
/** Zeros behind each record, so that nobody who reads past its end sees another record. */
const GAP = 256;

export class EventStage {
  readonly batch: EventBatch;
  /** By row. */
  readonly tasks: CurrentTask[] = [];
  /** Where somebody asks for them. */
  readonly chains: (CallChain | undefined)[] = [];
  /** The row to run next. */
  row = 0;
  readonly #memory: Memory;
  readonly #start: LinearAddress;
  #used = 0;

  constructor(memory: Memory) {
    const { batch, records } = memory.allocateBatch(ROWS, RECORD_BYTES);
    this.batch = batch;
    this.#memory = memory;
    this.#start = records;
  }

  /** Rows that wait for their programs. */
  get waiting(): number {
    return this.batch.count - this.row;
  }

  /** No room for another record: what waits must run first. */
  get full(): boolean {
    return this.batch.count === this.batch.capacity || this.#used > RECORD_BYTES - LONGEST_RECORD - GAP;
  }

  /** Only when it is not full. */
  add(record: StagedRecord, cpu: number, task: CurrentTask, chain?: CallChain): void {
    const { batch } = this;
    const length = Math.min(record.length, LONGEST_RECORD);
    const row = batch.count;
    const address = this.#start + this.#used;
    this.#copy(record, address, length);
    batch.point[row] = record.eventId;
    batch.cpu[row] = cpu;
    batch.timeLow[row] = record.timeLow;
    batch.timeHigh[row] = record.timeHigh;
    batch.tid[row] = task.tid;
    batch.address[row] = address;
    batch.length[row] = length;
    this.tasks[row] = task;
    this.chains[row] = chain;
    batch.count = row + 1;
    this.#used += (length + GAP + 7) & ~7;
  }

  /** Makes room again; only when nothing waits. */
  clear(): void {
    this.batch.count = 0;
    this.row = 0;
    this.#used = 0;
  }

  #copy({ view, offset }: StagedRecord, address: LinearAddress, length: number): void {
    const { i32, u8 } = this.#memory;
    const words = length >> 2;
    // A view of the source for each record would cost more than its few words.
    for (let word = 0; word < words; word++) {
      i32[(address >> 2) + word] = view.getInt32(offset + word * 4, true);
    }
    u8.fill(0, address + length, address + length + GAP);
  }
}
