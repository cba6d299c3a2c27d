/** The files that scripts name, on this machine's disk. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import type { AnalyseOptions } from '../compiler/analyse.ts';
import type { FileStat, ScriptFiles } from '../compiler/files.ts';
import { resolvePath } from './files.ts';
import type { CliIo } from './io.ts';

export interface IncludeFlags {
  /** `-I` */
  readonly I?: readonly string[];
  readonly include?: readonly string[];
}

const WORLD_WRITABLE = 0o002;

/** What a compilation needs to read other files than the script. */
export function includeOptions(
  { I: folders, include }: IncludeFlags,
  io: CliIo,
): Pick<AnalyseOptions, 'files' | 'includeFolders' | 'includeFiles'> {
  return { files: filesOf(io), includeFolders: folders ?? [], includeFiles: include ?? [] };
}

function filesOf(io: CliIo): ScriptFiles {
  return {
    stat: (path) => orUndefined(() => statOf(resolvePath(path, io))),
    read: (path) => orUndefined(() => new TextDecoder().decode(readFileSync(resolvePath(path, io)))),
    list: (path) => orUndefined(() => readdirSync(resolvePath(path, io)).sort()) ?? [],
  };
}

function statOf(path: string): FileStat {
  const found = statSync(path);
  const kind = found.isDirectory() ? 'directory' : 'file';
  return { kind, size: found.size, worldWritable: (found.mode & WORLD_WRITABLE) !== 0 };
}

/** What cannot be read is not there, as far as a script is concerned. */
function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
