/**
 * The simulated machine: its clock, CPUs, tasks, files, disk, and the tracepoints that tell of them. Everything that
 * happens happens in the event queue, in one order that the seed decides.
 */
import { Disk } from './disk.ts';
import { EventQueue } from './event-queue.ts';
import { type Endpoint, FileSystem, FileTable } from './files.ts';
import { userCgroup } from './identities.ts';
import { Random } from './random.ts';
import { Scheduler } from './scheduler.ts';
import { type Activity, Cpu, DEFAULT_PRIO, Task, TaskState } from './task.ts';
import { KernelTrace } from './trace/kernel.ts';
import { createTracePoints, type TracePoints } from './trace/points.ts';
import { SchedTrace } from './trace/sched.ts';
import { type SimMemory, Tracer, type TraceSink } from './tracer.ts';
import { UserMemory } from './user-memory.ts';

export interface WorldOptions {
  readonly seed: number;
  readonly cpus: number;
  /** Nanoseconds since boot at which the simulation starts. */
  readonly start: number;
  readonly memory: SimMemory;
  readonly sink: TraceSink;
}

export interface SpawnOptions {
  readonly comm: string;
  readonly uid?: number;
  readonly prio?: number;
  readonly tgid?: number;
  readonly parent?: Task;
  readonly files?: FileTable;
  readonly kernel?: boolean;
  readonly boundCpu?: number;
}

/** RCU's grace period, after which an ended task is freed. */
const GRACE_PERIOD_NS = 6_000_000;
const PID_MAX = 32768;
const TASK_OBJECT_SIZE = 64;

export class World {
  readonly queue: EventQueue;
  readonly random: Random;
  readonly cpus: readonly Cpu[];
  readonly files: FileSystem = new FileSystem();
  readonly points: TracePoints = createTracePoints();
  readonly tracer: Tracer;
  readonly trace: KernelTrace;
  readonly schedTrace: SchedTrace;
  readonly scheduler: Scheduler;
  readonly disk: Disk;
  readonly userMemory: UserMemory;
  readonly tasks: Map<number, Task> = new Map();
  private nextPid = 1;
  private readonly freeObjects: number[] = [];

  constructor(options: WorldOptions) {
    this.queue = new EventQueue(options.start);
    this.random = new Random(options.seed);
    this.tracer = new Tracer(options.memory, options.sink, options.cpus);
    this.userMemory = new UserMemory(options.memory);
    this.schedTrace = new SchedTrace(this.tracer, this.points);
    this.trace = new KernelTrace(this.tracer, this.points, options.cpus);
    this.cpus = Array.from({ length: options.cpus }, (_, id) => new Cpu(id, this.createIdle(id)));
    this.disk = new Disk(this, this.random.fork());
    const onEnd = (task: Task, cpu: Cpu): void => this.onEnd(task, cpu);
    this.scheduler = new Scheduler(this.queue, this.cpus, this.schedTrace, this.random.fork(), onEnd);
  }

  cpuOf(task: Task): Cpu {
    return this.cpus[task.cpu]!;
  }

  /** A task that exists since boot; it starts asleep and begins `life` at `firstRun` ns from now. */
  boot(options: SpawnOptions, firstRun: number, life: (task: Task) => Activity): Task {
    const task = this.createTask(options);
    task.activity = life(task);
    task.inKernel = options.kernel === true;
    task.cpu = options.boundCpu ?? this.random.below(this.cpus.length);
    task.state = options.kernel === true ? TaskState.IDLE : TaskState.INTERRUPTIBLE;
    this.queue.after(firstRun, () => this.scheduler.wake(task, this.cpuOf(task)));
    return task;
  }

  createTask(options: SpawnOptions): Task {
    const tid = this.allocatePid();
    const task = new Task({
      world: this,
      tid,
      tgid: options.tgid ?? tid,
      comm: options.comm,
      uid: options.uid ?? 0,
      prio: options.prio ?? DEFAULT_PRIO,
      cgroupId: options.kernel === true ? 1 : userCgroup(options.uid ?? 0),
      parent: options.parent,
      files: options.files ?? new FileTable(),
      user: this.userMemory.acquire(),
      object: this.freeObjects.pop() ?? this.tracer.memory.allocate(TASK_OBJECT_SIZE, 'kernel'),
      random: this.random.fork(),
      ...(options.boundCpu === undefined ? {} : { boundCpu: options.boundCpu }),
    });
    this.tasks.set(tid, task);
    return task;
  }

  /** More bytes, or a connection, to read: wakes one who waits for it. */
  deliver(endpoint: Endpoint, cpu: Cpu): void {
    const task = endpoint.waiters[0];
    if (task !== undefined) this.scheduler.wake(task, cpu);
  }

  /** A dead task's parent has taken its status, or nobody will. */
  release(task: Task): void {
    this.tasks.delete(task.tid);
    task.parent?.children.delete(task);
    this.queue.after(GRACE_PERIOD_NS, () => {
      const cpu = this.cpuOf(task);
      this.trace.softirq(cpu, 'raise', RCU_SOFTIRQ);
      this.trace.softirq(cpu, 'entry', RCU_SOFTIRQ);
      this.schedTrace.free(cpu, task);
      this.trace.softirq(cpu, 'exit', RCU_SOFTIRQ);
      this.userMemory.release(task.user);
      this.freeObjects.push(task.object);
    });
  }

  private onEnd(task: Task, _cpu: Cpu): void {
    if (task.detached || task.parent === undefined) this.release(task);
  }

  private createIdle(id: number): Task {
    const task = new Task({
      world: this,
      tid: 0,
      tgid: 0,
      comm: `swapper/${id}`,
      uid: 0,
      prio: DEFAULT_PRIO,
      cgroupId: 1,
      parent: undefined,
      files: new FileTable(),
      user: this.userMemory.acquire(),
      object: this.tracer.memory.allocate(TASK_OBJECT_SIZE, 'kernel'),
      random: this.random.fork(),
    });
    task.cpu = id;
    task.state = TaskState.RUNNING;
    return task;
  }

  private allocatePid(): number {
    while (this.tasks.has(this.nextPid)) this.nextPid = this.nextPid >= PID_MAX ? 300 : this.nextPid + 1;
    const pid = this.nextPid;
    this.nextPid = pid >= PID_MAX ? 300 : pid + 1;
    return pid;
  }

  /** Processes started from now on get pids above this. */
  skipPids(next: number): void {
    this.nextPid = Math.max(this.nextPid, next);
  }
}

const RCU_SOFTIRQ = 9;
