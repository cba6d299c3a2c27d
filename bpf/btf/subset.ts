/**
 * A smaller table with what some types need and no more: a kernel's types cut to what tracing reaches. Where pointers
 * lead too far away, structs become forward declarations.
 */
import type { Btf } from './btf.ts';
import { mergeBtf } from './merge.ts';
import { readBtf } from './read.ts';
import { mapReferences, typeReferences } from './references.ts';
import { StringSectionBuilder } from './string-section-builder.ts';
import { type BtfType, isComposite, type TypeId } from './type.ts';
import { writeBtf } from './write.ts';

export interface SubsetBtfOptions {
  /**
   * How many pointers away from a root a struct may be and keep its members; those behind more become declarations. 0:
   * the roots and what is in them by value. Without it all that pointers lead to is taken.
   */
  readonly pointerDepth?: number;
}

export interface SubsetBtf {
  readonly btf: Btf;
  /** What a type has become; undefined when it was left out. */
  idOf(id: TypeId): TypeId | undefined;
}

/** The outcome has no base; types stay in order, and tags of declarations go with what they tag. */
export function subsetBtf(btf: Btf, roots: Iterable<TypeId>, options: SubsetBtfOptions = {}): SubsetBtf {
  const { pointerDepth = Number.POSITIVE_INFINITY } = options;
  const distances = distancesFrom(btf, roots, pointerDepth);
  const ids = new Map<TypeId, TypeId>([[0, 0]]);
  const taken = [...distances.keys()].filter((id) => id !== 0).sort((a, b) => a - b);
  for (const id of taken) ids.set(id, ids.size);
  const types = taken.map((id) => {
    const type = btf.type(id);
    if (distances.get(id)! > pointerDepth && isDeclarable(type)) return declarationOf(type);
    return mapReferences(type, (target) => ids.get(target)!);
  });
  const cut = readBtf(writeBtf(types, new StringSectionBuilder(), btf.littleEndian), {
    pointerSize: btf.pointerSize,
  });
  // Structs of one name that are far away are one declaration now. None may become the definition of another.
  const merged = mergeBtf([{ btf: cut }], { resolveForwards: false });
  return {
    btf: merged.btf,
    idOf: (id) => {
      const place = ids.get(id);
      return place === undefined ? undefined : merged.idOf(0, place);
    },
  };
}

type Declarable = BtfType & { readonly kind: 'struct' | 'union' };

function isDeclarable(type: BtfType): type is Declarable {
  return isComposite(type) && type.name !== '';
}

function declarationOf({ kind, name }: Declarable): BtfType {
  return { kind: 'fwd', name, of: kind };
}

/** Of all types needed, how many pointers away the nearest root is. */
function distancesFrom(btf: Btf, roots: Iterable<TypeId>, most: number): ReadonlyMap<TypeId, number> {
  const distances = new Map<TypeId, number>();
  let now = [...roots];
  for (let distance = 0; now.length > 0; distance++) {
    const next: TypeId[] = [];
    while (now.length > 0) {
      const id = now.pop()!;
      if (distances.has(id)) continue;
      const type = btf.type(id);
      distances.set(id, distance);
      if (distance > most && isDeclarable(type)) continue;
      const further = type.kind === 'ptr' ? next : now;
      for (const target of typeReferences(type)) if (!distances.has(target)) further.push(target);
    }
    now = next;
  }
  addTags(btf, distances, most);
  return distances;
}

/** Tags refer to what they tag, and nothing refers to them. What became a declaration has no members to tag. */
function addTags(btf: Btf, distances: Map<TypeId, number>, most: number): void {
  for (let id = 1; id < btf.end; id++) {
    if (btf.kindOf(id) !== 'decl_tag' || distances.has(id)) continue;
    const target = typeReferences(btf.type(id))[0]!;
    const distance = distances.get(target);
    if (distance === undefined || (distance > most && isDeclarable(btf.type(target)))) continue;
    distances.set(id, distance);
  }
}
