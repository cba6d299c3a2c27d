/** What a loader does about maps that hold other maps and programs: libbpf's `init_prog_array_slots` and its like. */
import type { MapDefinition, MapSlot } from '../../bpf/maps.ts';
import { EINVAL } from '../errno.ts';
import { LoadError } from '../fault.ts';
import type { Program } from '../program.ts';
import { programId } from './handles.ts';
import { ProgArrayMap } from './prog-array-map.ts';
import type { UserMap } from './user-map.ts';

/** Fills the slots that definitions name. Throws LoadError. */
export function fillSlots(
  definitions: readonly MapDefinition[],
  maps: ReadonlyMap<string, UserMap>,
  programs: ReadonlyMap<string, Program>,
): void {
  for (const { name, type, slots = [] } of definitions) {
    // Those of a `struct_ops` are functions inside its value.
    if (type === 'struct_ops') continue;
    for (const slot of slots) {
      const map = maps.get(name)!;
      const id = targetId(slot, maps, programs);
      const why = `map ${name}: slot ${slot.index}`;
      if (id === undefined) throw new LoadError(`${why} names '${slot.target.name}', which is not there`);
      const result = map.syscalls.update(number(slot.index, map.keySize), number(id, 4), 0);
      if (result !== 0) throw new LoadError(`${why} cannot hold '${slot.target.name}'`, result);
    }
  }
}

function targetId(
  { target }: MapSlot,
  maps: ReadonlyMap<string, UserMap>,
  programs: ReadonlyMap<string, Program>,
): number | undefined {
  if (target.kind === 'program') {
    const program = programs.get(target.name);
    return program === undefined ? undefined : programId(program);
  }
  return maps.get(target.name)?.id;
}

/** Linux refuses a program whose tail calls go through an array of programs of another type. Throws LoadError. */
export function checkTailCalls(program: Program, maps: ReadonlyMap<string, UserMap>): void {
  for (const { ref } of program.instructions) {
    const map = ref?.kind === 'map' ? maps.get(ref.name)?.map : undefined;
    if (map instanceof ProgArrayMap && !map.admits(program.type)) {
      const name = map.definition.name;
      throw new LoadError(`${program.name}: map ${name} holds programs of another type`, EINVAL);
    }
  }
}

/** Little endian, in `size` bytes. */
function number(value: number, size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  const word = new Uint8Array(4);
  new DataView(word.buffer).setUint32(0, value, true);
  bytes.set(word.subarray(0, size));
  return bytes;
}
