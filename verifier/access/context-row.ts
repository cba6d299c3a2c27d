/**
 * Tables of what may be accessed in a context or socket: the row that has an access's first byte decides. An access lies at
 * a multiple of its size always.
 */
import type { KernelRelease } from '../../bpf/kernel-release.ts';
import type { AttachTypeName } from '../input.ts';
import type { AccessKind } from './access.ts';

/** What a load gives when it is no number. */
export type ContextPointer =
  | 'packet'
  | 'packet-meta'
  | 'packet-end'
  | 'flow-keys'
  | 'socket'
  | 'socket-or-null'
  | 'sock-common-or-null'
  | 'tracepoint-buffer'
  | 'sk-buff'
  | 'nf-hook-state';

/** Sizes or-ed: 1, 2, 4 and 8 bytes are their own bits. */
export interface ContextRow {
  readonly from: number;
  /** One past the last first byte. */
  readonly to: number;
  readonly read: number;
  readonly write: number;
  readonly pointer?: ContextPointer;
  /** Only for programs of these attach types: any access, or (`writeOnly`) writes. */
  readonly only?: readonly AttachTypeName[];
  readonly writeOnly?: readonly AttachTypeName[];
  /** A sign-extending load is refused. */
  readonly plain?: boolean;
  /** Kernels before have no such field, or let nobody write it. */
  readonly since?: KernelRelease;
  readonly writeSince?: KernelRelease;
  /** Kernels before read it whole only, four bytes. */
  readonly narrowSince?: KernelRelease;
}

/** Any number of bytes up to four: what the kernel makes of a four byte field. */
export const NARROW: number = 1 | 2 | 4;
/** Of any size. */
export const ANY: number = 1 | 2 | 4 | 8;

/** Bytes `from` to `to`, that excluded, and the sizes that may be read and written: or-ed, as `NARROW` is. */
export function row(
  from: number,
  to: number,
  read: number,
  write = 0,
  more: Omit<ContextRow, 'from' | 'to' | 'read' | 'write'> = {},
): ContextRow {
  return { from, to, read, write, ...more };
}

/** Undefined: programs have nothing there. */
export function rowAt(rows: readonly ContextRow[], off: number): ContextRow | undefined {
  for (const one of rows) if (off >= one.from && off < one.to) return one;
  return undefined;
}

/** It is aligned, and of a size that the row has. */
export function allowsAccess(found: ContextRow, off: number, size: number, kind: AccessKind): boolean {
  return (off & (size - 1)) === 0 && ((kind === 'read' ? found.read : found.write) & size) !== 0;
}
