/**
 * The simulated kernel behind the `Kernel` interface: a world in virtual time whose tracepoints run the attached
 * programs. Deterministic: what happens depends on the options alone, not on how pumping cuts the time.
 */
import type { AttachPoint } from '../../bpf/attach-point.ts';
import type { KernelInfo } from '../../bpf/kernel-info.ts';
import type { BpfObject, BpfProgram } from '../../bpf/object.ts';
import type { LinearAddress } from '../../vm/address.ts';
import type { EngineFactory, Program } from '../../vm/index.ts';
import { AttachError } from '../attach-error.ts';
import { ProgramHost, tracerTask } from '../host/program-host.ts';
import { VirtualTimers } from '../host/virtual-timers.ts';
import type { Identities } from '../identities.ts';
import type {
  Kernel,
  KernelClock,
  Link,
  LoadedObject,
  OnceResult,
  OutputConsumer,
  PumpState,
} from '../kernel.ts';
import { createCatalog, type SimCatalog } from './catalog.ts';
import { EventCounters } from './event-counters.ts';
import { SIM_IDENTITIES } from './identities.ts';
import { simKernelInfo } from './sim-info.ts';
import type { SimMemory, TracedTask, TracePoint } from './tracer.ts';
import type { Workload } from './workload.ts';
import { mix } from './workloads/mix.ts';
import { World } from './world.ts';
import { worldPort } from './world-port.ts';

export interface SimKernelOptions {
  /** Default 1. */
  readonly seed?: number;
  /** Default 4. */
  readonly cpus?: number;
  /** Virtual nanoseconds after which the machine stops; absent: never. */
  readonly durationNs?: number;
  /** Default `mix`. */
  readonly workload?: Workload;
  /** Virtual nanoseconds of one pump; default 10 ms. */
  readonly sliceNs?: number;
  /** Runs programs; without it the reference interpreter does, and checks each access by what it is to. */
  readonly engine?: EngineFactory;
}

/** An hour after boot. */
const START_NS = 3_600_000_000_000;
/** The machine booted so that tracing begins at 2026-01-01 00:00:00 UTC. */
const WALL_OFFSET_NS: bigint = 1_767_225_600_000_000_000n - BigInt(START_NS);
/** TAI runs 37 s before UTC. */
const TAI_NS: number = Number(WALL_OFFSET_NS) + 37e9;
const TRACER_PID = 400;
const EMPTY_CONTEXT_SIZE = 256;

export function createSimKernel(options: SimKernelOptions = {}): Kernel {
  return new SimKernel(options);
}

export class SimKernel implements Kernel {
  readonly kind = 'sim';
  readonly world: World;
  readonly #host: ProgramHost;
  readonly #catalog: SimCatalog = createCatalog();
  readonly #timers = new VirtualTimers();
  readonly #counters = new EventCounters((point) => (this.#programs.get(point)?.length ?? 0) > 0);
  readonly #programs = new Map<TracePoint, Program[]>();
  readonly #slice: number;
  readonly #end: number;
  /** Context of timers and of BEGIN and END: zeros. */
  readonly #empty: LinearAddress;
  #events = 0;

  constructor(options: SimKernelOptions) {
    const { seed = 1, cpus = 4, workload = mix, sliceNs = 10_000_000 } = options;
    this.#slice = Math.max(1, sliceNs);
    this.#end = START_NS + (options.durationNs ?? Number.POSITIVE_INFINITY);
    this.#host = new ProgramHost({
      cpus,
      seed,
      tracer: tracerTask('bpfkit', TRACER_PID, 0),
      engine: options.engine,
    });
    this.#host.context.taiOffsetNs = TAI_NS;
    this.#host.machine.async.realtimeOffsetNs = Number(WALL_OFFSET_NS);
    const { memory } = this.#host.machine;
    this.#empty = memory.allocateRegion(EMPTY_CONTEXT_SIZE, { kind: 'context', label: 'context' });
    const simMemory: SimMemory = {
      view: memory.view,
      bytes: memory.u8,
      allocate: (size, kind) =>
        memory.allocateRegion(size, { kind, label: LABELS[kind], writable: kind === 'user' }),
    };
    this.world = new World({
      seed,
      cpus,
      start: START_NS,
      memory: simMemory,
      sink: { fire: (point, cpu, task, address) => this.#fire(point, cpu, task, address) },
    });
    this.#host.context.world = worldPort(this.world, () => this.describe());
    workload.start(this.world);
  }

  describe(): KernelInfo {
    return simKernelInfo(this.#catalog, this.world.cpus.length);
  }

  async load(object: BpfObject, accepted?: ReadonlySet<string>): Promise<LoadedObject> {
    return this.#host.load(object, accepted);
  }

  async attach(program: BpfProgram, point: AttachPoint, _output: string): Promise<Link> {
    const loaded = this.#host.program(program);
    switch (point.kind) {
      case 'tracepoint':
        return this.#attachTo(`${point.system}:${point.event}`, 'tracepoint', loaded, point);
      case 'rawtracepoint':
        return this.#attachTo(`raw:${point.event}`, 'raw tracepoint', loaded, point);
      case 'interval':
      case 'profile': {
        const detach = this.#timers.add(point, loaded, this.world.queue.now, this.world.cpus.length);
        return { point, detach };
      }
      case 'software':
        return this.#attachToSoftware(point, loaded);
      default:
        throw new AttachError(`the simulated kernel has no ${point.kind} probes`);
    }
  }

  async runOnce(program: BpfProgram, output: OutputConsumer, repeat = 1): Promise<OnceResult> {
    const { context } = this.#host;
    // BEGIN and END run to their end even after exit().
    this.#host.consumer = {
      record: (bytes) => output.record(bytes),
      lost: (count, source) => output.lost(count, source),
      warning: (message) => output.warning(message),
      printk: (line) => output.printk?.(line),
      stopped: false,
    };
    context.task = this.#host.tracer;
    context.setTime(this.world.queue.now);
    const result = this.#host.runOnce(program, this.#empty, repeat);
    this.#host.consumer = undefined;
    return result;
  }

  async pump(output: OutputConsumer): Promise<PumpState> {
    const { queue } = this.world;
    this.#host.consumer = output;
    const limit = Math.min(this.#end, queue.now + this.#slice);
    while (!output.stopped) {
      const timer = Math.min(this.#timers.next, this.#host.nextTimer);
      // Timers come before what else happens at the same time.
      if (queue.step(Math.min(limit, timer - 1))) continue;
      if (timer > limit) break;
      queue.now = Math.max(queue.now, timer);
      this.#fireTimers(timer);
    }
    if (!output.stopped) queue.now = limit;
    this.#host.consumer = undefined;
    return queue.now >= this.#end ? 'ended' : 'more';
  }

  clock(): KernelClock {
    const bootNs = BigInt(this.world.queue.now);
    return { bootNs, wallOffsetNs: WALL_OFFSET_NS, taiOffsetNs: BigInt(TAI_NS) };
  }

  identities(): Identities {
    return SIM_IDENTITIES;
  }

  progress(): { readonly done: number; readonly total: number; readonly events: number } {
    const total = this.#end - START_NS;
    const done = this.world.queue.now - START_NS;
    return { done, total: Number.isFinite(total) ? total : done, events: this.#events };
  }

  async close(): Promise<void> {
    for (const point of this.#programs.keys()) point.enabled = false;
    this.#programs.clear();
  }

  /** Clocks are timers, other counters count the tracepoint of what they count. */
  #attachToSoftware(point: SoftwarePoint, program: Program): Link {
    const { event, count } = point;
    if (event === 'dummy') return { point, detach: () => {} };
    if (event === 'cpu-clock' || event === 'task-clock') {
      const periodic = { kind: 'profile', periodNs: count } as const;
      const now = this.world.queue.now;
      return { point, detach: this.#timers.add(periodic, program, now, this.world.cpus.length) };
    }
    const name = COUNTED[event];
    const tracepoint = name === undefined ? undefined : this.world.points.find(name);
    if (tracepoint === undefined) throw new AttachError(`no ${event} happen in the simulated kernel`);
    return { point, detach: this.#counters.add(tracepoint, program, count) };
  }

  #attachTo(name: string, what: string, program: Program, point: AttachPoint): Link {
    const tracepoint = this.world.points.find(name);
    if (tracepoint === undefined) {
      throw new AttachError(`the simulated kernel has no ${what} ${name.replace(/^raw:/, '')}`);
    }
    const programs = this.#programs.get(tracepoint) ?? [];
    this.#programs.set(tracepoint, programs);
    programs.push(program);
    tracepoint.enabled = true;
    return {
      point,
      detach: () => {
        const index = programs.indexOf(program);
        if (index >= 0) programs.splice(index, 1);
        tracepoint.enabled = programs.length > 0 || this.#counters.counts(tracepoint);
      },
    };
  }

  /**
   * Programs run at once and not over a batch of events: what they see of the world, and what they do to it, belongs to
   * this moment.
   */
  #fire(point: TracePoint, cpu: number, task: TracedTask, address: LinearAddress): void {
    const { context } = this.#host;
    this.#events++;
    context.task = task;
    context.setTime(this.world.queue.now);
    const programs = this.#programs.get(point);
    if (programs !== undefined) this.#host.run(programs, cpu, address);
    this.#counters.count(point, cpu, (program) => this.#host.run([program], cpu, this.#empty));
  }

  #fireTimers(time: number): void {
    const { context } = this.#host;
    context.setTime(this.world.queue.now);
    if (this.#timers.next > time) {
      this.#host.fireTimers((cpu) => this.world.cpus[cpu]!.current);
      return;
    }
    this.#timers.fire((program, cpu) => {
      context.task = this.world.cpus[cpu]!.current;
      this.#host.run([program], cpu, this.#empty);
    });
  }
}

/** Tracepoints of what software events count. */
const COUNTED: Readonly<Record<string, string>> = {
  'context-switches': 'sched:sched_switch',
  'cpu-migrations': 'sched:sched_migrate_task',
};

type SoftwarePoint = Extract<AttachPoint, { kind: 'software' | 'hardware' }>;

const LABELS = { kernel: 'kernel object', user: 'user memory', context: 'event record' } as const;
