/**
 * Records the cases of tests/cases/bpftrace: runs every command with the real bpftrace in a booted guest and writes
 * what it answered back into the case files. What the newer language answers is the author's and is kept.
 *
 *     node scripts/golden-bpftrace.ts [--unrecorded] [FILE.txt ...]    record all, or only cases never recorded
 *     node scripts/golden-bpftrace.ts --exceptions                     only rewrite EXCEPTIONS.md
 */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { boot } from '../tests/guest/boot.ts';
import { buildImage } from '../tests/guest/image.ts';
import type { JobResult } from '../tests/guest/job.ts';
import { findKernel } from '../tests/guest/kernel.ts';
import { installPackages, packageVersion } from '../tests/guest/packages.ts';
import { type Outcome, type RecordedCase, withoutBanner } from '../tests/recorded/case.ts';
import { printExceptions } from '../tests/recorded/exceptions.ts';
import {
  EXCEPTIONS_FILE,
  type NamedCaseFile,
  namedCases,
  readCaseFiles,
  writeCaseFile,
} from '../tests/recorded/folder.ts';

/** The kernel of the distribution that ships bpftrace 0.17. */
const KERNEL_SERIES = '6.1.';
const SECONDS_PER_CASE = 30;

async function main(args: readonly string[]): Promise<void> {
  const names = args.filter((arg) => !arg.startsWith('--'));
  if (!args.includes('--exceptions')) {
    const files = readCaseFiles().filter(({ file }) => names.length === 0 || names.includes(file));
    const wanted = (golden: RecordedCase): boolean => !args.includes('--unrecorded') || !golden.recorded;
    for (const file of await record(files, wanted)) writeCaseFile(file);
  }
  await writeFile(EXCEPTIONS_FILE, printExceptions(namedCases(readCaseFiles())));
}

async function record(
  files: readonly NamedCaseFile[],
  wanted: (golden: RecordedCase) => boolean,
): Promise<readonly NamedCaseFile[]> {
  const packages = await installPackages(['bpftrace']);
  if (packages.kind === 'unavailable') throw new Error(packages.reason);
  const kernel = await findKernel(KERNEL_SERIES);
  const recorder = `bpftrace ${await packageVersion('bpftrace')}, Linux ${kernel.release}`;
  const cases = files.flatMap((file) => file.cases.filter(wanted));
  const image = await buildImage({ programs: ['bpftrace'] });
  const result = await boot({ kernel, image, jobs: cases.map(caseJob) });
  const outcomes = new Map(
    await Promise.all(
      cases.map(async (golden, index) => [golden, await outcome(result.jobs[index]!)] as const),
    ),
  );
  await rm(result.folder, { recursive: true });
  console.log(`${cases.length} cases recorded with ${recorder}`);
  return files.map((file) => ({
    ...file,
    recorder,
    cases: file.cases.map((golden) => update(golden, outcomes)),
  }));
}

function caseJob({ name, command, script }: RecordedCase): {
  readonly name: string;
  readonly command: string;
  readonly files: Readonly<Record<string, Uint8Array>>;
  readonly limit: number;
} {
  const files = { 'script.bt': Buffer.from(script, 'latin1') };
  return { name, command: `${command}\n`, files, limit: SECONDS_PER_CASE };
}

async function outcome({ name, folder, exitCode }: JobResult): Promise<Outcome> {
  if (exitCode === 137) throw new Error(`case "${name}" was killed after ${SECONDS_PER_CASE} s`);
  // Not the decoded text of the result: output need not be UTF-8.
  const read = (stream: string): Promise<string> => readFile(join(folder, stream), 'latin1');
  return { stdout: withoutBanner(await read('stdout')), stderr: await read('stderr'), exitCode };
}

function update(golden: RecordedCase, outcomes: ReadonlyMap<RecordedCase, Outcome>): RecordedCase {
  const recorded = outcomes.get(golden);
  return recorded === undefined ? golden : { ...golden, recorded };
}

await main(process.argv.slice(2));
