/** Golden programs: our verdict, instruction and words are those that Linux 6.18 gave (tests/linux/verifier.test.ts). */
import { verifyCase } from '../../verifier/case/verify-case.ts';
import { goldenTests } from '../golden.ts';
import { answerText, goldenCase, goldenFiles } from './golden-case.ts';

if (process.env.UPDATE_GOLDEN === '1') throw new Error('the kernel says what is expected: --project linux');

for (const file of goldenFiles()) {
  goldenTests(file, (golden) => {
    const answer = verifyCase(goldenCase(golden), { kernel: { release: '6.18', cpus: 2 } });
    return answerText(answer, /^refused at/.test(golden.expected));
  });
}
