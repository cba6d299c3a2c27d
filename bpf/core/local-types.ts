/**
 * The local types of an object's relocations: each struct with no more than the members that are accessed, at their
 * places. Compilers need not store what a kernel's header holds; loaders find members by name.
 */
import type { Btf } from '../btf/btf.ts';
import { BtfBuilder } from '../btf/builder.ts';
import { resolveType, skipTypedefs } from '../btf/layout.ts';
import { type BtfComposite, isComposite, type TypeId } from '../btf/type.ts';
import type { CoreRelocation } from './relocation.ts';

/** A type of one of several tables. */
export interface TypeIn {
  readonly btf: Btf;
  readonly id: TypeId;
}

export interface LocalTypes {
  readonly btf: Btf;
  /** The relocation with a type of {@link btf}. */
  localise(relocation: CoreRelocation): CoreRelocation;
}

/** `relocations` name their types by places in `roots`, and their members as those have them. */
export function localTypes(
  relocations: readonly CoreRelocation[],
  roots: readonly TypeIn[],
  endian: 'little' | 'big' = 'little',
): LocalTypes {
  const used = new UsedMembers();
  for (const { kind, type, access } of relocations) {
    const root = roots[type]!;
    used.note(root, kind.startsWith('field_') ? stepsOf(access) : []);
  }
  const cutter = new Cutter(used);
  const ids = roots.map((root) => cutter.root(root));
  const btf = cutter.builder.build({ pointerSize: 8, littleEndian: endian === 'little' });
  const localise = ({ kind, type, access }: CoreRelocation): CoreRelocation => {
    if (!kind.startsWith('field_')) return { kind, type: ids[type]!, access };
    return { kind, type: ids[type]!, access: used.renumber(roots[type]!, stepsOf(access)).join(':') };
  };
  return { btf, localise };
}

function stepsOf(access: string): readonly number[] {
  return access.split(':').map(Number);
}

/** Members by struct, whichever way it was come to. */
class UsedMembers {
  readonly #members: Map<Btf, Map<TypeId, Set<number>>> = new Map();

  note(root: TypeIn, steps: readonly number[]): void {
    this.#walk(root, steps, (composite, index) => {
      this.#of(composite).add(index);
      return index;
    });
  }

  /** The steps among the members that are left. */
  renumber(root: TypeIn, steps: readonly number[]): readonly number[] {
    return this.#walk(root, steps, (composite, index) => this.of(composite).indexOf(index));
  }

  /** Ascending. */
  of(composite: TypeIn): readonly number[] {
    return [...this.#of(composite)].sort((a, b) => a - b);
  }

  #of({ btf, id }: TypeIn): Set<number> {
    const table = ownerOf(btf, id);
    let types = this.#members.get(table);
    if (types === undefined) {
      types = new Map();
      this.#members.set(table, types);
    }
    let members = types.get(id);
    if (members === undefined) {
      members = new Set();
      types.set(id, members);
    }
    return members;
  }

  #walk(
    { btf, id: root }: TypeIn,
    steps: readonly number[],
    visit: (composite: TypeIn, index: number) => number,
  ): readonly number[] {
    let id = root;
    return steps.map((index, at) => {
      // The first step counts whole objects.
      if (at === 0) return index;
      id = skipTypedefs(btf, id);
      const type = btf.type(id);
      if (isComposite(type)) {
        const step = visit({ btf, id }, index);
        id = type.members[index]!.type;
        return step;
      }
      if (type.kind === 'array') id = type.element;
      return index;
    });
  }
}

/** Ids of a split table go on where its base ends: the base's types are one, whatever table they were come to by. */
function ownerOf(btf: Btf, id: TypeId): Btf {
  return btf.base !== undefined && id < btf.firstId ? ownerOf(btf.base, id) : btf;
}

class Cutter {
  readonly builder: BtfBuilder = new BtfBuilder();
  readonly #used: UsedMembers;
  readonly #copies: Map<Btf, Map<TypeId, TypeId>> = new Map();

  constructor(used: UsedMembers) {
    this.#used = used;
  }

  /** With the typedef around what has no name of its own. */
  root({ btf, id }: TypeIn): TypeId {
    const type = btf.type(id);
    if (type.kind === 'typedef') return this.builder.addTypedef(type.name, this.root({ btf, id: type.type }));
    return this.#copy(btf, id);
  }

  #copy(btf: Btf, id: TypeId): TypeId {
    const bare = skipTypedefs(btf, id);
    const type = btf.type(bare);
    switch (type.kind) {
      case 'struct':
      case 'union':
        return this.#struct(btf, bare, type);
      case 'int':
      case 'float':
      case 'enum':
      case 'enum64':
      case 'fwd':
        return this.builder.add(type);
      case 'ptr':
        return this.builder.addPointer(this.#target(btf, type.type));
      case 'array': {
        const index = this.builder.addInt('__ARRAY_SIZE_TYPE__', 4);
        return this.builder.addArray(this.#copy(btf, type.element), index, type.count);
      }
      default:
        return 0;
    }
  }

  /** Pointers are not followed: a name says what they are to. */
  #target(btf: Btf, id: TypeId): TypeId {
    const type = resolveType(btf, id);
    if (isComposite(type)) return type.name === '' ? 0 : this.builder.addForward(type.name, type.kind);
    return type.kind === 'fwd' || type.kind === 'int' ? this.builder.add(type) : 0;
  }

  #struct(btf: Btf, id: TypeId, type: BtfComposite): TypeId {
    const table = ownerOf(btf, id);
    let copies = this.#copies.get(table);
    if (copies === undefined) {
      copies = new Map();
      this.#copies.set(table, copies);
    }
    const known = copies.get(id);
    if (known !== undefined) return known;
    const members = this.#used.of({ btf, id }).map((index) => type.members[index]!);
    const kept = members.map((member) => ({ ...member, type: this.#copy(btf, member.type) }));
    const copy = this.builder.add({ ...type, members: kept });
    copies.set(id, copy);
    return copy;
  }
}
