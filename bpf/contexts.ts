/**
 * Context layouts: what r1 points to when a program starts, as user-space structures of `linux/bpf.h` and x86-64's
 * `pt_regs`. Which fields a program type may read or write is the program table's business.
 */
import { CONTEXT_ROWS } from './tables/contexts.ts';

/** Name of the C structure. */
export type ContextName = keyof typeof CONTEXT_ROWS;

export interface ContextField {
  readonly name: string;
  /** Bytes from the start of the context. */
  readonly offset: number;
  /** Bytes of one element. */
  readonly size: 1 | 2 | 4 | 8;
  /** Elements; above 1 for arrays. */
  readonly count: number;
  /** What a full-width load of the field gives the verifier. */
  readonly kind: 'scalar' | 'packet' | 'packet-end' | 'packet-meta' | 'socket' | 'flow-keys' | 'pointer';
}

export interface ContextLayout {
  readonly name: ContextName;
  /** Bytes. */
  readonly size: number;
  /** By ascending offset. Fields of a union share bytes. */
  readonly fields: readonly ContextField[];
}

/** Every layout by structure name. */
export const CONTEXTS: Readonly<Record<ContextName, ContextLayout>> = Object.fromEntries(
  Object.entries(CONTEXT_ROWS).map(([name, { size, fields }]) => [
    name,
    {
      name,
      size,
      fields: fields.map(([field, offset, bytes, count, kind]) => ({
        name: field,
        offset,
        size: bytes,
        count,
        kind,
      })),
    },
  ]),
) as unknown as Record<ContextName, ContextLayout>;

/** A field by name; undefined when the structure has none of it. */
export function contextField(layout: ContextLayout, name: string): ContextField | undefined {
  return layout.fields.find((field) => field.name === name);
}

/** The field that holds byte `offset`: the smallest one where union members overlap. */
export function contextFieldAt(layout: ContextLayout, offset: number): ContextField | undefined {
  let found: ContextField | undefined;
  for (const field of layout.fields) {
    if (offset < field.offset || offset >= field.offset + field.size * field.count) continue;
    if (found === undefined || field.size * field.count < found.size * found.count) found = field;
  }
  return found;
}
