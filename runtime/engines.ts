/** Engines by the names that `--jit` takes. Each is loaded only when it is asked for. */
import type { EngineFactory } from '../vm/index.ts';

/**
 * - `auto`: the interpreter in WebAssembly at first, compiled once it has run {@link FIRST_RUNS} times
 * - `off`: the reference interpreter, which checks each access by what it is to
 * - the others: one engine, and the reference interpreter for programs that it cannot run
 */
export const ENGINE_CHOICES = ['auto', 'off', 'resident', 'direct', 'binaryen'] as const;

/** Runs after which code of its own pays for a program. */
const FIRST_RUNS = 100;

export type EngineChoice = (typeof ENGINE_CHOICES)[number];

export function isEngineChoice(name: string): name is EngineChoice {
  return ENGINE_CHOICES.some((choice) => choice === name);
}

/** Undefined: the reference interpreter. */
export async function engineFor(choice: EngineChoice): Promise<EngineFactory | undefined> {
  switch (choice) {
    case 'off':
      return undefined;
    case 'auto': {
      const [{ residentEngine }, { directEngine }, { tiered }] = await Promise.all([
        import('../vm/resident/engine.ts'),
        import('../vm/jit/engine.ts'),
        import('../vm/tiered.ts'),
      ]);
      return tiered({ first: residentEngine, better: directEngine, runs: FIRST_RUNS });
    }
    case 'resident':
      return (await import('../vm/resident/engine.ts')).residentEngine;
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
