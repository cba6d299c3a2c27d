/** This machine's files and shell, for `cat()` and `system()`. */
import { spawnSync } from 'node:child_process';
import { closeSync, openSync, readSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { errnoText } from '../errno.ts';
import type { HostResult, TracerHost } from '../tracer-host.ts';

/** More output of one command than this is cut, and the command ended. */
const MOST_OUTPUT: number = 256 * 1024 * 1024;
const STDERR = 2;

/** `folder`: where relative paths begin. */
export function nodeTracerHost(folder: string): TracerHost {
  return {
    readFile: (path, limit) => {
      try {
        return { bytes: readStart(resolve(folder, path), limit) };
      } catch (error) {
        return { problem: problemOf(error) };
      }
    },
    writeFile: (path, bytes, how) => {
      try {
        writeFileSync(resolve(folder, path), bytes, { flag: how === 'anew' ? 'w' : 'a' });
        return undefined;
      } catch (error) {
        return problemOf(error);
      }
    },
    run: (command): HostResult => {
      const { stdout, error } = spawnSync('/bin/sh', ['-c', command], {
        cwd: folder,
        maxBuffer: MOST_OUTPUT,
        stdio: ['inherit', 'pipe', STDERR],
      });
      return error === undefined ? { bytes: stdout } : { problem: problemOf(error) };
    },
  };
}

/** Files of /proc tell no size: reads until the limit or the end. */
function readStart(path: string, limit: number): Uint8Array {
  const bytes = new Uint8Array(limit);
  const file = openSync(path, 'r');
  try {
    let length = 0;
    while (length < limit) {
      const more = readSync(file, bytes, length, limit - length, null);
      if (more === 0) break;
      length += more;
    }
    return bytes.subarray(0, length);
  } finally {
    closeSync(file);
  }
}

function problemOf(error: unknown): string {
  if (error instanceof Error && 'errno' in error && typeof error.errno === 'number')
    return errnoText(-error.errno);
  return error instanceof Error ? error.message : String(error);
}
