/**
 * Why a program is refused. Rooms throw a `Rejection` made by a constructor of `messages.gen.ts`; the exploration catches it
 * (on a speculative path it ends the path only), `verify` turns it into the report. It is no Error: it is a verdict, and
 * making thousands of stack traces would cost more than the verdict.
 */

/** What fills a message's placeholders, kept for the explanation. */
export type MessageValues = Readonly<Record<string, string | number>>;

/** Which of a rejection's kinds decides what the caller does with it. */
export type RejectionKind =
  /** Linux refuses the program. */
  | 'refused'
  /** We cannot judge it: a feature of the program is not modelled. It counts as no verdict, never as acceptance. */
  | 'unsupported';

export class Rejection {
  readonly code: string;
  /** Name of the constructor, such as `invalidMemoryAccess`. */
  readonly name: string;
  /** The kernel's own lines, joined by newlines, without the last one. */
  readonly text: string;
  readonly values: MessageValues;
  readonly kind: RejectionKind;

  constructor(
    code: string,
    name: string,
    text: string,
    values: MessageValues,
    kind: RejectionKind = 'refused',
  ) {
    this.code = code;
    this.name = name;
    this.text = text;
    this.values = values;
    this.kind = kind;
  }
}

const NO_VALUES: MessageValues = {};

/** A feature we do not model: `what` completes "cannot judge: ". */
export function unsupported(what: string): Rejection {
  return new Rejection('VE1901', 'unsupported', `cannot judge: ${what}`, NO_VALUES, 'unsupported');
}
