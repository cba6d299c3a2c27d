/** Loads and stores by width: index w is 2^w bytes; sign-extending loads follow. */
import type { OpName } from '../../../../bpf/opcodes.ts';

export const LOADS: readonly OpName[] = ['ldx8', 'ldx16', 'ldx32', 'ldx64', 'ldsx8', 'ldsx16', 'ldsx32'];
export const STORES: readonly OpName[] = ['stx8', 'stx16', 'stx32', 'stx64'];
export const STORES_IMMEDIATE: readonly OpName[] = ['st8', 'st16', 'st32', 'st64'];
