/** C that compiles only where every struct has the size, and every member the offset, that BTF gives; and flat layouts. */
import type { Btf } from '../../bpf/btf/btf.ts';
import { fieldLayout, resolveType } from '../../bpf/btf/layout.ts';
import type { BtfComposite, TypeId } from '../../bpf/btf/type.ts';

export interface LayoutAsserts {
  readonly text: string;
  readonly composites: number;
  readonly members: number;
}

/** Several types of one name are `name___2` in a header; they are left out. */
export function layoutAsserts(btf: Btf): LayoutAsserts {
  const lines: string[] = [];
  let composites = 0;
  for (const [tag, type] of unique(btf)) {
    composites++;
    lines.push(`_Static_assert(sizeof(${tag}) == ${type.size}, "size of ${tag}");`);
    for (const { path, bitOffset, bitfield } of flat(btf, type)) {
      if (bitfield) continue;
      const offset = `__builtin_offsetof(${tag}, ${path})`;
      lines.push(`_Static_assert(${offset} == ${bitOffset / 8}, "${tag}: ${path}");`);
    }
  }
  return { text: `${lines.join('\n')}\n`, composites, members: lines.length - composites };
}

/** A variable of every type that has bitfields: clang then describes them. */
export function useOfBitfields(btf: Btf): string {
  const types = [...unique(btf)].filter(([, type]) => hasBitfields(btf, type));
  return types.map(([tag], index) => `${tag} use_${index};\n`).join('');
}

/** Of types with bitfields the places of all members that have a name: `kind size: path bit-offset width, …`. */
export function flatLayouts(btf: Btf): ReadonlyMap<string, string> {
  const layouts = new Map<string, string>();
  for (const [tag, type] of unique(btf)) {
    if (!hasBitfields(btf, type)) continue;
    const members = flat(btf, type).map(
      ({ path, bitOffset, bitSize, bitfield }) => `${path} ${bitOffset}${bitfield ? `:${bitSize}` : ''}`,
    );
    layouts.set(tag, `${type.kind} ${type.size}: ${members.join(', ')}`);
  }
  return layouts;
}

/** Structs and unions whose name in C nothing else has: their tag, or a typedef of those that have none. */
function* unique(btf: Btf): Generator<readonly [string, BtfComposite], void, undefined> {
  for (let id = btf.firstId; id < btf.end; id++) {
    const type = btf.type(id);
    const name = btf.nameOf(id);
    const others = name === '' ? [] : btf.findAll(name).filter((other) => other !== id);
    if ((type.kind === 'struct' || type.kind === 'union') && name !== '') {
      if (!others.some((other) => isTag(btf, other))) yield [`${type.kind} ${name}`, type];
    } else if (type.kind === 'typedef' && !others.some((other) => btf.kindOf(other) === 'typedef')) {
      const inner = btf.type(type.type);
      if ((inner.kind === 'struct' || inner.kind === 'union') && inner.name === '') yield [name, inner];
    }
  }
}

function hasBitfields(btf: Btf, type: BtfComposite): boolean {
  return flat(btf, type).some(({ bitfield }) => bitfield);
}

function isTag(btf: Btf, id: TypeId): boolean {
  return ['struct', 'union', 'enum', 'enum64', 'fwd'].includes(btf.kindOf(id));
}

interface FlatMember {
  readonly path: string;
  readonly bitOffset: number;
  readonly bitSize: number;
  readonly bitfield: boolean;
}

/** Members of anonymous structs as the outer's, as C has it; those of anonymous types with a name behind a dot. */
function flat(btf: Btf, type: BtfComposite, prefix = '', base = 0): readonly FlatMember[] {
  return type.members.flatMap((member) => {
    const { bitOffset, bitSize, bitfield } = fieldLayout(btf, member);
    const path = `${prefix}${member.name}`;
    const own = member.name === '' ? [] : [{ path, bitOffset: base + bitOffset, bitSize, bitfield }];
    const inner = member.name === '' ? resolveType(btf, member.type) : btf.type(member.type);
    const opens =
      (inner.kind === 'struct' || inner.kind === 'union') && (member.name === '' || inner.name === '');
    if (!opens) return own;
    return [...own, ...flat(btf, inner, member.name === '' ? prefix : `${path}.`, base + bitOffset)];
  });
}
