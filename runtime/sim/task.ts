/**
 * Tasks and CPUs of the simulated machine. A task's life is a generator: it yields nanoseconds of CPU work, or
 * {@link BLOCKED} after it set its state, and the scheduler resumes it.
 */

import type { LinearAddress } from '../../vm/address.ts';
import { encodeComm } from '../helpers/execution-context.ts';
import type { Timer } from './event-queue.ts';
import type { FileTable } from './files.ts';
import type { Random } from './random.ts';
import type { TracedTask } from './tracer.ts';
import type { UserArea } from './user-memory.ts';
import type { World } from './world.ts';

/** Yields nanoseconds to spend on the CPU, or {@link BLOCKED}. */
export type Activity = Generator<number, void, void>;
/** A system call or another step that ends with a number: a result or a negative errno. */
export type Call = Generator<number, number, void>;

/** Yielded by a task that waits for a wakeup. */
export const BLOCKED = -1;

/** `prev_state` of `sched_switch` (kernel `TASK_REPORT`). */
export const TaskState = {
  RUNNING: 0,
  INTERRUPTIBLE: 1,
  UNINTERRUPTIBLE: 2,
  DEAD: 16,
  ZOMBIE: 32,
  IDLE: 128,
  /** Not a state: the task was preempted. */
  PREEMPTED: 256,
} as const;

/** User tasks' priority 120 is nice 0. */
export const DEFAULT_PRIO = 120;

export interface TaskOptions {
  readonly world: World;
  readonly tid: number;
  readonly tgid: number;
  readonly comm: string;
  readonly uid: number;
  readonly prio: number;
  readonly cgroupId: number;
  readonly parent: Task | undefined;
  readonly files: FileTable;
  readonly user: UserArea;
  readonly object: LinearAddress;
  readonly random: Random;
  /** Kernel threads may be bound to a CPU. */
  readonly boundCpu?: number;
}

export class Task implements TracedTask {
  readonly world: World;
  readonly tid: number;
  readonly tgid: number;
  readonly uid: number;
  readonly gid: number;
  readonly prio: number;
  readonly cgroupId: number;
  readonly boundCpu: number | undefined;
  readonly files: FileTable;
  readonly user: UserArea;
  readonly object: LinearAddress;
  readonly random: Random;
  readonly children: Set<Task> = new Set();
  parent: Task | undefined;
  comm: Uint8Array;
  state: number = TaskState.INTERRUPTIBLE;
  /** Exit status for wait4, once the task has ended. */
  exitStatus: number | undefined;
  /** A thread other than its group's first: nobody waits for it. */
  detached = false;
  cpu = 0;
  queued = false;
  vruntime = 0;
  /** Nanoseconds of CPU work not done yet. */
  remaining = 0;
  /** In a system call, or a kernel thread. */
  inKernel = false;
  activity: Activity | undefined;
  /** A vfork or posix_spawn parent, woken by exec or exit. */
  vforkParent: Task | undefined;
  /** Signals with a handler: SIGCHLD interrupts a shell. */
  handlesChild = false;
  /** In wait4: an ending child wakes the task. */
  waitsForChild = false;

  constructor(options: TaskOptions) {
    this.world = options.world;
    this.tid = options.tid;
    this.tgid = options.tgid;
    this.uid = options.uid;
    this.gid = options.uid;
    this.prio = options.prio;
    this.cgroupId = options.cgroupId;
    this.parent = options.parent;
    this.files = options.files;
    this.user = options.user;
    this.object = options.object;
    this.random = options.random;
    this.boundCpu = options.boundCpu;
    this.comm = encodeComm(options.comm);
    options.parent?.children.add(this);
  }
}

export class Cpu {
  readonly id: number;
  readonly idle: Task;
  readonly queue: Task[] = [];
  current: Task;
  /** When the current task's work is done. */
  work: Timer | undefined;
  workEnd = 0;
  /** When the current task came onto the CPU, and from when on its run time was not accounted yet. */
  switchedAt = 0;
  accountedAt = 0;
  /** The CPU will look at its queue: an interrupt is under way. */
  resched: Timer | undefined;
  tick: Timer | undefined;
  minVruntime = 0;

  constructor(id: number, idle: Task) {
    this.id = id;
    this.idle = idle;
    this.current = idle;
  }
}
