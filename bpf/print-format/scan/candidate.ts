/** What a conversion may have printed at a place of the text: where that ends, and what it says of the fields. */
import type { FieldValues } from './field-values.ts';

export interface Candidate {
  readonly end: number;
  /** Absent when nothing is learned. */
  apply?(values: FieldValues): void;
}

/** All that it may be, the likeliest first. `next` is the literal text that follows; undefined at the end of the format. */
export type FindCandidates = (text: string, at: number, next: string | undefined) => readonly Candidate[];

export const NOTHING: readonly Candidate[] = [];
