/** Arguments of the raw tracepoints: the `TP_PROTO` of the same events in Linux 6.1. */
import type { RawTracepointArgument } from '../../../bpf/kernel-info.ts';

const TASK: RawTracepointArgument = { name: 'p', type: 'struct task_struct *' };

export const RAW_TRACEPOINTS: Readonly<Record<string, readonly RawTracepointArgument[]>> = {
  sys_enter: [
    { name: 'regs', type: 'struct pt_regs *' },
    { name: 'id', type: 'long' },
  ],
  sys_exit: [
    { name: 'regs', type: 'struct pt_regs *' },
    { name: 'ret', type: 'long' },
  ],
  sched_switch: [
    { name: 'preempt', type: 'bool' },
    { name: 'prev', type: 'struct task_struct *' },
    { name: 'next', type: 'struct task_struct *' },
    { name: 'prev_state', type: 'unsigned int' },
  ],
  sched_waking: [TASK],
  sched_wakeup: [TASK],
  sched_wakeup_new: [TASK],
  sched_migrate_task: [TASK, { name: 'dest_cpu', type: 'int' }],
  sched_process_exit: [TASK],
  sched_process_free: [TASK],
  sched_process_fork: [
    { name: 'parent', type: 'struct task_struct *' },
    { name: 'child', type: 'struct task_struct *' },
  ],
};
