/** What CO-RE asks of single types: without modifiers, of which size, of which kind. */
import type { Btf } from '../btf/btf.ts';
import type { BtfComposite, BtfEnum, BtfKind, BtfType, TypeId } from '../btf/type.ts';
import { CoreError } from './error.ts';

/** Modifiers or dimensions around one type; the kernel's MAX_RESOLVE_DEPTH. */
const MAX_DEPTH = 32;

/** Follows typedefs, `const`, `volatile`, `restrict` and type tags (libbpf `skip_mods_and_typedefs`). @throws CoreError */
export function strip(btf: Btf, id: TypeId): TypeId {
  let at = id;
  for (let depth = 0; depth <= MAX_DEPTH; depth++) {
    const type = btf.type(at);
    switch (type.kind) {
      case 'typedef':
      case 'const':
      case 'volatile':
      case 'restrict':
      case 'type_tag':
        at = type.type;
        break;
      default:
        return at;
    }
  }
  throw new CoreError(`type [${id}] is wrapped in more than ${MAX_DEPTH} typedefs and modifiers`);
}

/** Bytes of a type (libbpf `btf__resolve_size`). @throws CoreError when it has no size */
export function resolveSize(btf: Btf, id: TypeId): number {
  let at = id;
  let elements = 1;
  for (let depth = 0; depth <= MAX_DEPTH; depth++) {
    const type = btf.type(at);
    switch (type.kind) {
      case 'int':
      case 'struct':
      case 'union':
      case 'enum':
      case 'enum64':
      case 'datasec':
      case 'float':
        return boundedSize(type.size, elements, id);
      case 'ptr':
        return boundedSize(btf.pointerSize, elements, id);
      case 'array':
        elements *= type.count;
        at = type.element;
        break;
      case 'typedef':
      case 'const':
      case 'volatile':
      case 'restrict':
      case 'type_tag':
      case 'var':
      case 'decl_tag':
        at = type.type;
        break;
      case 'void':
      case 'fwd':
      case 'func':
      case 'func_proto':
        throw new CoreError(`type [${id}] has no size`);
      default:
        return unreachable(type);
    }
  }
  throw new CoreError(`type [${id}] is nested too deep`);
}

function boundedSize(size: number, elements: number, id: TypeId): number {
  const bytes = size * elements;
  if (bytes > 0xffff_ffff) throw new CoreError(`type [${id}] is larger than 4 GiB`);
  return bytes;
}

export function isComposite(type: BtfType): type is BtfComposite {
  return type.kind === 'struct' || type.kind === 'union';
}

export function isEnum(type: BtfType): type is BtfEnum {
  return type.kind === 'enum' || type.kind === 'enum64';
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
  const kind = btf.kindOf(id);
  return `${kind === 'void' ? 'unknown' : kind} ${btf.nameOf(id) || '<anon>'}`;
}

/** For the default branch of an exhaustive switch. */
export function unreachable(value: never): never {
  throw new Error(`unexpected ${JSON.stringify(value)}`);
}
