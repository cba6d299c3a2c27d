/** Pointers to fields of map values that the kernel manages: timers, work queues, kernel pointers. */
import type { Environment } from '../environment.ts';
import { fieldsOf } from '../field/fields-of.ts';
import {
  fieldAt,
  fieldName,
  isKptr,
  onlyField,
  type SpecialField,
  type SpecialFieldKind,
} from '../field/special-field.ts';
import {
  fieldAtOtherOffset,
  fieldAtVariableOffset,
  kptrAtVariableOffset,
  kptrMapWithoutTypes,
  kptrNotReferenced,
  mapHasNoField,
  mapWithoutTypes,
  noKptr,
  noKptrAtOffset,
} from '../messages.gen.ts';
import { unsupported } from '../rejection.ts';
import type { Register } from '../state/register.ts';
import { Kind } from '../state/register-kind.ts';

/** Register `number` points to the field of that kind of a map value (`check_map_field_pointer`). @throws Rejection */
export function checkMapField(env: Environment, number: number, kind: SpecialFieldKind): void {
  const register = env.register(number);
  const name = fieldName(kind);
  if (!register.scalar.isConstant) throw fieldAtVariableOffset({ register: number, name });
  if (register.kind !== Kind.mapValue || register.detail?.kind !== 'map') {
    throw unsupported('a field outside of a map');
  }
  const { map } = register.detail;
  if (map.types === undefined) throw mapWithoutTypes({ map: map.name, name });
  const field = onlyField(fieldsOf(env, register), kind);
  if (field === undefined) throw mapHasNoField({ map: map.name, name });
  const off = offsetOf(register);
  if (field.offset !== off) throw fieldAtOtherOffset({ off, name, at: field.offset });
}

/** Of a register whose variable part is known. */
export function offsetOf(register: Register): number {
  return register.off + (register.scalar.constantNumber ?? 0);
}

/** Register `number` points to a kernel pointer that owns its object (`process_kptr_func`). @throws Rejection */
export function checkKptrField(env: Environment, register: Register, number: number): SpecialField {
  if (register.detail?.kind === 'map' && register.detail.map.types === undefined) {
    throw kptrMapWithoutTypes({ map: register.detail.map.name });
  }
  if (!register.scalar.isConstant) throw kptrAtVariableOffset({ register: number });
  const record = fieldsOf(env, register);
  if (!record.fields.some(({ kind }) => isKptr(kind))) throw noKptr({ register: number });
  const off = offsetOf(register);
  const field = fieldAt(record, off);
  if (field === undefined || !isKptr(field.kind)) throw noKptrAtOffset({ off });
  if (field.kind === 'kptr-untrusted') throw kptrNotReferenced({ off });
  return field;
}
