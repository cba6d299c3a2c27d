/**
 * `npm run fuzz [-- --minutes N] [--seed N]`: mutated recordings and mutated scripts in turns, until the time is up. The
 * first failure ends it with the seed and the mutation. Without `--minutes` it is one minute.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { compileTarget } from './compile-target.ts';
import { fuzzScripts } from './scripts.ts';
import { fuzzTraceDat } from './trace-dat.ts';

const ROUND = 500;

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '1' }, seed: { type: 'string', default: '1' } },
});
const until = performance.now() + Number(values.minutes) * 60_000;
const recording = new Uint8Array(readFileSync(new URL('../data/trace.dat', import.meta.url)));
let seed = Number(values.seed);
let recordings = 0;
let scripts = 0;
while (performance.now() < until) {
  recordings += (await fuzzTraceDat([recording], ROUND, seed)).runs;
  scripts += fuzzScripts({ seed, runs: ROUND, target: compileTarget() }).runs;
  seed++;
}
console.log(
  `${recordings} mutated recordings, ${scripts} mutated scripts, up to seed ${seed - 1}: no failure`,
);
