/**
 * How the loop comes from one record to the next: the earliest stream steps on in its page (see `cpu-stream.ts` for the
 * encoding, of which this knows the usual part), then the heap of streams is put in order again.
 */
import type { FunctionBuilder, Label, Local, Value } from '../../vm/wasm/builder.ts';
import { I32, I64 } from '../../vm/wasm/opcodes.ts';
import { Stream } from '../recording/stream-state.ts';
import { type LoopPlaces, Stop } from './loop-layout.ts';
import { scaled, word } from './word-code.ts';

const MAX_DATA_TYPE = 28;
const PADDING = 29;
const TIME_EXTEND = 30;
const MIN_RECORD = 8;
/** Longer is left to JavaScript, which warns. */
const LONGEST = 0xff_ffff;

export class MergeCode {
  readonly #f: FunctionBuilder;
  readonly #places: Pick<LoopPlaces, 'streams' | 'heap'>;
  readonly #stream: Local;
  /** Of the record before, then as of `position`. */
  readonly #time: Local;
  /** Where the next event begins, and where the page's events end. */
  readonly #position: Local;
  readonly #end: Local;
  /** Of the event at `position`: its time, its second word, and its record. */
  readonly #later: Local;
  readonly #value: Local;
  readonly #start: Local;
  readonly #length: Local;

  constructor(f: FunctionBuilder, places: Pick<LoopPlaces, 'streams' | 'heap'>, stream: Local, time: Local) {
    this.#f = f;
    this.#places = places;
    this.#stream = stream;
    this.#time = time;
    this.#position = f.local('i32');
    this.#end = f.local('i32');
    this.#later = f.local('i64');
    this.#value = f.local('i32');
    this.#start = f.local('i32');
    this.#length = f.local('i32');
  }

  /** Moves the stream to its next record, past what has none; returns where JavaScript must do it. */
  step(): void {
    const f = this.#f;
    f.set(this.#position, f.load(I32.load, f.get(this.#stream), Stream.position * 4));
    f.set(this.#end, f.load(I32.load, f.get(this.#stream), Stream.end * 4));
    const done = f.block();
    const unusual = f.block();
    const found = f.block();
    const scan = f.loop();
    this.#decode(unusual, found);
    this.#skip(unusual, scan);
    this.#measureLong();
    f.end();
    f.end();
    f.brIf(unusual, f.binary(I32.lt_u, f.get(this.#length), f.i32(MIN_RECORD)));
    f.brIf(unusual, f.binary(I32.gt_s, this.#recordEnd(), f.get(this.#end)));
    this.#take();
    f.br(done);
    f.end();
    this.#put(Stream.position, () => f.get(this.#position));
    f.store(I64.store, f.get(this.#stream), f.get(this.#time), Stream.rawLow * 4);
    f.return(f.i32(Stop.step));
    f.end();
  }

  /** Short records are found at once. */
  #decode(unusual: Label, found: Label): void {
    const f = this.#f;
    const type = f.local('i32');
    f.brIf(unusual, f.binary(I32.ge_s, f.get(this.#position), f.get(this.#end)));
    f.set(this.#value, f.load(I32.load, f.get(this.#position), 0));
    f.set(type, f.binary(I32.and, f.get(this.#value), f.i32(31)));
    const delta = f.unary(I64.extend_i32_u, f.binary(I32.shr_u, f.get(this.#value), f.i32(5)));
    f.set(this.#later, f.binary(I64.add, delta, f.get(this.#time)));
    f.set(this.#start, f.binary(I32.add, f.get(this.#position), f.i32(4)));
    f.set(this.#length, f.binary(I32.shl, f.get(type), f.i32(2)));
    const short = f.binary(I32.sub, f.get(type), f.i32(1));
    f.brIf(found, f.binary(I32.lt_u, short, f.i32(MAX_DATA_TYPE)));
  }

  /** Time extends and discarded events. All but short records have a second word. */
  #skip(unusual: Label, scan: Label): void {
    const f = this.#f;
    const second = f.binary(I32.add, f.get(this.#position), f.i32(8));
    f.brIf(unusual, f.binary(I32.gt_s, second, f.get(this.#end)));
    const header = f.local('i32');
    f.set(header, f.get(this.#value));
    f.set(this.#value, f.load(I32.load, f.get(this.#start), 0));
    f.if(f.binary(I32.eq, f.get(this.#length), f.i32(TIME_EXTEND * 4)));
    const high = f.binary(I64.shl, f.unary(I64.extend_i32_u, f.get(this.#value)), f.i64(27, 0));
    f.set(this.#time, f.binary(I64.add, high, f.get(this.#later)));
    f.set(this.#position, f.binary(I32.add, f.get(this.#position), f.i32(8)));
    f.br(scan);
    f.end();
    const length = f.binary(I32.sub, f.get(this.#value), f.i32(4));
    f.brIf(unusual, f.binary(I32.gt_u, length, f.i32(LONGEST)));
    f.if(f.binary(I32.eq, f.get(this.#length), f.i32(PADDING * 4)));
    // Without a time it stands for the rest of the page.
    f.brIf(unusual, f.binary(I32.eq, f.get(header), f.i32(PADDING)));
    f.set(this.#start, f.binary(I32.add, f.get(this.#start), f.get(this.#value)));
    f.brIf(unusual, f.binary(I32.gt_s, f.get(this.#start), f.get(this.#end)));
    f.brIf(unusual, f.binary(I32.and, f.get(this.#start), f.i32(3)));
    f.set(this.#position, f.get(this.#start));
    f.set(this.#time, f.get(this.#later));
    f.br(scan);
    f.end();
    // What is left is a long record, or an absolute time.
    f.brIf(unusual, f.get(this.#length));
  }

  /** The word before a long record counts itself. */
  #measureLong(): void {
    const f = this.#f;
    const bytes = f.binary(I32.sub, f.get(this.#value), f.i32(1));
    f.set(this.#length, f.binary(I32.and, bytes, f.i32(~3)));
    f.set(this.#start, f.binary(I32.add, f.get(this.#start), f.i32(4)));
  }

  /** The record at `start` is the stream's current one. */
  #take(): void {
    const f = this.#f;
    f.store(I64.store, f.get(this.#stream), f.get(this.#later), Stream.timeLow * 4);
    f.store(I64.store, f.get(this.#stream), f.get(this.#later), Stream.rawLow * 4);
    this.#put(Stream.position, () => this.#recordEnd());
    this.#put(Stream.offset, () => f.get(this.#start));
    this.#put(Stream.length, () => f.get(this.#length));
    this.#put(Stream.lost, () => f.i32(0));
  }

  #recordEnd(): Value {
    const f = this.#f;
    return f.binary(I32.add, f.get(this.#start), f.get(this.#length));
  }

  #put(index: number, value: () => Value): void {
    this.#f.store(I32.store, this.#f.get(this.#stream), value(), index * 4);
  }

  /** Sinks the stream at the top of the heap to its place. */
  sink(): void {
    const f = this.#f;
    const { heap, streams } = this.#places;
    const count = f.local('i32');
    const index = f.local('i32');
    const child = f.local('i32');
    const moved = f.local('i32');
    const least = f.local('i32');
    const other = f.local('i32');
    f.set(count, word(f, heap));
    f.set(index, f.i32(0));
    f.set(moved, f.binary(I32.sub, f.get(this.#stream), f.i32(streams)));
    const placed = f.block();
    const down = f.loop();
    f.set(child, f.binary(I32.add, f.binary(I32.shl, f.get(index), f.i32(1)), f.i32(1)));
    f.brIf(placed, f.binary(I32.ge_s, f.get(child), f.get(count)));
    f.set(least, f.load(I32.load, scaled(f, f.get(child)), heap + 4));
    const right = f.binary(I32.add, f.get(child), f.i32(1));
    f.if(f.binary(I32.lt_s, right, f.get(count)));
    f.set(other, f.load(I32.load, scaled(f, f.get(child)), heap + 8));
    f.if(this.#isEarlier(other, least));
    f.set(least, f.get(other));
    f.set(child, f.binary(I32.add, f.get(child), f.i32(1)));
    f.end();
    f.end();
    f.brIf(placed, f.unary(I32.eqz, this.#isEarlier(least, moved)));
    f.store(I32.store, scaled(f, f.get(index)), f.get(least), heap + 4);
    f.set(index, f.get(child));
    f.br(down);
    f.end();
    f.end();
    f.store(I32.store, scaled(f, f.get(index)), f.get(moved), heap + 4);
  }

  /** Compares the records of the streams at two offsets. */
  #isEarlier(a: Local, b: Local): Value {
    const f = this.#f;
    const { streams } = this.#places;
    const time = (stream: Local): Value => f.load(I64.load, f.get(stream), streams + Stream.timeLow * 4);
    const order = (stream: Local): Value => f.load(I32.load, f.get(stream), streams + Stream.order * 4);
    const earlier = f.binary(I64.lt_u, time(a), time(b));
    const same = f.binary(I64.eq, time(a), time(b));
    const before = f.binary(I32.lt_s, order(a), order(b));
    return f.binary(I32.or, earlier, f.binary(I32.and, same, before));
  }
}
