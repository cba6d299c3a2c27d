/** Values and keys of maps (`check_map_access`). */
import { MapFlags } from '../../bpf/maps.ts';
import type { Environment } from '../environment.ts';
import { fieldsOfMap } from '../field/fields-of.ts';
import { fieldName, isKptr, type SpecialField } from '../field/special-field.ts';
import { isReadOnlyForPrograms, type VerifierMap } from '../map.ts';
import {
  fieldDirect,
  fieldIndirect,
  fieldMisaligned,
  fieldSize,
  fieldVariable,
  mapKeyWritten,
  mapReadForbidden,
  mapWriteForbidden,
} from '../messages.gen.ts';
import { unsupported } from '../rejection.ts';
import { Register } from '../state/register.ts';
import { Scalar } from '../value/scalar.ts';
import { type AccessKind, type MemoryAccess, refuseLeak } from './access.ts';
import { accessMapPointerField } from './kptr.ts';
import { loadUnknown } from './loaded.ts';
import { readConstant } from './map-constant.ts';
import { checkRegion } from './region.ts';

/** @param off with the register's fixed offset. @throws Rejection */
export function accessMapValue(
  env: Environment,
  access: MemoryAccess,
  register: Register,
  off: number,
): void {
  const map = mapOf(register);
  refuseLeak(env, access, 'map');
  checkMapRights(map, off, access.size, access.kind);
  checkMapValue(env, register, access.base, off, access.size, false, 'direct');
  const { bits } = register.scalar;
  const fixed = bits.mask.isZero();
  if (fixed) {
    const at = off + bits.value.lo;
    const field = pointerFieldAt(fieldsOfMap(env, map).fields, at);
    if (field !== undefined) {
      accessMapPointerField(env, access, field);
      return;
    }
    if (access.kind === 'read' && access.value >= 0 && isConstantMap(map)) {
      const value = readConstant(map, at, access.size, access.signExtend ?? false);
      env.setRegister(access.value, Register.scalar(Scalar.constant(value)));
      return;
    }
  }
  loadUnknown(env, access);
}

/** Neither programs nor user space change it any more (`bpf_map_is_rdonly`), and its values lie at an address. */
function isConstantMap(map: VerifierMap): boolean {
  return map.type === 'array' && (map.flags & MapFlags.RDONLY_PROG) !== 0 && map.frozen === true;
}

/** The map whose value or key the register points into. @throws Rejection (unsupported) for another register */
export function mapOf(register: Register): VerifierMap {
  if (register.detail?.kind !== 'map') throw unsupported('a pointer into no map');
  return register.detail.map;
}

/** May programs read or write it (`check_map_access_type`)? @throws Rejection */
export function checkMapRights(map: VerifierMap, off: number, size: number, kind: AccessKind): void {
  const values = { valueSize: map.valueSize, off, size, map: map.name };
  const readOnly = isReadOnlyForPrograms(map);
  if (kind === 'write' && readOnly) throw mapWriteForbidden(values);
  if (kind === 'read' && (map.flags & MapFlags.WRONLY_PROG) !== 0 && !readOnly)
    throw mapReadForbidden(values);
}

/** Is it in the value and off the fields that the kernel keeps? @throws Rejection */
export function checkMapValue(
  env: Environment,
  register: Register,
  number: number,
  off: number,
  size: number,
  zeroAllowed: boolean,
  by: 'direct' | 'helper',
): void {
  const map = mapOf(register);
  checkRegion(env, number, off, size, map.valueSize, zeroAllowed);
  const { fields } = fieldsOfMap(env, map);
  if (fields.length === 0) return;
  const first = register.scalar.smin.lo + off;
  const end = register.scalar.umax.lo + off + size;
  for (const field of fields) {
    if (first < field.offset + field.size && field.offset < end) checkField(register, field, off, size, by);
  }
}

function isPointerField({ kind }: SpecialField): boolean {
  return isKptr(kind) || kind === 'uptr';
}

function pointerFieldAt(fields: readonly SpecialField[], off: number): SpecialField | undefined {
  for (const field of fields) if (field.offset === off && isPointerField(field)) return field;
  return undefined;
}

function checkField(
  register: Register,
  field: SpecialField,
  off: number,
  size: number,
  by: 'direct' | 'helper',
): void {
  const name = fieldName(field.kind);
  if (!isPointerField(field)) throw fieldDirect({ field: name });
  if (by === 'helper') throw fieldIndirect({ field: name });
  const { bits } = register.scalar;
  if (!bits.mask.isZero()) throw fieldVariable({ field: name });
  const at = off + bits.value.lo;
  if (field.offset !== at) throw fieldMisaligned({ field: name, expected: field.offset, off: at });
  if (size !== 8) throw fieldSize({ field: name });
}

/** A key handed to a callback: it is only read. @throws Rejection */
export function accessMapKey(env: Environment, access: MemoryAccess, register: Register, off: number): void {
  if (access.kind === 'write') throw mapKeyWritten({ register: access.base });
  checkRegion(env, access.base, off, access.size, mapOf(register).keySize, false);
  loadUnknown(env, access);
}
