/**
 * A recording as a kernel: its records run the attached programs in time order, each with the record's own bytes as
 * context. Time, current task and CPU are the record's. What a recording does not hold is said, never made up.
 */
import type { AttachPoint } from '../bpf/attach-point.ts';
import { type EventField, findEventField } from '../bpf/event-format.ts';
import type { KernelInfo } from '../bpf/kernel-info.ts';
import type { BpfObject, BpfProgram } from '../bpf/object.ts';
import type { LinearAddress } from '../vm/address.ts';
import type { EngineFactory, Program } from '../vm/index.ts';
import { AttachError } from './attach-error.ts';
import type { CurrentTask } from './helpers/execution-context.ts';
import { EventStage } from './host/event-stage.ts';
import { joinNeeds, NO_NEEDS, needsOf, type ObjectNeeds } from './host/object-needs.ts';
import { ProgramHost, tracerTask } from './host/program-host.ts';
import { VirtualTimers } from './host/virtual-timers.ts';
import type {
  Kernel,
  KernelClock,
  Link,
  LoadedObject,
  OnceResult,
  OutputConsumer,
  PumpState,
} from './kernel.ts';
import { RecordedTasks } from './recorded-tasks.ts';
import type { EventCursor, EventRecording, ThreadNames } from './recording/event-recording.ts';
import type { SymbolPorts } from './recording/perf-data/index.ts';
import { readInteger } from './recording/record-field.ts';
import { RecordedStacks } from './recording/recorded-stacks.ts';
import { recordingInfo } from './recording-info.ts';
import { RecordingWarnings } from './recording-warnings.ts';
import { isReplayable, ReplayLoop } from './replay/replay-loop.ts';
import { type ReplaySharing, SharedReplay } from './replay/shared-replay.ts';
import type { SymbolSource } from './symbols.ts';

export interface RecordingKernelOptions {
  /** For messages: the file's name. */
  readonly name: string;
  /** Stop this long after the first record. */
  readonly durationNs?: number;
  /** Runs programs; without it the reference interpreter does, and checks each access by what it is to. */
  readonly engine?: EngineFactory;
  /** Replays shares of a recording at once, where programs and recording allow it. */
  readonly sharing?: ReplaySharing;
  /** Symbols of the files that were mapped. */
  readonly userSymbol?: SymbolPorts['user'];
}

/** International atomic time is ahead of UTC by so much since 2017. */
const TAI_AHEAD_NS = 37e9;
/** Records of one pump. */
const SLICE = 16384;
/** Context of timers and of BEGIN and END: zeros. */
const EMPTY_CONTEXT_SIZE = 256;
/** Timers do not fire through longer silences: a damaged time must not keep them busy for ever. */
const LONGEST_GAP_NS: number = 24 * 3600 * 1e9;

export function createRecordingKernel(recording: EventRecording, options: RecordingKernelOptions): Kernel {
  return new RecordingKernel(recording, options);
}

export class RecordingKernel implements Kernel {
  readonly kind = 'recording';
  readonly #recording: EventRecording;
  readonly #options: RecordingKernelOptions;
  readonly #warnings: RecordingWarnings;
  readonly #cpus: number;
  readonly #host: ProgramHost;
  readonly #timers = new VirtualTimers();
  readonly #cursor: EventCursor;
  readonly #threads: ThreadNames;
  readonly #tasks: RecordedTasks;
  readonly #stage: EventStage;
  readonly #stacks: RecordedStacks;
  #needs: ObjectNeeds = NO_NEEDS;
  /** Replays records where they lie, as far as they do so; made when the first are replayed. */
  #loop: ReplayLoop | undefined;
  /** The loop knows the programs. */
  #attached = false;
  #anyOrder = false;
  /** What is loaded, and the names of its accepted programs. */
  readonly #loaded: { readonly loaded: LoadedObject; readonly accepted: readonly string[] }[] = [];
  /** While others replay it. */
  #shared: SharedReplay | undefined;
  /** The staged row of the event before, by CPU; -1 where no program runs at it. */
  readonly #lastRow: Int32Array;
  readonly #empty: LinearAddress;
  /** Programs by event id. */
  readonly #programs: (Program[] | undefined)[] = [];
  /** The thread each CPU was last seen in. */
  readonly #current: Int32Array;
  /** Id of `sched_switch`, or -1, and where it says who comes next. */
  readonly #switchId: number;
  readonly #nextPid: EventField | undefined;
  /** No record later than this is replayed. */
  readonly #end: number;
  /** Time of what runs. */
  #now: number;
  /** Time of the last record staged. */
  #staged: number;
  #events = 0;
  #ended = false;
  #hasRecord: boolean;
  #lostRecords = 0;
  #lostUncounted = 0;

  constructor(recording: EventRecording, options: RecordingKernelOptions) {
    this.#recording = recording;
    this.#options = options;
    this.#warnings = new RecordingWarnings(recording, options.name);
    this.#cpus = recording.cpus;
    const tracer = tracerTask('bpfkit', 0, 0);
    this.#host = new ProgramHost({ cpus: this.#cpus, seed: 1, tracer, engine: options.engine });
    this.#host.context.taiOffsetNs = Number(recording.wallClockOffsetNs ?? 0n) + TAI_AHEAD_NS;
    const { memory } = this.#host.machine;
    this.#stage = new EventStage(memory);
    this.#empty = memory.allocateRegion(EMPTY_CONTEXT_SIZE, { kind: 'context', label: 'context' });
    this.#threads = recording.threads();
    this.#tasks = new RecordedTasks(this.#threads);
    this.#stacks = new RecordedStacks(recording, options.userSymbol, (message) =>
      this.#warnings.note(message),
    );
    this.#lastRow = new Int32Array(this.#cpus).fill(-1);
    const switchFormat = recording.events.byName('sched', 'sched_switch');
    this.#switchId = switchFormat?.id ?? -1;
    this.#nextPid = switchFormat && findEventField(switchFormat, 'next_pid');
    this.#current = memory.i32
      .subarray(memory.allocate(this.#cpus * 4, 'replay') >> 2)
      .subarray(0, this.#cpus);
    this.#cursor = recording.cursor({
      u8: memory.u8,
      i32: memory.i32,
      view: memory.view,
      allocate: (size, records) =>
        records
          ? memory.allocateRegion(size, { kind: 'context', label: 'event record' })
          : memory.allocate(size, 'replay'),
    });
    this.#hasRecord = this.#cursor.next();
    this.#now = this.#hasRecord ? this.#cursor.time : 0;
    this.#staged = this.#now;
    this.#end = this.#now + (options.durationNs ?? Number.POSITIVE_INFINITY);
    this.#host.context.setTime(this.#now);
  }

  describe(): KernelInfo {
    return recordingInfo(this.#recording, this.#options.name);
  }

  async load(object: BpfObject, accepted?: ReadonlySet<string>): Promise<LoadedObject> {
    this.#needs = joinNeeds(this.#needs, needsOf(object));
    const loaded = this.#host.load(object, accepted);
    this.#loaded.push({ loaded, accepted: [...(accepted ?? [])] });
    return loaded;
  }

  async attach(program: BpfProgram, point: AttachPoint, _output: string): Promise<Link> {
    const loaded = this.#host.program(program);
    const sampled = point.kind === 'profile' ? this.#recording.eventOf(point) : undefined;
    if (sampled !== undefined) return this.#attachToSamples(sampled, loaded, point);
    if (point.kind === 'interval' || point.kind === 'profile') {
      if (!this.#recording.nanoseconds) {
        throw new AttachError(
          `${point.kind}: the recording's clock '${this.#recording.clock}' counts no nanoseconds`,
        );
      }
      return { point, detach: this.#timers.add(point, loaded, this.#now, this.#cpus) };
    }
    if (point.kind === 'tracepoint') {
      const { system, event } = point;
      return this.#attachTo(
        this.#recording.events.idOf(system, event),
        loaded,
        point,
        `tracepoint ${system}:${event}`,
      );
    }
    return this.#attachTo(this.#recording.eventOf(point), loaded, point, describe(point));
  }

  async runOnce(program: BpfProgram, output: OutputConsumer, repeat = 1): Promise<OnceResult> {
    const { context } = this.#host;
    const consumer = atEnd(output);
    this.#host.consumer = consumer;
    context.task = this.#host.tracer;
    context.setTime(this.#now);
    const result = this.#host.runOnce(program, this.#empty, repeat);
    this.#host.consumer = undefined;
    return result;
  }

  allowAnyOrder(): void {
    this.#anyOrder = true;
  }

  async pump(output: OutputConsumer): Promise<PumpState> {
    if (this.#anyOrder) this.#share();
    if (this.#shared !== undefined) {
      const state = await this.#shared.wait();
      if (state === 'running') return 'more';
      if (state === 'merged') return this.#endShared(this.#shared);
      this.#shared = undefined;
    }
    this.#host.consumer = output;
    let left = SLICE;
    while (left > 0 && !this.#host.stopped && !this.#ended) {
      if (this.#stage.waiting === 0) left -= 1 + this.#stageRecords(left);
      this.#runStaged();
      if (!this.#host.stopped) this.#betweenRecords(output);
    }
    this.#forwardWarnings(output);
    this.#host.consumer = undefined;
    return this.#ended ? 'ended' : 'more';
  }

  async settle(): Promise<void> {
    if (this.#shared === undefined || this.#ended) return;
    await this.#shared.settle();
    this.#endShared(this.#shared);
  }

  /** Has others replay it, once, where that pays and the result is the same. */
  #share(): void {
    this.#anyOrder = false;
    const { sharing, durationNs } = this.#options;
    const [first, second] = this.#loaded;
    const { cpuSizes, dataSize, warnings, littleEndian } = this.#recording;
    const isAlone =
      first !== undefined && second === undefined && this.#timers.next === Number.POSITIVE_INFINITY;
    if (sharing === undefined || !isAlone || durationNs !== undefined || !littleEndian) return;
    const isLarge = dataSize >= sharing.leastBytes && Math.min(cpuSizes?.size ?? 1, sharing.shares) > 1;
    const isUsual =
      isReplayable(this.#cursor, this.#cpus, this.#nextPid, this.#needs) && warnings.length === 0;
    if (isLarge && isUsual) {
      this.#shared = new SharedReplay(this.#recording, first.loaded, first.accepted, sharing);
    }
  }

  #endShared({ endNs }: SharedReplay): PumpState {
    this.#now = Math.max(this.#now, endNs);
    this.#staged = this.#now;
    this.#ended = true;
    return 'ended';
  }

  takeWarnings(): readonly string[] {
    return this.#warnings.take();
  }

  clock(): KernelClock {
    const wallOffsetNs = this.#recording.wallClockOffsetNs ?? 0n;
    return { bootNs: BigInt(this.#now), wallOffsetNs, taiOffsetNs: BigInt(this.#host.context.taiOffsetNs) };
  }

  symbols(): SymbolSource {
    return this.#stacks.symbols();
  }

  progress(): { readonly done: number; readonly total: number; readonly events: number } {
    if (this.#shared !== undefined) return { ...this.#shared.progress, total: this.#recording.dataSize };
    return { done: this.#cursor.consumed, total: this.#recording.dataSize, events: this.#events };
  }

  async close(): Promise<void> {
    this.#ended = true;
  }

  /** `what` is named when the recording has no such event. */
  #attachTo(id: number | undefined, program: Program, point: AttachPoint, what: string): Link {
    if (!this.#recording.littleEndian) {
      throw new AttachError('this recording is of a big-endian machine: programs cannot run on it');
    }
    if (id === undefined) throw new AttachError(`the recording has no ${what}`);
    const programs = this.#programs[id] ?? [];
    this.#programs[id] = programs;
    programs.push(program);
    this.#attached = false;
    return {
      point,
      detach: () => {
        const index = programs.indexOf(program);
        if (index >= 0) programs.splice(index, 1);
        this.#attached = false;
      },
    };
  }

  /** Samples the recording took by time are better than a timer's: each of them is where the CPU really was. */
  #attachToSamples(id: number, program: Program, point: AttachPoint): Link {
    const sampling = this.#recording.sampling?.(id) ?? 'its samples';
    this.#warnings.note(
      `${describe(point)} run at the recorded samples (${sampling}), not at the asked rate`,
    );
    return this.#attachTo(id, program, point, describe(point));
  }

  /**
   * Stages records in order, at most `limit`, until the stage is full or something comes before the next record: a timer,
   * a loss to tell of, a long silence, the end. Returns how many records it passed.
   */
  #stageRecords(limit: number): number {
    const cursor = this.#cursor;
    const timer = this.#timers.next;
    const longestGap = timer === Number.POSITIVE_INFINITY ? timer : LONGEST_GAP_NS;
    const horizon = Math.min(this.#end, timer);
    const loop = this.#readyLoop(horizon);
    if (loop !== undefined) return this.#passRecords(loop, limit, horizon, longestGap);
    for (let count = 0; count < limit || this.#isStack(); count++) {
      if (this.#isStack()) {
        this.#addStack();
        continue;
      }
      if (!this.#hasRecord || this.#stage.full || this.#hasNewLosses()) return count;
      const { time } = cursor;
      if (time > horizon || time - this.#staged > longestGap) return count;
      this.#stageRecord();
      this.#staged = Math.max(this.#staged, time);
      this.#hasRecord = cursor.next();
    }
    return limit;
  }

  /** The loop, where it can replay the records as well as this does. */
  #readyLoop(horizon: number): ReplayLoop | undefined {
    if (!isReplayable(this.#cursor, this.#cpus, this.#nextPid, this.#needs)) return undefined;
    // With timers, doubles must be whole nanoseconds.
    if (horizon !== Number.POSITIVE_INFINITY && this.#staged > Number.MAX_SAFE_INTEGER / 2) return undefined;
    this.#loop ??= new ReplayLoop({
      host: this.#host,
      cursor: this.#cursor,
      threads: this.#threads,
      current: this.#current,
      switches: this.#nextPid && { id: this.#switchId, nextPid: this.#nextPid.offset },
      tasks: this.#needs.tasks,
      setTask: (tid, cpu) => {
        this.#host.context.task = this.#tasks.current(tid, cpu);
      },
    });
    if (!this.#attached) this.#loop.setPrograms(this.#programs);
    this.#attached = true;
    return this.#loop;
  }

  /** As {@link #stageRecords}, and the programs have run. */
  #passRecords(loop: ReplayLoop, limit: number, horizon: number, longestGap: number): number {
    const cursor = this.#cursor;
    for (let count = 0; ; ) {
      if (!this.#hasRecord || this.#hasNewLosses()) return count;
      const stop = loop.run(limit - count, this.#staged, horizon, longestGap);
      count += loop.passed;
      this.#events += loop.passed;
      this.#staged = loop.latest;
      this.#now = Math.max(this.#now, this.#staged);
      if (stop === 'step') {
        this.#hasRecord = cursor.next();
        continue;
      }
      cursor.load?.();
      if (stop === 'stopped') this.#hasRecord = cursor.next();
      if (stop !== 'elsewhere') return count;
      this.#stageRecord();
      this.#staged = Math.max(this.#staged, cursor.time);
      this.#hasRecord = cursor.next();
      return count + 1;
    }
  }

  /** The next record is the stack of an event that is staged. */
  #isStack(): boolean {
    if (!this.#hasRecord || !this.#needs.stacks || !this.#stacks.follows(this.#cursor)) return false;
    // Programs may run at stacks as at any other event.
    return this.#programs[this.#cursor.eventId] === undefined;
  }

  #addStack(): void {
    const row = this.#lastRow[this.#cursor.cpu] ?? -1;
    const { chains } = this.#stage;
    if (row >= 0) chains[row] = this.#stacks.extended(chains[row], this.#cursor);
    this.#hasRecord = this.#cursor.next();
  }

  #stageRecord(): void {
    const cursor = this.#cursor;
    const { eventId } = cursor;
    const cpu = cursor.cpu < this.#cpus ? cursor.cpu : 0;
    const programs = this.#programs[eventId];
    this.#threads.observe(cursor);
    if (programs !== undefined && programs.length > 0) {
      const task = this.#tasks.current(cursor.tid, cpu);
      const chain = this.#needs.stacks ? this.#stacks.of(cursor, task.tgid) : undefined;
      this.#lastRow[cpu] = this.#stage.batch.count;
      this.#stage.add(cursor, cpu, task, chain);
    } else this.#lastRow[cpu] = -1;
    this.#events++;
    this.#current[cpu] = cursor.tid;
    if (eventId === this.#switchId && this.#nextPid !== undefined) {
      // After a switch the CPU is in the next task, which timers must see.
      this.#current[cpu] = readInteger(cursor, this.#nextPid) ?? cursor.tid;
    }
  }

  /** Runs the programs of the rows that wait, each in the moment of its event; after `exit()` the rest stay. */
  #runStaged(): void {
    const stage = this.#stage;
    const { batch, tasks } = stage;
    const { context } = this.#host;
    for (; stage.row < batch.count && !this.#host.stopped; stage.row++) {
      const { row } = stage;
      const low = batch.timeLow[row]!;
      const high = batch.timeHigh[row]!;
      const time = (high >>> 0) * 2 ** 32 + (low >>> 0);
      if (this.#host.nextTimer <= time && !this.#fireProgramTimers(time)) return;
      context.task = tasks[row]!;
      context.callChain = stage.chains[row];
      context.setTimePair(low, high);
      this.#now = Math.max(this.#now, time);
      this.#host.run(this.#programs[batch.point[row]!]!, batch.cpu[row]!, batch.address[row]!, true);
    }
    if (this.#host.stopped) return;
    stage.clear();
    context.callChain = undefined;
    this.#lastRow.fill(-1);
    this.#now = this.#staged;
  }

  /** What comes before the next record: the end, a timer, or the tale of a loss. */
  #betweenRecords(output: OutputConsumer): void {
    const time = this.#hasRecord ? this.#cursor.time : Number.POSITIVE_INFINITY;
    // Timers of programs fire before the record they are not later than; none does after the last record.
    const horizon = this.#hasRecord ? Math.min(time, this.#timers.next, this.#end) : this.#staged;
    if (this.#host.nextTimer <= horizon && !this.#fireProgramTimers(horizon)) return;
    if (time > this.#end || !this.#hasRecord) {
      this.#finish(output);
      return;
    }
    if (time - this.#now > LONGEST_GAP_NS) this.#skipGap(output, time);
    if (this.#timers.next < time) this.#fireTimers();
    else this.#forwardLost(output);
  }

  /** Timers up to the end of a wanted duration still fire; past the last record there is no time. */
  #finish(output: OutputConsumer): void {
    if (this.#hasRecord && this.#timers.next <= this.#end) {
      this.#fireTimers();
      return;
    }
    this.#forwardLost(output);
    this.#ended = true;
  }

  /** Fires timers that programs started and that are due until `time`; false after `exit()`. */
  #fireProgramTimers(time: number): boolean {
    const host = this.#host;
    while (host.nextTimer <= time && !host.stopped) {
      this.#now = Math.max(this.#now, host.nextTimer);
      host.fireTimers((cpu) => this.#taskOn(cpu));
    }
    return !host.stopped;
  }

  /** The task a CPU is in where the staged rows have run so far. */
  #taskOn(cpu: number): CurrentTask {
    const { batch, tasks, row } = this.#stage;
    for (let before = row - 1; before >= 0; before--) if (batch.cpu[before] === cpu) return tasks[before]!;
    return this.#tasks.current(this.#current[cpu]!, cpu);
  }

  #fireTimers(): void {
    const { context } = this.#host;
    this.#now = this.#timers.next;
    this.#staged = this.#now;
    context.setTime(this.#now);
    this.#timers.fire((program, cpu) => {
      context.task = this.#tasks.current(this.#current[cpu]!, cpu);
      this.#host.run([program], cpu, this.#empty);
    });
  }

  #skipGap(output: OutputConsumer, time: number): void {
    if (this.#timers.next === Number.POSITIVE_INFINITY) return;
    const hours = Math.floor((time - this.#now) / 3600e9);
    output.warning(
      `the recording is silent for ${hours} hours: interval and profile do not fire in that time`,
    );
    this.#timers.skipTo(time);
    this.#now = time;
    this.#staged = time;
  }

  #hasNewLosses(): boolean {
    const { lostRecords, lostUncounted } = this.#cursor;
    return lostRecords > this.#lostRecords || lostUncounted > this.#lostUncounted;
  }

  /** What the cursor has counted and was not told yet; losses at the end of a CPU's data come without a record. */
  #forwardLost(output: OutputConsumer): void {
    const { lostRecords, lostUncounted } = this.#cursor;
    if (lostRecords > this.#lostRecords) output.lost(lostRecords - this.#lostRecords, 'the recording');
    for (; this.#lostUncounted < lostUncounted; this.#lostUncounted++)
      output.lost(undefined, 'the recording');
    this.#lostRecords = lostRecords;
  }

  #forwardWarnings(output: OutputConsumer): void {
    for (const message of this.#warnings.take()) output.warning(message);
  }
}

/** For messages. */
function describe(point: AttachPoint): string {
  return 'function' in point ? `${point.kind}:${point.function}` : `${point.kind} probes`;
}

/** BEGIN and END run even after `exit()`. */
function atEnd(output: OutputConsumer): OutputConsumer {
  return {
    record: (bytes) => output.record(bytes),
    lost: (count, source) => output.lost(count, source),
    warning: (message) => output.warning(message),
    printk: (line) => output.printk?.(line),
    stopped: false,
  };
}
