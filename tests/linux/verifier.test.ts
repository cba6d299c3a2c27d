/** The golden programs of the verifier, judged by this machine's kernel: what they expect is what Linux says. */
import { release } from 'node:os';
import { describe } from 'vitest';
import { goldenTests } from '../golden.ts';
import { answerText, goldenCase, goldenFiles } from '../verifier/golden-case.ts';
import { judge, judgeProblem } from './judge.ts';

const problem =
  judgeProblem() ?? (release().startsWith('6.18.') ? undefined : `Linux ${release()} is not 6.18`);
if (problem !== undefined) console.log(`golden programs skipped: ${problem}`);

describe.skipIf(problem !== undefined)('Linux says of golden programs', () => {
  for (const file of goldenFiles()) {
    goldenTests(file, async (golden) => {
      const [answer] = await judge([goldenCase(golden)]);
      if (answer!.ok === null) throw new Error(`not judged: ${answer!.unjudged}`);
      return answerText(answer!, true);
    });
  }
});
