/**
 * Replays records where they lie in linear memory: the generated loop ({@link loopModule}), the tables it goes by, and what
 * it calls back for. It does what `RecordingKernel` does record by record, and stops wherever that would do anything else.
 */
import type { EventField } from '../../bpf/event-format.ts';
import type { Memory } from '../../vm/memory.ts';
import type { Program } from '../../vm/program.ts';
import { directModule } from '../../vm/wasm/direct/module.ts';
import { type WasmFunction, type WasmTable, wasm } from '../../vm/wasm/platform.ts';
import type { ObjectNeeds } from '../host/object-needs.ts';
import type { ProgramHost } from '../host/program-host.ts';
import type { EventCursor, ThreadNames } from '../recording/event-recording.ts';
import type { ResidentRecords } from '../recording/stream-state.ts';
import { contextReach } from './context-reach.ts';
import { loopModule } from './loop-code.ts';
import { ENTRY_WORDS, EntryFlags, LOOP_WORDS, Loop, Stop } from './loop-layout.ts';

export interface ReplayLoopOptions {
  readonly host: ProgramHost;
  readonly cursor: ReplayableCursor;
  readonly threads: ThreadNames;
  /** By CPU, in linear memory: the thread it was last seen in. */
  readonly current: Int32Array;
  /** Id of `sched_switch` and where it says who comes next, where the recording has it. */
  readonly switches: { readonly id: number; readonly nextPid: number } | undefined;
  /** Somebody asks for the current task. */
  readonly tasks: boolean;
  /** Makes a thread's task the current one. */
  readonly setTask: (tid: number, cpu: number) => void;
}

/** A cursor over records in the machine's memory. */
export interface ReplayableCursor extends EventCursor {
  readonly resident: ResidentRecords;
  load(): void;
}

/** Can the loop do all that replaying these records means? */
export function isReplayable(
  cursor: EventCursor,
  cpus: number,
  nextPid: EventField | undefined,
  needs: ObjectNeeds,
): cursor is ReplayableCursor {
  const { resident } = cursor;
  const isUsual = resident !== undefined && resident.states.highestCpu < cpus;
  return isUsual && (nextPid?.size ?? 4) === 4 && !needs.stacks && !needs.timers;
}

export type StopReason = keyof typeof Stop;

/** Ids that a record can have. */
const EVENT_IDS = 65536;
/** As `EventStage` copies records. */
const LONGEST_COPY = 65536 - 8;
const COPY_GAP = 256;
/** No program can be content with the record as it lies. */
const COPY_ALWAYS = -1;
/** Threads are never so numbered on a CPU so numbered. */
const NO_TASK = -1;

const REASONS = Object.entries(Stop) as readonly (readonly [StopReason, number])[];

export class ReplayLoop {
  /** Records passed in the last run. */
  passed = 0;
  readonly #options: ReplayLoopOptions;
  readonly #memory: Memory;
  readonly #words: Int32Array;
  readonly #events: Int32Array;
  readonly #table: WasmTable = new wasm.Table({ element: 'anyfunc', initial: 1 });
  readonly #loop: WasmFunction;
  /** Those that the generated loop cannot call by itself. */
  readonly #programs: Program[] = [];
  /** By program. */
  readonly #slots = new Map<Program, number>();
  /** Indexes of words that have the slots of {@link #programs}, by their number. */
  readonly #uses: number[][] = [];
  #direct = 0;

  constructor(options: ReplayLoopOptions) {
    this.#options = options;
    const { memory } = options.host.machine;
    this.#memory = memory;
    const { states, common } = options.cursor.resident;
    const loop = memory.allocate(LOOP_WORDS * 4, 'replay');
    const events = memory.allocate(EVENT_IDS * 4, 'replay');
    const copies = memory.allocateRegion(LONGEST_COPY + COPY_GAP, { kind: 'context', label: 'event record' });
    this.#words = memory.i32.subarray(loop >> 2, (loop >> 2) + LOOP_WORDS);
    this.#events = memory.i32.subarray(events >> 2, (events >> 2) + EVENT_IDS);
    const bytes = loopModule(directModule(), memory.pages, {
      loop,
      events,
      current: options.current.byteOffset,
      streams: states.address,
      heap: states.heapAddress,
      copies,
      longestCopy: LONGEST_COPY,
      copyGap: COPY_GAP,
      typeOffset: common.typeOffset,
      pidOffset: common.pidOffset,
      tasks: options.tasks,
    });
    const env = {
      memory: memory.wasm,
      table: this.#table,
      observe: () => this.#observe(),
      task: (tid: number, cpu: number) => this.#setTask(tid, cpu),
      run: (number: number, context: number) => this.#run(number, context),
      output: () => (options.host.drain() ? 1 : 0),
    };
    this.#loop = new wasm.Instance(new wasm.Module(bytes), { env }).exports.loop!;
  }

  /** Nanoseconds of the latest record passed, or 0. */
  get latest(): number {
    return (this.#words[Loop.latest + 1]! >>> 0) * 2 ** 32 + (this.#words[Loop.latest]! >>> 0);
  }

  /** Which programs run at which event. Before the first run, and whenever they change. */
  setPrograms(programs: readonly (readonly Program[] | undefined)[]): void {
    const { threads, switches, tasks } = this.#options;
    this.#events.fill(0);
    const observed = tasks ? (threads.observed ?? []) : [];
    const ids = new Set([...programs.keys(), ...observed]);
    if (switches !== undefined) ids.add(switches.id);
    for (const id of ids) {
      const list = programs[id] ?? [];
      const flags =
        (observed.includes(id) ? EntryFlags.observe : 0) | (switches?.id === id ? EntryFlags.switches : 0);
      if (id >= EVENT_IDS || (list.length === 0 && flags === 0)) continue;
      this.#events[id] = this.#entry(list, flags);
    }
  }

  #entry(programs: readonly Program[], flags: number): number {
    const address = this.#memory.allocate((ENTRY_WORDS + programs.length) * 4, 'replay');
    const reaches = programs.map(({ instructions }) => contextReach(instructions));
    const reach = Math.max(0, ...reaches.map((bytes) => bytes ?? Number.POSITIVE_INFINITY));
    const nextPid = this.#options.switches?.nextPid ?? 0;
    const slots = programs.map((program) => this.#slot(program));
    const words = [flags, Number.isFinite(reach) ? reach : COPY_ALWAYS, nextPid, programs.length, ...slots];
    this.#memory.i32.set(words, address >> 2);
    slots.forEach((slot, index) => {
      if (slot < 0) this.#uses[-1 - slot]!.push((address >> 2) + ENTRY_WORDS + index);
    });
    return address;
  }

  /** Its place in the table, where the loop can call it; else -1 - its number here. */
  #slot(program: Program): number {
    const known = this.#slots.get(program);
    if (known !== undefined) return known;
    const slot = this.#tableSlot(program) ?? -this.#programs.push(program);
    if (slot < 0) this.#uses[-1 - slot] = [];
    this.#slots.set(program, slot);
    return slot;
  }

  /** An engine may have found a better way to run a program. */
  #retry(number: number): void {
    const program = this.#programs[number]!;
    const slot = this.#tableSlot(program);
    if (slot === undefined) return;
    this.#slots.set(program, slot);
    for (const word of this.#uses[number]!) this.#memory.i32[word] = slot;
  }

  #tableSlot(program: Program): number | undefined {
    const { host } = this.#options;
    if (host.needsPlace(program)) return undefined;
    const slot = this.#direct;
    if (slot >= this.#table.length) this.#table.grow(this.#table.length);
    try {
      this.#table.set(slot, host.machine.runnable(program).entry as WasmFunction);
    } catch (error) {
      // The engine runs it by a function of JavaScript's.
      if (!(error instanceof TypeError)) throw error;
      return undefined;
    }
    this.#direct++;
    return slot;
  }

  /**
   * Passes at most `limit` records, none later than `horizon` or more than `gap` after the latest one, of which `latest` was
   * before. Throws VmFault.
   */
  run(limit: number, latest: number, horizon: number, gap: number): StopReason {
    const words = this.#words;
    setPair(words, Loop.latest, latest);
    setPair(words, Loop.horizon, horizon);
    setPair(words, Loop.gap, Math.min(gap, LONGEST_GAP));
    words[Loop.left] = limit;
    // Timers have had tasks of their own.
    words[Loop.taskTid] = NO_TASK;
    words[Loop.taskCpu] = NO_TASK;
    try {
      const stop = this.#loop();
      return REASONS.find(([, number]) => number === stop)![0];
    } catch (error) {
      this.#options.host.drain();
      throw this.#options.host.machine.explain(error);
    } finally {
      this.passed = limit - words[Loop.left]!;
    }
  }

  #observe(): void {
    const { cursor, threads } = this.#options;
    const { changes } = threads;
    cursor.load();
    threads.observe(cursor);
    if (threads.changes === changes) return;
    this.#words[Loop.taskTid] = NO_TASK;
    this.#words[Loop.taskCpu] = NO_TASK;
  }

  #setTask(tid: number, cpu: number): void {
    this.#words[Loop.taskTid] = tid;
    this.#words[Loop.taskCpu] = cpu;
    this.#options.setTask(tid, cpu);
  }

  #run(number: number, context: number): number {
    const { host } = this.#options;
    const program = this.#programs[number]!;
    const before = host.machine.runnable(program);
    host.run([program], host.machine.cpu, context, true);
    if (host.machine.runnable(program) !== before) this.#retry(number);
    return host.stopped ? 1 : 0;
  }
}

/** No time is so far from another. */
const LONGEST_GAP: number = 2 ** 62;

/** 64 bits of a number of at least 0; all ones where it is larger. */
function setPair(words: Int32Array, index: number, value: number): void {
  const isLarge = value >= 2 ** 64;
  words[index] = isLarge ? -1 : Math.floor(value) % 2 ** 32;
  words[index + 1] = isLarge ? -1 : Math.floor(value / 2 ** 32);
}
