/**
 * Everything the compiler emits for samples and golden scripts, for old kernels and new ones, is accepted by this machine's
 * verifier (load only); and what it does not emit is what the script, or the kernel asked for, cannot have.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { KernelInfo } from '../../bpf/kernel-info.ts';
import { compareKernelReleases, type KernelRelease } from '../../bpf/kernel-release.ts';
import { NEWEST_RELEASE, profileFor } from '../../bpf/profiles/index.ts';
import { compile } from '../../compiler/compile.ts';
import { createSimKernel } from '../../runtime/sim/sim-kernel.ts';
import { root } from '../cli/support.ts';
import { oldestKernel } from '../sample-tools.ts';
import { goldenScripts, languageScripts, type Script, sampleScripts } from '../scripts.ts';
import { snapshotOfHost } from '../snapshot-of-host.ts';
import { LinuxBpf } from './bpf-syscall.ts';

const reason = LinuxBpf.reason();
if (reason !== undefined) console.warn(`tests/linux/compile skipped: ${reason}`);

/** Releases to compile for, and at least how many programs come of all golden scripts. */
const RELEASES: readonly { readonly release: KernelRelease; readonly programs: number }[] = [
  { release: '5.4', programs: 273 },
  { release: '5.10', programs: 273 },
  { release: '5.15', programs: 274 },
  { release: NEWEST_RELEASE, programs: 278 },
];

describe.skipIf(reason !== undefined)('Linux accepts', () => {
  let bpf: LinuxBpf;
  let simulated: KernelInfo;
  let linux: KernelInfo;
  beforeAll(async () => {
    bpf = await LinuxBpf.start();
    simulated = createSimKernel({ seed: 1, cpus: 2 }).describe();
    linux = snapshotOfHost();
  });
  afterAll(() => bpf.close());

  /** How many programs of the script were loaded. Fails when one is refused, or none were made for no good reason. */
  async function accepted(script: Script, release: KernelRelease, kernel = simulated): Promise<number> {
    const source = { name: 'stdin', text: script.text };
    const target = profileFor(release);
    const { params, env = {}, unsafe = false, warnReads = false } = script;
    const options = { params, env, unsafe, warnReads };
    const result = compile({ source, kernel, target, ...options });
    const errors = result.diagnostics.filter(({ severity }) => severity === 'error');
    const other = errors.filter(({ message }) => !/needs Linux [\d.]+ or newer/.test(message));
    const isWrong = script.isDoubtful ? other.length > 0 : script.isWrong;
    expect(other.length > 0, `${script.name} for ${release}: ${other[0]?.message}`).toBe(isWrong);
    if (result.object === undefined) {
      expect(errors, script.name).not.toEqual([]);
      return 0;
    }
    const maps = await bpf.createMaps(result.object);
    for (const program of result.object.programs) {
      // Refused by this machine's policy: judged in a booted kernel.
      if (/^f(entry|exit)/.test(program.section)) continue;
      const answer = await bpf.loadProgram(result.object, program.name, maps);
      if (!answer.ok) keepLog(`${release}-${script.name}`, program.name, answer.log);
      expect(
        answer.ok,
        `${script.name} ${program.name} for ${release}: ${answer.log.split('\n').slice(-8).join('\n')}`,
      ).toBe(true);
    }
    return result.object.programs.length;
  }

  describe.each(RELEASES)('what is compiled for $release', ({ release, programs }) => {
    test.each(sampleScripts().map((one) => [one.name, one] as const))('sample %s', async (_name, script) => {
      const isTooOld = compareKernelReleases(release, oldestKernel(script.text)) < 0;
      expect((await accepted(script, release, linux)) === 0).toBe(isTooOld);
    });

    test('every golden script that is right and needs no newer kernel', async () => {
      let loaded = 0;
      for (const script of goldenScripts()) loaded += await accepted(script, release);
      expect(loaded).toBeGreaterThanOrEqual(programs);
    });

    test.each(languageScripts())('language $name', async (script) => {
      await accepted(script, release);
    });
  });
});

function keepLog(script: string, program: string, log: string): void {
  const folder = join(root, '.cache/verifier-logs');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${script}-${program}`.replace(/[^\w.-]+/g, '_')), log);
}
