/** Config variables: kind and default of each, for the block, the environment and `config.NAME`; and old names. */

export type SettingKind =
  | { readonly kind: 'number'; readonly low: number; readonly high: number }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'string' }
  /** One of some words, compared without case. */
  | { readonly kind: 'word'; readonly words: readonly string[] };

export interface Setting {
  readonly type: SettingKind;
  readonly initial: string;
  readonly doc: string;
}

export type SettingName =
  | 'cache_user_symbols'
  | 'cpp_demangle'
  | 'lazy_symbolication'
  | 'license'
  | 'log_size'
  | 'max_bpf_progs'
  | 'max_cat_bytes'
  | 'max_map_keys'
  | 'max_probes'
  | 'max_strlen'
  | 'missing_probes'
  | 'on_stack_limit'
  | 'perf_rb_pages'
  | 'print_maps_on_exit'
  | 'show_debug_info'
  | 'stack_mode'
  | 'str_trunc_trailer'
  | 'unstable_dw_ustack'
  | 'unstable_import_statement'
  | 'unstable_tseries'
  | 'unstable_typeinfo'
  | 'use_blazesym';

const NUMBER_LIMIT = 0xffff_ffff;

function number(initial: number, doc: string, low = 0, high: number = NUMBER_LIMIT): Setting {
  return { type: { kind: 'number', low, high }, initial: String(initial), doc };
}

function boolean(initial: boolean, doc: string): Setting {
  return { type: { kind: 'boolean' }, initial: String(initial), doc };
}

function word(words: readonly string[], initial: string, doc: string): Setting {
  return { type: { kind: 'word', words }, initial, doc };
}

function unstable(initial: 'warn' | 'error', what: string): Setting {
  return word(['enable', 'warn', 'error'], initial, `Whether ${what} may be used: it may still change.`);
}

const LICENSES = [
  'GPL',
  'GPL v2',
  'GPL and additional rights',
  'Dual BSD/GPL',
  'Dual MIT/GPL',
  'Dual MPL/GPL',
];

/** By name, in the order of the reference. */
export const SETTINGS: Readonly<Record<SettingName, Setting>> = {
  cache_user_symbols: word(
    ['PER_PID', 'PER_PROGRAM', 'NONE'],
    'PER_PID',
    'Whether symbols of processes are kept by process, by program, or not at all.',
  ),
  cpp_demangle: boolean(true, 'C++ symbols are shown as they are written in C++.'),
  lazy_symbolication: boolean(true, 'Symbols are looked up when they are printed, not when they are seen.'),
  license: word(LICENSES, 'GPL', 'The license of the programs: some helpers are for the GPL only.'),
  log_size: number(1_000_000, "Bytes for the verifier's log."),
  max_bpf_progs: number(1024, 'Most programs of a script.', 1, 1_000_000),
  max_cat_bytes: number(10_240, 'Most bytes that cat() prints of a file.'),
  max_map_keys: number(4096, 'Elements that a map without a declaration has room for.', 1, 0x7fff_ffff),
  max_probes: number(1024, 'Most attach points of a script.', 1, 1_000_000),
  max_strlen: number(1024, 'Bytes of a string, its NUL included.', 1, 65_536),
  missing_probes: word(['error', 'warn', 'ignore'], 'error', 'What a probe is that the kernel has not.'),
  on_stack_limit: number(32, 'Values larger than this live in scratch memory.', 0, 256),
  perf_rb_pages: number(0, 'Pages of the buffer that records go through; 0 is automatic.', 0, 65_536),
  print_maps_on_exit: boolean(true, 'Maps are printed at the end.'),
  show_debug_info: boolean(true, 'Stacks show file and line where debugging information has them.'),
  stack_mode: word(['bpftrace', 'perf', 'raw', 'build_id'], 'bpftrace', 'How stacks are printed.'),
  str_trunc_trailer: { type: { kind: 'string' }, initial: '..', doc: 'Appended to strings that were cut.' },
  unstable_dw_ustack: unstable('warn', 'dw_ustack()'),
  unstable_import_statement: unstable('error', 'import within a block'),
  unstable_tseries: unstable('warn', 'tseries()'),
  unstable_typeinfo: unstable('error', 'typeinfo()'),
  use_blazesym: boolean(true, 'Accepted for scripts of bpftrace.'),
};

export const DEPRECATED: ReadonlySet<string> = new Set([
  'symbol_source',
  'max_type_res_iterations',
  'unstable_addr',
  'unstable_import',
  'unstable_macro',
  'unstable_map_decl',
]);

export const RENAMED: Readonly<Record<string, SettingName>> = {
  strlen: 'max_strlen',
  no_cpp_demangle: 'cpp_demangle',
  cat_bytes_max: 'max_cat_bytes',
  map_keys_max: 'max_map_keys',
};

export function isSettingName(name: string): name is SettingName {
  return Object.hasOwn(SETTINGS, name);
}
