/** `node tests/fuzz/trace-dat-run.ts [RUNS] [SEED] [FILE]`: mutations of one recording, with time and memory used. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { fuzzTraceDat } from './trace-dat.ts';

const [runs = '10000', seed = '1', path = fileURLToPath(new URL('../data/trace.dat', import.meta.url))] =
  process.argv.slice(2);
const bytes = readFileSync(path);
const file = new Uint8Array(path.endsWith('.gz') ? gunzipSync(bytes) : bytes);
const started = performance.now();
const summary = await fuzzTraceDat([file], Number(runs), Number(seed));
const seconds = (performance.now() - started) / 1000;
const mib = (size: number): string => `${(size / 2 ** 20).toFixed(1)} MiB`;
console.log(
  `${summary.runs} mutations in ${seconds.toFixed(1)} s: ${summary.errors} errors, ${summary.partial} partial, `,
);
console.log(`${summary.whole} whole; ${summary.records} records; slowest ${summary.slowest.toFixed(0)} ms`);
console.log(
  `decompressed at once: at most ${mib(summary.peakBytes)}, ${(summary.peakBytes / file.length).toFixed(2)} times the file`,
);
console.log(`largest resident size of the process: ${mib(process.resourceUsage().maxRSS * 1024)}`);
