/**
 * Binaryen, loaded when it is wanted: it takes a third of a second and some 85 MB.
 *
 *     const newModule = await loadBinaryen({ optimise: 2 });
 *     const module = newModule();                        // a ModuleBuilder
 */
import { type BinaryenModule, type BinaryenOptions, binaryenModule } from './module.ts';

/** Makes empty modules. */
export type BinaryenFactory = () => BinaryenModule;

export async function loadBinaryen(options: BinaryenOptions = {}): Promise<BinaryenFactory> {
  const { default: binaryen } = await import('binaryen');
  return () => binaryenModule(binaryen, options);
}
