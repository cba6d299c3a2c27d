/** Declaration tags of a type of the program (`btf_find_next_decl_tag`). */
import type { Btf } from '../../bpf/btf/btf.ts';
import type { TypeId } from '../../bpf/btf/type.ts';

/** Texts of the tags of `type` (component -1) or of one of its parameters or members, in the order of the table. */
export function declarationTags(btf: Btf, type: TypeId, component: number): string[] {
  const tags: string[] = [];
  for (let id = btf.firstId; id < btf.end; id++) {
    if (btf.kindOf(id) !== 'decl_tag') continue;
    const tag = btf.type(id);
    if (tag.kind === 'decl_tag' && tag.type === type && tag.component === component) tags.push(tag.name);
  }
  return tags;
}
