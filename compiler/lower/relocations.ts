/**
 * Places in kernel structs as relocations. While programs are made a relocation's `type` counts the roots kept here;
 * `localTypes` turns it into a type of the object once all of them are known.
 */

import type { Btf } from '../../bpf/btf/btf.ts';
import type { TypeId } from '../../bpf/btf/type.ts';
import { fieldRelocation, typeRelocation } from '../../bpf/core/access.ts';
import type { TypeIn } from '../../bpf/core/local-types.ts';
import type { CoreRelocation, CoreRelocationKind } from '../../bpf/core/relocation.ts';
import type { TypeOrigin } from '../types/type.ts';

type FieldKind = Extract<CoreRelocationKind, `field_${string}`>;

export class RelocationRoots {
  readonly #roots: TypeIn[] = [];
  readonly #known: Map<Btf, Map<TypeId, number>> = new Map();

  list(): readonly TypeIn[] {
    return this.#roots;
  }

  field({ btf, id }: TypeOrigin, path: string, kind: FieldKind): CoreRelocation {
    return this.#rooted(btf, fieldRelocation(btf, id, path, kind));
  }

  size({ btf, id }: TypeOrigin): CoreRelocation {
    return this.#rooted(btf, typeRelocation(btf, id, 'type_size'));
  }

  #rooted(btf: Btf, { kind, type: id, access }: CoreRelocation): CoreRelocation {
    let ids = this.#known.get(btf);
    if (ids === undefined) {
      ids = new Map();
      this.#known.set(btf, ids);
    }
    let type = ids.get(id);
    if (type === undefined) {
      type = this.#roots.push({ btf, id }) - 1;
      ids.set(id, type);
    }
    return { kind, type, access };
  }
}
