/**
 * Sizes and alignments of types as a compiler will see them in the text we write: a struct written `packed` has alignment
 * 1 whatever its source said. What BTF says of sizes and offsets is the truth; packing, alignment and padding are chosen
 * so that the compiler comes to the same.
 */
import type { Btf } from '../btf.ts';
import { resolveType } from '../layout.ts';
import type { BtfComposite, BtfMember, TypeId } from '../type.ts';
import { UndumpableType, type Work } from './work.ts';

export interface Shape {
  /** Bytes. */
  readonly size: number;
  /** Bytes; a power of two. */
  readonly align: number;
}

/** What a struct or union must be written with. */
export interface CompositeShape extends Shape {
  readonly packed: boolean;
  /** `aligned(N)`; 0 when none is needed. */
  readonly aligned: number;
  /** A union larger than its members whatever its alignment. */
  readonly filled: boolean;
}

/** A member in bits. */
export interface Slot {
  readonly offset: number;
  /** Width of a bitfield; 0 when it is none. */
  readonly width: number;
  /** Size and alignment of its type, bits. */
  readonly size: number;
  readonly align: number;
}

const MAX_ALIGN = 16;

export class Shapes {
  readonly #btf: Btf;
  readonly #work: Work;
  readonly #known = new Map<TypeId, Shape>();
  readonly #composites = new Map<TypeId, CompositeShape>();
  readonly #open = new Set<TypeId>();

  constructor(btf: Btf, work: Work) {
    this.#btf = btf;
    this.#work = work;
  }

  /** @throws UndumpableType when a type contains itself */
  of(id: TypeId): Shape {
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    if (this.#open.has(id)) throw new UndumpableType(id, 'the type contains itself');
    this.#work.step(id);
    this.#open.add(id);
    try {
      const shape = this.#work.nested(id, () => this.#measure(id));
      this.#known.set(id, shape);
      return shape;
    } finally {
      this.#open.delete(id);
    }
  }

  composite(id: TypeId, type: BtfComposite): CompositeShape {
    const known = this.#composites.get(id);
    if (known !== undefined) return known;
    this.of(id);
    return this.#composites.get(id) ?? this.#compositeOf(id, type);
  }

  slot(member: BtfMember): Slot {
    const { size, align } = this.of(member.type);
    return { ...bitsOf(this.#btf, member), size: size * 8, align: align * 8 };
  }

  #measure(id: TypeId): Shape {
    const type = this.#btf.type(id);
    switch (type.kind) {
      case 'ptr':
        return { size: this.#btf.pointerSize, align: this.#btf.pointerSize };
      case 'int':
      case 'enum':
      case 'enum64':
      case 'float':
        return { size: type.size, align: naturalAlign(type.size, this.#btf.pointerSize) };
      case 'array': {
        const element = this.of(type.element);
        return { size: element.size * type.count, align: element.align };
      }
      case 'typedef':
      case 'const':
      case 'volatile':
      case 'restrict':
      case 'type_tag':
      case 'var':
      case 'decl_tag':
        return this.of(type.type);
      case 'struct':
      case 'union':
        return this.#compositeOf(id, type);
      case 'datasec':
        return { size: type.size, align: 1 };
      case 'void':
      case 'fwd':
      case 'func':
      case 'func_proto':
        return { size: 0, align: 1 };
      default:
        return type satisfies never;
    }
  }

  #compositeOf(id: TypeId, type: BtfComposite): CompositeShape {
    this.#work.step(id, type.members.length);
    const slots = type.members.map((member) => this.slot(member));
    const natural = slots.reduce((most, slot) => Math.max(most, slot.align), 8) / 8;
    const packed = type.size % natural !== 0 || slots.some(isMisplaced);
    const align = packed ? 1 : natural;
    const plain = { size: type.size, align, packed, aligned: 0, filled: false };
    const shape = type.kind === 'struct' ? plain : padUnion(plain, slots);
    this.#composites.set(id, shape);
    return shape;
  }
}

/** Offset and width of a member in bits. Before Linux 5.0 a bitfield's place was in its integer type. */
export function bitsOf(btf: Btf, member: BtfMember): { readonly offset: number; readonly width: number } {
  if (member.bitSize > 0) return { offset: member.bitOffset, width: member.bitSize };
  const type = resolveType(btf, member.type);
  if (type.kind !== 'int' || (type.bits === type.size * 8 && type.bitOffset === 0)) {
    return { offset: member.bitOffset, width: 0 };
  }
  return { offset: member.bitOffset + type.bitOffset, width: type.bits };
}

/** Where only a packed struct may have it: off its alignment, or a bitfield across the bounds of its type. */
function isMisplaced(slot: Slot): boolean {
  if (slot.width === 0) return slot.offset % slot.align !== 0;
  return (slot.offset % slot.align) + slot.width > slot.size;
}

/** A union cannot be padded between members: an alignment or one more member makes it larger. */
function padUnion(plain: CompositeShape, slots: readonly Slot[]): CompositeShape {
  const used = slots.reduce((most, slot) => Math.max(most, slot.width || slot.size), 0) / 8;
  if (roundUp(used, plain.align) >= plain.size) return plain;
  for (let align = plain.align * 2; !plain.packed && align <= 4096; align *= 2) {
    if (roundUp(used, align) === plain.size) return { ...plain, align, aligned: align };
  }
  return { ...plain, filled: true };
}

export function roundUp(value: number, unit: number): number {
  return Math.ceil(value / unit) * unit;
}

/** 32-bit machines of BTF's world align 64-bit numbers to their words, as libbpf takes it. */
function naturalAlign(size: number, pointerSize: number): number {
  const most = pointerSize === 4 ? 4 : MAX_ALIGN;
  let align = 1;
  while (align * 2 <= most && size % (align * 2) === 0 && align < size) align *= 2;
  return align;
}
