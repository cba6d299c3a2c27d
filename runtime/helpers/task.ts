/** Helpers that tell of the current task and CPU (kernel/bpf/helpers.c). */
import { helper } from '../../bpf/helpers/lookup.ts';
import { KERNEL_TAG } from '../../vm/address.ts';
import { type HelperFunction, setResult, setResultPair } from '../../vm/helper-port.ts';
import { type ExecutionContext, TASK_COMM_LEN, UNKNOWN_ID } from './execution-context.ts';

const EINVAL = 22;

/** Memory that helpers write into, as far as they need it. */
export interface HelperMemory {
  readonly u8: Uint8Array;
}

export function taskHelpers(
  context: ExecutionContext,
  memory: HelperMemory,
): readonly (readonly [number, HelperFunction])[] {
  return [
    [
      helper('get_current_pid_tgid').id,
      (registers) => {
        // An unknown tgid reads as -1. The compiler says so where a script reads it; here most callers want the tid alone.
        setResultPair(registers, context.task.tid, context.task.tgid);
      },
    ],
    [
      helper('get_current_uid_gid').id,
      (registers) => {
        const { task } = context;
        if (task.uid === UNKNOWN_ID) {
          context.warn('user and group ids (uid, gid) are not known here: they read as -1');
        }
        setResultPair(registers, task.uid, task.gid);
      },
    ],
    [helper('get_current_comm').id, (registers) => currentComm(context, memory, registers)],
    [
      helper('get_current_cgroup_id').id,
      (registers) => setResultPair(registers, context.task.cgroupId, context.task.cgroupId >> 31),
    ],
    [
      helper('get_current_task').id,
      (registers) => {
        const { object } = context.task;
        setResultPair(registers, object, object === 0 ? 0 : KERNEL_TAG);
      },
    ],
    [helper('get_smp_processor_id').id, (registers) => setResult(registers, context.cpu)],
    [helper('get_numa_node_id').id, (registers) => setResult(registers, 0)],
  ];
}

/** Always zero-terminated; a longer buffer's rest becomes zero (kernel `strscpy_pad`). */
function currentComm(context: ExecutionContext, memory: HelperMemory, registers: Int32Array): void {
  const address = registers[2]! >>> 0;
  const size = registers[4]! >>> 0;
  if (size === 0 || address + size > memory.u8.length) {
    setResult(registers, -EINVAL);
    return;
  }
  const { comm } = context.task;
  const { u8 } = memory;
  const last = Math.min(size, TASK_COMM_LEN) - 1;
  // One run copies a few bytes: a loop is ten times faster here than `fill` and `set` with their view.
  for (let i = 0; i < last; i++) u8[address + i] = comm[i]!;
  u8[address + last] = 0;
  if (size > TASK_COMM_LEN) u8.fill(0, address + TASK_COMM_LEN, address + size);
  setResult(registers, 0);
}
