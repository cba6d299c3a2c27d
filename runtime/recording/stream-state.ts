/**
 * Where the reading of each CPU's records stands, as words that JavaScript and generated WebAssembly read and write
 * alike: all streams' words one after the other, then their heap by time, as byte offsets of the streams' words.
 */

/** Words of one stream. */
export const Stream = {
  /** Time of the current record as it is shown, and as it is stored. */
  timeLow: 0,
  timeHigh: 1,
  rawLow: 2,
  rawHigh: 3,
  /** The next event of the page, and the end of the page's events. */
  position: 4,
  end: 5,
  /** The current record's place. */
  offset: 6,
  length: 7,
  /** Records lost just before it. */
  lost: 8,
  cpu: 9,
  /** Rank among streams whose records have the same time: the stream's number. */
  order: 10,
  /** 1: places are linear addresses; 0: they count from the start of a window of JavaScript's. */
  resident: 11,
} as const;

export const STREAM_WORDS = 16;

/** Memory that records are read into, in place: a machine's. */
export interface RecordRoom {
  readonly u8: Uint8Array;
  readonly i32: Int32Array;
  readonly view: DataView;
  /** `records`: programs may read there. Address of `size` zero bytes. */
  allocate(size: number, records: boolean): number;
}

export class StreamStates {
  readonly count: number;
  /** Linear address of the words, or 0 without a room. */
  readonly address: number;
  readonly room: RecordRoom | undefined;
  readonly #words: Int32Array;

  constructor(count: number, room?: RecordRoom) {
    this.count = count;
    this.room = room;
    const size = count * STREAM_WORDS + count + 1;
    this.address = room?.allocate(size * 4, false) ?? 0;
    const from = this.address >> 2;
    this.#words = room === undefined ? new Int32Array(size) : room.i32.subarray(from, from + size);
  }

  /** The words of one stream. */
  of(index: number): Int32Array {
    return this.#words.subarray(index * STREAM_WORDS, (index + 1) * STREAM_WORDS);
  }

  /** How many streams are in the heap, then their offsets: none is earlier than its parent, at (index - 1) / 2. */
  get heap(): Int32Array {
    return this.#words.subarray(this.count * STREAM_WORDS);
  }

  get highestCpu(): number {
    let highest = 0;
    for (let index = 0; index < this.count; index++) {
      highest = Math.max(highest, this.#words[index * STREAM_WORDS + Stream.cpu]!);
    }
    return highest;
  }

  get heapAddress(): number {
    return this.address + this.count * STREAM_WORDS * 4;
  }
}

/** Where the common fields are in each record; the formats say it and no kernel has moved them. */
export interface CommonFields {
  readonly typeOffset: number;
  readonly typeSize: 2 | 4;
  readonly pidOffset: number;
}

/** Records in a machine's memory, of the kind that generated code reads by itself: little-endian, times as stored. */
export interface ResidentRecords {
  readonly states: StreamStates;
  readonly common: CommonFields;
}
