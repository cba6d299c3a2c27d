/**
 * The loop over a recording's records as WebAssembly: it decodes ring-buffer pages where they lie, takes the earliest
 * record of all CPUs, and runs the programs of its event. It knows what is usual; at anything else it stops, says why, and
 * JavaScript goes on from the same words of memory ({@link Stream}).
 */
import { Current, RunState } from '../../vm/layout.ts';
import type {
  FunctionBuilder,
  FunctionRef,
  FunctionType,
  Local,
  ModuleBuilder,
  Value,
} from '../../vm/wasm/builder.ts';
import { I32, I64 } from '../../vm/wasm/opcodes.ts';
import { Stream } from '../recording/stream-state.ts';
import { ENTRY_WORDS, Entry, EntryFlags, Loop, type LoopPlaces, Stop } from './loop-layout.ts';
import { MergeCode } from './merge-code.ts';
import { scaled, word } from './word-code.ts';

const PROGRAM: FunctionType = { params: ['i32'], result: 'i32' };

interface Imports {
  readonly observe: FunctionRef;
  /** Makes the task of a thread and a CPU the current one. */
  readonly task: FunctionRef;
  /** Runs a program at a context; not 0 when nothing more shall run. */
  readonly run: FunctionRef;
  /** Takes what was written; not 0 when nothing more shall run. */
  readonly output: FunctionRef;
}

/** The module: `loop()` gives a {@link Stop}. */
export function loopModule(m: ModuleBuilder, pages: number, places: LoopPlaces): Uint8Array<ArrayBuffer> {
  m.importMemory({ initial: pages, maximum: pages });
  m.importTable(1);
  const imports: Imports = {
    observe: m.importFunction('observe', { params: [], result: undefined }),
    task: m.importFunction('task', { params: ['i32', 'i32'], result: undefined }),
    run: m.importFunction('run', { params: ['i32', 'i32'], result: 'i32' }),
    output: m.importFunction('output', { params: [], result: 'i32' }),
  };
  const fn = m.declare('loop', { params: [], result: 'i32' });
  new LoopCode(m.define(fn), places, imports).build();
  m.export('loop', fn);
  return m.finish().bytes;
}

class LoopCode {
  readonly #f: FunctionBuilder;
  readonly #places: LoopPlaces;
  readonly #imports: Imports;
  /** Address of the earliest stream's words. */
  readonly #stream: Local;
  readonly #time: Local;
  readonly #offset: Local;
  readonly #merge: MergeCode;

  constructor(f: FunctionBuilder, places: LoopPlaces, imports: Imports) {
    this.#f = f;
    this.#places = places;
    this.#imports = imports;
    this.#stream = f.local('i32');
    this.#time = f.local('i64');
    this.#offset = f.local('i32');
    this.#merge = new MergeCode(f, places, this.#stream, this.#time);
  }

  build(): void {
    const f = this.#f;
    const again = f.loop();
    f.set(this.#stream, f.binary(I32.add, word(f, this.#places.heap + 4), f.i32(this.#places.streams)));
    f.set(this.#time, f.load(I64.load, f.get(this.#stream), Stream.timeLow * 4));
    this.#stopEarly();
    f.set(this.#offset, this.#field(Stream.offset));
    this.#handle();
    this.#merge.step();
    this.#merge.sink();
    f.br(again);
    f.end();
    f.unreachable();
    f.finish();
  }

  /** Reasons not to take the record. */
  #stopEarly(): void {
    const f = this.#f;
    const { loop } = this.#places;
    this.#stopIf(this.#field(Stream.lost), Stop.lost);
    this.#stopIf(f.unary(I32.eqz, word(f, loop + Loop.left * 4)), Stop.limit);
    this.#stopIf(f.binary(I64.gt_u, f.get(this.#time), this.#pair(loop + Loop.horizon * 4)), Stop.time);
    const since = f.binary(I64.sub, f.get(this.#time), this.#pair(loop + Loop.latest * 4));
    this.#stopIf(f.binary(I64.gt_s, since, this.#pair(loop + Loop.gap * 4)), Stop.time);
    this.#stopIf(f.unary(I32.eqz, this.#field(Stream.resident)), Stop.elsewhere);
    f.store(
      I32.store,
      f.i32(0),
      f.binary(I32.sub, word(f, loop + Loop.left * 4), f.i32(1)),
      loop + Loop.left * 4,
    );
  }

  /** Shows the record to those who want to see its event. */
  #handle(): void {
    const f = this.#f;
    const { loop, events, current, typeOffset, pidOffset } = this.#places;
    f.if(f.binary(I64.gt_u, f.get(this.#time), this.#pair(loop + Loop.latest * 4)));
    f.store(I64.store, f.i32(0), f.get(this.#time), loop + Loop.latest * 4);
    f.end();
    const tid = f.local('i32');
    const cpu = f.local('i32');
    const entry = f.local('i32');
    f.set(tid, f.load(I32.load, f.get(this.#offset), pidOffset));
    f.set(cpu, this.#field(Stream.cpu));
    f.store(I32.store, scaled(f, f.get(cpu)), f.get(tid), current);
    const id = f.load(I32.load16_u, f.get(this.#offset), typeOffset);
    f.set(entry, f.load(I32.load, scaled(f, id), events));
    f.if(f.get(entry));
    this.#observe(entry);
    this.#switch(entry, cpu);
    f.if(f.load(I32.load, f.get(entry), Entry.programs * 4));
    this.#setMoment(tid, cpu);
    this.#run(entry);
    f.end();
    f.end();
  }

  #observe(entry: Local): void {
    const f = this.#f;
    if (!this.#places.tasks) return;
    f.if(f.binary(I32.and, f.load(I32.load, f.get(entry), Entry.flags * 4), f.i32(EntryFlags.observe)));
    f.run(this.#imports.observe, []);
    f.end();
  }

  /** The current block tells of this record's CPU, time and task. */
  #setMoment(tid: Local, cpu: Local): void {
    const f = this.#f;
    const { loop, tasks } = this.#places;
    if (tasks) {
      // Each CPU has an idle task of its own; other threads are the same on all.
      const otherTid = f.binary(I32.ne, f.get(tid), word(f, loop + Loop.taskTid * 4));
      const isIdle = f.unary(I32.eqz, f.get(tid));
      const otherCpu = f.binary(I32.ne, f.get(cpu), word(f, loop + Loop.taskCpu * 4));
      f.if(f.binary(I32.or, otherTid, f.binary(I32.and, isIdle, otherCpu)));
      f.run(this.#imports.task, [f.get(tid), f.get(cpu)]);
      f.end();
    }
    f.store(I32.store, f.i32(0), f.get(cpu), Current.cpu);
    f.store(I64.store, f.i32(0), f.get(this.#time), Current.time);
  }

  #run(entry: Local): void {
    const f = this.#f;
    const context = this.#context(entry);
    const next = f.local('i32');
    const end = f.local('i32');
    const slot = f.local('i32');
    const written = f.local('i32');
    f.set(next, f.binary(I32.add, f.get(entry), f.i32(ENTRY_WORDS * 4)));
    const count = f.load(I32.load, f.get(entry), Entry.programs * 4);
    f.set(end, f.binary(I32.add, scaled(f, count), f.get(next)));
    const each = f.loop();
    f.set(slot, f.load(I32.load, f.get(next), 0));
    f.if(f.binary(I32.lt_s, f.get(slot), f.i32(0)));
    const number = f.binary(I32.sub, f.i32(-1), f.get(slot));
    this.#stopIf(f.call(this.#imports.run, [number, f.get(context)]), Stop.stopped);
    f.else();
    f.set(written, word(f, RunState.output));
    f.drop(f.callIndirect(PROGRAM, [f.get(context)], f.get(slot)));
    f.if(f.binary(I32.ne, word(f, RunState.output), f.get(written)));
    this.#stopIf(f.call(this.#imports.output, []), Stop.stopped);
    f.end();
    f.end();
    f.set(next, f.binary(I32.add, f.get(next), f.i32(4)));
    f.brIf(each, f.binary(I32.ne, f.get(next), f.get(end)));
    f.end();
  }

  /** The record itself where no program reads behind it, else a copy with zeros behind. */
  #context(entry: Local): Local {
    const f = this.#f;
    const { copies, longestCopy, copyGap } = this.#places;
    const context = f.local('i32');
    const size = f.local('i32');
    f.set(context, f.get(this.#offset));
    f.set(size, this.#field(Stream.length));
    f.if(f.binary(I32.lt_u, f.get(size), f.load(I32.load, f.get(entry), Entry.reach * 4)));
    f.if(f.binary(I32.gt_u, f.get(size), f.i32(longestCopy)));
    f.set(size, f.i32(longestCopy));
    f.end();
    f.copy(f.i32(copies), f.get(this.#offset), f.get(size));
    f.fill(f.binary(I32.add, f.get(size), f.i32(copies)), f.i32(0), f.i32(copyGap));
    f.set(context, f.i32(copies));
    f.end();
    return context;
  }

  #switch(entry: Local, cpu: Local): void {
    const f = this.#f;
    const at = f.local('i32');
    f.if(f.binary(I32.and, f.load(I32.load, f.get(entry), Entry.flags * 4), f.i32(EntryFlags.switches)));
    f.set(at, f.load(I32.load, f.get(entry), Entry.nextPid * 4));
    f.if(f.binary(I32.le_u, f.binary(I32.add, f.get(at), f.i32(4)), this.#field(Stream.length)));
    const tid = (): Value => f.load(I32.load, f.binary(I32.add, f.get(this.#offset), f.get(at)), 0);
    f.store(I32.store, scaled(f, f.get(cpu)), tid(), this.#places.current);
    f.end();
    f.end();
  }

  #stopIf(condition: Value, reason: number): void {
    const f = this.#f;
    f.if(condition);
    f.return(f.i32(reason));
    f.end();
  }

  /** 64 bits at a fixed address. */
  #pair(address: number): Value {
    return this.#f.load(I64.load, this.#f.i32(0), address);
  }

  /** A word of the earliest stream. */
  #field(index: number): Value {
    return this.#f.load(I32.load, this.#f.get(this.#stream), index * 4);
  }
}
