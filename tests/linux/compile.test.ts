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
import { hostBinaries } from '../../runtime/node/host-binaries.ts';
import { bundledSnapshot, openSnapshotFile } from '../../runtime/node/snapshot-file.ts';
import { createSimKernel } from '../../runtime/sim/sim-kernel.ts';
import { root } from '../cli/support.ts';
import { isRefused, readLanguageFiles } from '../language/case.ts';
import { expectation } from '../recorded/case.ts';
import { parseCommand } from '../recorded/command.ts';
import { readCaseFiles } from '../recorded/folder.ts';
import { oldestKernel, sampleFiles, sampleText } from '../sample-tools.ts';
import { LinuxBpf } from './bpf-syscall.ts';

const reason = LinuxBpf.reason();
if (reason !== undefined) console.warn(`tests/linux/compile skipped: ${reason}`);

interface Script {
  readonly name: string;
  readonly text: string;
  readonly params: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly unsafe?: boolean;
  readonly warnReads?: boolean;
  /** The recorded answer is a complaint about the script. */
  readonly isWrong: boolean;
  /** What is wrong may be the command line, of which the compiler sees a part. */
  readonly isDoubtful?: boolean;
}

/** Cases whose command line is wrong, not their script. */
const WRONG_COMMANDS: ReadonlySet<string> = new Set([
  'errors.txt: missing file',
  'errors.txt: unknown flag',
  'errors.txt: bad output format',
]);

/** Releases to compile for, and at least how many programs come of all golden scripts. */
const RELEASES: readonly { readonly release: KernelRelease; readonly programs: number }[] = [
  { release: '5.4', programs: 273 },
  { release: '5.10', programs: 273 },
  { release: '5.15', programs: 274 },
  { release: NEWEST_RELEASE, programs: 278 },
];

const samples: readonly Script[] = sampleFiles().map((name) => ({
  name,
  text: sampleText(name),
  params: [],
  unsafe: true,
  isWrong: false,
}));

const golden: readonly Script[] = readCaseFiles().flatMap((file) =>
  file.cases.map((one) => {
    const name = `${file.file}: ${one.name}`;
    const isWrong = expectation(one).complaint !== undefined && !WRONG_COMMANDS.has(name);
    const { args } = parseCommand(one.command, one.script);
    const unsafe = args.includes('--unsafe');
    return { name, text: one.script, params: paramsOf(one.command, one.script), unsafe, isWrong };
  }),
);

/** Cases of the language (tests/language). */
const language: readonly Script[] = readLanguageFiles().flatMap(({ file, cases }) =>
  cases.map((one) => {
    const { args, env } = parseCommand(one.command, one.script);
    return {
      name: `${file}: ${one.name}`,
      text: one.script,
      params: paramsOf(one.command, one.script),
      ...(env && { env }),
      unsafe: args.includes('--unsafe'),
      warnReads: args.includes('-k'),
      isWrong: isRefused(one),
      isDoubtful: isRefused(one) && !/^[^:]+:\d/.test(one.stderr!),
    };
  }),
);

/** What follows the script on its command line. */
function paramsOf(command: string, script: string): readonly string[] {
  const { args } = parseCommand(command, script);
  return args.slice(args.findIndex((word) => word.endsWith('.bt') || word === script.trimEnd()) + 1);
}

describe.skipIf(reason !== undefined)('Linux accepts', () => {
  let bpf: LinuxBpf;
  let simulated: KernelInfo;
  let linux: KernelInfo;
  beforeAll(async () => {
    bpf = await LinuxBpf.start();
    simulated = createSimKernel({ seed: 1, cpus: 2 }).describe();
    linux = Object.create(openSnapshotFile(bundledSnapshot('linux-6.1')!), {
      binaries: { value: hostBinaries({ folder: root, searchPath: '/usr/bin:/bin' }) },
    }) as KernelInfo;
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
    test.each(samples.map((one) => [one.name, one] as const))('sample %s', async (_name, script) => {
      const isTooOld = compareKernelReleases(release, oldestKernel(script.text)) < 0;
      expect((await accepted(script, release, linux)) === 0).toBe(isTooOld);
    });

    test('every golden script that is right and needs no newer kernel', async () => {
      let loaded = 0;
      for (const script of golden) loaded += await accepted(script, release);
      expect(loaded).toBeGreaterThanOrEqual(programs);
    });

    test.each(language)('language $name', async (script) => {
      await accepted(script, release);
    });
  });
});

function keepLog(script: string, program: string, log: string): void {
  const folder = join(root, '.cache/verifier-logs');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${script}-${program}`.replace(/[^\w.-]+/g, '_')), log);
}
