/** Special fields at the top of a map's value, by the name of their structure. */

import { skipTypedefs } from '../../bpf/btf/layout.ts';
import type { VerifierMap } from '../map.ts';

/** True when the value's structure has a member of that structure, however deep in plain structures and arrays. */
export function hasMapField(map: VerifierMap, structure: string): boolean {
  if (map.types === undefined || map.btf === undefined) return false;
  return contains(map, map.btf.value, structure, 0);
}

function contains(map: VerifierMap, id: number, structure: string, depth: number): boolean {
  const btf = map.types!;
  const type = btf.type(skipTypedefs(btf, id));
  if (type.kind === 'array' && depth <= 8) return contains(map, type.element, structure, depth + 1);
  if (type.kind !== 'struct' || depth > 8) return false;
  if (type.name === structure) return true;
  return type.members.some((member) => contains(map, member.type, structure, depth + 1));
}
