/** Hooks of security modules by release. */
import { isAtLeast, type KernelRelease } from './kernel-release.ts';
import { SLEEPABLE_EARLY, SLEEPABLE_HOOKS, SLEEPABLE_LATE } from './tables/lsm-hooks.ts';

/** What the kernel's functions of hooks begin with. */
export const HOOK_PREFIX = 'bpf_lsm_';

/** A program on this hook (its function's name) may sleep (`bpf_lsm_is_sleepable_hook`). */
export function isSleepableHook(name: string, release: KernelRelease): boolean {
  const hook = name.startsWith(HOOK_PREFIX) ? name.slice(HOOK_PREFIX.length) : name;
  const others = isAtLeast(release, '6.9') ? SLEEPABLE_LATE : SLEEPABLE_EARLY;
  return SLEEPABLE_HOOKS.has(hook) || others.has(hook);
}
