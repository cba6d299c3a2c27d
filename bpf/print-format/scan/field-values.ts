/** Where scanning a text puts what it reads: values of fields. */
import type { EventField } from '../../event-format.ts';

export const ALL_BITS = 0xffff_ffff_ffff_ffffn;

export interface FieldValues {
  /** Sets the bits of `mask` in an integer, or in the array's element of that index. */
  number(field: EventField, index: number, value: bigint, mask: bigint): void;
  /** Is not zero, with nothing known of which bits. */
  nonZero(field: EventField): void;
  /** The field's bytes: of a string without its NUL. */
  data(field: EventField, bytes: Uint8Array): void;
}

/** The bytes of a byte string. */
export function bytesOfText(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index++) bytes[index] = text.charCodeAt(index);
  return bytes;
}
