/** Kernel functions whose result programs may change, and in which they may sleep. */

import type { Environment } from '../environment.ts';

/** System calls may fail before they begin (`ALLOW_ERROR_INJECTION` of `SYSCALL_DEFINE`). */
const SYSTEM_CALL = /^__(?:x64|ia32|x32|arm64|s390x|s390|riscv)_(?:compat_)?sys_/;

/** `ALLOW_ERROR_INJECTION` of functions that may sleep. */
const INJECTABLE: ReadonlySet<string> = new Set(['should_fail_bio']);

/** A function for tests, marked to sleep (`KF_SLEEPABLE` of the fmod_ret set). */
const SLEEPABLE_TEST = 'bpf_fentry_test1';

/** On the list, but called where nobody may sleep too (`btf_non_sleepable_error_inject`). */
const INJECTABLE_ATOMIC: ReadonlySet<string> = new Set([
  '__filemap_add_folio',
  'should_fail_alloc_page',
  'should_failslab',
]);

/** `register_btf_fmodret_id_set` */
const MODIFIABLE: ReadonlySet<string> = new Set([
  'bpf_modify_return_test',
  'bpf_modify_return_test2',
  'bpf_modify_return_test_tp',
  'bpf_fentry_test1',
  'update_socket_protocol',
]);

/** A sleepable program may stand before or behind the function. */
export function maySleepIn(env: Environment, name: string): boolean {
  if (name === SLEEPABLE_TEST) return env.atLeast('6.3');
  return hasErrorInjection(env) && (SYSTEM_CALL.test(name) || INJECTABLE.has(name));
}

/** The kernel was built with error injection. */
function hasErrorInjection(env: Environment): boolean {
  return env.kernel.config?.errorInjection === true;
}

/** A program may replace the function's result (`check_attach_modify_return`). */
export function isModifiable(env: Environment, name: string): boolean {
  if (name.startsWith('security_') || (MODIFIABLE.has(name) && env.atLeast('6.3'))) return true;
  return maySleepIn(env, name) || (hasErrorInjection(env) && INJECTABLE_ATOMIC.has(name));
}
