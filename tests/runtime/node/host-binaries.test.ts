import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { hostBinaries } from '../../../runtime/node/host-binaries.ts';

describe.skipIf(!existsSync('/lib/x86_64-linux-gnu/libc.so.6'))('libraries of this machine', () => {
  const binaries = hostBinaries({ folder: '/', searchPath: '/usr/bin' });

  // `libc.so` beside it, of the development files, is a text for the linker.
  test.each(['libc', 'libc.so.6'])('%s is one that can be opened', (name) => {
    const [path] = binaries.resolve(name);
    expect(path).toMatch(/\/libc\.so\.6$/);
    expect(binaries.open(path!)).toBeDefined();
  });

  test('a name that nothing has resolves to nothing', () => {
    expect(binaries.resolve('libnothing-of-the-kind')).toEqual([]);
  });
});
