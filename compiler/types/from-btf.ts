/** C types of BTF as the language's types. Members of structs are converted when they are asked for. */
import type { Btf } from '../../bpf/btf/btf.ts';
import { alignOf, fieldLayout, resolveType, skipTypedefs } from '../../bpf/btf/layout.ts';
import type { BtfComposite, BtfEnum, BtfMember, BtfType, TypeId } from '../../bpf/btf/type.ts';
import { array, BOOL, INT8, integer, NONE, pointer, string } from './make.ts';
import { givenMembers, LazyMembers } from './members.ts';
import type { Bitfield, IntegerType, Member, PointerType, StructType, Type } from './type.ts';

type Space = PointerType['space'];

/** Pointers to pointers that are followed; hostile ones go in circles. */
const MOST_POINTERS = 8;

/**
 * The language's type of a C type; typedefs and modifiers are looked through. Pointers met lead to `space`, those tagged
 * `__user` to user memory. Char arrays are strings; what has no value here (functions, floats) is `none`. Structs are of
 * the kernel, and so relocatable, unless they are `own`: in the table of what the script itself defines.
 */
export function typeFromBtf(btf: Btf, id: TypeId, space: Space, own?: Btf): Type {
  return new Converter(btf, space, own).convert(id, 0);
}

/** The same type, its pointers and those of its members leading to another space. */
export function inSpace(type: Type, space: Space): Type {
  switch (type.kind) {
    case 'pointer':
      return { ...type, space, target: inSpace(type.target, space) };
    case 'array':
      return { ...type, element: inSpace(type.element, space) };
    case 'struct': {
      if (type.origin === undefined) return type;
      const { btf, id, relocatable } = type.origin;
      return typeFromBtf(btf, id, space, relocatable ? undefined : btf);
    }
    default:
      return type;
  }
}

class Converter {
  readonly #btf: Btf;
  readonly #space: Space;
  readonly #own: Btf | undefined;

  constructor(btf: Btf, space: Space, own: Btf | undefined) {
    this.#btf = btf;
    this.#space = space;
    this.#own = own;
  }

  convert(id: TypeId, pointers: number): Type {
    const type = resolveType(this.#btf, id);
    switch (type.kind) {
      case 'int':
        return integerType(type);
      case 'enum':
      case 'enum64':
        return enumType(type);
      case 'ptr':
        return this.#pointer(type.type, pointers);
      case 'array':
        return this.#array(type.element, type.count, pointers);
      case 'struct':
      case 'union':
        return this.#struct(namedId(this.#btf, id), type);
      case 'fwd':
        return declaredOnly(type.name, type.of);
      default:
        return NONE;
    }
  }

  #pointer(target: TypeId, pointers: number): PointerType {
    if (isUser(this.#btf, target) && this.#space !== 'user') {
      return new Converter(this.#btf, 'user', this.#own).#pointer(target, pointers);
    }
    return pointer(pointers >= MOST_POINTERS ? NONE : this.convert(target, pointers + 1), this.#space);
  }

  #array(element: TypeId, count: number, pointers: number): Type {
    const isText = isChar(resolveType(this.#btf, element));
    if (isText && count > 0) return string(count);
    const type = isText ? INT8 : this.convert(element, pointers);
    return type.kind === 'none' ? NONE : array(type, count);
  }

  #struct(id: TypeId, { kind, size, members }: BtfComposite): StructType {
    const [btf, own] = [ownerOf(this.#btf, id), this.#own];
    const source = {
      names: members.map(({ name }) => name),
      make: (at: number) => this.#member(members[at]!, size),
    };
    let align: StructType['align'] | undefined;
    return {
      kind: 'struct',
      tag: kind,
      name: btf.nameOf(id),
      size,
      // Asking for it walks all that is inside: most pointers are not followed.
      get align() {
        align ??= alignment(alignOf(btf, id));
        return align;
      },
      members: new LazyMembers(() => source),
      origin: { btf, id, relocatable: btf !== own },
    };
  }

  #member(member: BtfMember, structSize: number): Member {
    const { name, bitOffset, bitSize, bitfield, storage } = fieldLayout(this.#btf, member);
    const type = this.convert(member.type, 0);
    if (!bitfield) return { name, offset: Math.floor(bitOffset / 8), type };
    const word = wordOf(bitOffset, bitSize, storage, structSize);
    // No word holds it: a packed one of more than seven bytes.
    const isNumber = type.kind === 'integer' || type.kind === 'boolean';
    if (word === undefined || !isNumber) return { name, offset: storage.offset, type: NONE };
    return { name, type, ...word };
  }
}

function integerType(type: BtfType & { readonly kind: 'int' }): Type {
  if (type.encoding === 'bool' && type.size === 1) return BOOL;
  return isSize(type.size) ? integer(type.size, type.signed) : array(integer(1, false), type.size);
}

/** Enumerators of one value: the first one names it. */
export function enumType({ name, size, signed, values }: BtfEnum): IntegerType {
  const names = new Map<bigint, string>();
  for (const { name: word, value } of values) {
    const own = signed ? BigInt.asIntN(size * 8, value) : BigInt.asUintN(size * 8, value);
    if (!names.has(own)) names.set(own, word);
  }
  return { ...integer(isSize(size) ? size : 4, signed), enum: { name, values: names } };
}

/** The declared type's word, or the bytes the bits are in where the struct ends before that does. */
function wordOf(
  bitOffset: number,
  bits: number,
  storage: { readonly offset: number; readonly size: number },
  structSize: number,
): { readonly offset: number; readonly bitfield: Bitfield } | undefined {
  const end = bitOffset + bits;
  const isWord = end <= (storage.offset + storage.size) * 8 && storage.offset + storage.size <= structSize;
  const offset = isWord ? storage.offset : Math.floor(bitOffset / 8);
  const size = isWord ? storage.size : Math.ceil(end / 8) - offset;
  if (size > 8) return undefined;
  return { offset, bitfield: { storage: size, shift: bitOffset - offset * 8, bits } };
}

function isChar(type: BtfType): boolean {
  return type.kind === 'int' && type.size === 1 && (type.name === 'char' || type.encoding === 'char');
}

function isSize(size: number): size is 1 | 2 | 4 | 8 {
  return size === 1 || size === 2 || size === 4 || size === 8;
}

function alignment(align: number | undefined): 1 | 2 | 4 | 8 {
  return align === 2 || align === 4 || align === 8 ? align : 1;
}

/** Whether what a pointer leads to carries the kernel's `__user` tag. */
function isUser(btf: Btf, target: TypeId): boolean {
  for (let type = btf.type(target); ; type = btf.type(type.type)) {
    switch (type.kind) {
      case 'type_tag':
        if (type.name === 'user') return true;
        break;
      case 'const':
      case 'volatile':
      case 'restrict':
        break;
      default:
        return false;
    }
  }
}

/** The table that holds the type itself: a script's types stand over the kernel's. */
function ownerOf(btf: Btf, id: TypeId): Btf {
  return btf.base !== undefined && id < btf.firstId ? ownerOf(btf.base, id) : btf;
}

/** The struct itself, or the typedef next to it where it has no name: what another kernel knows it by. */
function namedId(btf: Btf, id: TypeId): TypeId {
  const bare = skipTypedefs(btf, id);
  let named = bare;
  for (let at = id; at !== bare; ) {
    const type = btf.type(at);
    if (type.kind === 'typedef') named = at;
    if (!('type' in type)) break;
    at = type.type;
  }
  return btf.nameOf(bare) === '' ? named : bare;
}

/** A type of which only the name is known. */
function declaredOnly(name: string, tag: 'struct' | 'union'): StructType {
  return { kind: 'struct', tag, name, size: 0, align: 1, members: givenMembers([]) };
}
