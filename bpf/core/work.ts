/**
 * The work one call may do. Hostile types can be shared so that walking them takes exponential time; what honest objects
 * need is far below the limit.
 */
import { CoreError } from './error.ts';

/** Members and types looked at; about a second's worth. */
const LIMIT = 10_000_000;

export class Work {
  #left = LIMIT;

  /** @throws CoreError when the limit is reached */
  step(): void {
    this.#left--;
    if (this.#left < 0) throw new CoreError('comparing its types takes too much work');
  }
}
