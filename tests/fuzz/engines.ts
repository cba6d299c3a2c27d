/** Random computations on all engines: any difference is a bug of one of them. */
import { EngineComparison } from '../vm/engine-comparison.ts';
import type { TestEngine } from '../vm/engines.ts';

export function enginesTarget(
  engines: readonly TestEngine[],
): (runs: number, seed: number) => { readonly slowest: number } {
  const comparison = new EngineComparison(engines);
  return (runs, seed) => {
    let slowest = 0;
    for (let i = 0; i < runs; i++) {
      const from = performance.now();
      comparison.compare(seed * 1_000_000 + i);
      slowest = Math.max(slowest, performance.now() - from);
    }
    return { slowest };
  };
}
