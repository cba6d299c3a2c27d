/**
 * `openSnapshot`: a kernel as compilers ask for it, out of a snapshot file. Opening reads the header; each part is decoded
 * when it is asked for, and only then can its damage show.
 */
import { type Btf, readBtf } from '../../bpf/btf/index.ts';
import type { FunctionCatalog, KernelInfo, KernelReach } from '../../bpf/kernel-info.ts';
import { readBtfPart } from './btf-part.ts';
import { readContainer, type SnapshotPart } from './container.ts';
import { readFormats } from './format-part.ts';
import { functionCatalog } from './function-catalog.ts';
import { findFunction, readFunctions } from './function-part.ts';
import { LazyMap, lazy } from './lazy.ts';
import { rawTracepointsOf } from './raw-tracepoints.ts';
import { readSyscalls } from './syscall-part.ts';

/** A program compiled for a kernel is to run in it: everything is within reach there. */
const REACH: KernelReach = {
  userMemory: true,
  kernelMemory: true,
  stacks: true,
  processIds: 'always',
  wallClock: true,
  credentials: true,
};
const MODULE_PREFIX = 'btf/';

export interface SnapshotInfo extends KernelInfo {
  /** `uname -r` */
  readonly release: string;
  /** `uname -m` */
  readonly architecture: string;
  /** What was found wrong since the last call; parts that nobody asked for tell nothing. */
  takeWarnings(): readonly string[];
}

/**
 * `bytes`: the file, unpacked. @throws FormatError when it is no snapshot; what the result gives throws FormatError when its
 * part is damaged
 */
export function openSnapshot(bytes: Uint8Array): SnapshotInfo {
  const { header, parts } = readContainer(bytes);
  const warnings: string[] = [];
  const { release, architecture, cpus = 1 } = header;
  const numbers = /^(\d+)\.(\d+)(?:\.(\d+))?/.exec(release);
  const info = {
    name: `Linux ${release}`,
    release,
    architecture,
    ...(numbers === null
      ? {}
      : {
          version: { major: Number(numbers[1]), minor: Number(numbers[2]), patch: Number(numbers[3] ?? 0) },
        }),
    cpus,
    reach: REACH,
    takeWarnings: () => warnings.splice(0),
  };
  return withLazy(info, { ...typesOf(parts), ...tablesOf(parts, (problem) => warnings.push(problem)) });
}

type Parts = ReadonlyMap<string, SnapshotPart>;

/** What makes a member of the description when it is asked for. */
type Makers = { readonly [Key in keyof KernelInfo]?: () => NonNullable<KernelInfo[Key]> };

function typesOf(parts: Parts): Makers {
  const part = parts.get('btf');
  if (part === undefined) return {};
  const btf = lazy(() => readTypes(part));
  const modules = new LazyMap<Btf>(
    [...parts.values()]
      .filter(({ name }) => name.startsWith(MODULE_PREFIX))
      .map((one) => [one.name.slice(MODULE_PREFIX.length), () => readTypes(one, btf())]),
  );
  const tables = function* (): Generator<Btf> {
    yield btf();
    yield* modules.values();
  };
  return { btf, moduleBtf: () => modules, rawTracepoints: () => rawTracepointsOf(tables) };
}

function readTypes(part: SnapshotPart, base?: Btf): Btf {
  return readBtf(readBtfPart(part.bytes, part.offset), base === undefined ? {} : { base });
}

function tablesOf(parts: Parts, warn: (problem: string) => void): Makers {
  const [formats, functions, syscalls] = ['formats', 'functions', 'syscalls'].map((name) => parts.get(name));
  return {
    ...(formats === undefined ? {} : { tracepoints: () => readFormats(formats, warn) }),
    ...(functions === undefined ? {} : { functions: () => functionsOf(functions) }),
    ...(syscalls === undefined ? {} : { syscalls: () => readSyscalls(syscalls) }),
  };
}

function functionsOf(part: SnapshotPart): FunctionCatalog {
  return functionCatalog({
    all: () => readFunctions(part),
    modulesOf: (name) => findFunction(part, name),
  });
}

/** `info` with members that are made at the first look, each once. */
function withLazy<Info extends KernelInfo>(info: Info, makers: Makers): Info {
  for (const [name, make] of Object.entries(makers)) {
    Object.defineProperty(info, name, { enumerable: true, get: lazy<unknown>(make) });
  }
  return info;
}
