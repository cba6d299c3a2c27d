/** Calls that run a function of the program before they return (`is_sync_callback_calling_insn`). */
import { CallKind } from '../../bpf/fields.ts';
import { helperById } from '../../bpf/helpers/index.ts';
import type { Environment } from '../environment.ts';

const HELPERS: ReadonlySet<string> = new Set(['for_each_map_elem', 'find_vma', 'loop', 'user_ringbuf_drain']);
const KFUNCS: ReadonlySet<string> = new Set(['bpf_rbtree_add_impl']);

/** The call at `slot` does. */
export function isSynchronousCallbackCall(env: Environment, slot: number): boolean {
  const insn = env.insns[slot]!;
  switch (insn.src) {
    case CallKind.helper:
      return HELPERS.has(helperById(insn.imm)?.name ?? '');
    case CallKind.kfunc:
      return KFUNCS.has(env.input.kfuncSlots?.get(slot) ?? '');
    default:
      return false;
  }
}
