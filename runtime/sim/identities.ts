/**
 * Users and cgroups of the simulated machine: those its workloads run as. Kernel threads and the tracer are in the root
 * cgroup, everybody else in the slice of their user (`World` gives the ids).
 */
import type { Identities } from '../identities.ts';
import { UNIFIED } from '../identities.ts';

/** The machine's `/etc/passwd`. */
const USERS: ReadonlyMap<number, string> = new Map([
  [0, 'root'],
  [33, 'www-data'],
  [113, 'postgres'],
  [997, 'node_exporter'],
  [1000, 'ada'],
]);

const MOUNT = '/sys/fs/cgroup';
const ROOT_CGROUP = 1;
const USER_SLICE = 1999;
const FIRST_SLICE = 2000;

/** Id of the cgroup that a user's tasks are in. */
export function userCgroup(uid: number): number {
  return FIRST_SLICE + uid;
}

const PATHS: ReadonlyMap<number, string> = new Map([
  [ROOT_CGROUP, '/'],
  [USER_SLICE, '/user.slice'],
  ...[...USERS.keys()].map((uid): [number, string] => [
    userCgroup(uid),
    uid === 0 ? '/system.slice' : `/user.slice/user-${uid}.slice`,
  ]),
]);

export const SIM_IDENTITIES: Identities = {
  userName: (uid) => USERS.get(uid),
  cgroupPaths: (id) => {
    const path = PATHS.get(Number(id));
    return path === undefined ? [] : [{ hierarchy: UNIFIED, path }];
  },
};

/** Id of the cgroup whose folder this is, below `/sys/fs/cgroup`. */
export function simCgroupId(folder: string): bigint | undefined {
  const inside = folder.replace(/\/+$/, '');
  const path = inside === MOUNT ? '/' : inside.startsWith(`${MOUNT}/`) ? inside.slice(MOUNT.length) : '';
  const found = [...PATHS].find(([, one]) => one === path);
  return found && BigInt(found[0]);
}

/** Ids of the cgroups above a cgroup and its own, the root's first. */
export function simCgroupPath(id: number): readonly number[] | undefined {
  const path = PATHS.get(id);
  if (path === undefined) return undefined;
  const names = path.split('/').filter((name) => name !== '');
  const folders = names.map((_, index) => `/${names.slice(0, index + 1).join('/')}`);
  return [ROOT_CGROUP, ...folders.map((folder) => Number(simCgroupId(MOUNT + folder) ?? 0n))];
}
