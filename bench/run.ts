/** `npm run bench -- NAME [--json]`: runs one benchmark of this folder. Each prints ratios against a named peer. */
import { readdirSync } from 'node:fs';

/** What a benchmark file exports. */
export interface Benchmark {
  run(options: { readonly json: boolean; readonly args: readonly string[] }): Promise<void>;
}

const NOT_BENCHMARKS = new Set(['run.ts', 'measure.ts']);
const names = readdirSync(new URL('.', import.meta.url))
  .filter((file) => file.endsWith('.ts') && !NOT_BENCHMARKS.has(file))
  .map((file) => file.slice(0, -3));

const args = process.argv.slice(2);
const name = args.find((arg) => !arg.startsWith('-'));
if (name === undefined || !names.includes(name)) {
  process.stderr.write(`usage: npm run bench -- NAME [--json]; NAME is one of ${names.join(', ')}\n`);
  process.exitCode = 1;
} else {
  const benchmark = (await import(`./${name}.ts`)) as Benchmark;
  await benchmark.run({
    json: args.includes('--json'),
    args: args.filter((arg) => arg !== name && arg !== '--json'),
  });
}
