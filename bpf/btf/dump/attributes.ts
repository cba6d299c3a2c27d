/**
 * Tags of BTF as C attributes: `btf_decl_tag("text")` on members, types and functions, `btf_type_tag("text")` on what a
 * pointer points to; with kind_flag (Linux 6.15) the text is the attribute itself. clang knows both, GCC before 16
 * ignores them with a warning.
 */
import type { Btf } from '../btf.ts';
import type { BtfDeclTag, BtfTypeTag, TypeId } from '../type.ts';

export function attributeOf(tag: BtfDeclTag | BtfTypeTag): string {
  if (tag.attribute && /^[\w ,()"]+$/.test(tag.name)) return `__attribute__((${tag.name}))`;
  const word = tag.kind === 'decl_tag' ? 'btf_decl_tag' : 'btf_type_tag';
  return `__attribute__((${word}(${quoted(tag.name)})))`;
}

function quoted(text: string): string {
  const escaped = text.replace(/[\\"]/g, '\\$&').replace(/[^ -~]/g, (one) => {
    const bytes = new TextEncoder().encode(one);
    return [...bytes].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
  });
  return `"${escaped}"`;
}

/** The declaration tags of a table by what they tag. Looked up once: they stand anywhere in a table. */
export class DeclTags {
  readonly #byType = new Map<TypeId, BtfDeclTag[]>();

  constructor(btf: Btf) {
    for (let id = btf.firstId; id < btf.end; id++) {
      if (btf.kindOf(id) !== 'decl_tag') continue;
      const tag = btf.type(id);
      if (tag.kind !== 'decl_tag') continue;
      const list = this.#byType.get(tag.type);
      if (list === undefined) this.#byType.set(tag.type, [tag]);
      else list.push(tag);
    }
  }

  of(id: TypeId): readonly BtfDeclTag[] {
    return this.#byType.get(id) ?? [];
  }

  /** ` __attribute__((…))` for each tag of a member or, with -1, of the declaration itself. */
  attributes(id: TypeId, component: number): string {
    const tags = this.#byType.get(id);
    if (tags === undefined) return '';
    return tags
      .filter((tag) => tag.component === component)
      .map((tag) => ` ${attributeOf(tag)}`)
      .join('');
  }
}
