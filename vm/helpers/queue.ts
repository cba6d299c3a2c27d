/** push, pop and peek: QUEUE and STACK maps, and BLOOM_FILTER's membership. */
import { EOPNOTSUPP } from '../errno.ts';
import { setResult } from '../helper-port.ts';
import type { Machine } from '../machine.ts';
import { entry, flagsArgument, type HelperEntry, mapArgument, memoryArgument } from './arguments.ts';

export function queueHelpers(machine: Machine): readonly HelperEntry[] {
  const take = (r: Int32Array, remove: boolean): void => {
    const map = mapArgument(machine, r, 1);
    // A bloom filter reads the value it is asked for, which a program may have in memory it cannot write.
    const writes = map.definition.type !== 'bloom_filter';
    const target = memoryArgument(machine, r, 2, map.layout.valueSize, writes);
    setResult(r, map.take?.(target, remove) ?? EOPNOTSUPP);
  };
  return [
    entry('map_push_elem', (r) => {
      const map = mapArgument(machine, r, 1);
      const value = memoryArgument(machine, r, 2, map.layout.valueSize);
      setResult(r, map.push?.(value, flagsArgument(r, 3)) ?? EOPNOTSUPP);
    }),
    entry('map_pop_elem', (r) => take(r, true)),
    entry('map_peek_elem', (r) => take(r, false)),
  ];
}
