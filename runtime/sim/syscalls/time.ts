/** Sleeping. */
import { BLOCKED, type Call, type Task, TaskState } from '../task.ts';
import { enter, leave, NR } from './frame.ts';

/** Timers of ordinary tasks may fire this much late (`timer_slack_ns`). */
const TIMER_SLACK_NS = 50_000;

export function* nanosleep(task: Task, nanoseconds: number): Call {
  enter(task, NR.clock_nanosleep, [0, 0, task.user.timespec(nanoseconds), 0]);
  yield 900;
  yield* pause(task, nanoseconds + task.random.below(TIMER_SLACK_NS), TaskState.INTERRUPTIBLE);
  yield 500;
  return leave(task, NR.clock_nanosleep, 0);
}

/** Sleeps in `state` until a timer wakes the task. */
export function* pause(task: Task, nanoseconds: number, state: number): Generator<number, void, void> {
  const { world } = task;
  let fired = false;
  world.queue.after(nanoseconds, () => {
    fired = true;
    world.scheduler.wake(task, world.cpuOf(task));
  });
  while (!fired) {
    task.state = state;
    yield BLOCKED;
  }
}
