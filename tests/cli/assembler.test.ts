import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cli } from './support.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bpfkit-asm-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('asm and disasm', () => {
  test('text goes to bytecode and back', async () => {
    writeFileSync(join(folder, 'a.s'), 'r0 = 7\nif r0 > 3 goto out\nr0 = 0\nout:\nexit\n');
    expect(await cli(['asm', 'a.s', '-o', 'a.bin'], { cwd: folder })).toEqual({
      code: 0,
      stdout: '',
      stderr: '',
    });
    expect(readFileSync(join(folder, 'a.bin')).toString('hex')).toBe(
      'b700000007000000' + '2500010003000000' + 'b700000000000000' + '9500000000000000',
    );
    const listing = await cli(['disasm', 'a.bin'], { cwd: folder });
    expect(listing.stdout.split('\n')[1]).toContain('if r0 > 0x3 goto pc+1');
  });

  test('without -o the bytes are printed', async () => {
    const result = await cli(['asm', '-'], { stdin: 'exit\n' });
    expect(result.stdout).toBe('95 00 00 00 00 00 00 00\n');
  });

  test('a bad line is told with its place', async () => {
    const result = await cli(['asm', '-'], { stdin: 'r0 = 1\nr0 ?= 2\nexit\n' });
    expect(result.code).toBe(1);
    expect(result.stderr).toMatch(/^stdin:2:\d+-\d+: ERROR: /);
  });

  test('damaged bytecode prints what can be read and says what cannot', async () => {
    writeFileSync(join(folder, 'bad.bin'), Buffer.from('95000000000000009500', 'hex'));
    const result = await cli(['disasm', 'bad.bin'], { cwd: folder });
    expect(result.stdout).toContain('exit');
    expect(result.stderr).toContain('slot 1 (byte 8)');
    expect(result.code).toBe(1);
  });
});
