/** Helpers that tell of the current task and CPU (kernel/bpf/helpers.c). */
import { KERNEL_TAG } from '../../vm/address.ts';
import { EINVAL } from '../../vm/errno.ts';
import { setResult, setResultPair } from '../../vm/helper-port.ts';
import { entry, type HelperEntry, memoryArgument, sizeArgument } from '../../vm/helpers/arguments.ts';
import type { Machine } from '../../vm/machine.ts';
import { type ExecutionContext, TASK_COMM_LEN, UNKNOWN_ID } from './execution-context.ts';

/** `PROC_PID_INIT_INO`: the pid namespace a machine boots with. Here it is the only one. */
const FIRST_PID_NAMESPACE = 0xefff_fffc | 0;
/** `struct bpf_pidns_info` */
const PIDNS_INFO_SIZE = 8;

export function taskHelpers(context: ExecutionContext, machine: Machine): readonly HelperEntry[] {
  const currentTask = (r: Int32Array): void => {
    const { object } = context.task;
    setResultPair(r, object, object === 0 ? 0 : KERNEL_TAG);
  };
  return [
    // An unknown tgid reads as -1. The compiler says so where a script reads it; here most callers want the tid alone.
    entry('get_current_pid_tgid', (r) => setResultPair(r, context.task.tid, context.task.tgid)),
    entry('get_current_uid_gid', (r) => {
      const { task } = context;
      if (task.uid === UNKNOWN_ID) {
        context.warn('user and group ids (uid, gid) are not known here: they read as -1');
      }
      setResultPair(r, task.uid, task.gid);
    }),
    entry('get_current_comm', (r) => currentComm(context, machine, r)),
    entry('get_current_cgroup_id', (r) =>
      setResultPair(r, context.task.cgroupId, context.task.cgroupId >> 31),
    ),
    entry('get_current_ancestor_cgroup_id', (r) => setResultPair(r, ancestor(context, r[2]!), 0)),
    entry('get_current_task', currentTask),
    entry('get_current_task_btf', currentTask),
    entry('get_ns_current_pid_tgid', (r) => setResult(r, idsInNamespace(context, machine, r))),
    entry('get_smp_processor_id', (r) => setResult(r, context.cpu)),
    entry('get_numa_node_id', (r) => setResult(r, 0)),
  ];
}

/** 0 where the current task's cgroup does not lie as deep. */
function ancestor({ task, world }: ExecutionContext, level: number): number {
  const path = world.cgroupPath?.(task.cgroupId) ?? [task.cgroupId];
  return path[level] ?? 0;
}

/** r1 device, r2 inode, r3 `struct bpf_pidns_info`, r4 its size: the current task's ids in the namespace named. */
function idsInNamespace(context: ExecutionContext, machine: Machine, r: Int32Array): number {
  const size = sizeArgument(machine, r, 4);
  const target = memoryArgument(machine, r, 3, size, true);
  const isDevice = r[3] === 0;
  const isFirst = r[4] === FIRST_PID_NAMESPACE && r[5] === 0;
  if (size !== PIDNS_INFO_SIZE || !isDevice || !isFirst) {
    machine.memory.u8.fill(0, target, target + size);
    return EINVAL;
  }
  const { tid, tgid } = context.task;
  machine.memory.writePair(target, tid, tgid);
  return 0;
}

/** Always zero-terminated; a longer buffer's rest becomes zero (kernel `strscpy_pad`). */
function currentComm(context: ExecutionContext, machine: Machine, registers: Int32Array): void {
  const size = sizeArgument(machine, registers, 2);
  const address = memoryArgument(machine, registers, 1, size, true);
  if (size === 0) {
    setResult(registers, EINVAL);
    return;
  }
  const { comm } = context.task;
  const { u8 } = machine.memory;
  const last = Math.min(size, TASK_COMM_LEN) - 1;
  // One run copies a few bytes: a loop is ten times faster here than `fill` and `set` with their view.
  for (let i = 0; i < last; i++) u8[address + i] = comm[i]!;
  u8[address + last] = 0;
  if (size > TASK_COMM_LEN) u8.fill(0, address + TASK_COMM_LEN, address + size);
  setResult(registers, 0);
}
