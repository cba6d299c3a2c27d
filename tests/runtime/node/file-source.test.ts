import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { openFileSource } from '../../../runtime/node/file-source.ts';

const folder = mkdtempSync(join(tmpdir(), 'file-source-'));
afterAll(() => rmSync(folder, { recursive: true }));

const bytes = Uint8Array.from({ length: 200_000 }, (_, index) => (index * 7) & 0xff);

function file(name: string, content: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

describe('openFileSource', () => {
  it.each([
    ['plain', bytes],
    ['gzipped', gzipSync(bytes)],
  ])('reads ranges of a %s file', (name, content) => {
    const source = openFileSource(file(name, content));
    expect(source.size).toBe(bytes.length);
    for (const [offset, length] of [
      [0, 4],
      [2, 8],
      [65_530, 20],
      [100, 150_000],
      [199_990, 100],
      [200_000, 5],
      [300_000, 5],
    ] as const) {
      expect(source.read(offset, length)).toEqual(bytes.subarray(offset, offset + length));
    }
    source.close();
  });

  it.each([
    ['plain', bytes],
    ['gzipped', gzipSync(bytes)],
  ])('reads a pipe of a %s file to its end, and then as any file', (name, content) => {
    const path = join(folder, `${name}.pipe`);
    execFileSync('mkfifo', [path]);
    const writer = spawn('sh', ['-c', 'cat "$0" > "$1"', file(`${name}.piped`, content), path]);
    const source = openFileSource(path);
    expect(source.size).toBe(bytes.length);
    expect(source.read(150_000, 10)).toEqual(bytes.subarray(150_000, 150_010));
    expect(source.read(0, 10)).toEqual(bytes.subarray(0, 10));
    source.close();
    writer.kill();
  });

  it('ends reading a pipe that gives too much', () => {
    expect(() => openFileSource('/dev/zero', { limit: 1 << 20 })).toThrow(
      'it gives more than 1 MiB: save it to a file and open that',
    );
  });

  it('leaves earlier reads as they were', () => {
    const source = openFileSource(file('kept', bytes));
    const first = source.read(0, 10);
    source.read(150_000, 10);
    expect(first).toEqual(bytes.subarray(0, 10));
    source.close();
  });

  it('reads less when the file became shorter', () => {
    const path = file('shorter', bytes);
    const source = openFileSource(path);
    truncateSync(path, 100_005);
    expect(source.read(100_000, 70_000)).toHaveLength(5);
    source.close();
  });

  it('reports what cannot be opened or unpacked', () => {
    expect(() => openFileSource(join(folder, 'absent'))).toThrow('ENOENT');
    expect(() => openFileSource(file('broken', gzipSync(bytes).subarray(0, 100)))).toThrow(
      'damaged gzip data: unexpected end of file',
    );
  });

  it('looks at the beginning of a gzipped file before it unpacks the rest', () => {
    const wanted = { name: 'even file', accepts: (start: Uint8Array) => start[0] === 0 };
    expect(openFileSource(file('even', gzipSync(bytes)), { wanted }).size).toBe(bytes.length);
    // Cut short: to see that would take unpacking all of it.
    const odd = gzipSync(bytes.subarray(1)).subarray(0, 500);
    expect(() => openFileSource(file('odd', odd), { wanted })).toThrow('the gzip file holds no even file');
  });

  it('unpacks no more than it is told to', () => {
    const path = file('large', gzipSync(new Uint8Array(5 << 20)));
    expect(openFileSource(path, { limit: 5 << 20 }).size).toBe(5 << 20);
    expect(() => openFileSource(path, { limit: 4 << 20 })).toThrow(
      'unpacks to more than 4 MiB: unpack it with gunzip and open the result',
    );
  });
});
