/** `node tests/fuzz/perf-data-run.ts [RUNS] [SEED]`: mutations of the perf.data recordings, with time and memory used. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { fuzzPerfData, PERF_RECORDINGS } from './perf-data.ts';

const [runs = '10000', seed = '1'] = process.argv.slice(2);
const files = PERF_RECORDINGS.map((name) => {
  const path = new URL(`../data/perf-data/${name}.data.gz`, import.meta.url);
  return new Uint8Array(gunzipSync(readFileSync(path)));
});
const started = performance.now();
const summary = await fuzzPerfData(files, Number(runs), Number(seed));
const seconds = (performance.now() - started) / 1000;
const mib = (size: number): string => `${(size / 2 ** 20).toFixed(1)} MiB`;
console.log(
  `${summary.runs} mutations in ${seconds.toFixed(1)} s: ${summary.errors} errors, ${summary.partial} partial, `,
);
console.log(`${summary.whole} whole; ${summary.records} records; slowest ${summary.slowest.toFixed(0)} ms`);
console.log(`waiting at once: at most ${mib(summary.peakBytes)}`);
console.log(`largest resident size of the process: ${mib(process.resourceUsage().maxRSS * 1024)}`);
