/** Kernel functions about tasks (kernel/bpf/helpers.c, kernel/bpf/task_iter.c). Tasks live as long as a program runs. */
import { KERNEL_TAG, type LinearAddress } from '../../vm/address.ts';
import { EINVAL } from '../../vm/errno.ts';
import { setResult } from '../../vm/helper-port.ts';
import { memoryArgument, setPointer } from '../../vm/helpers/arguments.ts';
import { identity, type KfuncEntry, silent } from '../../vm/kfuncs/entry.ts';
import type { Machine } from '../../vm/machine.ts';
import type { CurrentTask, ExecutionContext } from './execution-context.ts';

/** `struct bpf_iter_task`, here: tgid and tid given last, kind, tgid wanted. */
const ITERATOR_SIZE = 24;
const KIND = 8;
/** `enum` of BPF_TASK_ITER_*. */
const ALL_PROCESSES = 0;
const THREADS_OF_PROCESS = 2;

export function taskKfuncs(context: ExecutionContext, machine: Machine): readonly KfuncEntry[] {
  const { memory } = machine;
  const byNumber = (r: Int32Array): void => setPointer(r, context.world.task?.(r[2]!)?.object ?? 0);
  return [
    ...identity('bpf_task_acquire', 'bpf_cgroup_acquire'),
    ...silent('bpf_task_release', 'bpf_cgroup_release', 'bpf_iter_task_destroy'),
    ['bpf_task_from_pid', byNumber],
    ['bpf_task_from_vpid', byNumber],
    [
      'bpf_iter_task_new',
      (r) => {
        const at = memoryArgument(machine, r, 1, ITERATOR_SIZE, true);
        const kind = r[6]! >>> 0;
        const task = r[5] === KERNEL_TAG ? tasks(context).find(({ object }) => object === r[4]) : undefined;
        const isWrong = kind > THREADS_OF_PROCESS || (kind === THREADS_OF_PROCESS && task === undefined);
        memory.writePair(at, -1, -1);
        // A kind that nobody asks for gives no task.
        memory.writePair(at + KIND, isWrong ? THREADS_OF_PROCESS : kind, isWrong ? -1 : (task?.tgid ?? 0));
        setResult(r, isWrong ? EINVAL : 0);
      },
    ],
    ['bpf_iter_task_next', (r) => setPointer(r, nextTask(context, machine, r))],
  ];
}

/** Process by process. */
function tasks({ world }: ExecutionContext): readonly CurrentTask[] {
  const all = [...(world.tasks?.() ?? [])].filter(({ object }) => object !== 0);
  return all.sort((a, b) => a.tgid - b.tgid || a.tid - b.tid);
}

/** The task after the one given last, whether or not that one still lives. */
function nextTask(context: ExecutionContext, machine: Machine, r: Int32Array): LinearAddress {
  const { memory } = machine;
  const at = memoryArgument(machine, r, 1, ITERATOR_SIZE, true);
  const [tgid, tid] = [memory.readLow(at), memory.readHigh(at)];
  const [kind, process] = [memory.readLow(at + KIND), memory.readHigh(at + KIND)];
  const next = tasks(context).find(
    (one) =>
      (one.tgid > tgid || (one.tgid === tgid && one.tid > tid)) &&
      (kind !== ALL_PROCESSES || one.tid === one.tgid) &&
      (kind !== THREADS_OF_PROCESS || one.tgid === process),
  );
  if (next === undefined) return 0;
  memory.writePair(at, next.tgid, next.tid);
  return next.object;
}
