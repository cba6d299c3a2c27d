/** What clang makes of C: our verdict and Linux's are the same, for more than a hundred objects of our own and the corpus. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { Btf } from '../../bpf/btf/btf.ts';
import { readObject } from '../../bpf/elf/object/index.ts';
import { compareAnswers } from '../../runtime/linux/judge/compare.ts';
import type { Case } from '../../verifier/case/case.ts';
import { objectCases } from '../../verifier/case/from-object.ts';
import { verifyCase } from '../../verifier/case/verify-case.ts';
import { buildCorpus, corpus, corpusReason } from '../objects/corpus.ts';
import { type CObject, cObjects } from '../verifier/objects/bodies.ts';
import { judge, judgeProblem } from './judge.ts';
import { hostProfile } from './judge-kernel.ts';

const problem = judgeProblem() ?? corpusReason();
if (problem !== undefined) console.log(`objects of clang before both verifiers skipped: ${problem}`);

const run = promisify(execFile);
const INCLUDE = `-I/usr/include/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu`;

async function compile(one: CObject, folder: string): Promise<Uint8Array> {
  const [source, object] = [join(folder, `${one.name}.c`), join(folder, `${one.name}.o`)];
  writeFileSync(source, one.source);
  await run('clang', ['-target', 'bpf', '-g', INCLUDE, ...one.flags, '-c', source, '-o', object]);
  return new Uint8Array(readFileSync(object));
}

function casesOf(bytes: Uint8Array, name: string, types: Btf): readonly Case[] {
  return objectCases(readObject(bytes, name).object, { types }).flatMap((one) => one.case ?? []);
}

async function disagreements(cases: readonly Case[]): Promise<readonly unknown[]> {
  const kernel = hostProfile();
  const linux = await judge(cases);
  return cases.flatMap((one, i) => {
    const row = compareAnswers(verifyCase(one, { kernel }), linux[i]!);
    if (row.agreement === 'agree' || row.agreement === 'unjudged') return [];
    return [[one.id, row.agreement, row.ours.messages, row.linux.messages]];
  });
}

describe.skipIf(problem !== undefined)('verdicts on objects of clang', () => {
  test('of bodies in programs of every type', { timeout: 600_000 }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'verified-'));
    try {
      const types = hostProfile().btf!;
      const objects = cObjects();
      const cases: Case[] = [];
      for (const one of objects) cases.push(...casesOf(await compile(one, folder), one.name, types));
      expect(objects.length).toBeGreaterThan(200);
      expect(cases.length).toBeGreaterThanOrEqual(objects.length);
      expect(await disagreements(cases)).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test('of the corpus', { timeout: 300_000 }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'verified-'));
    try {
      const paths = await buildCorpus(folder);
      const types = hostProfile().btf!;
      const cases = corpus().flatMap(({ name, refused }) =>
        refused === 'no types' || refused === 'other file'
          ? []
          : casesOf(new Uint8Array(readFileSync(paths.get(name)!)), name, types),
      );
      expect(await disagreements(cases)).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
