/** A random computation on the reference interpreter: what engines and kernels are held to. */
import { createMachine } from '../../vm/index.ts';
import { computation, fillInputs } from '../generators/computations/computation.ts';
import { type Outcome, outcomeOf } from './outcome.ts';

export function onReference(seed: number): Outcome {
  const machine = createMachine({ memoryLimit: 1 << 20 });
  const image = machine.load(computation(seed));
  fillInputs(seed, (key, value) => image.maps.get('a')!.update(key, value));
  machine.run(image.programs.get('main')!, 0, 0);
  return outcomeOf(machine, image);
}
