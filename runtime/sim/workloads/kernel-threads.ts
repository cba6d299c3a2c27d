/** Kernel threads: they wake by timers, work a little and sleep idle. */
import { exponential } from '../latency.ts';
import { pause } from '../syscalls/time.ts';
import { type Activity, type Task, TaskState } from '../task.ts';
import type { World } from '../world.ts';

interface Thread {
  readonly comm: string;
  readonly period: number;
  readonly work: number;
  readonly prio?: number;
}

const THREADS: readonly Thread[] = [
  { comm: 'kthreadd', period: 9e9, work: 3000 },
  { comm: 'rcu_preempt', period: 9e6, work: 1800 },
  { comm: 'kworker/u8:1', period: 60e6, work: 14_000 },
  { comm: 'jbd2/vda1-8', period: 800e6, work: 30_000 },
];

export function startKernelThreads(world: World): void {
  world.boot({ comm: 'systemd' }, 700e6, (task) =>
    everySoOften(task, { comm: 'systemd', period: 1.5e9, work: 90_000 }),
  );
  for (const thread of THREADS) boot(world, thread);
  for (const cpu of world.cpus) {
    boot(world, { comm: `ksoftirqd/${cpu.id}`, period: 2e9, work: 4000 }, cpu.id);
    boot(world, { comm: `kworker/${cpu.id}:1`, period: 45e6, work: 7000 }, cpu.id);
    boot(world, { comm: `kworker/${cpu.id}:0H`, period: 900e6, work: 5000, prio: 100 }, cpu.id);
  }
}

function boot(world: World, thread: Thread, boundCpu?: number): void {
  const options = {
    comm: thread.comm,
    kernel: true,
    ...(thread.prio === undefined ? {} : { prio: thread.prio }),
    ...(boundCpu === undefined ? {} : { boundCpu }),
  };
  const first = exponential(thread.period, world.random);
  world.boot(options, first, (task) => everySoOften(task, thread));
}

function* everySoOften(task: Task, thread: Thread): Activity {
  for (;;) {
    yield thread.work + task.random.below(thread.work);
    yield* pause(
      task,
      exponential(thread.period, task.random),
      task.inKernel ? TaskState.IDLE : TaskState.INTERRUPTIBLE,
    );
  }
}
