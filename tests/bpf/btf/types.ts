import type { Btf } from '../../../bpf/btf/btf.ts';
import type { BtfType } from '../../../bpf/btf/type.ts';

/** A table's own types in order. */
export function typesOf(btf: Btf): BtfType[] {
  return Array.from({ length: btf.end - btf.firstId }, (_, index) => btf.type(btf.firstId + index));
}
