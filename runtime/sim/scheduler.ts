/**
 * A small CFS: per-CPU queues ordered by virtual run time, wakeup preemption, ticks, idle CPUs that pull work. The
 * order of its tracepoints is Linux's: waking, migration, wakeup, then the switch.
 */
import type { EventQueue } from './event-queue.ts';
import { type Latency, sample } from './latency.ts';
import type { Random } from './random.ts';
import { BLOCKED, type Cpu, DEFAULT_PRIO, type Task, TaskState } from './task.ts';
import type { SchedTrace } from './trace/sched.ts';

/** 250 Hz. */
const TICK_NS = 4_000_000;
const MIN_SLICE_NS = 3_000_000;
const SCHED_LATENCY_NS = 24_000_000;
const WAKEUP_GRANULARITY_NS = 1_000_000;

const SWITCH_COST: Latency = { median: 1100, spread: 60 };
/** Leaving idle states: mostly shallow ones. */
const IDLE_EXIT: Latency = { median: 2200, spread: 160, tail: { chance: 1600, factor: 24 } };
/** From the decision to preempt to the switch. */
const PREEMPT: Latency = { median: 900, spread: 120, tail: { chance: 600, factor: 30 } };

export class Scheduler {
  private readonly queue: EventQueue;
  private readonly cpus: readonly Cpu[];
  private readonly trace: SchedTrace;
  private readonly random: Random;
  /** Told when a task's life ended and its CPU has left it. */
  private readonly onEnd: (task: Task, cpu: Cpu) => void;

  constructor(
    queue: EventQueue,
    cpus: readonly Cpu[],
    trace: SchedTrace,
    random: Random,
    onEnd: (task: Task, cpu: Cpu) => void,
  ) {
    this.queue = queue;
    this.cpus = cpus;
    this.trace = trace;
    this.random = random;
    this.onEnd = onEnd;
  }

  /** Wakes a sleeping task; `waker` is the CPU on which that happens (kernel `try_to_wake_up`). */
  wake(task: Task, waker: Cpu): void {
    if (task.state === TaskState.RUNNING || task.exitStatus !== undefined) return;
    if (this.cpus[task.cpu]!.current === task) {
      // It set its state but has not left its CPU: the wakeup only takes the state back.
      this.trace.waking(waker, task, task.cpu);
      task.state = TaskState.RUNNING;
      this.trace.woken(waker, task, task.cpu);
      return;
    }
    this.trace.waking(waker, task, task.cpu);
    const target = this.selectCpu(task, waker);
    if (target.id !== task.cpu) {
      this.trace.migrate(waker, task, task.cpu, target.id);
      task.cpu = target.id;
    }
    task.state = TaskState.RUNNING;
    // Sleepers get half a latency period of credit and no more (kernel `place_entity`).
    task.vruntime = Math.max(task.vruntime, target.minVruntime - SCHED_LATENCY_NS / 2);
    target.queue.push(task);
    task.queued = true;
    this.trace.woken(waker, task, target.id);
    this.checkPreempt(target, task);
  }

  /** First wakeup of a new task (kernel `wake_up_new_task`). */
  wakeNew(task: Task, waker: Cpu): void {
    const target = this.selectCpu(task, waker);
    task.cpu = target.id;
    task.state = TaskState.RUNNING;
    task.vruntime = target.minVruntime + MIN_SLICE_NS;
    target.queue.push(task);
    task.queued = true;
    this.trace.wokenNew(waker, task, target.id);
    this.checkPreempt(target, task);
  }

  /** Puts a task that exists since boot to sleep or to work, without a trace. */
  place(task: Task): void {
    if (task.state !== TaskState.RUNNING) return;
    const cpu = this.cpus[task.cpu]!;
    cpu.queue.push(task);
    task.queued = true;
    this.checkPreempt(cpu, task);
  }

  private selectCpu(task: Task, waker: Cpu): Cpu {
    if (task.boundCpu !== undefined) return this.cpus[task.boundCpu]!;
    const previous = this.cpus[task.cpu]!;
    if (isIdle(previous)) return previous;
    if (isIdle(waker)) return waker;
    const idle = this.cpus.find(isIdle);
    if (idle !== undefined) return idle;
    return previous.queue.length <= waker.queue.length ? previous : waker;
  }

  private checkPreempt(cpu: Cpu, task: Task): void {
    if (cpu.resched?.pending) return;
    if (cpu.current === cpu.idle) {
      cpu.resched = this.queue.after(sample(IDLE_EXIT, this.random), () => this.reschedule(cpu, false));
      return;
    }
    this.account(cpu);
    if (task.vruntime + WAKEUP_GRANULARITY_NS * weightOf(task) < cpu.current.vruntime) this.preempt(cpu);
    else this.startTick(cpu);
  }

  private preempt(cpu: Cpu): void {
    if (cpu.resched?.pending) return;
    cpu.resched = this.queue.after(sample(PREEMPT, this.random), () => this.reschedule(cpu, true));
  }

  private startTick(cpu: Cpu): void {
    if (cpu.tick?.pending) return;
    const next = (Math.floor(this.queue.now / TICK_NS) + 1) * TICK_NS + cpu.id * 1000;
    cpu.tick = this.queue.at(next, () => this.onTick(cpu));
  }

  private onTick(cpu: Cpu): void {
    if (cpu.current === cpu.idle || cpu.queue.length === 0) return;
    this.account(cpu);
    const slice = Math.max(MIN_SLICE_NS, SCHED_LATENCY_NS / (cpu.queue.length + 1));
    const ran = this.queue.now - cpu.switchedAt;
    const first = cpu.queue[firstOf(cpu.queue)]!;
    if (ran >= slice || first.vruntime + slice < cpu.current.vruntime) this.preempt(cpu);
    this.startTick(cpu);
  }

  /** The interrupt that asked for a switch arrives. */
  private reschedule(cpu: Cpu, preempt: boolean): void {
    cpu.resched = undefined;
    if (cpu.queue.length === 0) return;
    const { current } = cpu;
    if (current === cpu.idle) {
      this.switchTo(cpu, TaskState.RUNNING);
      return;
    }
    if (!preempt || cpu.work === undefined) return;
    cpu.work.cancel();
    cpu.work = undefined;
    current.remaining = Math.max(1, cpu.workEnd - this.queue.now);
    this.account(cpu);
    cpu.queue.push(current);
    current.queued = true;
    // In user mode the switch happens on the way out of the interrupt and does not count as preemption.
    this.switchTo(cpu, current.inKernel ? TaskState.PREEMPTED : TaskState.RUNNING);
  }

  /** Gives the CPU to the next task; `prevState` is what the trace says of the one that leaves. */
  private switchTo(cpu: Cpu, prevState: number): void {
    const prev = cpu.current;
    const next = this.takeNext(cpu) ?? cpu.idle;
    if (next === prev) {
      this.resume(cpu, 0);
      return;
    }
    this.trace.switch(cpu, prev, next, prevState);
    cpu.current = next;
    cpu.switchedAt = this.queue.now;
    cpu.accountedAt = this.queue.now;
    if (next === cpu.idle) return;
    if (cpu.queue.length > 0) this.startTick(cpu);
    this.resume(cpu, sample(SWITCH_COST, this.random));
  }

  private takeNext(cpu: Cpu): Task | undefined {
    if (cpu.queue.length === 0) this.pull(cpu);
    if (cpu.queue.length === 0) return undefined;
    const [task] = cpu.queue.splice(firstOf(cpu.queue), 1);
    task!.queued = false;
    cpu.minVruntime = Math.max(cpu.minVruntime, task!.vruntime);
    return task;
  }

  /** A CPU about to idle takes a waiting task from the longest queue (kernel `newidle_balance`). */
  private pull(cpu: Cpu): void {
    let busiest: Cpu | undefined;
    for (const other of this.cpus) {
      if (other === cpu || other.current === other.idle) continue;
      if (other.queue.length > (busiest?.queue.length ?? 0)) busiest = other;
    }
    const index = busiest?.queue.findIndex((task) => task.boundCpu === undefined) ?? -1;
    if (busiest === undefined || index < 0) return;
    const [task] = busiest.queue.splice(index, 1);
    this.trace.migrate(cpu, task!, busiest.id, cpu.id);
    task!.vruntime += cpu.minVruntime - busiest.minVruntime;
    task!.cpu = cpu.id;
    cpu.queue.push(task!);
  }

  /** Goes on with the current task's unfinished work after `delay`, or with its next step. */
  private resume(cpu: Cpu, delay: number): void {
    const { current } = cpu;
    const work = current.remaining + delay;
    current.remaining = 0;
    if (work > 0) this.startWork(cpu, work);
    else this.step(cpu);
  }

  private startWork(cpu: Cpu, work: number): void {
    cpu.workEnd = this.queue.now + work;
    cpu.work = this.queue.at(cpu.workEnd, () => {
      cpu.work = undefined;
      this.step(cpu);
    });
  }

  /** Lets the current task do its next thing. */
  private step(cpu: Cpu): void {
    const task = cpu.current;
    for (;;) {
      const result = task.activity!.next();
      if (result.done === true) {
        this.leave(cpu, task.state);
        this.onEnd(task, cpu);
        return;
      }
      if (result.value !== BLOCKED) {
        this.startWork(cpu, result.value < 1 ? 1 : result.value);
        return;
      }
      // A wakeup may have come between the task's decision to sleep and now.
      if (task.state !== TaskState.RUNNING) {
        this.leave(cpu, task.state);
        return;
      }
    }
  }

  private leave(cpu: Cpu, state: number): void {
    this.account(cpu);
    this.switchTo(cpu, state);
  }

  /** Charges the current task for the time since the last account (kernel `update_curr`). */
  private account(cpu: Cpu): void {
    const { current } = cpu;
    const ran = this.queue.now - cpu.accountedAt;
    if (current === cpu.idle || ran <= 0) return;
    cpu.accountedAt = this.queue.now;
    current.vruntime += ran * weightOf(current);
    this.trace.runtime(cpu, current, ran);
  }
}

/** Virtual nanoseconds for each real one: each step of nice is about a quarter more. */
function weightOf(task: Task): number {
  let weight = 1;
  for (let prio = task.prio; prio < DEFAULT_PRIO; prio++) weight *= 0.8;
  for (let prio = task.prio; prio > DEFAULT_PRIO; prio--) weight *= 1.25;
  return weight;
}

function isIdle(cpu: Cpu): boolean {
  return cpu.current === cpu.idle && cpu.queue.length === 0 && !cpu.resched?.pending;
}

function firstOf(queue: readonly Task[]): number {
  let first = 0;
  for (let index = 1; index < queue.length; index++) {
    if (queue[index]!.vruntime < queue[first]!.vruntime) first = index;
  }
  return first;
}
