/** Makes relocations from what C writes: `task->se.load` becomes `0:20:0` of `struct task_struct`. */
import type { Btf } from '../btf/btf.ts';
import type { BtfMember, TypeId } from '../btf/type.ts';
import { CoreError } from './error.ts';
import type { CoreRelocation, CoreRelocationKind } from './relocation.ts';
import { MAX_STEPS } from './spec.ts';
import { describeType, isComposite, isEnum, strip } from './types.ts';
import { Work } from './work.ts';

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
  const parts = parsePath(path);
  const work = new Work();
  const steps: number[] = [typeof parts[0] === 'number' ? parts[0] : 0];
  let id = strip(btf, type);
  for (const part of typeof parts[0] === 'number' ? parts.slice(1) : parts) {
    const holder = btf.type(id);
    if (typeof part === 'number') {
      if (holder.kind !== 'array') throw new CoreError(`${describeType(btf, id)} has no elements: ${path}`);
      steps.push(part);
      id = strip(btf, holder.element);
      continue;
    }
    const found = findMember(btf, id, part, work, 0);
    if (found === undefined) throw new CoreError(`${describeType(btf, id)} has no field ${part}: ${path}`);
    steps.push(...found.steps);
    id = strip(btf, found.member.type);
  }
  if (steps.length > MAX_STEPS) throw new CoreError(`${path} takes more than ${MAX_STEPS} steps`);
  return steps.join(':');
}

/** A relocation of a field. @throws CoreError */
export function fieldRelocation(
  btf: Btf,
  type: TypeId,
  path: string,
  kind: FieldRelocationKind = 'field_byte_offset',
): CoreRelocation {
  return { kind, type: rootOf(btf, type), access: accessOf(btf, type, path) };
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
  const id = strip(btf, type);
  const decoded = btf.type(id);
  const index = isEnum(decoded) ? decoded.values.findIndex((value) => value.name === name) : -1;
  if (index < 0) throw new CoreError(`${describeType(btf, id)} has no enumerator ${name}`);
  return { kind, type: rootOf(btf, type), access: `${index}` };
}

/** What a kernel's types are searched by: the type itself, or the typedef around it when it has no name. */
function rootOf(btf: Btf, type: TypeId): TypeId {
  const bare = strip(btf, type);
  if (btf.nameOf(bare) !== '') return bare;
  let id = type;
  for (let decoded = btf.type(id); 'type' in decoded && id !== bare; decoded = btf.type(id)) {
    if (decoded.kind === 'typedef') return id;
    id = decoded.type;
  }
  return bare;
}

function parsePath(path: string): readonly (string | number)[] {
  const parts: (string | number)[] = [];
  const pattern = /\[(\d{1,9})\]|(\.?)([A-Za-z_]\w*)/y;
  while (pattern.lastIndex < path.length) {
    const at = pattern.lastIndex;
    const match = pattern.exec(path);
    const [, index, dot, name] = match ?? [];
    if (index !== undefined) parts.push(Number(index));
    else if (name !== undefined && (dot === '.') === at > 0) parts.push(name);
    else throw new CoreError(`'${path}' is no path of members: see character ${at + 1}`);
  }
  return parts;
}

function findMember(
  btf: Btf,
  aggregate: TypeId,
  name: string,
  work: Work,
  depth: number,
): FoundMember | undefined {
  const type = btf.type(strip(btf, aggregate));
  if (!isComposite(type) || depth > MAX_STEPS) return undefined;
  for (const [index, member] of type.members.entries()) {
    work.step();
    if (member.name === name) return { steps: [index], member };
    if (member.name !== '') continue;
    const inner = findMember(btf, member.type, name, work, depth + 1);
    if (inner !== undefined) return { steps: [index, ...inner.steps], member: inner.member };
  }
  return undefined;
}

interface FoundMember {
  readonly steps: readonly number[];
  readonly member: BtfMember;
}
