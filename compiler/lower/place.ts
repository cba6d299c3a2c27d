/** A piece of memory the program can read and write directly: stack, scratch, map value, or (read only) the context. */
import type { AccessSize, Value } from '../ir/ir.ts';

export interface Place {
  readonly base: Value;
  readonly offset: number;
  /** What base + offset is known to be aligned to. */
  readonly align: AccessSize;
  /** The kernel's verifier wants stack bytes written before a helper reads them. */
  readonly stack: boolean;
  /** Bytes after a string's end need not be zero: nobody compares or hashes them. */
  readonly loose?: boolean;
}

/** The part of a place that begins `offset` bytes later. */
export function within(place: Place, offset: number): Place {
  return { ...place, offset: place.offset + offset, align: alignAt(place.align, offset) };
}

export function alignAt(align: AccessSize, offset: number): AccessSize {
  for (const size of [8, 4, 2] as const) if (align >= size && offset % size === 0) return size;
  return 1;
}
