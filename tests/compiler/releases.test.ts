/** Every script we keep, for the kernels it may be meant for: what is emitted is there, and samples say how old one may be. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { KernelInfo } from '../../bpf/kernel-info.ts';
import type { KernelRelease } from '../../bpf/kernel-release.ts';
import { profileFor } from '../../bpf/profiles/index.ts';
import { type CompileResult, compile } from '../../compiler/compile.ts';
import { root } from '../cli/support.ts';
import { readLanguageFiles } from '../language/case.ts';
import { namedCases, readCaseFiles } from '../recorded/folder.ts';
import { oldestKernel } from '../sample-tools.ts';
import { snapshotOfHost } from '../snapshot-of-host.ts';
import { foreign } from './foreign.ts';

/** Long-term kernels, and those in which something came that we ask for. */
const RELEASES: readonly KernelRelease[] = ['4.18', '5.4', '5.8', '5.15', '5.17', '6.1', '6.18'];
/** From the oldest that is looked at. */
const LADDER: readonly KernelRelease[] = [...series(4, 14, 20), ...series(5, 0, 19), ...series(6, 0, 18)];

// The programs and libraries that samples name are this machine's.
const kernel: KernelInfo = snapshotOfHost();

function series(major: number, from: number, to: number): KernelRelease[] {
  return Array.from({ length: to - from + 1 }, (_, index): KernelRelease => `${major}.${from + index}`);
}

interface Script {
  readonly name: string;
  readonly text: string;
}

const samples = scriptsIn('samples');
const scripts: readonly Script[] = [
  ...samples,
  ...scriptsIn('bench/codegen'),
  ...readLanguageFiles().flatMap(({ file, cases }) =>
    cases.map(({ name, script }) => ({ name: `${file}: ${name}`, text: script })),
  ),
  ...namedCases(readCaseFiles()).map((one) => ({
    name: `${one.file}: ${one.golden.name}`,
    text: one.golden.script,
  })),
];

function scriptsIn(folder: string): Script[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.bt'))
    .map((name) => ({ name: join(folder, name), text: readFileSync(join(root, folder, name), 'utf8') }));
}

function compileFor({ name, text }: Script, release: KernelRelease): CompileResult {
  return compile({ source: { name, text }, kernel, target: profileFor(release), unsafe: true });
}

describe.each(RELEASES)('Linux %s', (release) => {
  test('has all that is made for it', { timeout: 60_000 }, () => {
    let compiled = 0;
    for (const script of scripts) {
      const { object, diagnostics } = compileFor(script, release);
      const broken = diagnostics.filter(({ message }) => message.startsWith('internal error'));
      expect(broken, script.name).toEqual([]);
      if (object === undefined) continue;
      compiled += 1;
      expect(foreign(object, profileFor(release)), script.name).toEqual([]);
    }
    expect(compiled).toBeGreaterThan(100);
  });
});

test.each(samples)('$name says the oldest kernel it runs on', (sample) => {
  const oldest = LADDER.find((release) => compileFor(sample, release).ok);
  expect(oldestKernel(sample.text)).toBe(oldest);
});
