/**
 * Finds the special fields of a type (`btf_find_field`): members, members of nested structures and of arrays. A map or a
 * program whose types hold an impossible combination is refused before any verification, so that none is looked for here.
 */
import type { Btf } from '../../bpf/btf/btf.ts';
import { skipTypedefs } from '../../bpf/btf/layout.ts';
import type { BtfType, TypeId } from '../../bpf/btf/type.ts';
import { isAtLeast, type KernelRelease } from '../../bpf/kernel-release.ts';
import { unsupported } from '../rejection.ts';
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

/** Special fields that a type may have (`BTF_FIELDS_MAX`): no map is made, and no types are loaded, with more. */
const MOST = 11;

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

/** Special fields of `type`, a structure or a data section. @throws Rejection */
export function findFields(search: FieldSearch, type: TypeId): FieldRecord {
  const { found } = new FieldFinder(search, skipTypedefs(search.btf, type));
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

/** Whose tags tell what a list or tree contains: a member of a structure, or a variable. */
interface Holder {
  readonly tagged: TypeId;
  readonly component: number;
}

/** One search. Its time is bounded: structures without fields are passed by the second time, and fields are few. */
class FieldFinder {
  readonly found: SpecialField[] = [];
  readonly #search: FieldSearch;
  readonly #barren = new Set<TypeId>();

  constructor(search: FieldSearch, type: TypeId) {
    this.#search = search;
    this.#addFields(type, 0, 0);
  }

  #addFields(id: TypeId, base: number, depth: number): void {
    if (depth > DEEPEST || this.#barren.has(id)) return;
    const before = this.found.length;
    const { btf } = this.#search;
    const type = btf.type(id);
    if (type.kind === 'struct') {
      for (const [component, member] of type.members.entries()) {
        this.#addField({ tagged: id, component }, member.type, base + member.bitOffset / 8, depth);
      }
    } else if (type.kind === 'datasec') {
      for (const { type: variable, offset } of type.variables) {
        const row = btf.type(variable);
        if (row.kind !== 'var') continue;
        this.#addField({ tagged: variable, component: -1 }, row.type, base + offset, depth);
      }
    }
    if (this.found.length === before) this.#barren.add(id);
  }

  #addField(holder: Holder, id: TypeId, offset: number, depth: number): void {
    const { btf, release } = this.#search;
    const { element, count } = elementOf(btf, id);
    if (count === 0) return;
    // Before 6.11 only what stood in the value itself was looked at.
    if (!isAtLeast(release, '6.11') && (count !== 1 || depth > 0)) return;
    const before = this.found.length;
    const size = this.#addElement(holder, element, offset, depth);
    this.#repeat(this.found.slice(before), count, size);
  }

  /** @returns its size */
  #addElement(holder: Holder, id: TypeId, offset: number, depth: number): number {
    const type = this.#search.btf.type(id);
    if (type.kind !== 'struct') {
      const field = kptrField(this.#search, type);
      if (field !== undefined && offset % 8 === 0)
        this.#add(field === INVALID ? INVALID : { ...field, offset });
      return 8;
    }
    const structure = BY_NAME.get(type.name);
    if (structure === undefined || !isWanted(this.#search, structure)) {
      this.#addFields(id, offset, depth + 1);
    } else if (offset % structure.align === 0) {
      this.#add(structureField(this.#search, holder, structure, offset));
    }
    return type.size;
  }

  /** What the first element of an array has, the others have too (`btf_repeat_fields`). */
  #repeat(first: readonly SpecialField[], count: number, size: number): void {
    if (first.length === 0 || first.includes(INVALID)) return;
    for (let index = 1; index < count; index++) {
      for (const field of first) this.#add({ ...field, offset: field.offset + index * size });
    }
  }

  #add(field: SpecialField): void {
    if (field === INVALID && this.found.includes(INVALID)) return;
    if (this.found.length === MOST) throw unsupported('a type with more special fields than Linux keeps');
    this.found.push(field);
  }
}

/** Of arrays, however many dimensions they have. */
function elementOf(btf: Btf, id: TypeId): { readonly element: TypeId; readonly count: number } {
  let element = id;
  let count = 1;
  for (let steps = 0; steps < DEEPEST; steps++) {
    const type = btf.type(element);
    if (type.kind !== 'array') break;
    count *= type.count;
    element = type.element;
  }
  return { element, count };
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
