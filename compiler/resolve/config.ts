/** Settings of a script: the `config` block, then the environment's `BPFTRACE_*`, which wins. */
import type { DiagnosticSink } from '../../bpf/diagnostic.ts';
import type { Span } from '../../bpf/span.ts';
import {
  configType,
  configValue,
  deprecatedConfig,
  renamedConfig,
  unknownConfig,
} from '../diagnostics/messages.gen.ts';
import type { ConfigBlock } from '../syntax/ast.ts';
import type { StackMode } from '../types/type.ts';
import {
  DEPRECATED,
  isSettingName,
  RENAMED,
  SETTINGS,
  type SettingKind,
  type SettingName,
} from './settings-table.ts';
import { didYouMean } from './suggest.ts';

export type Stability = 'enable' | 'warn' | 'error';

/** What the compiler and user space go by. */
export interface Settings {
  readonly maxStrlen: number;
  readonly maxMapKeys: number;
  readonly onStackLimit: number;
  readonly maxProbes: number;
  readonly maxBpfProgs: number;
  readonly maxCatBytes: number;
  readonly logSize: number;
  /** A power of two, never 0. */
  readonly outputPages: number;
  readonly printMapsOnExit: boolean;
  readonly strTruncTrailer: string;
  readonly missingProbes: 'error' | 'warn' | 'ignore';
  readonly license: string;
  readonly cacheUserSymbols: 'PER_PID' | 'PER_PROGRAM' | 'NONE';
  readonly cppDemangle: boolean;
  readonly lazySymbolication: boolean;
  readonly showDebugInfo: boolean;
  readonly stackMode: StackMode;
  readonly unstableDwUstack: Stability;
  readonly unstableImportStatement: Stability;
  readonly unstableTseries: Stability;
  readonly unstableTypeinfo: Stability;
  /** As `config.NAME` reads them. */
  readonly values: ReadonlyMap<SettingName, bigint | boolean | string>;
}

/** Of `perf_rb_pages` 0: 4 MiB, which no machine that traces lacks. */
const AUTOMATIC_PAGES = 1024;

const PREFIX = 'BPFTRACE_';

type Literal = 'string' | 'number' | 'boolean' | 'word';

/** Where a value stands, as the user wrote it. */
interface Given {
  /** Name of the variable where it stands: `max_strlen`, `BPFTRACE_MAX_STRLEN`. */
  readonly spelling: (name: string) => string;
  readonly text: string;
  /** What the text is in a block: `"64"` is a string and no number. */
  readonly literal?: Literal;
  readonly keySpan?: Span;
  readonly span?: Span;
}

export function resolveConfig(
  block: ConfigBlock | undefined,
  env: Readonly<Record<string, string>>,
  sink: DiagnosticSink,
): Settings {
  const texts = new Map<SettingName, string>();
  for (const { key, value } of block?.entries ?? []) {
    const spans = { keySpan: key.span, span: value.span };
    const given = { spelling: (name: string) => name, text: String(value.value), literal: literalOf(value) };
    set(texts, key.name, { ...given, ...spans }, sink);
  }
  for (const [variable, text] of Object.entries(env)) {
    if (!variable.startsWith(PREFIX)) continue;
    const name = variable.slice(PREFIX.length).toLowerCase();
    // Other programs' variables may have the prefix, too.
    if (!isSettingName(name) && !Object.hasOwn(RENAMED, name) && !DEPRECATED.has(name)) continue;
    set(texts, name, { spelling: (one) => PREFIX + one.toUpperCase(), text }, sink);
  }
  return toSettings(texts);
}

function literalOf({ value, bare }: ConfigBlock['entries'][number]['value']): Literal {
  if (typeof value === 'bigint') return 'number';
  if (typeof value === 'boolean') return 'boolean';
  return bare ? 'word' : 'string';
}

function set(texts: Map<SettingName, string>, name: string, given: Given, sink: DiagnosticSink): void {
  const { spelling, keySpan, span } = given;
  const renamed = Object.hasOwn(RENAMED, name) ? RENAMED[name] : undefined;
  if (renamed !== undefined) {
    sink.report(renamedConfig(keySpan, { old: spelling(name), name: spelling(renamed) }));
  } else if (DEPRECATED.has(name)) {
    sink.report(deprecatedConfig(keySpan, { name: spelling(name) }));
  } else if (!isSettingName(name)) {
    sink.report(unknownConfig(keySpan, { name }, didYouMean(name, Object.keys(SETTINGS))));
  } else {
    const { type } = SETTINGS[name];
    if (!takes(type, given.literal)) {
      const found = given.literal ?? 'string';
      sink.report(configType(span, { name: spelling(name), wanted: describe(type), found }));
      return;
    }
    const value = parse(type, given.text);
    if (value !== undefined) texts.set(name, value);
    else {
      const detail = `'${given.text}'; expected ${describe(type)}`;
      sink.report(configValue(span, { name: spelling(name), detail }));
    }
  }
}

/** A word may stand where a string may; numbers and words also say yes and no. */
function takes(type: SettingKind, literal: Literal | undefined): boolean {
  if (literal === undefined) return true;
  if (type.kind === 'number') return literal === 'number';
  if (type.kind === 'boolean') return true;
  return literal === 'string' || literal === 'word';
}

function parse(type: SettingKind, text: string): string | undefined {
  switch (type.kind) {
    case 'string':
      return text;
    case 'boolean':
      if (/^(1|true|on|yes)$/i.test(text)) return 'true';
      return /^(0|false|off|no)$/i.test(text) ? 'false' : undefined;
    case 'word':
      return type.words.find((one) => one.toLowerCase() === text.toLowerCase());
    case 'number':
      if (!/^\d{1,10}$/.test(text)) return undefined;
      return Number(text) >= type.low && Number(text) <= type.high ? String(Number(text)) : undefined;
  }
}

function describe(type: SettingKind): string {
  switch (type.kind) {
    case 'number':
      return `a number from ${type.low} to ${type.high}`;
    case 'boolean':
      return 'true or false';
    case 'string':
      return 'a string';
    case 'word':
      return `one of ${type.words.join(', ')}`;
  }
}

function toSettings(texts: ReadonlyMap<SettingName, string>): Settings {
  const text = (name: SettingName): string => texts.get(name) ?? SETTINGS[name].initial;
  const number = (name: SettingName): number => Number(text(name));
  const flag = (name: SettingName): boolean => text(name) === 'true';
  const pages = number('perf_rb_pages');
  return {
    maxStrlen: number('max_strlen'),
    maxMapKeys: number('max_map_keys'),
    onStackLimit: number('on_stack_limit'),
    maxProbes: number('max_probes'),
    maxBpfProgs: number('max_bpf_progs'),
    maxCatBytes: number('max_cat_bytes'),
    logSize: number('log_size'),
    outputPages: pages === 0 ? AUTOMATIC_PAGES : pages,
    printMapsOnExit: flag('print_maps_on_exit'),
    strTruncTrailer: text('str_trunc_trailer'),
    missingProbes: text('missing_probes') as Settings['missingProbes'],
    license: text('license'),
    cacheUserSymbols: text('cache_user_symbols') as Settings['cacheUserSymbols'],
    cppDemangle: flag('cpp_demangle'),
    lazySymbolication: flag('lazy_symbolication'),
    showDebugInfo: flag('show_debug_info'),
    stackMode: text('stack_mode') as Settings['stackMode'],
    unstableDwUstack: text('unstable_dw_ustack') as Stability,
    unstableImportStatement: text('unstable_import_statement') as Stability,
    unstableTseries: text('unstable_tseries') as Stability,
    unstableTypeinfo: text('unstable_typeinfo') as Stability,
    values: new Map(
      (Object.keys(SETTINGS) as SettingName[]).map((name) => [
        name,
        settingValue(SETTINGS[name].type, text(name)),
      ]),
    ),
  };
}

function settingValue({ kind }: SettingKind, text: string): bigint | boolean | string {
  if (kind === 'number') return BigInt(text);
  return kind === 'boolean' ? text === 'true' : text;
}
