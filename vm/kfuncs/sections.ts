/** What keeps others out, and casts: one program runs at a time and nothing is freed meanwhile, so there is little to do. */
import { setResult } from '../helper-port.ts';
import { memoryArgument } from '../helpers/arguments.ts';
import type { Machine } from '../machine.ts';
import { ProgramExit } from '../program-exit.ts';
import { identity, type KfuncEntry, silent } from './entry.ts';

export function sectionKfuncs(machine: Machine): readonly KfuncEntry[] {
  return [
    ...silent('bpf_rcu_read_lock', 'bpf_rcu_read_unlock', 'bpf_preempt_disable', 'bpf_preempt_enable'),
    ...silent('bpf_res_spin_lock', 'bpf_res_spin_unlock', 'bpf_res_spin_unlock_irqrestore'),
    ...silent('bpf_local_irq_restore'),
    ['bpf_local_irq_save', (r) => saveFlags(machine, r, 1)],
    ['bpf_res_spin_lock_irqsave', (r) => saveFlags(machine, r, 2)],
    ...identity('bpf_cast_to_kern_ctx', 'bpf_rdonly_cast'),
    [
      'bpf_throw',
      (r) => {
        throw new ProgramExit(r[2]!, r[3]!);
      },
    ],
  ];
}

/** Argument `n` points to where the flags are kept. */
function saveFlags(machine: Machine, r: Int32Array, n: number): void {
  machine.memory.writePair(memoryArgument(machine, r, n, 8, true), 0, 0);
  setResult(r, 0);
}
