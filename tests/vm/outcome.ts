/** What a run leaves behind, as far as engines and kernels can be compared. */
import type { LoadedImage, Machine } from '../../vm/index.ts';

export interface Outcome {
  /** Low half of r0, without sign. */
  readonly retval: number;
  /** `key=value` in hexadecimal, sorted, of CPU 0. */
  readonly maps: Readonly<Record<string, readonly string[]>>;
}

export function outcomeOf(machine: Machine, image: LoadedImage): Outcome {
  const maps: Record<string, readonly string[]> = {};
  for (const [name, map] of image.maps) {
    if (map.keySize === 0) continue;
    maps[name] = [...map.entries()]
      .map(({ key, value }) => `${key.toHex()}=${value.subarray(0, map.valueSize).toHex()}`)
      .sort();
  }
  return { retval: machine.registers[0]! >>> 0, maps };
}
