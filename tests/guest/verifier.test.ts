/**
 * The verifier against Debian's kernels: golden programs, and those that this machine's kernel may not load (fentry and its
 * kin, by a policy). `BPFKIT_CASES` names a file of further cases (bpfcase-1), such as converted selftests.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compareAnswers } from '../../runtime/linux/judge/compare.ts';
import type { Case } from '../../verifier/case/case.ts';
import { readCases as readBpfCases } from '../../verifier/case/read.ts';
import { verifyCase } from '../../verifier/case/verify-case.ts';
import { readCases } from '../golden.ts';
import { answerText, goldenCase, goldenFiles } from '../verifier/golden-case.ts';
import { guestKernel } from './judge-kernel.ts';
import { fetchKernel, findKernel } from './kernel.ts';
import { installPackages } from './packages.ts';

const packages = await installPackages(['gcc']);
if (packages.kind === 'unavailable') console.log(`guest tests of the verifier skipped: ${packages.reason}`);

/** Of programs whose verdicts differ, in hundredths of a percent; false accepts are never allowed. */
const ALLOWED = 100;

/** Programs that only a guest loads; what they expect is what Linux 6.12 says. */
const TRACING = 'verifier/guest/tracing.txt';

function goldenCases(): readonly Case[] {
  return [...goldenFiles(), TRACING].flatMap((file) =>
    readCases(file).map((golden) => ({
      ...goldenCase(golden),
      id: `${file}/#${golden.line} ${golden.name}`,
    })),
  );
}

function furtherCases(): readonly Case[] {
  const path = process.env.BPFKIT_CASES;
  if (path === undefined) return [];
  return readBpfCases(readFileSync(path, 'utf8')).flatMap((one) => (one.kind === 'case' ? [one.case] : []));
}

describe.skipIf(packages.kind === 'unavailable')('verdicts in a booted kernel', () => {
  for (const series of ['6.1', '6.12']) {
    it(`Linux ${series}`, { timeout: 1_800_000 }, async (context) => {
      const found = await findKernel(`${series}.`).catch(() =>
        fetchKernel(`${series}.`).catch(() => undefined),
      );
      if (found === undefined) return context.skip(`no kernel ${series} is on offer`);
      const kernel = await guestKernel(series);
      const cases = [...goldenCases(), ...furtherCases()];
      const linux = await kernel.judge(cases);
      const rows = cases.map((one, index) =>
        compareAnswers(verifyCase(one, { kernel: kernel.profile }), linux[index]!),
      );
      const judged = rows.filter(({ agreement }) => agreement !== 'unjudged');
      expect(judged.length).toBeGreaterThan(cases.length * 0.9);
      const different = judged.filter(({ agreement }) => agreement !== 'agree');
      const told = different.map(({ id, agreement, ours, linux: theirs }) => ({
        id,
        agreement,
        ours: ours.messages,
        linux: theirs.messages,
      }));
      expect(told.filter(({ agreement }) => agreement === 'false accept')).toEqual([]);
      if (series === '6.12') {
        const expected = readCases(TRACING).map(({ expected: text }) => text);
        const said = rows.flatMap(({ id, linux: one }) =>
          id.startsWith(TRACING) ? answerText(one, true) : [],
        );
        expect(said).toEqual(expected);
        const ours = rows.flatMap(({ id, ours: one }) =>
          id.startsWith(TRACING) ? answerText(one, one.insn !== undefined) : [],
        );
        expect(ours).toEqual(expected);
      }
      if (different.length * 10_000 > ALLOWED * judged.length) expect(told).toEqual([]);
    });
  }
});
