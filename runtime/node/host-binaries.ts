/** Programs and libraries of this machine, as the targets of `uprobe` and `usdt` probes name them. */
import {
  closeSync,
  existsSync,
  globSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  statSync,
} from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { openBinary, type UserBinary } from '../../bpf/elf/user/index.ts';
import { FormatError } from '../../bpf/format-error.ts';
import type { BinaryCatalog } from '../../bpf/kernel-info.ts';
import { nodeBinaryPorts } from './binary-ports.ts';
import { openFileSource } from './file-source.ts';
import type { Unxz } from './xz.ts';

export interface HostBinariesOptions {
  /** Relative paths count from here. */
  readonly folder: string;
  /** `PATH` */
  readonly searchPath: string;
  readonly xz?: Unxz;
}

/** Where the dynamic linker looks, and Debian's and Fedora's multi-architecture folders. */
const LIBRARY_FOLDERS: readonly string[] = [
  '/lib/x86_64-linux-gnu',
  '/usr/lib/x86_64-linux-gnu',
  '/lib64',
  '/usr/lib64',
  '/usr/local/lib',
  '/lib',
  '/usr/lib',
];
/** Files a pattern or a process may mean. */
const MOST_FILES = 4096;

export function hostBinaries({ folder, searchPath, xz }: HostBinariesOptions): BinaryCatalog {
  const opened = new Map<string, UserBinary | undefined>();
  return {
    resolve: (target) => {
      if (/[*?[]/.test(target)) return matching(resolve(folder, target));
      if (target.includes('/')) return filesOf([resolve(folder, target)]);
      const program = searchPath.split(delimiter).map((one) => join(one, target));
      return filesOf(program).slice(0, 1).concat(libraries(target)).slice(0, 1);
    },
    ofProcess,
    open: (path) => {
      if (!opened.has(path)) opened.set(path, open(path, xz));
      return opened.get(path);
    },
  };
}

function filesOf(paths: readonly string[]): readonly string[] {
  return paths.filter(isFile);
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

/** `libc.so` of a C library's development files is a text for the linker. */
function isElf(path: string): boolean {
  const file = openSync(path, 'r');
  try {
    const magic = new Uint8Array(4);
    readSync(file, magic);
    return magic[0] === 0x7f && String.fromCharCode(...magic.subarray(1)) === 'ELF';
  } finally {
    closeSync(file);
  }
}

function matching(pattern: string): readonly string[] {
  return filesOf(globSync(pattern).sort()).slice(0, MOST_FILES);
}

/** `libc`, `libc.so.6`: the exact file, else the first version of it. */
function libraries(name: string): readonly string[] {
  for (const folder of LIBRARY_FOLDERS) {
    if (!existsSync(folder)) continue;
    const exact = join(folder, name);
    if (isFile(exact)) return [exact];
    const versions = readdirSync(folder).filter((file) => file.startsWith(`${name}.so`));
    const found = filesOf(versions.sort().map((file) => join(folder, file))).filter(isElf);
    if (found.length > 0) return found;
  }
  return [];
}

/** Files whose code the process has mapped; none when there is no such process. */
function ofProcess(pid: number): readonly string[] {
  let maps: string;
  try {
    maps = readFileSync(`/proc/${pid}/maps`, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error) return [];
    throw error;
  }
  const paths = [...maps.matchAll(/^\S+ r-x\S \S+ \S+ \S+ +(\/.*)$/gm)].map(([, path]) => path!);
  return filesOf([...new Set(paths)]).slice(0, MOST_FILES);
}

function open(path: string, xz: Unxz | undefined): UserBinary | undefined {
  try {
    return openBinary(openFileSource(path), nodeBinaryPorts({ path, ...(xz === undefined ? {} : { xz }) }));
  } catch (error) {
    if (error instanceof FormatError || (error instanceof Error && 'code' in error)) return undefined;
    throw error;
  }
}
