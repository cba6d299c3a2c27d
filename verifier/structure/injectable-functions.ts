/** Kernel functions whose result programs may change, and in which they may sleep. */

/** System calls may fail before they begin (`ALLOW_ERROR_INJECTION` of `SYSCALL_DEFINE`). */
const SYSTEM_CALL = /^__(?:x64|ia32|x32|arm64|s390x|s390|riscv)_(?:compat_)?sys_/;

/** `ALLOW_ERROR_INJECTION` of functions that may sleep. */
const INJECTABLE: ReadonlySet<string> = new Set(['should_fail_bio', 'bpf_fentry_test1']);

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
  'bpf_rstat_flush',
]);

/** A sleepable program may stand before or behind the function. */
export function isErrorInjectable(name: string): boolean {
  return SYSTEM_CALL.test(name) || INJECTABLE.has(name);
}

/** A program may replace the function's result (`check_attach_modify_return`). */
export function isModifiable(name: string): boolean {
  return (
    isErrorInjectable(name) ||
    INJECTABLE_ATOMIC.has(name) ||
    MODIFIABLE.has(name) ||
    name.startsWith('security_')
  );
}
