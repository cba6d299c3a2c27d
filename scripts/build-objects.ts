/**
 * `node scripts/build-objects.ts [FOLDER]`: compiles the corpus of BPF objects of tests/objects. With `--fixtures` it
 * makes tests/data/objects anew: those that are kept for tests without a compiler, stripped of debug information.
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildCorpus } from '../tests/objects/corpus.ts';

const KEPT = [
  'addresses',
  'array-of-maps',
  'callbacks',
  'core-context',
  'core-fields',
  'data',
  'data.big',
  'foreign',
  'global-functions',
  'kconfig',
  'kconfig.big',
  'kfuncs',
  'legacy-maps',
  'link-main',
  'linked',
  'printk',
  'program-array',
  'programs',
  'programs.plain',
  'strings',
  'struct-ops',
  'subprograms',
];

const path = (name: string): string => fileURLToPath(new URL(`../${name}`, import.meta.url));
const { values, positionals } = parseArgs({
  options: { fixtures: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const [folder = path('node_modules/.cache/bpf-objects')] = positionals;
const objects = await buildCorpus(folder);
console.log(`${objects.size} objects in ${folder}`);
if (values.fixtures) {
  for (const name of KEPT) {
    const fixture = join(path('tests/data/objects'), `${name}.o`);
    execFileSync('llvm-strip', ['-g', '-o', fixture, objects.get(`${name}.o`)!]);
  }
}
