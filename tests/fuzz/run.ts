/**
 * `npm run fuzz [-- --minutes N | --runs N] [--seed N] [--only NAME]`: mutated files and scripts, each target in turn, until
 * the time is up or each had N runs. The same seed and number of runs is the same work. The first failure ends it with
 * the seed and the mutation. Without either it is one minute.
 */
import { parseArgs } from 'node:util';
import { fuzzTargets } from './targets.ts';

const ROUND = 250;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string' },
    runs: { type: 'string' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
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
const all = await fuzzTargets();
const targets = all.filter(({ name }) => values.only === undefined || name === values.only);
if (targets.length === 0) {
  throw new Error(`--only ${values.only}: use one of ${all.map(({ name }) => name).join(', ')}`);
}
const started = performance.now();
const first = number('seed', values.seed, 1);
const slowest = new Map(targets.map(({ name }) => [name, 0]));
let seed = first;
let runs = 0;
while (runs < wanted && performance.now() < until) {
  const round = Math.min(ROUND, wanted - runs);
  for (const { name, run } of targets) {
    slowest.set(name, Math.max(slowest.get(name)!, (await run(round, seed)).slowest));
  }
  runs += round;
  seed++;
}
const seconds = ((performance.now() - started) / 1000).toFixed(0);
console.log(
  `${runs} mutations of each, seeds ${first} to ${seed - 1}, in ${seconds} s: no failure; the slowest:`,
);
for (const [name, milliseconds] of slowest) console.log(`  ${name}: ${milliseconds.toFixed(0)} ms`);
