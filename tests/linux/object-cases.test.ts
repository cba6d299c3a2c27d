/** The corpus of objects as cases: what clang made for Linux, Linux takes as we hand it over. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readObject } from '../../bpf/elf/object/index.ts';
import { objectCases } from '../../verifier/case/from-object.ts';
import { buildCorpus, corpus, corpusReason } from '../objects/corpus.ts';
import { judge, judgeProblem } from './judge.ts';
import { hostProfile } from './judge-kernel.ts';

const problem = judgeProblem() ?? corpusReason();
if (problem !== undefined) console.log(`objects as cases skipped: ${problem}`);

/** Sources whose programs no kernel takes, or none of this configuration. */
const REFUSED = /^(core-bitfields|core-context|core-fields|global-callback|ksyms|sections)\b/;

describe.skipIf(problem !== undefined)('objects of clang', () => {
  test('are accepted by Linux', { timeout: 300_000 }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'object-cases-'));
    try {
      const paths = await buildCorpus(folder);
      const types = hostProfile().btf!;
      const cases = corpus().flatMap(({ name, refused }) => {
        if (refused === 'no types' || refused === 'other file') return [];
        const { object } = readObject(new Uint8Array(readFileSync(paths.get(name)!)), name);
        return objectCases(object, { types }).flatMap((one) => one.case ?? []);
      });
      expect(cases.length).toBeGreaterThan(150);
      const answers = await judge(cases);
      const others = answers.filter(
        ({ id, ok, unjudged }) => ok !== true && !REFUSED.test(id) && !/policy/.test(unjudged ?? ''),
      );
      expect(others.map(({ id, unjudged, messages }) => [id, unjudged, messages])).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
