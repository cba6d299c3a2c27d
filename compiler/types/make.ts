/**
 * Constructors of {@link Type}: the one place where sizes and offsets are computed (x86-64 C layout).
 */
import type {
  ArrayType,
  BooleanType,
  BufferType,
  IntegerType,
  NoneType,
  OpaqueType,
  PointerType,
  StackType,
  StringType,
  TupleType,
  Type,
} from './type.ts';

export const BOOL: BooleanType = { kind: 'boolean', size: 1 };
export const NONE: NoneType = { kind: 'none', size: 0 };
export const INT8: IntegerType = { kind: 'integer', size: 1, signed: true };
export const INT64: IntegerType = { kind: 'integer', size: 8, signed: true };
export const UINT32: IntegerType = { kind: 'integer', size: 4, signed: false };
export const UINT64: IntegerType = { kind: 'integer', size: 8, signed: false };
/** What `++` alone makes of a map: wide, and ready to adopt the sign of anything else assigned. */
export const COUNTER: IntegerType = { kind: 'integer', size: 8, signed: true, flexible: true };

export const MACADDR: OpaqueType = { kind: 'macaddr', size: 6 };
export const USERNAME: OpaqueType = { kind: 'username', size: 8 };
/** Family and address: as bpftrace counts their sizes. */
export const INET4: OpaqueType = { kind: 'inet', size: 12 };
export const INET6: OpaqueType = { kind: 'inet', size: 24 };

export function integer(size: 1 | 2 | 4 | 8, signed: boolean): IntegerType {
  return { kind: 'integer', size, signed };
}

/** The smallest signed type of a literal; above INT64_MAX uint64. Non-negative literals are sign flexible. */
export function literalType(value: bigint): IntegerType {
  if (value > 0x7fff_ffff_ffff_ffffn) return UINT64;
  const magnitude = value < 0n ? -value - 1n : value;
  const size = magnitude < 0x80n ? 1 : magnitude < 0x8000n ? 2 : magnitude < 0x8000_0000n ? 4 : 8;
  return { kind: 'integer', size, signed: true, ...(value >= 0n && { flexible: true }) };
}

export function string(size: number): StringType {
  return { kind: 'string', size };
}

/** Of up to `length` bytes. */
export function buffer(length: number): BufferType {
  return { kind: 'buffer', size: 4 + length };
}

export function pointer(target: Type, space: PointerType['space'], own?: true): PointerType {
  return { kind: 'pointer', size: 8, target, space, ...(own && { own }) };
}

export function array(element: Type, count: number): ArrayType {
  return { kind: 'array', size: element.size * count, element, count };
}

/** C layout: each element at its alignment, the whole padded to the largest one. */
export function tuple(elements: readonly { readonly name?: string; readonly type: Type }[]): TupleType {
  let offset = 0;
  let align = 1;
  const placed = elements.map(({ name, type }) => {
    const own = alignOf(type);
    align = Math.max(align, own);
    const at = roundUp(offset, own);
    offset = at + type.size;
    return { offset: at, type, ...(name !== undefined && { name }) };
  });
  return { kind: 'tuple', size: roundUp(offset, align), elements: placed };
}

/** Frames a stack may be asked for. */
export const MAX_FRAMES = 1024;

export function stack(kind: StackType['kind'], mode: StackType['mode'], limit: number): StackType {
  return { kind, size: kind === 'kstack' ? 8 : 16, mode, limit };
}

/** 1, 2, 4 or 8. */
export function alignOf(type: Type): 1 | 2 | 4 | 8 {
  switch (type.kind) {
    case 'integer':
      return type.size;
    case 'boolean':
    case 'string':
    case 'none':
      return 1;
    case 'buffer':
    case 'inet':
      return 4;
    case 'array':
      return alignOf(type.element);
    case 'tuple':
      return type.elements.reduce<1 | 2 | 4 | 8>((most, { type: one }) => maxAlign(most, alignOf(one)), 1);
    case 'macaddr':
      return 1;
    case 'struct':
      return type.align;
    default:
      return 8;
  }
}

function maxAlign(left: 1 | 2 | 4 | 8, right: 1 | 2 | 4 | 8): 1 | 2 | 4 | 8 {
  return left > right ? left : right;
}

export function roundUp(value: number, align: number): number {
  return Math.ceil(value / align) * align;
}
