/**
 * The kernel of this machine as compilers ask for it: BTF, tracefs and `/proc/kallsyms`, each read when it is asked for. What
 * cannot be read (most of it wants root) is absent.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { cpus, release } from 'node:os';
import { join } from 'node:path';
import { type Btf, readBtf } from '../../bpf/btf/index.ts';
import { type EventFormat, EventFormatError, parseEventFormat } from '../../bpf/event-format.ts';
import type { FunctionCatalog, KernelInfo, TracepointCatalog } from '../../bpf/kernel-info.ts';
import { functionCatalog } from '../snapshot/function-catalog.ts';
import { type KernelFunction, parseTraceableFunctions } from '../snapshot/index.ts';
import { lazy } from '../snapshot/lazy.ts';
import { rawTracepointsOf } from '../snapshot/raw-tracepoints.ts';
import { hostCgroupId } from './host-identities.ts';

export interface HostInfoOptions {
  /** Where the machine's files begin: `/` unless told. */
  readonly root?: string;
}

const TRACEFS = ['sys/kernel/tracing', 'sys/kernel/debug/tracing'] as const;

export function hostKernelInfo({ root = '/' }: HostInfoOptions = {}): KernelInfo {
  const kernel = release();
  const numbers = /^(\d+)\.(\d+)(?:\.(\d+))?/.exec(kernel);
  const [, major, minor, patch = 0] = numbers ?? [];
  const btf = lazy(() => readTypes(join(root, 'sys/kernel/btf/vmlinux')));
  const modules = lazy(() => moduleTypes(root, btf()));
  const tracefs = lazy(() =>
    TRACEFS.map((path) => join(root, path)).find((path) => existsSync(join(path, 'events'))),
  );
  const tracepoints = lazy(() => {
    const folder = tracefs();
    return folder === undefined ? undefined : tracepointsIn(join(folder, 'events'));
  });
  const functions = lazy(() => functionsOf(root, tracefs()));
  const raw = lazy(() => {
    const own = btf();
    return own === undefined ? undefined : rawTracepointsOf(() => [own, ...modules().values()]);
  });
  const info: KernelInfo = {
    name: `this machine's kernel (Linux ${kernel})`,
    ...(numbers !== null && {
      version: { major: Number(major), minor: Number(minor), patch: Number(patch) },
    }),
    cpus: cpus().length,
    reach: {
      userMemory: true,
      kernelMemory: true,
      stacks: true,
      processIds: 'always',
      wallClock: true,
      credentials: true,
    },
    cgroupId: (path) => hostCgroupId(join(root, path)),
  };
  const parts = { btf, moduleBtf: modules, tracepoints, functions, rawTracepoints: raw };
  for (const [name, get] of Object.entries<() => unknown>(parts))
    Object.defineProperty(info, name, { enumerable: true, get });
  return info;
}

/** Undefined when there is no such file, or nobody may read it. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof Error && 'code' in error) return undefined;
    throw error;
  }
}

function readTypes(path: string, base?: Btf): Btf | undefined {
  const bytes = attempt(() => new Uint8Array(readFileSync(path)));
  return bytes === undefined ? undefined : readBtf(bytes, base === undefined ? {} : { base });
}

function moduleTypes(root: string, base: Btf | undefined): ReadonlyMap<string, Btf> {
  const folder = join(root, 'sys/kernel/btf');
  const found = new Map<string, Btf>();
  if (base === undefined) return found;
  for (const name of attempt(() => readdirSync(folder)) ?? []) {
    const types = name === 'vmlinux' ? undefined : readTypes(join(folder, name), base);
    if (types !== undefined) found.set(name, types);
  }
  return found;
}

/** Each format is read when its event is named; a list reads all. */
function tracepointsIn(events: string): TracepointCatalog {
  const formats = new Map<string, EventFormat | undefined>();
  const find = (system: string, event: string): EventFormat | undefined => {
    if (/[/\0]|^\.*$/.test(system) || /[/\0]|^\.*$/.test(event)) return undefined;
    const key = `${system}:${event}`;
    if (!formats.has(key)) formats.set(key, readFormat(events, system, event));
    return formats.get(key);
  };
  const folders = (path: string): readonly string[] =>
    (attempt(() => readdirSync(path, { withFileTypes: true })) ?? [])
      .flatMap((entry) => (entry.isDirectory() ? entry.name : []))
      .sort();
  const list = lazy(() =>
    folders(events).flatMap((system) =>
      folders(join(events, system)).flatMap((event) => find(system, event) ?? []),
    ),
  );
  return { find, list };
}

function readFormat(events: string, system: string, event: string): EventFormat | undefined {
  const text = attempt(() => readFileSync(join(events, system, event, 'format'), 'utf8'));
  if (text === undefined) return undefined;
  try {
    return parseEventFormat(text, { system });
  } catch (error) {
    if (error instanceof EventFormatError) return undefined;
    throw error;
  }
}

/** Those the kernel says can be traced, else all that have a symbol. */
function functionsOf(root: string, tracefs: string | undefined): FunctionCatalog | undefined {
  const traceable =
    tracefs === undefined
      ? undefined
      : attempt(() => readFileSync(join(tracefs, 'available_filter_functions'), 'utf8'));
  if (traceable !== undefined)
    return functionCatalog({
      all: () => parseTraceableFunctions(traceable),
      modulesOf: (name) => modulesIn(traceable, `^${escaped(name)}(?:[ \\t]+\\[(\\S+)\\])?$`),
    });
  const symbols = attempt(() => readFileSync(join(root, 'proc/kallsyms'), 'utf8'));
  if (symbols === undefined) return undefined;
  return functionCatalog({
    all: () => [...functionSymbols(symbols)].sort((a, b) => (a.name < b.name ? -1 : 1)),
    modulesOf: (name) => modulesIn(symbols, `^[0-9a-f]+ [tTwW] ${escaped(name)}(?:\\t\\[(\\S+)\\])?$`),
  });
}

/** Modules in the lines that a pattern fits. */
function modulesIn(text: string, pattern: string): readonly (string | undefined)[] {
  return [...text.matchAll(new RegExp(pattern, 'gm'))].map(([, module]) => module);
}

function escaped(name: string): string {
  return name.replace(/[^\w]/g, '\\$&');
}

function* functionSymbols(text: string): Generator<KernelFunction> {
  for (const [, name, module] of text.matchAll(/^[0-9a-f]+ [tTwW] (\S+)(?:\t\[(\S+)\])?$/gm)) {
    if (module === 'bpf' || /^__(cfi|pfx)_/.test(name!)) continue;
    yield module === undefined ? { name: name! } : { name: name!, module };
  }
}
