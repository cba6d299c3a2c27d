/** Which member of a kernel or program struct some bytes are (`btf_struct_walk`, `btf_struct_access`). */
import type { Btf } from '../../bpf/btf/btf.ts';
import { sizeOf, skipTypedefs } from '../../bpf/btf/layout.ts';
import { type BtfComposite, type BtfMember, isComposite, type TypeId } from '../../bpf/btf/type.ts';
import {
  beyondMember,
  beyondStruct,
  fieldUnsized,
  noFieldAt,
  notStruct,
  partOfPointer,
} from '../messages.gen.ts';
import type { Rejection } from '../rejection.ts';
import { Flag } from '../state/register-kind.ts';

/** What was found. `pointer`: to a struct, by the member `name`; `untyped`: a pointer to anything else. */
export type Walk =
  | { readonly kind: 'number' }
  | { readonly kind: 'pointer'; readonly type: TypeId; readonly flags: number; readonly name: string }
  | { readonly kind: 'untyped' }
  /** A nested struct begins exactly there. */
  | { readonly kind: 'struct'; readonly type: TypeId; readonly flags: number }
  | { readonly kind: 'error'; readonly why: Rejection };

/** What a walk may do, by release and by whose object it is. */
export interface WalkRules {
  /** An array without a size at the end may be walked into. */
  readonly flexible: boolean;
  /** What lies in a union of several members may be any of them (6.4). */
  readonly unionsUntrusted: boolean;
}

const NUMBER: Walk = { kind: 'number' };
const UNTYPED: Walk = { kind: 'untyped' };

/**
 * One level: what `size` bytes at `off` of type `id` are.
 * @param flags what the walk so far adds to a pointer found: {@link Flag.untrusted} below a union
 */
export function walkStruct(
  btf: Btf,
  id: TypeId,
  off: number,
  size: number,
  flags: number,
  rules: WalkRules,
): Walk {
  const type = btf.type(skipTypedefs(btf, id));
  if (!isComposite(type)) return { kind: 'error', why: notStruct({ name: btf.nameOf(id) || '(anon)' }) };
  const ambiguous = rules.unionsUntrusted && type.kind === 'union' && type.members.length !== 1;
  const found = ambiguous ? flags | Flag.untrusted : flags;
  if (off + size > type.size) {
    return rules.flexible ? walkFlexible(btf, type, off, size, found, rules) : beyond(type, off, size);
  }
  for (const member of type.members) {
    const start = Math.floor(member.bitOffset / 8);
    if (off + size <= start) break;
    if (member.bitSize !== 0) {
      const end = Math.ceil((member.bitOffset + member.bitSize) / 8);
      if (off <= start && end <= off + size) return NUMBER;
      continue;
    }
    if (off < start) break;
    const walked = walkMember(btf, type, member, start, off, size, found, rules);
    if (walked !== undefined) return walked;
  }
  return { kind: 'error', why: noFieldAt({ name: nameOf(type), off }) };
}

function nameOf(type: BtfComposite): string {
  return type.name === '' ? '(anon)' : type.name;
}

function beyond(type: BtfComposite, off: number, size: number): Walk {
  return { kind: 'error', why: beyondStruct({ name: nameOf(type), off, size, end: type.size }) };
}

/** Past the end: into the elements of a last member without a size. */
function walkFlexible(
  btf: Btf,
  type: BtfComposite,
  off: number,
  size: number,
  flags: number,
  rules: WalkRules,
): Walk {
  const last = type.members.at(-1);
  if (last === undefined) return beyond(type, off, size);
  const array = btf.type(skipTypedefs(btf, last.type));
  const start = Math.floor(last.bitOffset / 8);
  if (array.kind !== 'array' || array.count !== 0 || off < start) return beyond(type, off, size);
  const elementId = skipTypedefs(btf, array.element);
  const element = btf.type(elementId);
  if (element.kind === 'int') return NUMBER;
  if (!isComposite(element) || element.size === 0) return beyond(type, off, size);
  return walkStruct(btf, elementId, (off - start) % element.size, size, flags, rules);
}

/** The member that lies at `start`; undefined: it ends before the bytes. */
function walkMember(
  btf: Btf,
  owner: BtfComposite,
  member: BtfMember,
  start: number,
  off: number,
  size: number,
  flags: number,
  rules: WalkRules,
): Walk | undefined {
  const whole = sizeOf(btf, member.type);
  if (whole === undefined) return { kind: 'error', why: fieldUnsized({ name: member.name || '(anon)' }) };
  const end = start + whole;
  if (off >= end) return undefined;
  const { id, count } = elementOf(btf, member.type);
  const type = btf.type(id);
  const bytes = count === 1 ? whole : whole / count;
  // Elements of an array are taken as members side by side, of all its dimensions.
  const from = start + Math.floor((off - start) / bytes) * bytes;
  if (isComposite(type)) {
    if (off === from) return { kind: 'struct', type: id, flags };
    return walkStruct(btf, id, off - from, size, flags, rules);
  }
  if (type.kind === 'ptr') {
    if (bytes !== size || off !== from) return partial(owner, member, from, off, size);
    const found = pointerFound(btf, type.type, flags, member.name);
    return found ?? UNTYPED;
  }
  if (off + size > end && (flags & Flag.untrusted) === 0) {
    const why = beyondMember({ member: member.name || '(anon)', end, name: nameOf(owner), off, size });
    return { kind: 'error', why };
  }
  return NUMBER;
}

function partial(owner: BtfComposite, member: BtfMember, start: number, off: number, size: number): Walk {
  const values = { member: member.name || '(anon)', start, name: nameOf(owner), off, size };
  return { kind: 'error', why: partOfPointer(values) };
}

function pointerFound(btf: Btf, target: TypeId, flags: number, name: string): Walk | undefined {
  const type = skipTypedefs(btf, target);
  if (!isComposite(btf.type(type))) return undefined;
  return { kind: 'pointer', type, flags: flags | tagFlag(btf, target), name };
}

const TAGS: ReadonlyMap<string, number> = new Map<string, number>([
  ['user', Flag.user],
  ['percpu', Flag.percpu],
  ['rcu', Flag.rcu],
]);

/** What the tag of a pointer's target says of the pointer. */
export function tagFlag(btf: Btf, target: TypeId): number {
  const tag = btf.type(target);
  return tag.kind === 'type_tag' && !tag.attribute ? (TAGS.get(tag.name) ?? 0) : 0;
}

/** The element of an array of any dimensions, and how many there are; of other types the type itself. */
function elementOf(btf: Btf, id: TypeId): { readonly id: TypeId; readonly count: number } {
  let element = skipTypedefs(btf, id);
  let count = 1;
  for (let type = btf.type(element); type.kind === 'array'; type = btf.type(element)) {
    count *= type.count;
    element = skipTypedefs(btf, type.element);
  }
  return { id: element, count };
}

/** Down to a number or a pointer (`btf_struct_access`). */
export function walkToMember(
  btf: Btf,
  id: TypeId,
  off: number,
  size: number,
  rules: WalkRules,
): Exclude<Walk, { kind: 'struct' }> {
  let walked = walkStruct(btf, id, off, size, 0, rules);
  while (walked.kind === 'struct') walked = walkStruct(btf, walked.type, 0, size, walked.flags, rules);
  return walked;
}
