/** What engines take at most (WebAssembly JavaScript Interface, "Implementation-defined Limits"). */

/** Bytes of a function's body. */
export const MAX_FUNCTION_SIZE = 7_654_321;
/** Locals of a function, its parameters among them. */
export const MAX_LOCALS = 50_000;
/** Labels of a `br_table`. */
export const MAX_TABLE_LABELS = 65_520;

/** Thrown by builders where code would be beyond a limit. */
export class CodeLimitError extends RangeError {
  override readonly name: string = 'CodeLimitError';

  constructor(what: string, limit: number) {
    super(`its code has more than ${limit} ${what}`);
  }
}
