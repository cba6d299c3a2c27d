/** Layouts of C text as clang has them: random structs compiled for BPF, and all types of kernels written as a header and read again. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Btf } from '../../bpf/btf/btf.ts';
import { dumpAll } from '../../bpf/btf/dump/index.ts';
import { readBtf } from '../../bpf/btf/read.ts';
import { DiagnosticList } from '../../bpf/diagnostic.ts';
import { openElf } from '../../bpf/elf/file.ts';
import { readDefinitions } from '../../compiler/c/definitions.ts';
import { SourceList } from '../../compiler/sources.ts';
import { kernelTypes } from './kernel-types.ts';
import { flatLayouts, layoutAsserts } from './layout-asserts.ts';
import { randomStructs } from './random-structs.ts';

function read(text: string): Btf {
  const sink = new DiagnosticList();
  const sources = new SourceList({ name: 'types.h', text });
  const span = { source: 0, start: 0, end: text.length };
  const definition = { kind: 'c-type', text, span } as const;
  const { btf } = readDefinitions([{ kind: 'text', definition }], {
    sources,
    kernel: { name: 'none' },
    sink,
  });
  expect(sink.items).toEqual([]);
  return btf!;
}

const KERNELS = [...kernelTypes()].map(([release, bytes]) => ({ release, bytes }));

const lines = (text: string): ReadonlySet<string> => new Set(text.split('\n'));

describe.skipIf(spawnSync('clang', ['--version']).status !== 0)('random structs', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'bpfkit-c-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each([11, 12, 13, 14, 15, 16, 17, 18])('of seed %i lie as clang has them', (seed) => {
    const text = randomStructs(seed, 200);
    const file = join(folder, 'source.c');
    writeFileSync(file, text);
    const flags = ['-target', 'bpf', '-g', '-w', '-c', file, '-o', `${file}.o`];
    expect(spawnSync('clang', flags, { encoding: 'utf8' }).stderr).toBe('');
    const elf = openElf(new Uint8Array(readFileSync(`${file}.o`)));
    const theirs = readBtf(elf.data(elf.section('.BTF')!));
    const ours = read(text);
    const asserts = layoutAsserts(theirs);
    expect(asserts.composites).toBe(200);
    expect(layoutAsserts(ours).text).toBe(asserts.text);
    const bitfields = flatLayouts(theirs);
    expect(bitfields.size).toBeGreaterThan(50);
    expect([...flatLayouts(ours)]).toEqual([...bitfields]);
  });
});

describe.each(KERNELS)('the types of $release', ({ bytes }) => {
  test('are the same when they were written as a header and read', () => {
    const kernel = readBtf(bytes());
    const again = read([...dumpAll(kernel, { report: () => {} })].join(''));
    const [before, after] = [layoutAsserts(kernel), layoutAsserts(again)];
    expect(before.composites).toBeGreaterThan(7000);
    // Types of one name are `name___2` in a header, so that there are more names.
    const found = lines(after.text);
    expect([...lines(before.text)].filter((line) => !found.has(line))).toEqual([]);
    const layouts = flatLayouts(again);
    for (const [name, layout] of flatLayouts(kernel))
      expect([name, layouts.get(name)]).toEqual([name, layout]);
  });
});
