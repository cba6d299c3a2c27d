/** Where things are in the kernel's structures: programs are written for one kernel's types. */
import type { Btf } from '../../../bpf/btf/btf.ts';
import { findMember } from '../../../bpf/btf/find-member.ts';
import { sizeOf } from '../../../bpf/btf/layout.ts';

export interface KernelOffsets {
  readonly task: {
    readonly id: number;
    readonly size: number;
    readonly pid: number;
    readonly tgid: number;
    readonly comm: number;
    readonly realParent: number;
    readonly groupLeader: number;
    readonly mm: number;
    readonly mmTotal: number;
  };
  readonly queue: { readonly running: number };
}

/** As the kernel's own types have them; what is not there is at 0. */
export function kernelOffsets(btf: Btf): KernelOffsets {
  const task = btf.find('task_struct', 'struct') ?? 0;
  const memory = btf.find('mm_struct', 'struct') ?? 0;
  const queue = btf.find('rq', 'struct') ?? 0;
  const at = (id: number, path: string): number =>
    id === 0 ? 0 : Math.floor((findMember(btf, id, path)?.bitOffset ?? 0) / 8);
  return {
    task: {
      id: task,
      size: task === 0 ? 0 : (sizeOf(btf, task) ?? 0),
      pid: at(task, 'pid'),
      tgid: at(task, 'tgid'),
      comm: at(task, 'comm'),
      realParent: at(task, 'real_parent'),
      groupLeader: at(task, 'group_leader'),
      mm: at(task, 'mm'),
      mmTotal: at(memory, 'total_vm'),
    },
    queue: { running: at(queue, 'nr_running') },
  };
}
