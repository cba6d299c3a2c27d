/**
 * `node scripts/compare-engines.ts --first N --count N [--size N] [--all-modes]`: random computations on every engine, held to the
 * strict reference interpreter, in number. Without `--all-modes` each engine but the judge runs them once, as trusted programs.
 */
import { parseArgs } from 'node:util';
import { EngineComparison } from '../tests/vm/engine-comparison.ts';
import { testEngines } from '../tests/vm/engines.ts';

const EVERY = 2000;

const { values } = parseArgs({
  options: {
    first: { type: 'string', default: '1' },
    count: { type: 'string', default: '1000' },
    size: { type: 'string', default: '30' },
    'all-modes': { type: 'boolean', default: false },
  },
});
const [first, count, size] = [values.first, values.count, values.size].map(Number) as [
  number,
  number,
  number,
];
const ONCE = ['resident, trusted', 'direct, trusted', 'binaryen, trusted'];
const engines = (await testEngines()).filter(
  ({ name }, index) => index === 0 || values['all-modes'] || ONCE.includes(name),
);
console.log(`engines: ${engines.map(({ name }) => name).join('; ')}`);
const comparison = new EngineComparison(engines, size);
const started = performance.now();
let compared = 0;
for (let seed = first; seed < first + count; seed++) {
  if (comparison.compare(seed)) compared++;
  if ((seed - first + 1) % EVERY !== 0 && seed !== first + count - 1) continue;
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  console.log(`seeds ${first} to ${seed}: ${compared} verified programs are alike, ${seconds} s`);
}
