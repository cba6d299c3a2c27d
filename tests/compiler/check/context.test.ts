/** What a probe can ask of its event: types of arguments, and what is said where there is none (language.md 2.4, 2.9). */
import { join } from 'node:path';
import type { KernelInfo } from '../../../bpf/kernel-info.ts';
import { profileFor } from '../../../bpf/profiles/index.ts';
import { compile } from '../../../compiler/compile.ts';
import { typeName } from '../../../compiler/types/name.ts';
import { hostBinaries } from '../../../runtime/node/host-binaries.ts';
import { openSnapshotFile, snapshotPath } from '../../../runtime/node/snapshot-file.ts';
import { createSimKernel } from '../../../runtime/sim/sim-kernel.ts';
import { root } from '../../cli/support.ts';
import { goldenTests } from '../../golden.ts';
import { describeDiagnostics } from '../support.ts';

const folder = join(root, 'tests/data/user');
const linux = Object.create(openSnapshotFile(snapshotPath('linux-6.1', '')), {
  binaries: { value: hostBinaries({ folder, searchPath: folder }) },
}) as KernelInfo;

/** The types of the script's maps, then what is wrong. */
goldenTests('check/context.txt', ({ input, options }) => {
  const kernel = options.on === 'sim' ? createSimKernel({ seed: 1, cpus: 2 }).describe() : linux;
  const release = (options.release as `${number}.${number}` | undefined) ?? '6.1';
  const result = compile({ source: { name: 'stdin', text: input }, kernel, target: profileFor(release) });
  const maps = (result.info?.maps ?? []).map(
    ({ name, key, value }) => `${name}${key === undefined ? '' : `[${typeName(key)}]`}: ${typeName(value)}`,
  );
  const text = [...maps, describeDiagnostics(input, result)].filter((one) => one !== '').join('\n');
  return text.replaceAll(`${folder}/`, '');
});
