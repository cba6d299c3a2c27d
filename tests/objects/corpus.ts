/**
 * The corpus of BPF objects: the C sources beside this file, compiled by clang with several flags, and two of them
 * linked by bpftool. `buildCorpus` makes them all in a folder.
 */
import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, join, relative, resolve } from 'node:path';
import { promisify } from 'node:util';

export interface CorpusObject {
  /** File name of the object: the source's, and after a dot what is unusual about it. */
  readonly name: string;
  readonly source: string;
  /** Of clang. */
  readonly flags: readonly string[];
  /** Why libbpf 1.1 on this machine does not open it. */
  readonly refused?: 'byte order' | 'legacy maps' | 'no types' | 'other file';
}

/** The object that bpftool links of two others. */
export const LINKED = { name: 'linked.o', parts: ['link-main.o', 'link-library.o'] } as const;

const USUAL = ['-g', '-O2'] as const;
const V3 = [...USUAL, '-mcpu=v3'] as const;

/** What is compiled in more ways than one. */
const VARIANTS: Readonly<Record<string, readonly string[]>> = {
  v1: [...USUAL, '-mcpu=v1'],
  v2: [...USUAL, '-mcpu=v2'],
  v3: V3,
  O1: ['-g', '-O1'],
  plain: ['-O2'],
  big: [...USUAL, '-target', 'bpfeb'],
};

const VARIED: readonly string[] = [
  'callbacks',
  'checksum',
  'data',
  'loops',
  'programs',
  'strings',
  'subprograms',
  'switches',
];
const BIG: readonly string[] = [
  'array-of-maps',
  'core-fields',
  'kconfig',
  'kfuncs',
  'ksyms',
  'program-array',
];

/** All objects but {@link LINKED}, by name. */
export function corpus(): readonly CorpusObject[] {
  return sources().flatMap((source) => {
    const base = basename(source, '.c');
    const usual = object(base, source, base === 'atomics' ? V3 : USUAL);
    const ways = VARIED.includes(base) ? Object.keys(VARIANTS) : BIG.includes(base) ? ['big'] : [];
    return [usual, ...ways.map((way) => object(`${base}.${way}`, source, VARIANTS[way]!))];
  });
}

/** Compiles what is older than its source; the path of each object by its name, {@link LINKED} too. */
export async function buildCorpus(folder: string): Promise<ReadonlyMap<string, string>> {
  mkdirSync(folder, { recursive: true });
  const objects = corpus();
  const waiting = objects.filter(({ name, source }) => isOlder(join(folder, name), source));
  const work = async (): Promise<void> => {
    for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) await compile(one, folder);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  link(folder);
  return new Map([...objects.map(({ name }) => name), LINKED.name].map((name) => [name, join(folder, name)]));
}

/** Why the corpus cannot be built here, or undefined. */
export function corpusReason(): string | undefined {
  for (const tool of ['clang', 'bpftool']) {
    try {
      execFileSync(tool, ['--version'], { stdio: 'ignore' });
    } catch {
      return `no ${tool}`;
    }
  }
  return existsSync('/usr/include/bpf/bpf_helpers.h') ? undefined : 'no libbpf headers';
}

function sources(): readonly string[] {
  return readdirSync(import.meta.dirname)
    .filter((name) => name.endsWith('.c'))
    .sort()
    .map((name) => join(import.meta.dirname, name));
}

function object(base: string, source: string, flags: readonly string[]): CorpusObject {
  const refused = refusal(base, flags);
  return { name: `${base}.o`, source, flags, ...(refused === undefined ? {} : { refused }) };
}

function refusal(base: string, flags: readonly string[]): CorpusObject['refused'] {
  if (flags.includes('bpfeb')) return 'byte order';
  if (base.startsWith('legacy-')) return 'legacy maps';
  if (base === 'link-main') return 'other file';
  const usesMaps = base.startsWith('callbacks') || base.startsWith('strings');
  return !flags.includes('-g') && usesMaps ? 'no types' : undefined;
}

function isOlder(file: string, source: string): boolean {
  return !existsSync(file) || statSync(file).mtimeMs < statSync(source).mtimeMs;
}

const run = promisify(execFile);

async function compile({ name, source, flags }: CorpusObject, folder: string): Promise<void> {
  const target = flags.includes('-target') ? [] : ['-target', 'bpf'];
  const include = `-I/usr/include/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu`;
  // Line info names sources as this project does, wherever it is.
  const root = join(import.meta.dirname, '../..');
  const words = [...target, ...flags, '-Wall', '-fdebug-compilation-dir=.', include];
  await run('clang', [...words, '-c', relative(root, source), '-o', resolve(folder, name)], { cwd: root });
}

function link(folder: string): void {
  const parts = LINKED.parts.map((name) => join(folder, name));
  const file = join(folder, LINKED.name);
  if (parts.some((part) => isOlder(file, part))) execFileSync('bpftool', ['gen', 'object', file, ...parts]);
}
