/** Which types of a table something refers to. */
import type { Btf } from '../btf.ts';
import { typeReferences } from '../references.ts';

/** By id: 1 where some type of the table refers to it; prototypes excepted. */
export function referencedTypes(btf: Btf): Uint8Array {
  const referenced = new Uint8Array(btf.end);
  for (let id = 1; id < btf.end; id++) {
    // A third of a kernel's types, and all they refer to are prototypes.
    if (btf.kindOf(id) === 'func') continue;
    for (const target of typeReferences(btf.type(id))) referenced[target] = 1;
  }
  return referenced;
}
