/** The value of a relocation in one table of types, local or target (libbpf `bpf_core_calc_relo`). */
import { isEnum, type TypeId } from '../btf/type.ts';
import { CoreError } from './error.ts';
import { fieldOf, leftShift, rightShift } from './field.ts';
import type { CoreRelocationKind } from './relocation.ts';
import type { CoreSpec } from './spec.ts';
import { sizeOrThrow } from './types.ts';

export interface CoreValue {
  /** 64 bits, unsigned. */
  readonly value: bigint;
  /** The compiler must have put the same local value into the instruction. */
  readonly checked: boolean;
  /** What a load at this offset reads; of fields that are no bitfields. */
  readonly memory?: { readonly type: TypeId; readonly size: number };
}

/** Undefined: nothing can stand for it, the instruction must not run. `spec` is absent when the target has no such thing. @throws CoreError */
export function coreValue(kind: CoreRelocationKind, spec: CoreSpec | undefined): CoreValue | undefined {
  switch (kind) {
    case 'field_exists':
    case 'enumval_exists':
    case 'type_exists':
    case 'type_matches':
      return constant(spec === undefined ? 0n : 1n);
    case 'type_size':
      return constant(spec === undefined ? 0n : BigInt(sizeOrThrow(spec.btf, spec.root)));
    case 'type_id_target':
      return { value: spec === undefined ? 0n : BigInt(spec.root), checked: false };
    case 'type_id_local':
      throw new CoreError('local type ids have no value in a target');
    case 'enumval_value':
      return spec === undefined ? undefined : constant(enumeratorValue(spec));
    case 'field_byte_offset':
    case 'field_byte_size':
    case 'field_signed':
    case 'field_lshift_u64':
    case 'field_rshift_u64':
      return spec === undefined ? undefined : fieldValue(kind, spec);
    default:
      return kind satisfies never;
  }
}

function constant(value: bigint): CoreValue {
  return { value, checked: true };
}

type FieldValueKind =
  | 'field_byte_offset'
  | 'field_byte_size'
  | 'field_signed'
  | 'field_lshift_u64'
  | 'field_rshift_u64';

function fieldValue(kind: FieldValueKind, spec: CoreSpec): CoreValue {
  const field = fieldOf(spec);
  // Compilers may choose another load for a bitfield; only what does not depend on it is checked.
  const checked = !field.bitfield;
  switch (kind) {
    case 'field_byte_offset': {
      const value = BigInt(field.byteOffset);
      if (field.bitfield) return { value, checked };
      return { value, checked, memory: { type: field.type, size: field.byteSize } };
    }
    case 'field_byte_size':
      return { value: BigInt(field.byteSize), checked };
    case 'field_signed':
    case 'field_lshift_u64':
    case 'field_rshift_u64':
      if (field.element) throw new CoreError('an array element has neither sign nor shifts for relocations');
      if (kind === 'field_signed') return constant(field.signed ? 1n : 0n);
      if (kind === 'field_rshift_u64') return constant(BigInt(rightShift(field)));
      return { value: BigInt(leftShift(spec, field)), checked };
  }
}

/** 32-bit values are sign-extended, whatever the enum says: kernels before 6.0 did not tell signed enums. */
function enumeratorValue(spec: CoreSpec): bigint {
  const { type: id, index } = spec.accessors[0]!;
  const type = spec.btf.type(id);
  const value = isEnum(type) ? type.values[index]?.value : undefined;
  if (value === undefined) throw new CoreError(`type [${id}] has no enumerator ${index}`);
  return BigInt.asUintN(64, type.kind === 'enum' ? BigInt.asIntN(32, value) : value);
}
