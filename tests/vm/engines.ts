/** The engines there are, each in the modes it has: what tests of results run on. */
import {
  createMachine,
  type EngineFactory,
  type Machine,
  type MachineOptions,
  type MemoryMode,
} from '../../vm/index.ts';
import { binaryenEngine, directEngine } from '../../vm/jit/engine.ts';

export interface TestEngine {
  readonly name: string;
  readonly mode: MemoryMode;
  machine(options?: MachineOptions): Machine;
}

interface Row {
  readonly name: string;
  readonly factory?: EngineFactory;
  readonly modes: readonly MemoryMode[];
}

/** The first is the strict reference interpreter. */
export async function testEngines(): Promise<readonly TestEngine[]> {
  const rows: readonly Row[] = [
    { name: 'reference', modes: ['strict', 'checked', 'trusted'] },
    { name: 'direct', factory: directEngine, modes: ['checked', 'trusted'] },
    { name: 'binaryen', factory: await binaryenEngine({ optimise: 0 }), modes: ['checked', 'trusted'] },
  ];
  return rows.flatMap(({ name, factory, modes }) =>
    modes.map((mode) => ({
      name: `${name}, ${mode}`,
      mode,
      machine: (options = {}) => createMachine({ ...options, mode, ...(factory && { engine: factory }) }),
    })),
  );
}
