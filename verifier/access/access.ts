/** Loads and stores through a register: which kind of memory it is, and whether the access is in it (`check_mem_access`). */
import type { Environment } from '../environment.ts';
import { unsupported } from '../rejection.ts';

export type AccessKind = 'read' | 'write';

export interface MemoryAccess {
  readonly kind: AccessKind;
  /** Register that holds the address. */
  readonly base: number;
  readonly off: number;
  readonly size: 1 | 2 | 4 | 8;
  /** Register read into or written from; -1: none (an immediate is stored, or an atomic operation checks only). */
  readonly value: number;
  /** Alignment is demanded whatever the machine (`strict_alignment_once`). */
  readonly strict?: boolean;
  /** The value is sign-extended when loaded. */
  readonly signExtend?: boolean;
}

/** Checks one access of the instruction at `env.slot`, and does it to the state. @throws Rejection */
export function checkMemoryAccess(_env: Environment, _access: MemoryAccess): void {
  throw unsupported('memory access');
}
