/** Golden programs: our verdict, instruction and words are those that Linux 6.18 gave (tests/linux/verifier.test.ts). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { readBtf } from '../../bpf/btf/read.ts';
import { verifyCase } from '../../verifier/case/verify-case.ts';
import type { VerifierKernel } from '../../verifier/input.ts';
import { goldenTests } from '../golden.ts';
import { answerText, goldenCase, goldenFiles } from './golden-case.ts';

/** Of the kernel's types, those of its functions are enough. */
const types = readFileSync(join(import.meta.dirname, '../data/btf/kfuncs-6.18.btf.gz'));
const kernel: VerifierKernel = { release: '6.18', cpus: 2, btf: readBtf(new Uint8Array(gunzipSync(types))) };

if (process.env.UPDATE_GOLDEN === '1') throw new Error('the kernel says what is expected: --project linux');

for (const file of goldenFiles()) {
  goldenTests(file, (golden) => {
    const answer = verifyCase(goldenCase(golden), { kernel });
    return answerText(answer, /^refused at/.test(golden.expected));
  });
}
