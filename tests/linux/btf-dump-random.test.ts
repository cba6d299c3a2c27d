/**
 * Random C through clang to BTF, through us to C, through clang again: every size, offset and bitfield is where it was; gcc
 * on this machine agrees. Skips without clang.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Btf } from '../../bpf/btf/btf.ts';
import { type BtfDumpProblem, dumpAll } from '../../bpf/btf/dump/index.ts';
import { readBtf } from '../../bpf/btf/read.ts';
import { openElf } from '../../bpf/elf/file.ts';
import { flatLayouts, layoutAsserts, useOfBitfields } from './layout-asserts.ts';
import { randomStructs } from './random-structs.ts';

const CLANG = ['clang', '-target', 'bpf', '-g', '-w', '-ferror-limit=0'];
const COMPILERS = [CLANG, ['gcc', '-w', '-Wno-packed-bitfield-compat']].filter(
  ([name]) => spawnSync(name!, ['--version']).status === 0,
);
const missing = COMPILERS[0] === CLANG ? '' : ' (missing: clang)';

describe.skipIf(missing !== '')(`random structs${missing}`, () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'bpfkit-random-'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  function errorsOf(compiler: readonly string[], name: string, text: string): string {
    const file = join(folder, name);
    writeFileSync(file, text);
    const [command, ...flags] = compiler;
    return spawnSync(command!, [...flags, '-c', file, '-o', `${file}.o`], { encoding: 'utf8' }).stderr;
  }

  function btfOf(name: string): Btf {
    const elf = openElf(new Uint8Array(readFileSync(join(folder, `${name}.o`))));
    return readBtf(elf.data(elf.section('.BTF')!));
  }

  test.each([1, 2, 3, 4, 5, 6, 7, 8])('of seed %i keep their layout', (seed) => {
    expect(errorsOf(CLANG, 'source.c', randomStructs(seed, 200))).toBe('');
    const source = btfOf('source.c');
    const problems: BtfDumpProblem[] = [];
    const header = [...dumpAll(source, { report: (problem) => problems.push(problem) })].join('');
    expect(problems).toEqual([]);
    const { text, composites } = layoutAsserts(source);
    expect(composites).toBe(200);
    for (const compiler of COMPILERS) expect(errorsOf(compiler, 'asserts.c', header + text)).toBe('');
    expect(errorsOf(CLANG, 'use.c', header + useOfBitfields(source))).toBe('');
    const compiled = flatLayouts(btfOf('use.c'));
    expect(compiled.size).toBeGreaterThan(50);
    for (const [name, layout] of flatLayouts(source))
      expect([name, compiled.get(name)]).toEqual([name, layout]);
  });
});
