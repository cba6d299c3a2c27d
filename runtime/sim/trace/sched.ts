/**
 * The scheduler's tracepoints and those of a process's life. Offsets are those of Linux 6.1's formats
 * (`tables/events.gen.ts`; a test compares them).
 */
import type { Cpu, Task } from '../task.ts';
import { kernelPointer, type TracePoint, type Tracer } from '../tracer.ts';
import type { TracePoints } from './points.ts';

export class SchedTrace {
  private readonly tracer: Tracer;
  private readonly points: TracePoints;

  constructor(tracer: Tracer, points: TracePoints) {
    this.tracer = tracer;
    this.points = points;
  }

  switch(cpu: Cpu, prev: Task, next: Task, prevState: number): void {
    const { tracer, points } = this;
    tracer.passed++;
    if (points.rawSchedSwitch.enabled) {
      tracer.raw(points.rawSchedSwitch, cpu.id, prev, [
        prevState === 256 ? 1 : 0,
        kernelPointer(prev.object),
        kernelPointer(next.object),
        prevState & 255,
      ]);
    }
    const point = points.schedSwitch;
    if (!point.enabled) return;
    const at = tracer.begin(point, cpu.id, prev, 64);
    const { view } = tracer.memory;
    tracer.comm(at + 8, prev);
    view.setInt32(at + 24, prev.tid, true);
    view.setInt32(at + 28, prev.prio, true);
    view.setInt32(at + 32, prevState, true);
    tracer.comm(at + 40, next);
    view.setInt32(at + 56, next.tid, true);
    view.setInt32(at + 60, next.prio, true);
    tracer.commit(point, cpu.id, prev, 64);
  }

  waking(cpu: Cpu, task: Task, targetCpu: number): void {
    this.wakeup(this.points.schedWaking, this.points.rawSchedWaking, cpu, task, targetCpu);
  }

  woken(cpu: Cpu, task: Task, targetCpu: number): void {
    this.wakeup(this.points.schedWakeup, this.points.rawSchedWakeup, cpu, task, targetCpu);
  }

  wokenNew(cpu: Cpu, task: Task, targetCpu: number): void {
    this.wakeup(this.points.schedWakeupNew, this.points.rawSchedWakeupNew, cpu, task, targetCpu);
  }

  migrate(cpu: Cpu, task: Task, from: number, to: number): void {
    const { tracer, points } = this;
    tracer.passed++;
    if (points.rawSchedMigrateTask.enabled) {
      tracer.raw(points.rawSchedMigrateTask, cpu.id, cpu.current, [kernelPointer(task.object), to]);
    }
    const point = points.schedMigrateTask;
    if (!point.enabled) return;
    const at = this.beginTask(point, cpu, task, 40);
    tracer.memory.view.setInt32(at + 32, from, true);
    tracer.memory.view.setInt32(at + 36, to, true);
    tracer.commit(point, cpu.id, cpu.current, 40);
  }

  runtime(cpu: Cpu, task: Task, runtime: number): void {
    const { tracer } = this;
    tracer.passed++;
    const point = this.points.schedStatRuntime;
    if (!point.enabled) return;
    const at = tracer.begin(point, cpu.id, cpu.current, 48);
    tracer.comm(at + 8, task);
    tracer.memory.view.setInt32(at + 24, task.tid, true);
    tracer.set64(at + 32, runtime);
    tracer.set64(at + 40, Math.floor(task.vruntime));
    tracer.commit(point, cpu.id, cpu.current, 48);
  }

  fork(cpu: Cpu, parent: Task, child: Task): void {
    const { tracer, points } = this;
    tracer.passed++;
    if (points.rawSchedProcessFork.enabled) {
      const args = [kernelPointer(parent.object), kernelPointer(child.object)];
      tracer.raw(points.rawSchedProcessFork, cpu.id, cpu.current, args);
    }
    const point = points.schedProcessFork;
    if (!point.enabled) return;
    const at = tracer.begin(point, cpu.id, cpu.current, 48);
    tracer.comm(at + 8, parent);
    tracer.memory.view.setInt32(at + 24, parent.tid, true);
    tracer.comm(at + 28, child);
    tracer.memory.view.setInt32(at + 44, child.tid, true);
    tracer.commit(point, cpu.id, cpu.current, 48);
  }

  exec(cpu: Cpu, task: Task, path: Uint8Array): void {
    const { tracer } = this;
    tracer.passed++;
    const point = this.points.schedProcessExec;
    if (!point.enabled) return;
    const at = tracer.begin(point, cpu.id, task, 20 + path.length + 8);
    tracer.memory.view.setInt32(at + 12, task.tid, true);
    tracer.memory.view.setInt32(at + 16, task.tid, true);
    tracer.commit(point, cpu.id, task, tracer.text(at, 8, 20, path));
  }

  exit(cpu: Cpu, task: Task): void {
    this.life(this.points.schedProcessExit, this.points.rawSchedProcessExit, cpu, task);
  }

  /** Called where RCU frees a task, long after its end. */
  free(cpu: Cpu, task: Task): void {
    this.life(this.points.schedProcessFree, this.points.rawSchedProcessFree, cpu, task);
  }

  /** wait4 of any child tells no pid and the waiter's own name, as Linux does. */
  wait(cpu: Cpu, task: Task): void {
    const { tracer } = this;
    tracer.passed++;
    const point = this.points.schedProcessWait;
    if (!point.enabled) return;
    const at = this.beginTask(point, cpu, task, 32);
    tracer.memory.view.setInt32(at + 24, 0, true);
    tracer.commit(point, cpu.id, task, 32);
  }

  private wakeup(point: TracePoint, raw: TracePoint, cpu: Cpu, task: Task, targetCpu: number): void {
    const { tracer } = this;
    tracer.passed++;
    if (raw.enabled) tracer.raw(raw, cpu.id, cpu.current, [kernelPointer(task.object)]);
    if (!point.enabled) return;
    const at = this.beginTask(point, cpu, task, 40);
    tracer.memory.view.setInt32(at + 32, targetCpu, true);
    tracer.commit(point, cpu.id, cpu.current, 40);
  }

  private life(point: TracePoint, raw: TracePoint, cpu: Cpu, task: Task): void {
    const { tracer } = this;
    tracer.passed++;
    if (raw.enabled) tracer.raw(raw, cpu.id, cpu.current, [kernelPointer(task.object)]);
    if (!point.enabled) return;
    this.beginTask(point, cpu, task, 32);
    tracer.commit(point, cpu.id, cpu.current, 32);
  }

  /** comm, pid and prio, with which most of these records begin. */
  private beginTask(point: TracePoint, cpu: Cpu, task: Task, size: number): number {
    const { tracer } = this;
    const at = tracer.begin(point, cpu.id, cpu.current, size);
    tracer.comm(at + 8, task);
    tracer.memory.view.setInt32(at + 24, task.tid, true);
    tracer.memory.view.setInt32(at + 28, task.prio, true);
    return at;
  }
}
