/** The engines there are, each in the modes it has: what tests of results run on. */
import {
  createMachine,
  type EngineFactory,
  type Machine,
  type MachineOptions,
  type MemoryMode,
} from '../../vm/index.ts';
import { binaryenEngine } from '../../vm/jit/binaryen-engine.ts';
import { directEngine } from '../../vm/jit/engine.ts';
import { residentEngine } from '../../vm/resident/engine.ts';
import { tiered } from '../../vm/tiered.ts';

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

/** Promoted at the second run. */
const TIERED: EngineFactory = tiered({ first: residentEngine, better: directEngine, runs: 2 });

const OPTIMISED = (factory: EngineFactory): Row => ({ name: 'binaryen -O2', factory, modes: ['trusted'] });

/** The first is the strict reference interpreter. `optimised`: with binaryen's passes too, which take long. */
export async function testEngines(optimised = false): Promise<readonly TestEngine[]> {
  const rows: readonly Row[] = [
    { name: 'reference', modes: ['strict', 'checked', 'trusted'] },
    { name: 'resident', factory: residentEngine, modes: ['checked', 'trusted'] },
    { name: 'direct', factory: directEngine, modes: ['checked', 'trusted'] },
    { name: 'binaryen', factory: await binaryenEngine({ optimise: 0 }), modes: ['checked', 'trusted'] },
    { name: 'resident, then direct', factory: TIERED, modes: ['trusted'] },
    ...(optimised ? [OPTIMISED(await binaryenEngine())] : []),
  ];
  return rows.flatMap(({ name, factory, modes }) =>
    modes.map((mode) => ({
      name: `${name}, ${mode}`,
      mode,
      machine: (options = {}) => createMachine({ ...options, mode, ...(factory && { engine: factory }) }),
    })),
  );
}
