/**
 * `Identities`: names of users and cgroups of the traced machine, for what is printed by name. The simulated machine has
 * a few of its own; a live one reads `/etc/passwd` and walks `/sys/fs/cgroup`; a recording tells none.
 */
import type { CgroupPath } from './output/context.ts';

export interface Identities {
  userName(uid: number): string | undefined;
  cgroupPaths(id: bigint): readonly CgroupPath[];
}

/** Nobody knows anybody: of root alone the name is the same everywhere. */
export const NO_IDENTITIES: Identities = {
  userName: (uid) => (uid === 0 ? 'root' : undefined),
  cgroupPaths: () => [],
};

/** Users by id, of the text of passwd(5); the first entry of an id counts. */
export function parsePasswd(text: string): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  for (const line of text.split('\n')) {
    const [name, , uid] = line.split(':');
    if (name === undefined || uid === undefined || !/^\d{1,10}$/.test(uid)) continue;
    if (!names.has(Number(uid))) names.set(Number(uid), name);
  }
  return names;
}

/** Version 2 of cgroups has one hierarchy, which is called so wherever it is mounted. */
export const UNIFIED = 'unified';
