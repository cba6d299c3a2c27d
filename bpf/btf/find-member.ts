/** Members by name and path, through anonymous structs and unions as C sees them. */
import type { Btf } from './btf.ts';
import { fieldLayout, resolveType, type StorageUnit, sizeOf } from './layout.ts';
import { type BtfMember, isComposite, type TypeId } from './type.ts';

/** Where a member is in the aggregate that the search began with. */
export interface MemberPlace {
  readonly type: TypeId;
  readonly bitOffset: number;
  readonly bitSize: number;
  readonly bitfield: boolean;
  readonly storage: StorageUnit;
  /** Member and element numbers on the way, anonymous members' included: a CO-RE access string is `0:` and these. */
  readonly indexes: readonly number[];
}

/**
 * The place of `a.b[3].c` in a struct or union; undefined where the path leads nowhere. Pointers are not followed. An
 * index is below an array's count, unless the array is flexible.
 */
export function findMember(btf: Btf, id: TypeId, path: string): MemberPlace | undefined {
  let place: MemberPlace | undefined = wholeOf(btf, id);
  for (const step of pathSteps(path)) {
    if (place === undefined || step === undefined) return undefined;
    place = typeof step === 'string' ? memberOf(btf, place, step) : elementOf(btf, place, step);
  }
  return place;
}

/** Undefined as the last step when the rest is no path. */
function* pathSteps(path: string): Generator<string | number | undefined> {
  const step = /(?:^|(?!^)\.)([A-Za-z_$][\w$]*)|\[(\d+)\]/y;
  while (step.lastIndex < path.length) {
    const found = step.exec(path);
    if (found === null) return yield undefined;
    yield found[1] ?? Number(found[2]);
  }
}

function wholeOf(btf: Btf, id: TypeId): MemberPlace {
  const size = sizeOf(btf, id) ?? 0;
  return {
    type: id,
    bitOffset: 0,
    bitSize: size * 8,
    bitfield: false,
    storage: { offset: 0, size },
    indexes: [],
  };
}

function elementOf(btf: Btf, place: MemberPlace, index: number): MemberPlace | undefined {
  const array = resolveType(btf, place.type);
  if (array.kind !== 'array' || (array.count !== 0 && index >= array.count)) return undefined;
  const size = sizeOf(btf, array.element);
  if (size === undefined) return undefined;
  const bitOffset = place.bitOffset + index * size * 8;
  return {
    type: array.element,
    bitOffset,
    bitSize: size * 8,
    bitfield: false,
    storage: { offset: bitOffset / 8, size },
    indexes: [...place.indexes, index],
  };
}

function memberOf(btf: Btf, place: MemberPlace, name: string): MemberPlace | undefined {
  const steps = searchMember(btf, place.type, name, new Set());
  return steps?.reduce<MemberPlace>((at, step) => stepInto(btf, at, step), place);
}

function stepInto(btf: Btf, at: MemberPlace, { member, index }: Step): MemberPlace {
  // The word a bitfield is in is aligned in the whole, not in the struct that it is in.
  const { type, bitOffset, bitSize, bitfield, storage } = fieldLayout(btf, {
    ...member,
    bitOffset: at.bitOffset + member.bitOffset,
  });
  return { type, bitOffset, bitSize, bitfield, storage, indexes: [...at.indexes, index] };
}

interface Step {
  readonly member: BtfMember;
  readonly index: number;
}

/** `seen`: anonymous types that do not have it. */
function searchMember(btf: Btf, id: TypeId, name: string, seen: Set<TypeId>): readonly Step[] | undefined {
  if (seen.has(id)) return undefined;
  seen.add(id);
  const type = resolveType(btf, id);
  if (!isComposite(type)) return undefined;
  for (const [index, member] of type.members.entries()) {
    if (member.name === name) return [{ member, index }];
    if (member.name !== '') continue;
    const inner = searchMember(btf, member.type, name, seen);
    if (inner !== undefined) return [{ member, index }, ...inner];
  }
  return undefined;
}
