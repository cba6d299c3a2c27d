/** What one line of a text recording says, whatever its form. */

export interface TextLine {
  /** Undefined where the tracer did not know the name (`<...>`, `:123`). */
  readonly comm: string | undefined;
  readonly tid: number;
  /** The process; -1 where the line does not say. */
  readonly tgid: number;
  /** -1 where the line does not say. */
  readonly cpu: number;
  /** `common_flags` and `common_preempt_count`. */
  readonly flags: number;
  readonly preemptCount: number;
  /** Nanoseconds, or the clock's own unit. */
  readonly time: bigint;
  /** Empty where the line has the event's name alone. */
  readonly system: string;
  readonly event: string;
  /** What the event printed. */
  readonly text: string;
  /** Set for a function's call: `event` is `function` then. */
  readonly call?: { readonly function: string; readonly parent: string };
}

export interface TextFrame {
  /** 0 where the text has names alone. */
  readonly address: bigint;
  readonly kernel: boolean;
  readonly symbol?: { readonly name: string; readonly offset: bigint };
  /** The file or module that the text tells of. */
  readonly dso?: string;
}

/** A line of another kind. */
export type OtherLine =
  | { readonly kind: 'comment'; readonly text: string }
  /** `CPU:1 [LOST 5 EVENTS]`: a count, or -1 for "some". */
  | { readonly kind: 'lost'; readonly cpu: number; readonly count: number }
  /** One frame of the event before. */
  | { readonly kind: 'frame'; readonly frame: TextFrame }
  | { readonly kind: 'blank' }
  /** Something that this form does not have. */
  | { readonly kind: 'unknown' };

export type ReadLine = { readonly kind: 'event'; readonly line: TextLine } | OtherLine;

/** Nanoseconds of `seconds.fraction`; a number without fraction counts the clock's own unit. */
export function parseTime(whole: string, fraction: string | undefined): bigint {
  if (fraction === undefined) return BigInt(whole);
  return BigInt(whole) * 1_000_000_000n + BigInt(fraction.slice(0, 9).padEnd(9, '0'));
}
