/**
 * What can be asked of a field: where it lies and how to load it (libbpf `bpf_core_calc_field_relo`). A bitfield is
 * loaded as the smallest aligned integer that holds all of its bits and shifted into place:
 *
 *   u64 value = <load of byteSize at byteOffset>;  value << lshift >> rshift      (arithmetic when signed)
 */
import { fieldLayout, skipTypedefs } from '../btf/layout.ts';
import { isComposite, isEnum, type TypeId } from '../btf/type.ts';
import { CoreError } from './error.ts';
import type { CoreSpec } from './spec.ts';
import { describeType, shown, sizeOrThrow } from './types.ts';

export interface CoreField {
  /** The field's type without modifiers. */
  readonly type: TypeId;
  readonly bitfield: boolean;
  readonly bitOffset: number;
  readonly bitSize: number;
  /** Of the load. */
  readonly byteOffset: number;
  readonly byteSize: number;
  readonly signed: boolean;
  /** An element rather than a member: it has no sign or shifts for libbpf. */
  readonly element: boolean;
}

/** @throws CoreError when no load of 8 bytes holds the bitfield, or the field has no size */
export function fieldOf(spec: CoreSpec): CoreField {
  const { btf, bitOffset } = spec;
  const last = spec.accessors.at(-1)!;
  if (last.name === undefined) return whole(spec, last.type, true);

  const aggregate = btf.type(last.type);
  const member = isComposite(aggregate) ? aggregate.members[last.index] : undefined;
  if (member === undefined) throw new CoreError(`type [${last.type}] has no member ${last.index}`);
  const type = skipTypedefs(btf, member.type);
  if (member.bitSize === 0) return whole(spec, type, false);

  const { bitSize } = member;
  const holder = btf.type(type);
  if (holder.kind !== 'int' && !isEnum(holder)) {
    throw new CoreError(`bitfield '${shown(member.name)}' is ${describeType(btf, type)}, not an integer`);
  }
  const { storage } = fieldLayout(btf, { ...member, bitOffset });
  const { offset: byteOffset, size: byteSize } = storage;
  if (bitOffset + bitSize > (byteOffset + byteSize) * 8) {
    throw new CoreError(`no load of 8 bytes holds all of bitfield '${shown(member.name)}'`);
  }
  return {
    type,
    bitfield: true,
    bitOffset,
    bitSize,
    byteOffset,
    byteSize,
    signed: holder.signed,
    element: false,
  };
}

/** The left shift that drops the bits above the field in a 64-bit register. @throws CoreError */
export function leftShift(spec: CoreSpec, field: CoreField): number {
  checkShift(field);
  if (spec.btf.littleEndian) return 64 - (field.bitOffset + field.bitSize - field.byteOffset * 8);
  return (8 - field.byteSize) * 8 + (field.bitOffset - field.byteOffset * 8);
}

/** The right shift that drops the bits below the field, after {@link leftShift}. @throws CoreError */
export function rightShift(field: CoreField): number {
  checkShift(field);
  return 64 - field.bitSize;
}

function whole(spec: CoreSpec, type: TypeId, element: boolean): CoreField {
  const { btf, bitOffset } = spec;
  const byteSize = sizeOrThrow(btf, type);
  const decoded = btf.type(type);
  const signed = (decoded.kind === 'int' || isEnum(decoded)) && decoded.signed;
  const byteOffset = Math.floor(bitOffset / 8);
  return { type, bitfield: false, bitOffset, bitSize: byteSize * 8, byteOffset, byteSize, signed, element };
}

function checkShift(field: CoreField): void {
  if (field.byteSize <= 8) return;
  throw new CoreError(`a field of ${field.byteSize} bytes does not fit a register: it cannot be shifted`);
}
