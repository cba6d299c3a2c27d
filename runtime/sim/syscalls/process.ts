/** Processes: fork, exec, exit, wait, in the order in which Linux traces them. */
import { encodeComm } from '../../helpers/execution-context.ts';
import { type Latency, sample } from '../latency.ts';
import { type Activity, BLOCKED, type Call, type Task, TaskState } from '../task.ts';
import { closeEndpoint } from './file.ts';
import { ECHILD, ENOENT, enter, leave, NR } from './frame.ts';

const FORK: Latency = { median: 92_000, spread: 70, tail: { chance: 700, factor: 6 } };
const EXEC: Latency = { median: 310_000, spread: 80, tail: { chance: 700, factor: 5 } };
const EXIT: Latency = { median: 120_000, spread: 80 };
/** CLONE_CHILD_CLEARTID | CLONE_CHILD_SETTID | SIGCHLD, as fork(3) asks for. */
const FORK_FLAGS = 0x0120_0011;
const SIGCHLD = 17;
const CLD_EXITED = 1;
/** A signal's result in `signal_generate`: delivered, or ignored by default. */
const DELIVERED = 0;
const IGNORED = 1;

/** clone(2) as fork: the child's `life` begins behind the call. Returns the child's pid. */
export function* fork(task: Task, life: (child: Task) => Activity): Call {
  const { world } = task;
  enter(task, NR.clone, [FORK_FLAGS, 0, 0, task.user.structure, 0]);
  yield sample(FORK, task.random);
  const child = world.createTask({
    comm: new TextDecoder().decode(task.comm).replace(/\0.*$/s, ''),
    uid: task.uid,
    prio: task.prio,
    parent: task,
    files: task.files.clone(),
  });
  child.cpu = task.cpu;
  child.vruntime = task.vruntime;
  child.activity = begin(child, life);
  const cpu = world.cpuOf(task);
  world.trace.newtask(cpu, child, FORK_FLAGS);
  world.schedTrace.fork(cpu, task, child);
  world.scheduler.wakeNew(child, cpu);
  yield 1200;
  return leave(task, NR.clone, child.tid);
}

/** A new task comes out of clone with result 0, then lives, then exits. */
function* begin(child: Task, life: (child: Task) => Activity): Activity {
  yield 2000;
  leave(child, NR.clone, 0);
  yield* life(child);
  if (child.exitStatus === undefined) yield* exit(child, 0);
}

/** Replaces the program: 0, or -ENOENT where there is no such file. */
export function* execve(task: Task, path: string, argv: readonly string[]): Call {
  const { world } = task;
  enter(task, NR.execve, [task.user.path(path), task.user.argv(argv), task.user.structure]);
  if (world.files.find(path) === undefined) {
    yield 5000;
    return leave(task, NR.execve, -ENOENT);
  }
  yield sample(EXEC, task.random);
  const name = encodeComm(path.slice(path.lastIndexOf('/') + 1));
  world.trace.rename(world.cpuOf(task), task, name);
  task.comm = name;
  task.handlesChild = false;
  world.schedTrace.exec(world.cpuOf(task), task, new TextEncoder().encode(path));
  yield 4000;
  return leave(task, NR.execve, 0);
}

/** exit_group(2); the task's generator must end after it. */
export function* exit(task: Task, status: number): Activity {
  const { world } = task;
  enter(task, NR.exit_group, [status]);
  yield sample(EXIT, task.random);
  world.schedTrace.exit(world.cpuOf(task), task);
  for (let fd = 0; fd < 16; fd++) {
    const file = task.files.remove(fd);
    if (file?.kind === 'endpoint' && file.writer) closeEndpoint(task, file.endpoint, true);
  }
  yield 14_000;
  for (const child of [...task.children]) orphan(child);
  task.exitStatus = status;
  const { parent } = task;
  task.state = parent === undefined || task.detached ? TaskState.DEAD : TaskState.ZOMBIE;
  if (parent === undefined) return;
  const cpu = world.cpuOf(task);
  world.trace.signalGenerate(cpu, parent, SIGCHLD, CLD_EXITED, parent.handlesChild ? DELIVERED : IGNORED);
  if (parent.waitsForChild) world.scheduler.wake(parent, cpu);
}

function orphan(child: Task): void {
  child.parent?.children.delete(child);
  child.parent = undefined;
  if (child.exitStatus !== undefined) child.world.release(child);
}

/** wait4(2) for any child. Returns its pid, or -ECHILD. */
export function* wait4(task: Task): Call {
  const { world } = task;
  enter(task, NR.wait4, [0xffff_ffff, task.user.structure, 0, 0]);
  yield 800;
  world.schedTrace.wait(world.cpuOf(task), task);
  for (;;) {
    const dead = [...task.children].find((child) => child.exitStatus !== undefined && !isOnCpu(child));
    if (dead !== undefined) {
      world.release(dead);
      yield 6000;
      if (task.handlesChild)
        world.trace.signalDeliver(world.cpuOf(task), task, SIGCHLD, CLD_EXITED, 0x5581_4f2c_1a80);
      return leave(task, NR.wait4, dead.tid);
    }
    if (task.children.size === 0) return leave(task, NR.wait4, -ECHILD);
    task.waitsForChild = true;
    // A child that is dead and not yet off its CPU is a moment away.
    if ([...task.children].some((child) => child.exitStatus !== undefined)) {
      yield 1500;
      continue;
    }
    task.state = TaskState.INTERRUPTIBLE;
    yield BLOCKED;
    task.waitsForChild = false;
  }
}

function isOnCpu(task: Task): boolean {
  return task.world.cpuOf(task).current === task;
}
