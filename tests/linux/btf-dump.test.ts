/**
 * Headers made of kernels' BTF beside bpftool's, judged by clang: both compile, and in both every struct has the size and
 * every member the offset that the BTF gives. `BPFKIT_BTF` names the folder of `<version>.btf.gz`. Skips without clang,
 * bpftool or the files.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Btf } from '../../bpf/btf/btf.ts';
import { type BtfDumpProblem, dumpAll, rawText } from '../../bpf/btf/dump/index.ts';
import { readBtf } from '../../bpf/btf/read.ts';
import { openElf } from '../../bpf/elf/file.ts';
import { kernelTypes } from './kernel-types.ts';
import { flatLayouts, layoutAsserts, useOfBitfields } from './layout-asserts.ts';

const KERNELS = [...kernelTypes()].map(([release, read]) => ({ release, read }));

const missing = ['clang', 'bpftool'].filter((tool) => spawnSync(tool, ['--version']).status !== 0);

/**
 * In which bpftool's header is not what the BTF says: va_list of clang for BPF is a pointer, of x86 it is 24 bytes; a union
 * without members (pahole 1.25 lost those of a transparent union) has its size from nothing.
 */
const WRONG_IN_BPFTOOL = ['size of struct warn_args', 'size of release_pages_arg', 'size of aes_encrypt_arg'];

/** bpftool 7.1 and older leave out the attribute of enums of another size than four; with it its header can be judged. */
function withModes(peer: string, ours: string): string {
  const parts: string[] = [];
  let rest = peer;
  for (const [whole, plain] of ours.matchAll(
    /^(\t*(?:typedef )?enum [^{;}]*\{[^}]*\}) __attribute__\(\(mode\(\w+\)\)\)/gm,
  )) {
    const at = rest.indexOf(plain!);
    if (at < 0 || rest.startsWith(' __attribute__((mode', at + plain!.length)) continue;
    parts.push(rest.slice(0, at), whole);
    rest = rest.slice(at + plain!.length);
  }
  return parts.join('') + rest;
}

describe.skipIf(missing.length > 0)(
  `headers of kernels${missing.length > 0 ? ` (missing: ${missing.join(', ')})` : ''}`,
  () => {
    let folder = '';
    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'bpfkit-dump-'));
    });
    afterAll(() => {
      rmSync(folder, { recursive: true });
    });

    function compile(source: string, ...flags: readonly string[]): string {
      const args = [...flags, '-target', 'bpf', '-g', '-ferror-limit=0', '-c', source, '-o', `${source}.o`];
      return spawnSync('clang', args, { encoding: 'utf8', maxBuffer: 2 ** 28 }).stderr;
    }

    describe.each(KERNELS)('$release', ({ release, read }) => {
      let btf: Btf;
      const path = (name: string): string => join(folder, `${release}-${name}`);
      const problems: BtfDumpProblem[] = [];

      beforeAll(() => {
        const bytes = read();
        btf = readBtf(bytes);
        writeFileSync(path('btf'), bytes);
        const ours = [...dumpAll(btf, { report: (problem) => problems.push(problem) })].join('');
        writeFileSync(path('ours.h'), ours);
        writeFileSync(path('peer.h'), withModes(bpftool('format', 'c'), ours));
      });

      function bpftool(...format: readonly string[]): string {
        const args = ['btf', 'dump', 'file', path('btf'), ...format];
        return execFileSync('bpftool', args, { encoding: 'utf8', maxBuffer: 2 ** 28 });
      }

      test('everything can be written, and clang takes it without a word, with kfuncs and variables too', () => {
        expect(problems).toEqual([]);
        const text = [...dumpAll(btf, { functions: 'kfuncs', variables: true })].join('');
        expect(text).toContain('extern struct rq runqueues;');
        writeFileSync(path('symbols.c'), text);
        expect(compile(path('symbols.c'))).toBe('');
      });

      test('sizes and offsets are those of the BTF, in ours and in bpftool’s', () => {
        const { text, composites, members } = layoutAsserts(btf);
        expect(composites).toBeGreaterThan(7000);
        expect(members).toBeGreaterThan(40_000);
        const failed = (header: string, ...flags: readonly string[]): readonly string[] => {
          writeFileSync(path('assert.c'), `#include "${path(header)}"\n${text}`);
          const lines = compile(path('assert.c'), ...flags)
            .split('\n')
            .filter((line) => line.includes('error:'));
          return lines.map((line) => /"(.*)"$/.exec(line)?.[1] ?? line);
        };
        expect(failed('ours.h')).toEqual([]);
        // Its headers of Linux 6.19 and later need the kernel's own flag.
        const wrong = failed('peer.h', '-fms-extensions');
        expect(wrong.filter((one) => !WRONG_IN_BPFTOOL.includes(one))).toEqual([]);
        expect(wrong).toContain('size of struct warn_args');
      });

      test('bitfields too are where they were', () => {
        writeFileSync(path('use.c'), `#include "${path('ours.h')}"\n${useOfBitfields(btf)}`);
        expect(compile(path('use.c'))).toBe('');
        const elf = openElf(new Uint8Array(readFileSync(path('use.c.o'))));
        const compiled = flatLayouts(readBtf(elf.data(elf.section('.BTF')!)));
        const source = flatLayouts(btf);
        expect(source.size).toBeGreaterThan(200);
        const differing = [...source].filter(([name, layout]) => compiled.get(name) !== layout);
        expect(differing.map(([name, layout]) => ({ name, layout, compiled: compiled.get(name) }))).toEqual(
          [],
        );
      });

      test('the table as it is reads as bpftool’s', () => {
        let raw = '';
        for (let id = 1; id < btf.end; id++) raw += rawText(btf, id);
        expect(raw === bpftool()).toBe(true);
      });
    });
  },
);
