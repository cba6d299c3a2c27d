/** Programs that we once judged otherwise than Linux 6.18, as `npm run fuzz` found and shrank them. */
import { existsSync } from 'node:fs';
import { verifyCase } from '../../verifier/case/verify-case.ts';
import { caseOfGolden, expectedText } from '../generators/programs/golden.ts';
import { machineTypes } from '../generators/programs/kernel-types.ts';
import { goldenTests } from '../golden.ts';

const types = machineTypes();
/** The types that come along are older than some kernel functions. */
const isNew = existsSync('/sys/kernel/btf/vmlinux');

goldenTests('verifier/random.txt', (golden) => {
  if ('kfuncs' in golden.options && !isNew) return golden.expected;
  return expectedText(verifyCase(caseOfGolden(golden), { kernel: { release: '6.18', btf: types } }));
});
