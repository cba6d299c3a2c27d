/**
 * Settings of a script: the `config` block, then the environment's `BPFTRACE_*`, which wins. One table says name,
 * kind and default of each.
 */
import type { DiagnosticSink } from '../../bpf/diagnostic.ts';
import type { Span } from '../../bpf/span.ts';
import { configValue, deprecatedConfig, renamedConfig, unknownConfig } from '../diagnostics/messages.gen.ts';
import type { ConfigBlock } from '../syntax/ast.ts';
import type { StackMode } from '../types/type.ts';
import { didYouMean } from './suggest.ts';

export interface Settings {
  readonly maxStrlen: number;
  readonly maxMapKeys: number;
  readonly onStackLimit: number;
  readonly maxProbes: number;
  readonly maxBpfProgs: number;
  readonly maxCatBytes: number;
  readonly outputPages: number;
  readonly printMapsOnExit: boolean;
  readonly stackMode: StackMode;
  readonly strTruncTrailer: string;
  readonly missingProbes: 'error' | 'warn' | 'ignore';
  readonly license: string;
  readonly unstableTypeinfo: (typeof UNSTABLE)[number];
}

type Kind = 'number' | 'boolean' | 'string' | readonly string[];

interface Setting {
  readonly field?: keyof Settings;
  readonly kind: Kind;
  readonly initial?: string;
}

const UNSTABLE = ['enable', 'warn', 'error'] as const;
const LICENSES = [
  'GPL',
  'GPL v2',
  'GPL and additional rights',
  'Dual BSD/GPL',
  'Dual MIT/GPL',
  'Dual MPL/GPL',
];

/** `perf_rb_pages` 0 means automatic: this many pages, 4 MiB. */
const AUTOMATIC_PAGES = '1024';

const TABLE: Readonly<Record<string, Setting>> = {
  cache_user_symbols: { kind: ['PER_PID', 'PER_PROGRAM', 'NONE'] },
  cpp_demangle: { kind: 'boolean' },
  lazy_symbolication: { kind: 'boolean' },
  license: { field: 'license', kind: LICENSES, initial: 'GPL' },
  log_size: { kind: 'number' },
  max_bpf_progs: { field: 'maxBpfProgs', kind: 'number', initial: '1024' },
  max_cat_bytes: { field: 'maxCatBytes', kind: 'number', initial: '10240' },
  max_map_keys: { field: 'maxMapKeys', kind: 'number', initial: '4096' },
  max_probes: { field: 'maxProbes', kind: 'number', initial: '1024' },
  max_strlen: { field: 'maxStrlen', kind: 'number', initial: '1024' },
  missing_probes: { field: 'missingProbes', kind: ['error', 'warn', 'ignore'], initial: 'error' },
  on_stack_limit: { field: 'onStackLimit', kind: 'number', initial: '32' },
  perf_rb_pages: { field: 'outputPages', kind: 'number', initial: AUTOMATIC_PAGES },
  print_maps_on_exit: { field: 'printMapsOnExit', kind: 'boolean', initial: 'true' },
  show_debug_info: { kind: 'boolean' },
  use_blazesym: { kind: 'boolean' },
  stack_mode: { field: 'stackMode', kind: ['bpftrace', 'perf', 'raw', 'build_id'], initial: 'bpftrace' },
  str_trunc_trailer: { field: 'strTruncTrailer', kind: 'string', initial: '..' },
  unstable_import_statement: { kind: UNSTABLE },
  unstable_typeinfo: { field: 'unstableTypeinfo', kind: UNSTABLE, initial: 'error' },
  unstable_tseries: { kind: UNSTABLE },
  unstable_dw_ustack: { kind: UNSTABLE },
};

const DEPRECATED = new Set([
  'symbol_source',
  'max_type_res_iterations',
  'unstable_addr',
  'unstable_import',
  'unstable_macro',
  'unstable_map_decl',
]);

const RENAMED: Readonly<Record<string, string>> = {
  strlen: 'max_strlen',
  no_cpp_demangle: 'cpp_demangle',
  cat_bytes_max: 'max_cat_bytes',
  map_keys_max: 'max_map_keys',
};

/** Environment variables that have the prefix but are no settings. */
const NOT_SETTINGS = new Set(['BTF', 'VMLINUX', 'KERNEL_SOURCE', 'KERNEL_BUILD', 'COLOR', 'OBJCOPY']);

const LIMITS: Readonly<Record<string, readonly [number, number]>> = {
  max_strlen: [1, 65536],
  max_map_keys: [1, 0x7fff_ffff],
  on_stack_limit: [0, 256],
  perf_rb_pages: [0, 65536],
  max_probes: [1, 1_000_000],
  max_bpf_progs: [1, 1_000_000],
};

export function resolveConfig(
  block: ConfigBlock | undefined,
  env: Readonly<Record<string, string>>,
  sink: DiagnosticSink,
): Settings {
  const values = new Map<string, string>();
  for (const [name, { initial }] of Object.entries(TABLE))
    if (initial !== undefined) values.set(name, initial);
  const set = (name: string, text: string, keySpan: Span | undefined, span: Span | undefined): void => {
    const setting = find(name, keySpan, sink);
    if (setting === undefined) return;
    const value = parseValue(name, setting.kind, text);
    if (value === undefined)
      sink.report(configValue(span, { name, detail: `'${text}'; ${describe(name, setting.kind)}` }));
    else values.set(name, value);
  };
  for (const { key, value } of block?.entries ?? []) set(key.name, String(value.value), key.span, value.span);
  for (const [key, text] of Object.entries(env)) {
    if (!key.startsWith('BPFTRACE_') || NOT_SETTINGS.has(key.slice(9))) continue;
    const name = key.slice(9).toLowerCase();
    if (TABLE[name] !== undefined) set(name, text, undefined, undefined);
  }
  return toSettings(values);
}

function find(name: string, span: Span | undefined, sink: DiagnosticSink): Setting | undefined {
  const renamed = Object.hasOwn(RENAMED, name) ? RENAMED[name] : undefined;
  if (renamed !== undefined) {
    sink.report(renamedConfig(span, { old: name, name: renamed }));
    return undefined;
  }
  if (DEPRECATED.has(name)) {
    sink.report(deprecatedConfig(span, { name }));
    return undefined;
  }
  if (Object.hasOwn(TABLE, name)) return TABLE[name];
  sink.report(unknownConfig(span, { name }, didYouMean(name, Object.keys(TABLE))));
  return undefined;
}

function parseValue(name: string, kind: Kind, text: string): string | undefined {
  if (kind === 'string') return text;
  if (kind === 'boolean') {
    if (/^(1|true|on|yes)$/i.test(text)) return 'true';
    return /^(0|false|off|no)$/i.test(text) ? 'false' : undefined;
  }
  if (kind !== 'number') return kind.find((one) => one.toLowerCase() === text.toLowerCase());
  if (!/^\d{1,10}$/.test(text)) return undefined;
  const [low, high] = LIMITS[name] ?? [0, 0xffff_ffff];
  const number = Number(text);
  if (number < low || number > high) return undefined;
  return name === 'perf_rb_pages' && number === 0 ? AUTOMATIC_PAGES : text;
}

function describe(name: string, kind: Kind): string {
  if (kind === 'number') {
    const [low, high] = LIMITS[name] ?? [0, 0xffff_ffff];
    return `expected a number from ${low} to ${high}`;
  }
  if (kind === 'boolean') return 'expected true or false';
  return kind === 'string' ? 'expected a string' : `expected one of ${kind.join(', ')}`;
}

function toSettings(values: ReadonlyMap<string, string>): Settings {
  const number = (name: string): number => Number(values.get(name));
  return {
    maxStrlen: number('max_strlen'),
    maxMapKeys: number('max_map_keys'),
    onStackLimit: number('on_stack_limit'),
    maxProbes: number('max_probes'),
    maxBpfProgs: number('max_bpf_progs'),
    maxCatBytes: number('max_cat_bytes'),
    outputPages: number('perf_rb_pages'),
    printMapsOnExit: values.get('print_maps_on_exit') === 'true',
    stackMode: values.get('stack_mode') as StackMode,
    strTruncTrailer: values.get('str_trunc_trailer')!,
    missingProbes: values.get('missing_probes') as Settings['missingProbes'],
    license: values.get('license')!,
    unstableTypeinfo: values.get('unstable_typeinfo') as Settings['unstableTypeinfo'],
  };
}
