/**
 * `npm run fuzz [-- --minutes N | --runs N] [--seed N]`: mutated recordings and mutated scripts in turns, until the time is
 * up or there were N of each. The same seed and number of runs is the same work. The first failure ends it with the seed
 * and the mutation. Without either it is one minute.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { compileTarget } from './compile-target.ts';
import { fuzzScripts } from './scripts.ts';
import { fuzzTraceDat } from './trace-dat.ts';

const ROUND = 250;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string' },
    runs: { type: 'string' },
    seed: { type: 'string', default: '1' },
  },
});

function number(name: string, text: string | undefined, fallback: number): number {
  const value = text === undefined ? fallback : Number(text);
  if (!(value >= 0)) throw new Error(`--${name} ${text}: use a number`);
  return value;
}

const until =
  values.runs === undefined
    ? performance.now() + number('minutes', values.minutes, 1) * 60_000
    : Number.POSITIVE_INFINITY;
const wanted = number('runs', values.runs, Number.POSITIVE_INFINITY);
const data = (name: string): Uint8Array => readFileSync(new URL(`../data/${name}`, import.meta.url));
const files = [new Uint8Array(data('trace.dat')), new Uint8Array(gunzipSync(data('trace-v6.dat.gz')))];
const target = compileTarget();
const started = performance.now();
const first = number('seed', values.seed, 1);
let seed = first;
let runs = 0;
let slowest = 0;
while (runs < wanted && performance.now() < until) {
  const round = Math.min(ROUND, wanted - runs);
  const recordings = await fuzzTraceDat(files, round, seed);
  const scripts = fuzzScripts({ seed, runs: round, target });
  slowest = Math.max(slowest, recordings.slowest, scripts.slowest);
  runs += round;
  seed++;
}
console.log(
  `${runs} mutated recordings and ${runs} mutated scripts, seeds ${first} to ${seed - 1}, in ${((performance.now() - started) / 1000).toFixed(0)} s: no failure; the slowest took ${slowest.toFixed(0)} ms`,
);
