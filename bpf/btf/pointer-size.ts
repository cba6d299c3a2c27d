/** How wide pointers are where the types come from: BTF does not say, but C's `long` is as wide as they (libbpf `btf__pointer_size`). */
import type { Btf } from './btf.ts';

/** All ways compilers spell `long`. */
const LONG = new Set([
  'long',
  'long int',
  'int long',
  'unsigned long',
  'long unsigned',
  'unsigned long int',
  'unsigned int long',
  'long unsigned int',
  'long int unsigned',
  'int unsigned long',
  'int long unsigned',
]);

/** 8 when there is no `long`: that of BPF itself. */
export function pointerSizeOf(btf: Pick<Btf, 'firstId' | 'end' | 'kindOf' | 'nameOf' | 'type'>): 4 | 8 {
  for (let id = btf.firstId; id < btf.end; id++) {
    if (btf.kindOf(id) !== 'int' || !LONG.has(btf.nameOf(id))) continue;
    const type = btf.type(id);
    if (type.kind === 'int' && (type.size === 4 || type.size === 8)) return type.size;
  }
  return 8;
}
