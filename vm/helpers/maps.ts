/** Lookup, update and deletion of map elements (kernel/bpf/helpers.c). */
import { setResult } from '../helper-port.ts';
import type { Machine } from '../machine.ts';
import {
  entry,
  flagsArgument,
  type HelperEntry,
  mapArgument,
  memoryArgument,
  setPointer,
} from './arguments.ts';

export function mapHelpers(machine: Machine): readonly HelperEntry[] {
  return [
    entry('map_lookup_elem', (r) => {
      const map = mapArgument(machine, r, 1);
      const key = memoryArgument(machine, r, 2, map.layout.keySize);
      setPointer(r, map.lookup(key, machine.cpu));
    }),
    entry('map_update_elem', (r) => {
      const map = mapArgument(machine, r, 1);
      const key = memoryArgument(machine, r, 2, map.layout.keySize);
      const value = memoryArgument(machine, r, 3, map.layout.valueSize);
      setResult(r, map.update(key, value, flagsArgument(r, 4), machine.cpu));
    }),
    entry('map_delete_elem', (r) => {
      const map = mapArgument(machine, r, 1);
      setResult(r, map.delete(memoryArgument(machine, r, 2, map.layout.keySize)));
    }),
    entry('map_lookup_percpu_elem', (r) => {
      const map = mapArgument(machine, r, 1);
      const key = memoryArgument(machine, r, 2, map.layout.keySize);
      const cpu = r[6]! >>> 0;
      const exists = cpu < machine.cpus && map.layout.cpuStride > 0;
      setPointer(r, exists ? map.lookup(key, cpu) : 0);
    }),
  ];
}
