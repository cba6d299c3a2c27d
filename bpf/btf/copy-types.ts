/**
 * Copies types of a table, with all that they refer to, into a builder: what is there already is not added again, unless
 * it refers to itself (then `deduplicateBtf` of the outcome finds it).
 */
import type { Btf } from './btf.ts';
import type { BtfBuilder } from './builder.ts';
import { mapReferences, typeReferences } from './references.ts';
import type { TypeId } from './type.ts';

/** A type whose references are being walked. */
interface Frame {
  readonly id: TypeId;
  readonly references: readonly TypeId[];
  next: number;
  /** Order of arrival of the earliest type on the stack that it reaches. */
  low: number;
}

/** Remembers what it copied: the same type twice is one. */
export class TypeCopier {
  readonly #builder: BtfBuilder;
  readonly #from: Btf;
  readonly #copies: Map<TypeId, TypeId> = new Map([[0, 0]]);
  /** Order of arrival of types that are on the way. */
  readonly #arrivals: Map<TypeId, number> = new Map();
  readonly #stack: TypeId[] = [];

  constructor(builder: BtfBuilder, from: Btf) {
    this.#builder = builder;
    this.#from = from;
  }

  /** The copy's id in the builder. @throws RangeError when there is no such type */
  copy(id: TypeId): TypeId {
    if (!this.#copies.has(id)) this.#walk(id);
    return this.#copies.get(id)!;
  }

  /** Tarjan's strongly connected components: what refers to itself is found whole, after all else it refers to. */
  #walk(root: TypeId): void {
    const frames: Frame[] = [this.#arrive(root)];
    for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
      const target = frame.references[frame.next++];
      if (target === undefined) {
        frames.pop();
        const parent = frames.at(-1);
        if (parent !== undefined) parent.low = Math.min(parent.low, frame.low);
        if (frame.low === this.#arrivals.get(frame.id)) this.#leave(frame);
        continue;
      }
      if (this.#copies.has(target)) continue;
      const arrival = this.#arrivals.get(target);
      if (arrival === undefined) frames.push(this.#arrive(target));
      else frame.low = Math.min(frame.low, arrival);
    }
  }

  #arrive(id: TypeId): Frame {
    const low = this.#arrivals.size;
    this.#arrivals.set(id, low);
    this.#stack.push(id);
    return { id, references: typeReferences(this.#from.type(id)), next: 0, low };
  }

  /** Copies a component: the stack from `first` on. */
  #leave({ id: first, references }: Frame): void {
    const ids = this.#stack.splice(this.#stack.lastIndexOf(first)).sort((a, b) => a - b);
    if (ids.length === 1 && !references.includes(first)) {
      this.#copies.set(first, this.#builder.add(this.#mapped(first)));
      return;
    }
    for (const id of ids) this.#copies.set(id, this.#builder.reserve());
    for (const id of ids) this.#builder.define(this.#copies.get(id)!, this.#mapped(id));
  }

  #mapped(id: TypeId): ReturnType<typeof mapReferences> {
    return mapReferences(this.#from.type(id), (target) => this.#copies.get(target)!);
  }
}
