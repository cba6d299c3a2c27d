/** Special fields of a map's value, by the name of their structure. */
import { skipTypedefs } from '../../bpf/btf/layout.ts';
import type { TypeId } from '../../bpf/btf/type.ts';
import type { VerifierMap } from '../map.ts';

/** How far into structures and arrays is looked. */
const DEEPEST = 8;

/** True when the value's structure has a member of that structure, however deep in plain structures and arrays. */
export function hasMapField({ types, btf }: VerifierMap, structure: string): boolean {
  if (types === undefined || btf === undefined) return false;
  // Level by level, so that a type that comes by twice was looked at as deeply as can be the first time.
  const seen = new Set<TypeId>([btf.value]);
  let level: readonly TypeId[] = [btf.value];
  for (let depth = 0; depth <= DEEPEST; depth++) {
    const next: TypeId[] = [];
    for (const id of level) {
      const type = types.type(skipTypedefs(types, id));
      if (type.kind === 'struct' && type.name === structure) return true;
      const parts = type.kind === 'struct' ? type.members.map((member) => member.type) : [];
      for (const part of type.kind === 'array' ? [type.element] : parts) {
        if (!seen.has(part)) next.push(part);
        seen.add(part);
      }
    }
    level = next;
  }
  return false;
}
