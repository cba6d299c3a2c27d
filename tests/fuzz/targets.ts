/** What `npm run fuzz` mutates: one row a reader. A new reader adds its row. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { judgeProblem } from '../linux/judge.ts';
import { testEngines } from '../vm/engines.ts';
import { btfExtTarget, btfTarget } from './btf.ts';
import { btfDumpTarget } from './btf-dump.ts';
import { fuzzBytes } from './bytes.ts';
import { checkTarget, formatTarget } from './check-target.ts';
import { compileTarget } from './compile-target.ts';
import { coreTarget } from './core.ts';
import { elfTarget, objectTarget } from './elf.ts';
import { enginesTarget } from './engines.ts';
import { linuxMapTarget, mapTarget } from './maps.ts';
import { pcapTarget } from './pcap.ts';
import { fuzzPerfData, PERF_RECORDINGS } from './perf-data.ts';
import { fuzzScriptSection } from './script-section.ts';
import { fuzzScripts } from './scripts.ts';
import { snapshotTarget } from './snapshot.ts';
import { textFuzzer } from './text.ts';
import { fuzzTraceDat } from './trace-dat.ts';
import { userBinaryTarget } from './user-binary.ts';
import { verifierBytesTarget } from './verifier-bytes.ts';
import { fuzzAgainstLinux, hasKernelTypes, LinuxFuzzer } from './verifier-linux.ts';
import { strictTarget } from './verifier-strict.ts';
import { writtenObjectTarget } from './written-objects.ts';

export interface FuzzTarget {
  readonly name: string;
  /** Mutates `runs` times; the same seed is the same work. @throws an Error that tells how to see a failure again */
  readonly run: (runs: number, seed: number) => Promise<{ readonly slowest: number }>;
}

const data = (name: string): Uint8Array => readFileSync(new URL(`../data/${name}`, import.meta.url));

export async function fuzzTargets(): Promise<readonly FuzzTarget[]> {
  const engines = enginesTarget(await testEngines());
  const optimised = enginesTarget(await testEngines(true));
  const recordings = [new Uint8Array(data('trace.dat')), new Uint8Array(gunzipSync(data('trace-v6.dat.gz')))];
  const perf = PERF_RECORDINGS.map((name) => new Uint8Array(gunzipSync(data(`perf-data/${name}.data.gz`))));
  const compile = compileTarget();
  const check = checkTarget();
  const layout = formatTarget();
  const core = coreTarget();
  const binaries = userBinaryTarget();
  const snapshots = snapshotTarget();
  const captures = pcapTarget();
  const elf = elfTarget();
  const objects = objectTarget();
  const written = writtenObjectTarget();
  const btf = btfTarget();
  const btfExt = btfExtTarget();
  const btfDump = btfDumpTarget();
  const texts = textFuzzer();
  const verifierBytes = verifierBytesTarget();
  const strict = strictTarget();
  return [
    { name: 'trace.dat', run: (runs, seed) => fuzzTraceDat(recordings, runs, seed) },
    { name: 'perf.data', run: (runs, seed) => fuzzPerfData(perf, runs, seed) },
    { name: 'pcap', run: (runs, seed) => fuzzBytes(captures, runs, seed) },
    { name: 'texts', run: async (runs, seed) => texts.texts(runs, seed) },
    { name: 'reports', run: async (runs, seed) => texts.reports(runs, seed) },
    { name: 'print formats', run: async (runs, seed) => texts.printFormats(runs, seed) },
    { name: 'BTF', run: (runs, seed) => fuzzBytes(btf, runs, seed) },
    { name: 'BTF.ext', run: (runs, seed) => fuzzBytes(btfExt, runs, seed) },
    { name: 'BTF dump', run: (runs, seed) => fuzzBytes(btfDump, runs, seed) },
    { name: 'scripts', run: async (runs, seed) => fuzzScripts({ seed, runs, target: compile }) },
    { name: 'check', run: async (runs, seed) => fuzzScripts({ seed, runs, target: check }) },
    { name: 'fmt', run: async (runs, seed) => fuzzScripts({ seed, runs, target: layout }) },
    { name: 'core', run: (runs, seed) => fuzzBytes(core, runs, seed) },
    { name: 'ELF', run: (runs, seed) => fuzzBytes(elf, runs, seed) },
    { name: 'script section', run: (runs, seed) => fuzzScriptSection(runs, seed) },
    { name: 'written objects', run: (runs, seed) => fuzzBytes(written, runs, seed) },
    { name: 'objects', run: (runs, seed) => fuzzBytes(objects, runs, seed) },
    { name: 'user binaries', run: (runs, seed) => fuzzBytes(binaries, runs, seed) },
    { name: 'snapshots', run: (runs, seed) => fuzzBytes(snapshots, runs, seed) },
    { name: 'verifier-bytes', run: async (runs, seed) => verifierBytes(runs, seed) },
    { name: 'maps', run: mapTarget() },
    { name: 'verifier-strict', run: async (runs, seed) => strict(runs, seed) },
    { name: 'engines', run: async (runs, seed) => engines(runs, seed) },
    // Each program takes binaryen's passes a tenth of a second.
    { name: 'engines-optimised', run: async (runs, seed) => optimised(Math.ceil(runs / 20), seed) },
    ...linuxTargets(),
  ];
}

/** Where this machine's kernel can be asked. */
function linuxTargets(): readonly FuzzTarget[] {
  const problem = judgeProblem() ?? (hasKernelTypes() ? undefined : 'its kernel has no BTF');
  if (problem !== undefined) {
    console.log(`verifier-linux skipped: ${problem}`);
    return [];
  }
  const fuzzer = new LinuxFuzzer();
  const maps = linuxMapTarget();
  return [
    ...(maps === undefined ? [] : [{ name: 'maps-linux', run: maps }]),
    { name: 'verifier-linux', run: (runs, seed) => fuzzAgainstLinux(fuzzer, runs, seed) },
  ];
}
