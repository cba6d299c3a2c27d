/** A map as the verifier sees it (`struct bpf_map`). */
import type { Btf } from '../bpf/btf/btf.ts';
import { MapFlags, type MapSpec } from '../bpf/maps.ts';

export interface VerifierMap extends MapSpec {
  /** For messages; empty when it has none. */
  readonly name: string;
  /** Of key and value types; absent when the map was made without. */
  readonly types?: Btf;
  /** User space can write to it no more. With `RDONLY_PROG` its contents are constants. */
  readonly frozen?: boolean;
  /** Contents of the one value of a frozen read-only array. */
  readonly data?: Uint8Array;
  readonly innerMap?: VerifierMap;
}

/** Programs may not write to it: it was made so, or lookups give pointers into the kernel's own (`dev_map_init_map`). */
export function isReadOnlyForPrograms(map: VerifierMap): boolean {
  if ((map.flags & MapFlags.RDONLY_PROG) !== 0) return true;
  return map.type === 'devmap' || map.type === 'devmap_hash';
}
