/** CO-RE relocations as objects carry them (kernel `struct bpf_core_relo`, `enum bpf_core_relo_kind`). */
import type { TypeId } from '../btf/type.ts';

/** In the order of `enum bpf_core_relo_kind`. */
export const CORE_RELOCATION_KINDS = [
  'field_byte_offset',
  'field_byte_size',
  'field_exists',
  'field_signed',
  'field_lshift_u64',
  'field_rshift_u64',
  'type_id_local',
  'type_id_target',
  'type_exists',
  'type_size',
  'enumval_exists',
  'enumval_value',
  'type_matches',
] as const;

export type CoreRelocationKind = (typeof CORE_RELOCATION_KINDS)[number];

/** Says what of the running kernel's types an instruction's immediate or offset stands for. */
export interface CoreRelocation {
  readonly kind: CoreRelocationKind;
  /** Local root type, in the object's own BTF. */
  readonly type: TypeId;
  /** Access string: `0:1:2` for fields, `0` for types, the value's index for enums. */
  readonly access: string;
}
