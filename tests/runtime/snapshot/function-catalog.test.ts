import { describe, expect, test } from 'vitest';
import { bundledSnapshot, openSnapshotFile } from '../../../runtime/node/snapshot-file.ts';
import { findFunction, readFunctions, writeFunctions } from '../../../runtime/snapshot/function-part.ts';

describe('a function is found in the bytes as it is in the list', () => {
  const functions = [
    { name: 'a' },
    { name: 'ab', module: 'm' },
    { name: 'ab' },
    { name: 'abc', module: 'n' },
    { name: 'abd' },
    { name: 'b', module: 'm' },
    { name: 'vfs_read' },
    { name: 'vfs_readv' },
  ];
  const bytes = writeFunctions(functions);
  const part = { name: 'functions', bytes, offset: 0 };

  test.each([
    'a',
    'ab',
    'abc',
    'abd',
    'b',
    'vfs_read',
    'vfs_readv',
    '',
    'abcd',
    'ac',
    'c',
    'vfs_rea',
    'vfs_readw',
  ])('%s', (name) => {
    const wanted = readFunctions(part).filter((one) => one.name === name);
    expect(findFunction(part, name)).toEqual(wanted.map(({ module }) => module));
  });
});

test('of Linux 6.1 every function is found, whether few or many are asked for', () => {
  const { functions } = openSnapshotFile(bundledSnapshot('linux-6.1')!);
  expect(functions!.has('vfs_read')).toBe(true);
  expect(functions!.has('vfs_reed')).toBe(false);
  expect(functions!.modulesOf!('vfs_read')).toEqual(['vmlinux']);
  const names = functions!.list();
  const some = names.filter((_, index) => index % 499 === 0);
  const again = openSnapshotFile(bundledSnapshot('linux-6.1')!).functions!;
  for (const name of some) expect(again.has(name), name).toBe(true);
  expect(again.has('no_such_function')).toBe(false);
});
