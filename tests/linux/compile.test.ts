/** Everything the compiler emits for samples and golden scripts is accepted by this machine's verifier (load only). */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { KernelInfo } from '../../bpf/kernel-info.ts';
import { profileFor } from '../../bpf/profiles/index.ts';
import { compile } from '../../compiler/compile.ts';
import { createSimKernel } from '../../runtime/sim/sim-kernel.ts';
import { root } from '../cli/support.ts';
import { parseCommand } from '../recorded/command.ts';
import { readCaseFiles } from '../recorded/folder.ts';
import { LinuxBpf } from './bpf-syscall.ts';

const reason = LinuxBpf.reason();
if (reason !== undefined) console.warn(`tests/linux/compile skipped: ${reason}`);

interface Script {
  readonly name: string;
  readonly text: string;
  readonly params: readonly string[];
}

const samples: readonly Script[] = readdirSync(join(root, 'samples'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.bt'))
  .map((name) => ({ name, text: readFileSync(join(root, 'samples', name), 'utf8'), params: [] }));

const golden: readonly Script[] = readCaseFiles().flatMap((file) =>
  file.cases.map((one) => ({
    name: `${file.file}: ${one.name}`,
    text: one.script,
    params: paramsOf(one.command, one.script),
  })),
);

/** What follows the script on its command line. */
function paramsOf(command: string, script: string): readonly string[] {
  const { args } = parseCommand(command, script);
  return args.slice(args.findIndex((word) => word.endsWith('.bt') || word === script.trimEnd()) + 1);
}

describe.skipIf(reason !== undefined)('Linux accepts', () => {
  let bpf: LinuxBpf;
  let kernel: KernelInfo;
  beforeAll(async () => {
    bpf = await LinuxBpf.start();
    kernel = createSimKernel({ seed: 1, cpus: 2 }).describe();
  });
  afterAll(() => bpf.close());

  async function accepted(script: Script): Promise<number> {
    const source = { name: 'stdin', text: script.text };
    const result = compile({ source, kernel, target: profileFor(), params: script.params, env: {} });
    if (result.object === undefined) return 0;
    const maps = await bpf.createMaps(result.object);
    for (const program of result.object.programs) {
      const answer = await bpf.loadProgram(result.object, program.name, maps);
      if (!answer.ok) keepLog(script.name, program.name, answer.log);
      expect(
        answer.ok,
        `${script.name} ${program.name}: ${answer.log.split('\n').slice(-8).join('\n')}`,
      ).toBe(true);
    }
    return result.object.programs.length;
  }

  test.each(samples.map((one) => [one.name, one] as const))('sample %s', async (_name, script) => {
    expect(await accepted(script)).toBeGreaterThan(0);
  });

  test('every golden script that compiles', async () => {
    let programs = 0;
    for (const script of golden) programs += await accepted(script);
    expect(programs).toBeGreaterThan(100);
  });
});

function keepLog(script: string, program: string, log: string): void {
  const folder = join(root, '.cache/verifier-logs');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${script}-${program}`.replace(/[^\w.-]+/g, '_')), log);
}
