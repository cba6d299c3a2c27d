/** What programs on hooks of security modules return (`bpf_lsm_get_retval_range`). */
import { HOOK_PREFIX } from '../../bpf/lsm-hooks.ts';
import { BOOL_HOOKS } from '../../bpf/tables/lsm-hooks.ts';
import type { Environment } from '../environment.ts';
import type { ReturnRange } from '../state/frame.ts';

const MAX_ERRNO = 4095;

/** What the hook's program may return (`bpf_lsm_get_retval_range`); null: anything. */
export function hookReturnRange(env: Environment): ReturnRange | null {
  const target = env.attachTarget;
  if (env.attachType === 'lsm_cgroup') {
    return target?.prototype.returns === 0 ? { min: 1, max: 1 } : { min: 0, max: 1 };
  }
  // Before 6.12 nobody asked.
  if (target === null || target.prototype.returns === 0 || !env.atLeast('6.12')) return null;
  const hook = target.name.slice(HOOK_PREFIX.length);
  return BOOL_HOOKS.has(hook) ? { min: 0, max: 1, word: true } : { min: -MAX_ERRNO, max: 0, word: true };
}
