/**
 * `node tests/guest/perf-data-record.ts [NAME...]`: makes the recordings of tests/data/perf-data in a guest, with perf of the
 * host, and keeps beside each what `perf script` says of it there, where the programs and the kernel's symbols are at hand.
 */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { JobResult } from './job.ts';
import { findKernel } from './kernel.ts';
import { installPackages } from './packages.ts';
import { PERF_VARIANTS, type PerfVariant, recordInGuest } from './perf-data-recordings.ts';

const TARGET = new URL('../data/perf-data/', import.meta.url).pathname;

/** Where the linker puts programs that are not position-independent. */
const WORKLOAD_BASE = 0x400000n;

/** Of the symbols, those that an address of the stacks is in: the last ones at or before it. */
function symbolsOf(text: string, addresses: readonly bigint[]): string {
  const symbols = text
    .split('\n')
    .flatMap((line) =>
      /^[0-9a-f]+ [tTwW] /.test(line) ? [{ address: BigInt(`0x${line.split(' ')[0]}`), line }] : [],
    )
    .sort((a, b) => (a.address < b.address ? -1 : a.address > b.address ? 1 : 0));
  const wanted = new Set<string>();
  for (const address of addresses) {
    const next = symbols.findIndex((symbol) => symbol.address > address);
    for (const { line } of symbols.slice(Math.max(0, next - 4), next + 1)) wanted.add(line);
  }
  return [...wanted].sort().join('\n');
}

/** Addresses in the kernel, and those in the workload: perf tells the latter as offsets in its file. */
function addressesIn(stacks: string): bigint[] {
  const frames = [...stacks.matchAll(/^\s+([0-9a-f]+) .*\((.*)\)$/gm)];
  const wanted = frames.filter((match) => match[1]!.length === 16 || match[2] === '/usr/bin/workload');
  return wanted.map((match) => BigInt(`0x${match[1]}`) + (match[1]!.length === 16 ? 0n : WORKLOAD_BASE));
}

async function keep(variant: PerfVariant, result: JobResult, symbols: string): Promise<void> {
  const read = (name: string): Promise<Buffer> => readFile(join(result.folder, name));
  const data = await read(`${variant.name}.data`);
  const stacks = (await read('stacks.txt')).toString();
  const addresses = addressesIn(stacks);
  const kernel = symbolsOf(
    (await read('kallsyms')).toString(),
    addresses.filter((address) => address >> 63n === 1n),
  );
  const user = symbolsOf(
    symbols,
    addresses.filter((address) => address < 2n ** 32n),
  );
  const write = async (name: string, content: Uint8Array | string): Promise<void> => {
    const packed = gzipSync(content, { level: 9 });
    console.log(`${name}: ${content.length} bytes, ${packed.length} packed`);
    await writeFile(join(TARGET, `${name}.gz`), packed);
  };
  await write(`${variant.name}.data`, data);
  const samples = await read('samples.txt');
  const chains = variant.options.includes('-g ') ? { stacks, kernel, user } : {};
  const parts = { samples, fields: await read('fields.txt'), ...chains };
  for (const [part, content] of Object.entries(parts)) {
    if (content.length > 0) await write(`${variant.name}.${part}.txt`, content);
  }
  console.log((await read('records.txt')).toString());
}

const wanted = process.argv.slice(2);
const variants = PERF_VARIANTS.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
const packages = await installPackages(['linux-perf']);
if (packages.kind === 'unavailable') throw new Error(packages.reason);
const { boot, symbols } = await recordInGuest(await findKernel(), variants);
await mkdir(TARGET, { recursive: true });
for (const [index, variant] of variants.entries()) {
  const result = boot.jobs[index]!;
  console.log(`== ${variant.name}: ended with ${result.exitCode}\n${result.stdout}${result.stderr}`);
  await keep(variant, result, symbols).catch((error: unknown) => console.log(String(error)));
}
await rm(boot.folder, { recursive: true });
