/**
 * The programs our compiler makes of samples and golden scripts, as cases for `compare-verifier.ts`:
 *
 *     node scripts/script-cases.ts OUT.json [RELEASE]
 */
import { writeFileSync } from 'node:fs';
import { coreTargetOf } from '../bpf/core/index.ts';
import type { KernelInfo } from '../bpf/kernel-info.ts';
import type { KernelRelease } from '../bpf/kernel-release.ts';
import { NEWEST_RELEASE, profileFor } from '../bpf/profiles/index.ts';
import { compile } from '../compiler/compile.ts';
import { createSimKernel } from '../runtime/sim/sim-kernel.ts';
import { goldenScripts, languageScripts, type Script, sampleScripts } from '../tests/scripts.ts';
import { snapshotOfHost } from '../tests/snapshot-of-host.ts';
import type { Case } from '../verifier/case/case.ts';
import { objectCases } from '../verifier/case/from-object.ts';
import { writeCases } from '../verifier/case/write.ts';

const [out, release = NEWEST_RELEASE] = process.argv.slice(2);
if (out === undefined) {
  console.error('usage: node scripts/script-cases.ts OUT.json [RELEASE]');
  process.exit(2);
}

function casesOf(script: Script, folder: string, kernel: KernelInfo): Case[] {
  const source = { name: script.name, text: script.text };
  const { params, env = {}, unsafe = false, warnReads = false } = script;
  const target = profileFor(release as KernelRelease);
  const { object } = compile({ source, kernel, target, params, env, unsafe, warnReads });
  const types = coreTargetOf(kernel);
  if (object === undefined) return [];
  return objectCases(object, types === undefined ? {} : { types }).flatMap(({ name, case: one }) =>
    one === undefined ? [] : [{ ...one, id: `${folder}/#${script.name}/${name}` }],
  );
}

const simulated = createSimKernel({ seed: 1, cpus: 2 }).describe();
const linux = snapshotOfHost();
const cases = [
  ...sampleScripts().flatMap((script) => casesOf(script, 'samples', linux)),
  ...goldenScripts().flatMap((script) => casesOf(script, 'golden', simulated)),
  ...languageScripts().flatMap((script) => casesOf(script, 'language', simulated)),
];
writeFileSync(out, writeCases(cases));
console.log(`${cases.length} programs`);
