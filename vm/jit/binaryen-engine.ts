/** The JIT's optimising back end. binaryen takes some 400 ms and 85 MB to load, so that only who asks for it does. */
import type { EngineFactory } from '../engine.ts';
import type { BinaryenOptions } from '../wasm/binaryen/module.ts';
import { JitEngine } from './engine.ts';

/** Compiles with binaryen, with the passes of -O2 unless told. */
export async function binaryenEngine(options: BinaryenOptions = { optimise: 2 }): Promise<EngineFactory> {
  const { loadBinaryen } = await import('../wasm/binaryen/load.ts');
  const newModule = await loadBinaryen(options);
  return (machine) => new JitEngine(machine, 'binaryen', newModule);
}
