/** Users and cgroups of a machine whose files are at hand: `/etc/passwd`, `/sys/fs/cgroup`. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Identities, parsePasswd, UNIFIED } from '../identities.ts';
import type { CgroupPath } from '../output/context.ts';

/** Folders that one look-up visits at most. */
const MOST_FOLDERS = 100_000;

/** `root`: where the machine's files begin. */
export function hostIdentities(root = '/'): Identities {
  let users: ReadonlyMap<number, string> | undefined;
  return {
    userName(uid): string | undefined {
      users ??= parsePasswd(readText(join(root, 'etc/passwd')) ?? '');
      return users.get(uid);
    },
    cgroupPaths: (id) =>
      hierarchies(root).flatMap(({ hierarchy, path: top }): readonly CgroupPath[] => {
        const path = findFolder(top, id);
        return path === undefined ? [] : [{ hierarchy, path: path === '' ? '/' : path }];
      }),
  };
}

/** Id of the cgroup with this folder: the folder's inode. */
export function hostCgroupId(path: string): bigint | undefined {
  try {
    const stat = statSync(path, { bigint: true });
    return stat.isDirectory() ? stat.ino : undefined;
  } catch {
    return undefined;
  }
}

/** The unified hierarchy alone, or those of version 1 with it beside them. */
function hierarchies(root: string): readonly CgroupPath[] {
  const top = join(root, 'sys/fs/cgroup');
  if (readText(join(top, 'cgroup.controllers')) !== undefined) return [{ hierarchy: UNIFIED, path: top }];
  return foldersIn(top).map((name) => ({ hierarchy: name, path: join(top, name) }));
}

/** Path of the folder with this inode, from `top`; undefined when there is none. */
function findFolder(top: string, inode: bigint): string | undefined {
  const waiting = [''];
  for (let visited = 0; visited < MOST_FOLDERS; visited++) {
    const path = waiting.shift();
    if (path === undefined) return undefined;
    const folder = join(top, path);
    if (hostCgroupId(folder) === inode) return path;
    for (const name of foldersIn(folder)) waiting.push(`${path}/${name}`);
  }
  return undefined;
}

function foldersIn(folder: string): readonly string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  } catch {
    return [];
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
