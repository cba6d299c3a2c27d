/** Makes relocations from what C writes: `task->se.load` becomes `0:20:0` of `struct task_struct`. */
import type { Btf } from '../btf/btf.ts';
import { findMember } from '../btf/find-member.ts';
import { skipTypedefs } from '../btf/layout.ts';
import { isEnum, type TypeId } from '../btf/type.ts';
import { CoreError } from './error.ts';
import type { CoreRelocation, CoreRelocationKind } from './relocation.ts';
import { parseAccess } from './spec.ts';
import { describeType } from './types.ts';

/** Kinds that ask about a field. */
export type FieldRelocationKind = Extract<CoreRelocationKind, `field_${string}`>;
/** Kinds that ask about a type. */
export type TypeRelocationKind = Extract<CoreRelocationKind, `type_${string}`>;
/** Kinds that ask about an enumerator. */
export type EnumvalRelocationKind = Extract<CoreRelocationKind, `enumval_${string}`>;

/**
 * The access string of a member path: `accessOf(btf, task, 'a.b[2].c')` is `0:3:1:2:0`. Names are found through anonymous
 * members; a path may begin with the index of the root: `[1].a`. It ends at pointers: each object has accesses of its own.
 * @throws CoreError when the type has no such path
 */
export function accessOf(btf: Btf, type: TypeId, path: string): string {
  const [, index, rest] = /^(?:\[(\d{1,9})\](?:\.(?=[A-Za-z_$])|(?=\[|$)))?(.*)$/s.exec(path)!;
  const place = findMember(btf, type, rest!);
  if (place === undefined) throw new CoreError(`${describeType(btf, type)} has no ${path}`);
  return [Number(index ?? 0), ...place.indexes].join(':');
}

/** A relocation of a field. @throws CoreError */
export function fieldRelocation(
  btf: Btf,
  type: TypeId,
  path: string,
  kind: FieldRelocationKind = 'field_byte_offset',
): CoreRelocation {
  const relocation: CoreRelocation = { kind, type: rootOf(btf, type), access: accessOf(btf, type, path) };
  parseAccess(btf, relocation);
  return relocation;
}

/** A relocation of a type itself. */
export function typeRelocation(btf: Btf, type: TypeId, kind: TypeRelocationKind): CoreRelocation {
  return { kind, type: rootOf(btf, type), access: '0' };
}

/** A relocation of an enumerator. @throws CoreError when the enum has none of the name */
export function enumvalRelocation(
  btf: Btf,
  type: TypeId,
  name: string,
  kind: EnumvalRelocationKind = 'enumval_value',
): CoreRelocation {
  const id = skipTypedefs(btf, type);
  const decoded = btf.type(id);
  const index = isEnum(decoded) ? decoded.values.findIndex((value) => value.name === name) : -1;
  if (index < 0) throw new CoreError(`${describeType(btf, id)} has no enumerator ${name}`);
  return { kind, type: rootOf(btf, type), access: `${index}` };
}

/** What a kernel's types are searched by: the type itself, or the typedef around it when it has no name. */
function rootOf(btf: Btf, type: TypeId): TypeId {
  const bare = skipTypedefs(btf, type);
  if (btf.nameOf(bare) !== '') return bare;
  let id = type;
  for (let decoded = btf.type(id); 'type' in decoded && id !== bare; decoded = btf.type(id)) {
    if (decoded.kind === 'typedef') return id;
    id = decoded.type;
  }
  return bare;
}
