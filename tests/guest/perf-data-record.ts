/**
 * `node tests/guest/perf-data-record.ts`: makes the recordings of tests/data/perf-data in a guest, with perf of the host, and
 * beside each what `perf script` says of it there, where the programs and the kernel's symbols are at hand.
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { boot } from './boot.ts';
import { run } from './command.ts';
import { buildImage } from './image.ts';
import type { Job, JobResult } from './job.ts';
import { findKernel } from './kernel.ts';
import { installPackages } from './packages.ts';

const TARGET = new URL('../data/perf-data/', import.meta.url).pathname;

/** Where the linker puts programs that are not position-independent. */
const WORKLOAD_BASE = 0x400000n;

interface Variant {
  readonly name: string;
  /** After `perf record -N`. */
  readonly options: string;
  /** After `-o -`, through `cat`. */
  readonly pipe?: boolean;
  /** Fields of its samples: a CPU is told only where it was recorded. */
  readonly cpu?: boolean;
  readonly rounds: number;
  /** Keeps what the tracepoints say, too. */
  readonly fields?: boolean;
}

const SCHED =
  '-e sched:sched_switch,sched:sched_process_fork,sched:sched_process_exec,sched:sched_process_exit,task:task_rename';

const VARIANTS: readonly Variant[] = [
  { name: 'sched-stacks', options: `-a -g ${SCHED}`, rounds: 2, fields: true },
  { name: 'zstd', options: '-z -a -g -e raw_syscalls:sys_enter,raw_syscalls:sys_exit', rounds: 40 },
  { name: 'pipe', options: `-a -g ${SCHED} -e cpu-clock`, pipe: true, rounds: 2 },
  { name: 'pipe-zstd', options: '-z -a -e raw_syscalls:sys_enter', pipe: true, rounds: 20 },
  { name: 'cpu-clock', options: '-F 1999 -g -e cpu-clock', cpu: false, rounds: 20 },
  {
    name: 'per-thread',
    options: '--per-thread -T -g -e sched:sched_switch -e page-faults',
    cpu: false,
    rounds: 2,
  },
  { name: 'one-event', options: '-e syscalls:sys_enter_prctl', cpu: false, rounds: 2 },
  {
    name: 'group',
    options: "-F 1999 -g -e '{cpu-clock,page-faults,context-switches}:S'",
    cpu: false,
    rounds: 8,
  },
  {
    name: 'everything',
    options:
      '-F 1999 --call-graph dwarf,512 -I -d -W --data-page-size --code-page-size --phys-data --all-cgroups --namespaces -e cpu-clock',
    cpu: false,
    rounds: 30,
  },
  {
    name: 'mono',
    options: '-k mono --buildid-mmap -a -g -e sched:sched_process_exec,sched:sched_switch',
    rounds: 2,
  },
  { name: 'lost', options: '-m 1 -a -e raw_syscalls:sys_enter,raw_syscalls:sys_exit', rounds: 90 },
];

function jobOf(variant: Variant): Job {
  const { name, options, rounds, pipe = false, cpu = true } = variant;
  const fields = `comm,pid,tid,${cpu ? 'cpu,' : ''}time,event`;
  const output = pipe
    ? `-o - /usr/bin/workload ${rounds} | cat > ${name}.data`
    : `-o ${name}.data /usr/bin/workload ${rounds}`;
  const command = [
    'cp /proc/kallsyms kallsyms',
    `perf record -N ${options} ${output}`,
    `perf script --ns -i ${name}.data -F ${fields} > samples.txt`,
    `perf script --ns -i ${name}.data -F tid,time,event,ip,sym,symoff,dso > stacks.txt`,
    variant.fields === true
      ? `perf script -i ${name}.data -F comm,event,trace > fields.txt`
      : 'touch fields.txt',
    `perf report -i ${name}.data -D 2>/dev/null | grep -o '[:] PERF_RECORD_[A-Z0-9_]*' | sort | uniq -c > records.txt`,
    `ls -l ${name}.data`,
  ].join('\n');
  return { name, command, limit: 120 };
}

async function buildWorkload(folder: string): Promise<string> {
  const source = new URL('perf-data-workload.c', import.meta.url).pathname;
  const path = join(folder, 'workload');
  await run('gcc', [
    '-O1',
    '-fno-omit-frame-pointer',
    '-fno-optimize-sibling-calls',
    '-static',
    '-no-pie',
    '-pthread',
    '-Wl,--build-id',
    '-o',
    path,
    source,
  ]);
  return path;
}

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

async function keep(variant: Variant, result: JobResult, workload: string): Promise<void> {
  const read = (name: string): Promise<Buffer> => readFile(join(result.folder, name));
  const data = await read(`${variant.name}.data`);
  const stacks = (await read('stacks.txt')).toString();
  const addresses = addressesIn(stacks);
  const kernel = symbolsOf(
    (await read('kallsyms')).toString(),
    addresses.filter((address) => address >> 63n === 1n),
  );
  const { stdout } = await run('nm', ['-n', workload]);
  const user = symbolsOf(
    stdout,
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
const variants = VARIANTS.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
const packages = await installPackages(['linux-perf']);
if (packages.kind === 'unavailable') throw new Error(packages.reason);
const scratch = await mkdtemp(join(tmpdir(), 'perf-data-'));
const workload = await buildWorkload(scratch);
const image = await buildImage({
  programs: ['perf'],
  extra: new Map([['/usr/bin/workload', { kind: 'file', from: workload }]]),
});
const { folder, jobs } = await boot({
  kernel: await findKernel(),
  image,
  jobs: variants.map(jobOf),
  outputBytes: 512 * 1024 * 1024,
});
await mkdir(TARGET, { recursive: true });
for (const [index, variant] of variants.entries()) {
  const result = jobs[index]!;
  console.log(`== ${variant.name}: ended with ${result.exitCode}\n${result.stdout}${result.stderr}`);
  await keep(variant, result, workload).catch((error: unknown) => console.log(String(error)));
}
await rm(folder, { recursive: true });
await rm(scratch, { recursive: true });
