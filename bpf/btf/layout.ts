/**
 * How types lie in memory: sizes, alignments, where each member of a struct is, and the holes between. Types of an open
 * table never contain themselves, so that all of this ends.
 */
import type { Btf } from './btf.ts';
import { type BtfComposite, type BtfMember, type BtfType, isComposite, type TypeId } from './type.ts';

/** Past `const`, `volatile`, `restrict` and type tags. */
export function skipModifiers(btf: Btf, id: TypeId): TypeId {
  for (let current = id; ; ) {
    const type = btf.type(current);
    switch (type.kind) {
      case 'const':
      case 'volatile':
      case 'restrict':
      case 'type_tag':
        current = type.type;
        break;
      default:
        return current;
    }
  }
}

/** Past typedefs too: what the type really is (libbpf `skip_mods_and_typedefs`). */
export function skipTypedefs(btf: Btf, id: TypeId): TypeId {
  for (let current = id; ; ) {
    current = skipModifiers(btf, current);
    const type = btf.type(current);
    if (type.kind !== 'typedef') return current;
    current = type.type;
  }
}

/** Type of {@link skipTypedefs}. */
export function resolveType(btf: Btf, id: TypeId): BtfType {
  return btf.type(skipTypedefs(btf, id));
}

/** Bytes (libbpf `btf__resolve_size`); undefined for what has no size: void, functions, forward declarations. */
export function sizeOf(btf: Btf, id: TypeId): number | undefined {
  const type = resolveType(btf, id);
  switch (type.kind) {
    case 'int':
    case 'struct':
    case 'union':
    case 'enum':
    case 'enum64':
    case 'float':
    case 'datasec':
      return type.size;
    case 'ptr':
      return btf.pointerSize;
    case 'array': {
      const element = sizeOf(btf, type.element);
      const size = element === undefined ? undefined : element * type.count;
      return Number.isSafeInteger(size) ? size : undefined;
    }
    case 'var':
      return sizeOf(btf, type.type);
    default:
      return undefined;
  }
}

/**
 * Bytes (libbpf `btf__align_of`): 1 for a packed struct, undefined for what has no size. No number is aligned to more
 * than a pointer.
 */
export function alignOf(btf: Btf, id: TypeId): number | undefined {
  return new Alignments(btf).of(id);
}

/** Alignments met before are kept: a struct may be in another many times. */
class Alignments {
  readonly #btf: Btf;
  readonly #known: Map<TypeId, number> = new Map();

  constructor(btf: Btf) {
    this.#btf = btf;
  }

  of(id: TypeId): number | undefined {
    const type = resolveType(this.#btf, id);
    switch (type.kind) {
      case 'int':
      case 'enum':
      case 'enum64':
      case 'float':
        return Math.max(1, Math.min(this.#btf.pointerSize, type.size));
      case 'ptr':
        return this.#btf.pointerSize;
      case 'array':
        return this.of(type.element);
      case 'var':
        return this.of(type.type);
      case 'struct':
      case 'union': {
        const real = skipTypedefs(this.#btf, id);
        let align = this.#known.get(real);
        if (align === undefined) {
          align = this.isPacked(type) ? 1 : this.natural(type);
          this.#known.set(real, align);
        }
        return align;
      }
      default:
        return undefined;
    }
  }

  /** That of the most demanding member. */
  natural(type: BtfComposite): number {
    return type.members.reduce((most, member) => Math.max(most, this.of(member.type) ?? 1), 1);
  }

  isPacked(type: BtfComposite): boolean {
    const isOff = ({ bitOffset, bitSize, type: of }: BtfMember): boolean =>
      bitSize === 0 && bitOffset % (8 * (this.of(of) ?? 1)) !== 0;
    return type.members.some(isOff) || type.size % this.natural(type) !== 0;
  }
}

/** A member and where it is. */
export interface FieldLayout {
  /** Empty when anonymous. */
  readonly name: string;
  readonly type: TypeId;
  /** From the start of the aggregate; a bitfield's lowest in value on little endian, highest on big. */
  readonly bitOffset: number;
  /** Bits that it takes; 0 for a flexible array or an empty struct. */
  readonly bitSize: number;
  readonly bitfield: boolean;
  /** What to load to read it: bytes from the start of the aggregate. Of a bitfield, the aligned word it is in. */
  readonly storage: StorageUnit;
}

export interface StorageUnit {
  readonly offset: number;
  readonly size: number;
}

/** Bits that no member takes. */
export interface LayoutHole {
  readonly bitOffset: number;
  readonly bitSize: number;
}

export interface StructLayout {
  readonly kind: 'struct' | 'union';
  readonly name: string;
  readonly size: number;
  readonly align: number;
  /** Members are not where, or the size is not what, their alignment asks for. */
  readonly packed: boolean;
  /** In the order of declaration. */
  readonly fields: readonly FieldLayout[];
  /** Between members and after the last, ascending. */
  readonly holes: readonly LayoutHole[];
}

/** The layout of a struct or union, or what a typedef says is one; undefined for any other type. */
export function layoutOf(btf: Btf, id: TypeId): StructLayout | undefined {
  const type = resolveType(btf, id);
  if (!isComposite(type)) return undefined;
  const alignments = new Alignments(btf);
  const packed = alignments.isPacked(type);
  const fields = type.members.map((member) => fieldLayout(btf, member));
  return {
    kind: type.kind,
    name: type.name,
    size: type.size,
    align: packed ? 1 : alignments.natural(type),
    packed,
    fields,
    holes: holesOf(fields, type.size * 8),
  };
}

export function fieldLayout(btf: Btf, member: BtfMember): FieldLayout {
  const { name, type } = member;
  const size = sizeOf(btf, type) ?? 0;
  const bits = bitfieldOf(btf, member);
  if (bits === undefined) {
    const { bitOffset } = member;
    const storage = { offset: Math.floor(bitOffset / 8), size };
    return { name, type, bitOffset, bitSize: size * 8, bitfield: false, storage };
  }
  return { name, type, ...bits, bitfield: true, storage: storageOf(bits.bitOffset, bits.bitSize, size) };
}

/** Linux before 5.0 wrote bitfields as integers of few bits. */
function bitfieldOf(btf: Btf, { bitOffset, bitSize, type }: BtfMember): LayoutHole | undefined {
  if (bitSize !== 0) return { bitOffset, bitSize };
  const int = resolveType(btf, type);
  if (int.kind !== 'int' || (int.bits === int.size * 8 && int.bitOffset === 0)) return undefined;
  return { bitOffset: bitOffset + int.bitOffset, bitSize: int.bits };
}

/** The aligned word of the declared type's size, doubled while it does not hold all bits (libbpf `bpf_core_calc_field_relo`). */
function storageOf(bitOffset: number, bitSize: number, declared: number): StorageUnit {
  let size = Math.max(1, declared);
  let offset = Math.floor(bitOffset / 8 / size) * size;
  while (bitOffset + bitSize > (offset + size) * 8 && size < 8) {
    size *= 2;
    offset = Math.floor(bitOffset / 8 / size) * size;
  }
  return { offset, size };
}

function holesOf(fields: readonly FieldLayout[], bits: number): readonly LayoutHole[] {
  const holes: LayoutHole[] = [];
  let end = 0;
  const ordered = fields.toSorted((a, b) => a.bitOffset - b.bitOffset);
  for (const { bitOffset, bitSize } of ordered) {
    if (bitOffset > end) holes.push({ bitOffset: end, bitSize: bitOffset - end });
    end = Math.max(end, bitOffset + bitSize);
  }
  if (bits > end) holes.push({ bitOffset: end, bitSize: bits - end });
  return holes;
}
