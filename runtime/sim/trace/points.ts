/** The tracepoints that the simulated kernel's code passes, each with its static key. */
import { EVENT_ROWS } from '../tables/events.gen.ts';
import { SYSCALL_ROWS } from '../tables/syscalls.gen.ts';
import { TracePoint } from '../tracer.ts';

export interface TracePoints {
  readonly schedSwitch: TracePoint;
  readonly schedWaking: TracePoint;
  readonly schedWakeup: TracePoint;
  readonly schedWakeupNew: TracePoint;
  readonly schedMigrateTask: TracePoint;
  readonly schedStatRuntime: TracePoint;
  readonly schedProcessFork: TracePoint;
  readonly schedProcessExec: TracePoint;
  readonly schedProcessExit: TracePoint;
  readonly schedProcessFree: TracePoint;
  readonly schedProcessWait: TracePoint;
  readonly taskNewtask: TracePoint;
  readonly taskRename: TracePoint;
  readonly signalGenerate: TracePoint;
  readonly signalDeliver: TracePoint;
  readonly pageFaultUser: TracePoint;
  readonly blockBioQueue: TracePoint;
  readonly blockRqInsert: TracePoint;
  readonly blockRqIssue: TracePoint;
  readonly blockRqComplete: TracePoint;
  readonly irqHandlerEntry: TracePoint;
  readonly irqHandlerExit: TracePoint;
  readonly softirqRaise: TracePoint;
  readonly softirqEntry: TracePoint;
  readonly softirqExit: TracePoint;
  readonly sysEnter: TracePoint;
  readonly sysExit: TracePoint;
  readonly rawSysEnter: TracePoint;
  readonly rawSysExit: TracePoint;
  readonly rawSchedSwitch: TracePoint;
  readonly rawSchedWaking: TracePoint;
  readonly rawSchedWakeup: TracePoint;
  readonly rawSchedWakeupNew: TracePoint;
  readonly rawSchedMigrateTask: TracePoint;
  readonly rawSchedProcessFork: TracePoint;
  readonly rawSchedProcessExit: TracePoint;
  readonly rawSchedProcessFree: TracePoint;
  /** `syscalls:sys_enter_*` and `sys_exit_*` by system call number. */
  readonly enter: readonly (TracePoint | undefined)[];
  readonly exit: readonly (TracePoint | undefined)[];
  /** By `system:event`, and raw ones by `raw:event`. */
  find(name: string): TracePoint | undefined;
  all(): Iterable<TracePoint>;
}

export function createTracePoints(): TracePoints {
  const byName = new Map<string, TracePoint>();
  const add = (name: string, id: number): TracePoint => {
    const point = new TracePoint(name, id);
    byName.set(name, point);
    return point;
  };
  for (const [system, event, id] of EVENT_ROWS) add(`${system}:${event}`, id);
  const enter: (TracePoint | undefined)[] = [];
  const exit: (TracePoint | undefined)[] = [];
  for (const [name, number, enterId, exitId] of SYSCALL_ROWS) {
    enter[number] = add(`syscalls:sys_enter_${name}`, enterId);
    exit[number] = add(`syscalls:sys_exit_${name}`, exitId);
  }
  const at = (name: string): TracePoint => byName.get(name)!;
  const raw = (event: string): TracePoint => add(`raw:${event}`, 0);
  return {
    schedSwitch: at('sched:sched_switch'),
    schedWaking: at('sched:sched_waking'),
    schedWakeup: at('sched:sched_wakeup'),
    schedWakeupNew: at('sched:sched_wakeup_new'),
    schedMigrateTask: at('sched:sched_migrate_task'),
    schedStatRuntime: at('sched:sched_stat_runtime'),
    schedProcessFork: at('sched:sched_process_fork'),
    schedProcessExec: at('sched:sched_process_exec'),
    schedProcessExit: at('sched:sched_process_exit'),
    schedProcessFree: at('sched:sched_process_free'),
    schedProcessWait: at('sched:sched_process_wait'),
    taskNewtask: at('task:task_newtask'),
    taskRename: at('task:task_rename'),
    signalGenerate: at('signal:signal_generate'),
    signalDeliver: at('signal:signal_deliver'),
    pageFaultUser: at('exceptions:page_fault_user'),
    blockBioQueue: at('block:block_bio_queue'),
    blockRqInsert: at('block:block_rq_insert'),
    blockRqIssue: at('block:block_rq_issue'),
    blockRqComplete: at('block:block_rq_complete'),
    irqHandlerEntry: at('irq:irq_handler_entry'),
    irqHandlerExit: at('irq:irq_handler_exit'),
    softirqRaise: at('irq:softirq_raise'),
    softirqEntry: at('irq:softirq_entry'),
    softirqExit: at('irq:softirq_exit'),
    sysEnter: at('raw_syscalls:sys_enter'),
    sysExit: at('raw_syscalls:sys_exit'),
    rawSysEnter: raw('sys_enter'),
    rawSysExit: raw('sys_exit'),
    rawSchedSwitch: raw('sched_switch'),
    rawSchedWaking: raw('sched_waking'),
    rawSchedWakeup: raw('sched_wakeup'),
    rawSchedWakeupNew: raw('sched_wakeup_new'),
    rawSchedMigrateTask: raw('sched_migrate_task'),
    rawSchedProcessFork: raw('sched_process_fork'),
    rawSchedProcessExit: raw('sched_process_exit'),
    rawSchedProcessFree: raw('sched_process_free'),
    enter,
    exit,
    find: (name) => byName.get(name),
    all: () => byName.values(),
  };
}
