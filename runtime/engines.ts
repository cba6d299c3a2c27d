/** Engines by the names that `--jit` takes. Each is loaded only when it is asked for. */
import type { EngineFactory } from '../vm/index.ts';

/**
 * - `auto`: what is fastest from the first event on
 * - `off`: the reference interpreter, which checks each access by what it is to
 * - the others: one engine, and the reference interpreter for programs that it cannot run
 */
export const ENGINE_CHOICES = ['auto', 'off', 'direct', 'binaryen'] as const;

export type EngineChoice = (typeof ENGINE_CHOICES)[number];

export function isEngineChoice(name: string): name is EngineChoice {
  return ENGINE_CHOICES.some((choice) => choice === name);
}

/** Undefined: the reference interpreter. */
export async function engineFor(choice: EngineChoice): Promise<EngineFactory | undefined> {
  switch (choice) {
    case 'off':
      return undefined;
    case 'auto':
    case 'direct': {
      const { directEngine } = await import('../vm/jit/engine.ts');
      return directEngine;
    }
    case 'binaryen': {
      const { binaryenEngine } = await import('../vm/jit/binaryen-engine.ts');
      return binaryenEngine();
    }
  }
}
