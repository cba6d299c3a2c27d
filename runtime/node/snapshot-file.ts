/** Snapshots of kernels as files, and where those are that come with bpfkit. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { openSnapshot, type SnapshotInfo } from '../snapshot/index.ts';
import { gunzip, isGzip } from './gunzip.ts';

/** Two kernels with all their modules take less. */
const MAX_UNPACKED: number = 256 * 2 ** 20;
const FOLDER = 'snapshots/';
/** Between this module, bundled or not, and the package's own folder. */
const MAX_DEPTH = 4;

/** @throws the file system's error, a GunzipError, or a FormatError when it is no snapshot */
export function openSnapshotFile(path: string): SnapshotInfo {
  const bytes = new Uint8Array(readFileSync(path));
  return openSnapshot(isGzip(bytes) ? gunzip(bytes, MAX_UNPACKED) : bytes);
}

/** What a user means by `name`: the file at `path` where there is one, else the snapshot of that name that comes with bpfkit. */
export function snapshotPath(name: string, path: string): string {
  return existsSync(path) ? path : (bundledSnapshot(name) ?? path);
}

/** The path of a snapshot that comes with bpfkit: `linux-6.1`. Undefined when there is none of that name. */
export function bundledSnapshot(name: string): string | undefined {
  if (!/^[\w.-]+$/.test(name)) return undefined;
  let folder = new URL('.', import.meta.url);
  for (let depth = 0; depth < MAX_DEPTH; depth++) {
    folder = new URL('..', folder);
    const path = fileURLToPath(new URL(`${FOLDER}${name}.snapshot`, folder));
    if (existsSync(path)) return path;
  }
  return undefined;
}
