import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hostCgroupId, hostIdentities } from '../../../runtime/node/host-identities.ts';

let root = '';
const group = (path: string): string => join(root, 'sys/fs/cgroup', path);

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'identities-'));
  mkdirSync(join(root, 'etc'));
  writeFileSync(
    join(root, 'etc/passwd'),
    'root:x:0:0::/root:/bin/sh\nada:x:1000:1000::/:/bin/sh\ntwin:x:1000:1::/:\nbad\n',
  );
  mkdirSync(group('user.slice/user-1000.slice'), { recursive: true });
});
afterAll(() => rmSync(root, { recursive: true }));

test('users are those of passwd, the first of an id', () => {
  const { userName } = hostIdentities(root);
  expect([0, 1000, 1001].map(userName)).toEqual(['root', 'ada', undefined]);
});

test('a cgroup is found by the inode of its folder, in each hierarchy', () => {
  const id = statSync(group('user.slice/user-1000.slice'), { bigint: true }).ino;
  expect(hostCgroupId(group('user.slice/user-1000.slice'))).toBe(id);
  expect(hostIdentities(root).cgroupPaths(id)).toEqual([
    { hierarchy: 'user.slice', path: '/user-1000.slice' },
  ]);
  writeFileSync(group('cgroup.controllers'), 'cpu memory\n');
  const unified = hostIdentities(root);
  expect(unified.cgroupPaths(id)).toEqual([{ hierarchy: 'unified', path: '/user.slice/user-1000.slice' }]);
  expect(unified.cgroupPaths(hostCgroupId(group(''))!)).toEqual([{ hierarchy: 'unified', path: '/' }]);
  expect(unified.cgroupPaths(1n << 60n)).toEqual([]);
});

test('what is not there has no names', () => {
  const nobody = hostIdentities(join(root, 'nothing'));
  expect(nobody.userName(0)).toBeUndefined();
  expect(nobody.cgroupPaths(1n)).toEqual([]);
  expect(hostCgroupId(join(root, 'etc/passwd'))).toBeUndefined();
});
