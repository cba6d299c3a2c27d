/** Calls that run a function of the program before they return (`is_sync_callback_calling_insn`). */
import { CallKind } from '../../bpf/fields.ts';
import { CALLS_BACK, helperById } from '../../bpf/helpers/index.ts';
import { KFUNC_CALLS_BACK } from '../../bpf/kfuncs/index.ts';
import type { Environment } from '../environment.ts';

/** The call at `slot` does. */
export function isSynchronousCallbackCall(env: Environment, slot: number): boolean {
  const insn = env.insns[slot]!;
  switch (insn.src) {
    case CallKind.helper: {
      const helper = helperById(insn.imm);
      return helper !== undefined && CALLS_BACK.get(helper.name) === 'sync';
    }
    case CallKind.kfunc:
      return KFUNC_CALLS_BACK.get(env.input.kfuncSlots?.get(slot) ?? '') === 'sync';
    default:
      return false;
  }
}
