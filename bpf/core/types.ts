/** What CO-RE asks of single types: of which size, of which kind. */
import type { Btf } from '../btf/btf.ts';
import { sizeOf } from '../btf/layout.ts';
import type { BtfKind, BtfType, TypeId } from '../btf/type.ts';
import { CoreError } from './error.ts';

/** @throws CoreError when it has none, or one past 32 bits */
export function sizeOrThrow(btf: Btf, id: TypeId): number {
  const size = sizeOf(btf, id);
  if (size === undefined) throw new CoreError(`type [${id}] has no size`);
  if (size > 0xffff_ffff) throw new CoreError(`type [${id}] is larger than 4 GiB`);
  return size;
}

/** `enum` and `enum64` stand for each other (libbpf `btf_kind_core_compat`). */
export function sameKind(first: BtfKind, second: BtfKind): boolean {
  return kindClass(first) === kindClass(second);
}

/** One kind for those that stand for each other. */
export function kindClass(kind: BtfKind): BtfKind {
  return kind === 'enum64' ? 'enum' : kind;
}

/** Name of a type that has one, else empty. */
export function nameOfType(type: BtfType): string {
  return 'name' in type ? type.name : '';
}

/** `struct task_struct`, `enum <anon>`; the kind by libbpf's word for it (`btf_kind_str`). */
export function describeType(btf: Btf, id: TypeId): string {
  const type = btf.type(id);
  return `${type.kind === 'void' ? 'unknown' : type.kind} ${shown(nameOfType(type)) || '<anon>'}`;
}

/** `KSYM_NAME_LEN`: the kernel has no longer names. */
const LONGEST = 512;

/** A name for a text: each relocation has some texts, and many may be of one long name. */
export function shown(name: string): string {
  if (name.length <= LONGEST) return name;
  // A slice would keep all of the name in memory.
  return `${[...name.slice(0, LONGEST)].join('')}...`;
}
