/** Kernel functions that need no kernel: sections, and the iterator of numbers. */
import { KERNEL_TAG } from '../../../vm/address.ts';
import type { HelperFunction } from '../../../vm/helper-port.ts';
import type { Machine } from '../../../vm/machine.ts';
import type { Dice } from '../../generators/programs/dice.ts';
import type { KernelObjects } from './kernel-objects.ts';

/** The program ended itself. */
export class Thrown extends Error {
  override readonly name: string = 'Thrown';
}

const MAX_LOOPS = 1 << 23;
const EINVAL = -22;
const E2BIG = -7;

export function machineKfuncs(
  machine: Machine,
  dice: () => Dice,
  kernel: KernelObjects,
): ReadonlyMap<string, HelperFunction> {
  const nothing: HelperFunction = () => undefined;
  const { view } = machine.memory;
  const at = (r: Int32Array, bytes: number): number => {
    machine.checkArgument(r[2]!, r[3]!, bytes, true);
    return r[2]! >>> 0;
  };
  const finish = (r: Int32Array, result: number): void => {
    r[0] = result;
    r[1] = result >> 31;
  };
  const pointer =
    (mayBeNull: boolean): HelperFunction =>
    (r) =>
      kernel.give(r, mayBeNull && dice().chance(0.3));
  const number: HelperFunction = (r) => finish(r, dice().below(3));
  return new Map<string, HelperFunction>([
    ['bpf_task_from_pid', pointer(true)],
    ['bpf_task_from_vpid', pointer(true)],
    ['bpf_task_acquire', pointer(true)],
    ['bpf_task_release', nothing],
    ['bpf_cpumask_create', pointer(true)],
    ['bpf_cpumask_release', nothing],
    ['bpf_cpumask_set_cpu', nothing],
    ['bpf_cpumask_clear_cpu', nothing],
    ['bpf_cpumask_first', number],
    ['bpf_rdonly_cast', pointer(false)],
    ['bpf_cast_to_kern_ctx', pointer(false)],
    ['bpf_obj_new_impl', pointer(true)],
    ['bpf_obj_drop_impl', nothing],
    ['bpf_list_push_front_impl', number],
    ['bpf_list_push_back_impl', number],
    ['bpf_list_pop_front', pointer(true)],
    ['bpf_list_pop_back', pointer(true)],
    ['bpf_wq_init', number],
    ['bpf_wq_set_callback_impl', number],
    ['bpf_wq_start', number],
    ['bpf_iter_task_new', number],
    ['bpf_iter_task_next', pointer(true)],
    ['bpf_iter_task_destroy', nothing],
    ['bpf_rcu_read_lock', nothing],
    ['bpf_rcu_read_unlock', nothing],
    ['bpf_preempt_disable', nothing],
    ['bpf_preempt_enable', nothing],
    ['bpf_local_irq_save', (r) => void at(r, 8)],
    ['bpf_local_irq_restore', (r) => void at(r, 8)],
    [
      'bpf_throw',
      () => {
        throw new Thrown();
      },
    ],
    [
      'bpf_iter_num_new',
      (r) => {
        const iterator = at(r, 8);
        const [start, end] = [r[4]!, r[6]!];
        const bad = start > end ? EINVAL : end - start > MAX_LOOPS ? E2BIG : 0;
        view.setInt32(iterator, bad === 0 ? start - 1 : 0, true);
        view.setInt32(iterator + 4, bad === 0 ? end : 0, true);
        finish(r, bad);
      },
    ],
    [
      'bpf_iter_num_next',
      (r) => {
        const iterator = at(r, 8);
        const next = view.getInt32(iterator, true) + 1;
        const more = next < view.getInt32(iterator + 4, true);
        view.setInt32(iterator, more ? next : 0, true);
        if (!more) view.setInt32(iterator + 4, 0, true);
        r[0] = more ? iterator : 0;
        r[1] = more ? KERNEL_TAG : 0;
      },
    ],
    ['bpf_iter_num_destroy', (r) => void at(r, 8)],
  ]);
}
