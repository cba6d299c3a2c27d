/**
 * Code against LLVM's: what we make of each sample and of the scripts in `codegen/`, beside what real bpftrace 0.17 does, both
 * run in our interpreter over the same made events. Below 1 we take fewer. `--show NAME` prints both codes.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { printInstructions } from '../bpf/disasm/index.ts';
import type { KernelInfo } from '../bpf/kernel-info.ts';
import type { BpfObject } from '../bpf/object.ts';
import { profileFor } from '../bpf/profiles/index.ts';
import { hostBinaries } from '../runtime/node/host-binaries.ts';
import { bundledSnapshot, openSnapshotFile } from '../runtime/node/snapshot-file.ts';
import { VmFault } from '../vm/index.ts';
import { type Comparison, type Compilers, compareScript } from './codegen/comparison.ts';
import { Bpftrace } from './codegen/peer.ts';

const ROOT: string = join(import.meta.dirname, '..');
const FOLDERS: readonly string[] = ['samples', 'bench/codegen'];

type Compared = Comparison & { ok: true };

export async function run(options: {
  readonly json: boolean;
  readonly args: readonly string[];
}): Promise<void> {
  const missing = Bpftrace.missing();
  if (missing !== undefined) {
    process.stderr.write(`codegen: ${missing}\n`);
    process.exitCode = 1;
    return;
  }
  const snapshot = openSnapshotFile(bundledSnapshot('linux-6.1')!);
  const binaries = hostBinaries({ folder: ROOT, searchPath: process.env.PATH ?? '' });
  const kernel: KernelInfo = Object.create(snapshot, { binaries: { value: binaries } });
  const bpftrace = new Bpftrace(kernel.btf!.bytes());
  const show = options.args.indexOf('--show');
  const only = show < 0 ? undefined : options.args[show + 1];
  try {
    const compilers = { kernel, target: profileFor('6.1'), bpftrace };
    const results = scripts()
      .filter(({ name }) => only === undefined || name.includes(only))
      .map(({ name, text }) => compareOrTell(name, text, compilers));
    if (options.json) process.stdout.write(`${JSON.stringify(report(results))}\n`);
    else print(results, only !== undefined);
    if (!isAsGood(results)) process.exitCode = 1;
  } finally {
    bpftrace.close();
  }
}

/** A fault is one script's: the peer's maps are not as its code takes them. */
function compareOrTell(name: string, text: string, compilers: Compilers): Comparison {
  try {
    return compareScript(name, text, compilers);
  } catch (error) {
    if (!(error instanceof VmFault)) throw error;
    return { ok: false, name, reason: error.message };
  }
}

function scripts(): { readonly name: string; readonly text: string }[] {
  return FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.bt'))
      .sort()
      .map((name) => ({ name: name.slice(0, -3), text: readFileSync(join(ROOT, folder, name), 'utf8') })),
  );
}

/** Each script may take half as many instructions and calls more, all together none. */
const MOST = 1.5;

/** As good as LLVM's, and with the same results. */
function isAsGood(results: readonly Comparison[]): boolean {
  const compared = results.filter((one) => one.ok);
  const ratios = compared.map(ratiosOf);
  const means = geometricMeans(ratios);
  const isWithin = ({ executed, calls }: Ratios, most: number): boolean => executed <= most && calls <= most;
  return (
    compared.every(({ differences }) => differences.length === 0) &&
    ratios.every((one) => isWithin(one, MOST)) &&
    isWithin(means, 1)
  );
}

interface Ratios {
  readonly instructions: number;
  readonly executed: number;
  readonly calls: number;
}

function ratiosOf({ ours, theirs }: Compared): Ratios {
  return {
    instructions: ours.instructions / theirs.instructions,
    executed: ours.executed / theirs.executed,
    calls: theirs.calls === ours.calls ? 1 : ours.calls / theirs.calls,
  };
}

function geometricMeans(rows: readonly Ratios[]): Ratios {
  const mean = (values: readonly number[]): number =>
    Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
  return {
    instructions: mean(rows.map((row) => row.instructions)),
    executed: mean(rows.map((row) => row.executed)),
    calls: mean(rows.map((row) => row.calls)),
  };
}

function report(results: readonly Comparison[]): unknown {
  const compared = results.filter((one) => one.ok);
  return {
    scripts: compared.map(({ objects: _objects, ...rest }) => ({
      ...rest,
      ratios: ratiosOf({ ...rest, objects: _objects }),
    })),
    skipped: results.filter((one) => !one.ok),
    means: geometricMeans(compared.map(ratiosOf)),
  };
}

function print(results: readonly Comparison[], code: boolean): void {
  const write = (text: string): void => void process.stdout.write(`${text}\n`);
  const compared = results.filter((one) => one.ok);
  write(`${'script'.padEnd(34)} ${'static'.padStart(15)} ${'executed'.padStart(21)} ${'calls'.padStart(17)}`);
  for (const row of compared) {
    const { instructions, executed, calls } = ratiosOf(row);
    const cell = (ours: number, theirs: number, ratio: number, width: number): string =>
      `${ours}/${theirs} ${ratio.toFixed(2)}`.padStart(width);
    write(
      [
        row.name.padEnd(34),
        cell(row.ours.instructions, row.theirs.instructions, instructions, 15),
        cell(row.ours.executed, row.theirs.executed, executed, 21),
        cell(row.ours.calls, row.theirs.calls, calls, 17),
        ...(row.differences.length > 0 ? ['  DIFFERENT'] : []),
      ].join(' '),
    );
  }
  const means = geometricMeans(compared.map(ratiosOf));
  write(
    `geometric means of ${compared.length}: static ${means.instructions.toFixed(3)}, executed ${means.executed.toFixed(3)}, helper calls ${means.calls.toFixed(3)}`,
  );
  const most = (of: keyof Ratios): string => Math.max(...compared.map((row) => ratiosOf(row)[of])).toFixed(2);
  write(`most of one script: executed ${most('executed')}, helper calls ${most('calls')}`);
  for (const row of compared) for (const one of row.differences) write(`${row.name}: differs: ${one}`);
  for (const one of results) if (!one.ok) write(`${one.name}: not compared: ${one.reason}`);
  if (code) for (const { objects } of compared) write(`${listing(objects.ours)}\n${listing(objects.theirs)}`);
}

function listing({ name, programs, functions }: BpfObject): string {
  return [...programs, ...functions]
    .map((one) => `== ${name}: ${one.name}\n${printInstructions(one.instructions)}`)
    .join('\n');
}
