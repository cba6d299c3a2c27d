/**
 * Finds the special fields of a type (`btf_find_field`): members, members of nested structures and of arrays. A map or a
 * program whose types hold an impossible combination is refused before any verification, so that none is looked for here.
 */
import type { Btf } from '../../bpf/btf/btf.ts';
import { skipTypedefs } from '../../bpf/btf/layout.ts';
import type { BtfType, TypeId } from '../../bpf/btf/type.ts';
import { isAtLeast, type KernelRelease } from '../../bpf/kernel-release.ts';
import {
  FIELD_STRUCTURES,
  type FieldRecord,
  type FieldStructure,
  isKptr,
  NO_FIELDS,
  type SpecialField,
  type SpecialFieldKind,
} from './special-field.ts';

/** Nesting that the kernel looks into (`MAX_RESOLVE_DEPTH`). */
const DEEPEST = 32;

const BY_NAME: ReadonlyMap<string, FieldStructure> = new Map(FIELD_STRUCTURES.map((row) => [row.name, row]));

const KPTR_TAGS: ReadonlyMap<string, SpecialFieldKind> = new Map<string, SpecialFieldKind>([
  ['kptr_untrusted', 'kptr-untrusted'],
  ['kptr', 'kptr'],
  ['percpu_kptr', 'kptr-percpu'],
  ['uptr', 'uptr'],
]);

/** The names before 6.4. */
const OLD_KPTR_TAGS: ReadonlyMap<string, SpecialFieldKind> = new Map<string, SpecialFieldKind>([
  ['kptr', 'kptr-untrusted'],
  ['kptr_ref', 'kptr'],
]);

const KPTR_SINCE: Readonly<Record<string, KernelRelease>> = {
  'kptr-untrusted': '5.19',
  kptr: '5.19',
  'kptr-percpu': '6.7',
  uptr: '6.13',
};

export interface FieldSearch {
  readonly btf: Btf;
  readonly kinds: ReadonlySet<SpecialFieldKind>;
  readonly release: KernelRelease;
  /** Types of the kernel and its modules: kptrs point to those of the same name. */
  readonly kernel: readonly Btf[];
}

/** Special fields of `type`, a structure or a data section. */
export function findFields(search: FieldSearch, type: TypeId): FieldRecord {
  const found: SpecialField[] = [];
  addFields(search, skipTypedefs(search.btf, type), 0, 0, found);
  if (found.includes(INVALID)) return withoutInvalid(search, found);
  if (found.length === 0) return NO_FIELDS;
  return { fields: found.sort((a, b) => a.offset - b.offset) };
}

/** A tagged pointer that is no kptr: the kernel keeps nothing of such a type then, before 6.2 no kptrs. */
const INVALID: SpecialField = { kind: 'kptr', offset: 0, size: 0 };

function withoutInvalid(search: FieldSearch, found: readonly SpecialField[]): FieldRecord {
  if (isAtLeast(search.release, '6.2')) return NO_FIELDS;
  const fields = found.filter(({ kind }) => !isKptr(kind));
  return fields.length === 0 ? NO_FIELDS : { fields: fields.sort((a, b) => a.offset - b.offset) };
}

function addFields(
  search: FieldSearch,
  id: TypeId,
  base: number,
  depth: number,
  found: SpecialField[],
): void {
  if (depth > DEEPEST) return;
  const type = search.btf.type(id);
  if (type.kind === 'struct') {
    for (const [index, member] of type.members.entries()) {
      const offset = base + member.bitOffset / 8;
      addField(search, { tagged: id, component: index }, member.type, offset, depth, found);
    }
  } else if (type.kind === 'datasec') {
    for (const { type: variable, offset } of type.variables) {
      const row = search.btf.type(variable);
      if (row.kind !== 'var') continue;
      addField(search, { tagged: variable, component: -1 }, row.type, base + offset, depth, found);
    }
  }
}

/** Whose tags tell what a list or tree contains: a member of a structure, or a variable. */
interface Holder {
  readonly tagged: TypeId;
  readonly component: number;
}

function addField(
  search: FieldSearch,
  holder: Holder,
  id: TypeId,
  offset: number,
  depth: number,
  found: SpecialField[],
): void {
  const { btf } = search;
  let element = id;
  let type = btf.type(id);
  let count = 1;
  for (let steps = 0; type.kind === 'array' && steps < DEEPEST; steps++) {
    count *= type.count;
    element = type.element;
    type = btf.type(element);
  }
  // Before 6.11 only what stood in the value itself was looked at.
  if (!isAtLeast(search.release, '6.11') && (count !== 1 || depth > 0)) return;
  const structure = type.kind === 'struct' ? BY_NAME.get(type.name) : undefined;
  if (structure !== undefined && isWanted(search, structure)) {
    if (offset % structure.align !== 0) return;
    for (let index = 0; index < count; index++) {
      found.push(structureField(search, holder, structure, offset + index * structure.size));
    }
  } else if (type.kind === 'struct') {
    for (let index = 0; index < count; index++)
      addFields(search, element, offset + index * type.size, depth + 1, found);
  } else {
    const field = kptrField(search, type);
    if (field === undefined || offset % 8 !== 0) return;
    if (field === INVALID) {
      found.push(INVALID);
      return;
    }
    for (let index = 0; index < count; index++) found.push({ ...field, offset: offset + index * 8 });
  }
}

function isWanted(search: FieldSearch, { kind, since }: FieldStructure): boolean {
  return search.kinds.has(kind) && isAtLeast(search.release, since);
}

function structureField(
  search: FieldSearch,
  holder: Holder,
  { kind, size }: FieldStructure,
  offset: number,
): SpecialField {
  if (kind !== 'list-head' && kind !== 'rb-root') return { kind, offset, size };
  const contains = containedType(search.btf, holder);
  return contains === undefined ? { kind, offset, size } : { kind, offset, size, contains };
}

/** `contains:TYPE:FIELD`, a tag of the declaration (`btf_find_graph_root`). */
function containedType(btf: Btf, holder: Holder): SpecialField['contains'] {
  for (let id = btf.firstId; id < btf.end; id++) {
    if (btf.kindOf(id) !== 'decl_tag') continue;
    const tag = btf.type(id);
    if (tag.kind !== 'decl_tag' || !tag.name.startsWith('contains:')) continue;
    if (tag.type !== holder.tagged || tag.component !== holder.component) continue;
    const [, name = '', node = ''] = tag.name.split(':');
    const type = btf.find(name, 'struct');
    if (type === undefined) return undefined;
    const row = btf.type(type);
    if (row.kind !== 'struct') return undefined;
    const member = row.members.find((one) => one.name === node);
    return member === undefined ? undefined : { btf, type, node, nodeOffset: member.bitOffset / 8 };
  }
  return undefined;
}

/** A pointer whose first tag makes it a kptr (`btf_find_kptr`). */
function kptrField(search: FieldSearch, start: BtfType): Omit<SpecialField, 'offset'> | undefined {
  const { btf } = search;
  const pointer = start.kind === 'volatile' ? btf.type(start.type) : start;
  if (pointer.kind !== 'ptr') return undefined;
  const tag = btf.type(pointer.type);
  if (tag.kind !== 'type_tag') return undefined;
  const kind = (isAtLeast(search.release, '6.4') ? KPTR_TAGS : OLD_KPTR_TAGS).get(tag.name);
  if (!search.kinds.has('kptr') || !isAtLeast(search.release, '5.19')) return undefined;
  if (kind === undefined || !isAtLeast(search.release, KPTR_SINCE[kind]!)) return INVALID;
  if (!search.kinds.has(kind)) return undefined;
  const own = skipTypedefs(btf, tag.type);
  const name = btf.nameOf(own);
  for (const kernel of kind === 'uptr' ? [] : search.kernel) {
    const type = kernel.find(name, 'struct');
    if (type !== undefined) return { kind, size: 8, pointee: { btf: kernel, type } };
  }
  // Objects of a program's own came with 6.2.
  if (!isAtLeast(search.release, '6.2')) return INVALID;
  return { kind, size: 8, pointee: { btf, type: own } };
}
