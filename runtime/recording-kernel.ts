/**
 * A recording as a kernel: its records run the attached programs in time order, each with the record's own bytes as
 * context. Time, current task and CPU are the record's. What a recording does not hold is said, never made up.
 */
import type { AttachPoint } from '../bpf/attach-point.ts';
import { type EventFormat, findEventField } from '../bpf/event-format.ts';
import type { KernelInfo, TracepointCatalog } from '../bpf/kernel-info.ts';
import type { BpfObject, BpfProgram } from '../bpf/object.ts';
import type { LinearAddress } from '../vm/address.ts';
import type { Program } from '../vm/index.ts';
import { AttachError } from './attach-error.ts';
import { type CurrentTask, encodeComm, UNKNOWN_ID } from './helpers/execution-context.ts';
import { ProgramHost, tracerTask } from './host/program-host.ts';
import { VirtualTimers } from './host/virtual-timers.ts';
import type { Kernel, Link, LoadedObject, OutputConsumer, PumpState } from './kernel.ts';
import { type RecordCursor, type Recording, readInteger, type ThreadTable } from './recording/index.ts';

export interface RecordingKernelOptions {
  /** For messages: the file's name. */
  readonly name: string;
  /** Stop this long after the first record. */
  readonly durationNs?: number;
}

/** Records of one pump. */
const SLICE = 16384;
/** A ring buffer page holds at most this; records are smaller. */
const STAGING_SIZE = 65536;
/** Timers do not fire through longer silences: a damaged time must not keep them busy for ever. */
const LONGEST_GAP_NS: number = 24 * 3600 * 1e9;

export function createRecordingKernel(recording: Recording, options: RecordingKernelOptions): Kernel {
  return new RecordingKernel(recording, options);
}

export class RecordingKernel implements Kernel {
  readonly kind = 'recording';
  readonly #recording: Recording;
  readonly #options: RecordingKernelOptions;
  readonly #cpus: number;
  readonly #host: ProgramHost;
  readonly #timers = new VirtualTimers();
  readonly #cursor: RecordCursor;
  readonly #threads: ThreadTable;
  readonly #staging: LinearAddress;
  /** Programs by event id. */
  readonly #programs: (Program[] | undefined)[] = [];
  /** The task each CPU was last seen in. */
  readonly #current: CurrentTask[];
  readonly #tasks = new Map<
    number,
    { readonly comm: string; readonly tgid: number; readonly task: CurrentTask }
  >();
  readonly #switchFormat: EventFormat | undefined;
  readonly #start: number;
  #now: number;
  #events = 0;
  #ended = false;
  #hasRecord: boolean;
  #warnings = 0;
  #lostRecords = 0;
  #lostUncounted = 0;

  constructor(recording: Recording, options: RecordingKernelOptions) {
    this.#recording = recording;
    this.#options = options;
    this.#cpus = cpuCount(recording);
    const tracer = tracerTask('bpfkit', 0, 0);
    this.#host = new ProgramHost({ cpus: this.#cpus, seed: 1, tracer });
    this.#staging = this.#host.machine.memory.allocateRegion(STAGING_SIZE, {
      kind: 'context',
      label: 'event record',
    });
    this.#threads = recording.threads();
    this.#switchFormat = recording.events.byName('sched', 'sched_switch');
    const idle = this.#task(0, 0);
    this.#current = Array.from({ length: this.#cpus }, () => idle);
    this.#cursor = recording.cursor();
    this.#hasRecord = this.#cursor.next();
    this.#start = this.#hasRecord ? this.#cursor.time : 0;
    this.#now = this.#start;
    this.#host.context.setTime(this.#now);
  }

  describe(): KernelInfo {
    const { events, machine, savesTgids } = this.#recording;
    const version = /^(\d+)\.(\d+)(?:\.(\d+))?/.exec(machine.release ?? '');
    const tracepoints: TracepointCatalog = {
      find: (system, event) => events.byName(system, event),
      list: () =>
        [...events.names]
          .sort((a, b) => compare(a.system, b.system) || compare(a.name, b.name))
          .flatMap(({ system, name }) => events.byName(system, name) ?? []),
    };
    return {
      name: `the recording ${this.#options.name}`,
      ...(version === null
        ? {}
        : {
            version: { major: Number(version[1]), minor: Number(version[2]), patch: Number(version[3] ?? 0) },
          }),
      cpus: this.#cpus,
      reach: {
        userMemory: false,
        kernelMemory: false,
        stacks: false,
        processIds: savesTgids ? 'always' : 'partly',
        credentials: false,
      },
      tracepoints,
    };
  }

  async load(object: BpfObject): Promise<LoadedObject> {
    return this.#host.load(object);
  }

  async attach(program: BpfProgram, point: AttachPoint, _output: string): Promise<Link> {
    const loaded = this.#host.program(program);
    if (point.kind === 'tracepoint') return this.#attachTracepoint(loaded, point);
    if (point.kind === 'interval' || point.kind === 'profile') {
      if (!this.#recording.nanoseconds) {
        throw new AttachError(
          `${point.kind}: the recording's clock '${this.#recording.clock}' counts no nanoseconds`,
        );
      }
      return { point, detach: this.#timers.add(point, loaded, this.#now, this.#cpus) };
    }
    throw new AttachError(`a recording has no ${point.kind} probes: only tracepoints, interval and profile`);
  }

  async runOnce(program: BpfProgram, output: OutputConsumer): Promise<void> {
    const { context } = this.#host;
    const consumer = atEnd(output);
    this.#host.consumer = consumer;
    context.task = this.#host.tracer;
    context.setTime(this.#now);
    this.#host.run([this.#host.program(program)], 0, this.#staging);
    this.#host.consumer = undefined;
  }

  async pump(output: OutputConsumer): Promise<PumpState> {
    this.#host.consumer = output;
    for (let count = 0; count < SLICE && !output.stopped && !this.#ended; count++) this.#step(output);
    this.#forwardWarnings(output);
    this.#host.consumer = undefined;
    return this.#ended ? 'ended' : 'more';
  }

  clock(): { readonly bootNs: bigint; readonly wallOffsetNs: bigint } {
    return { bootNs: BigInt(this.#now), wallOffsetNs: 0n };
  }

  progress(): { readonly done: number; readonly total: number; readonly events: number } {
    return { done: this.#cursor.consumed, total: this.#recording.dataSize, events: this.#events };
  }

  async close(): Promise<void> {
    this.#ended = true;
  }

  #attachTracepoint(program: Program, point: Extract<AttachPoint, { kind: 'tracepoint' }>): Link {
    if (!this.#recording.header.littleEndian) {
      throw new AttachError('this recording is of a big-endian machine: programs cannot run on it');
    }
    const format = this.#recording.events.byName(point.system, point.event);
    if (format === undefined) {
      throw new AttachError(`the recording has no tracepoint ${point.system}:${point.event}`);
    }
    const programs = this.#programs[format.id] ?? [];
    this.#programs[format.id] = programs;
    programs.push(program);
    return {
      point,
      detach: () => {
        const index = programs.indexOf(program);
        if (index >= 0) programs.splice(index, 1);
      },
    };
  }

  /** The next record or the next timer, whichever is earlier. */
  #step(output: OutputConsumer): void {
    const cursor = this.#cursor;
    const end = this.#start + (this.#options.durationNs ?? Number.POSITIVE_INFINITY);
    const time = this.#hasRecord ? cursor.time : Number.POSITIVE_INFINITY;
    if (!this.#hasRecord || time > end) {
      this.#finish(output, end);
      return;
    }
    if (time - this.#now > LONGEST_GAP_NS) this.#skipGap(output, time);
    if (this.#timers.next < time) {
      this.#fireTimers();
      return;
    }
    this.#now = Math.max(this.#now, time);
    this.#forwardLost(output);
    this.#record();
    this.#hasRecord = cursor.next();
  }

  /** Timers up to the end of a wanted duration still fire; past the last record there is no time. */
  #finish(output: OutputConsumer, end: number): void {
    if (this.#hasRecord && this.#timers.next <= end) {
      this.#fireTimers();
      return;
    }
    this.#forwardLost(output);
    this.#ended = true;
  }

  #fireTimers(): void {
    const { context } = this.#host;
    this.#now = this.#timers.next;
    context.setTime(this.#now);
    this.#timers.fire((program, cpu) => {
      context.task = this.#current[cpu]!;
      this.#host.run([program], cpu, this.#staging);
    });
  }

  #record(): void {
    const cursor = this.#cursor;
    this.#events++;
    this.#threads.observe(cursor);
    const cpu = cursor.cpu < this.#cpus ? cursor.cpu : 0;
    const task = this.#task(cursor.tid, cpu);
    this.#current[cpu] = task;
    const programs = this.#programs[cursor.eventId];
    if (programs !== undefined && programs.length > 0) this.#runRecord(programs, cpu, task);
    if (cursor.eventId === this.#switchFormat?.id) this.#followSwitch(cpu);
  }

  #runRecord(programs: readonly Program[], cpu: number, task: CurrentTask): void {
    const cursor = this.#cursor;
    const { context, machine } = this.#host;
    const length = Math.min(cursor.length, STAGING_SIZE - 8);
    machine.memory.write(this.#staging, cursor.bytes.subarray(cursor.offset, cursor.offset + length));
    // Bytes of an earlier, longer record must not be seen behind this one.
    machine.memory.u8.fill(
      0,
      this.#staging + length,
      Math.min(this.#staging + length + 256, this.#staging + STAGING_SIZE),
    );
    context.task = task;
    context.timeLow = cursor.timeLow;
    context.timeHigh = cursor.timeHigh;
    this.#host.run(programs, cpu, this.#staging);
  }

  /** After a switch the CPU is in the next task, which timers must see. */
  #followSwitch(cpu: number): void {
    const field = findEventField(this.#switchFormat!, 'next_pid');
    const next = field === undefined ? undefined : readInteger(this.#cursor, field);
    if (next !== undefined) this.#current[cpu] = this.#task(next, cpu);
  }

  #task(tid: number, cpu: number): CurrentTask {
    const comm = this.#threads.commOf(tid, cpu) ?? (tid === 0 ? `swapper/${cpu}` : '<...>');
    const tgid = tid === 0 ? 0 : (this.#threads.tgidOf(tid) ?? UNKNOWN_ID);
    const key = tid === 0 ? -1 - cpu : tid;
    const known = this.#tasks.get(key);
    if (known !== undefined && known.comm === comm && known.tgid === tgid) return known.task;
    const ids = { tid, tgid, uid: UNKNOWN_ID, gid: UNKNOWN_ID, cgroupId: UNKNOWN_ID, object: 0 };
    const task: CurrentTask = { ...ids, comm: encodeComm(comm) };
    this.#tasks.set(key, { comm, tgid, task });
    return task;
  }

  #skipGap(output: OutputConsumer, time: number): void {
    if (this.#timers.next === Number.POSITIVE_INFINITY) return;
    const hours = Math.floor((time - this.#now) / 3600e9);
    output.warning(
      `the recording is silent for ${hours} hours: interval and profile do not fire in that time`,
    );
    this.#timers.skipTo(time);
    this.#now = time;
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
    const { warnings } = this.#recording;
    for (; this.#warnings < warnings.length; this.#warnings++) {
      const { message } = warnings[this.#warnings]!;
      output.warning(`${this.#options.name}: ${message}`);
    }
  }
}

/** BEGIN and END run even after `exit()`. */
function atEnd(output: OutputConsumer): OutputConsumer {
  return {
    record: (bytes) => output.record(bytes),
    lost: (count, source) => output.lost(count, source),
    warning: (message) => output.warning(message),
    stopped: false,
  };
}

function cpuCount(recording: Recording): number {
  const highest = Math.max(0, ...recording.buffers.flatMap((buffer) => buffer.cpus));
  // The file may lie: more than the kernel allows (NR_CPUS) is not believed.
  return Math.min(8192, Math.max(recording.machine.cpuCount ?? 1, highest + 1));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
