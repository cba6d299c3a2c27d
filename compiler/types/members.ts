/** Members of structs: found by name, through anonymous structs and unions as C does. */
import type { Member, Members } from './type.ts';

/** How one struct tells of its members: names at once, the rest when it is asked for. */
export interface MemberSource {
  readonly names: readonly string[];
  make(index: number): Member;
}

/** Members are made when they are asked for, each once. */
export class LazyMembers implements Members {
  readonly #source: () => MemberSource;
  readonly #made: Map<number, Member> = new Map();
  readonly #found: Map<string, Member | undefined> = new Map();
  #known: MemberSource | undefined;

  constructor(source: () => MemberSource) {
    this.#source = source;
  }

  list(): readonly Member[] {
    return this.#all().map((_, index) => this.#at(index));
  }

  find(name: string): Member | undefined {
    if (!this.#found.has(name)) this.#found.set(name, this.#search(name));
    return this.#found.get(name);
  }

  names(): readonly string[] {
    const own = this.#all().flatMap((name, index) => {
      if (name !== '') return [name];
      const { type } = this.#at(index);
      return type.kind === 'struct' ? type.members.names() : [];
    });
    return [...new Set(own)];
  }

  #all(): readonly string[] {
    this.#known ??= this.#source();
    return this.#known.names;
  }

  #at(index: number): Member {
    let member = this.#made.get(index);
    if (member === undefined) {
      this.#known ??= this.#source();
      member = this.#known.make(index);
      this.#made.set(index, member);
    }
    return member;
  }

  #search(name: string): Member | undefined {
    if (name === '') return undefined;
    for (const [index, own] of this.#all().entries()) {
      if (own === name) return this.#at(index);
      if (own !== '') continue;
      const { offset, type } = this.#at(index);
      const inner = type.kind === 'struct' ? type.members.find(name) : undefined;
      if (inner !== undefined) return { ...inner, offset: offset + inner.offset };
    }
    return undefined;
  }
}

/** Members that are there. */
export function givenMembers(list: readonly Member[]): Members {
  return new LazyMembers(() => ({ names: list.map(({ name }) => name), make: (index) => list[index]! }));
}
