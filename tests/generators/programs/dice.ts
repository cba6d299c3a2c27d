/** The source of all chance in a generated program: one seed, one program. */
export class Dice {
  #state: number;
  /** Chance of a mistake at each decision, in 0 ... 1. */
  readonly mistakes: number;

  constructor(seed: number, mistakes: (dice: Dice) => number = () => 0) {
    this.#state = Math.imul(seed, 0x9e3779b1) >>> 0;
    this.mistakes = mistakes(this);
  }

  /** 32 bits (mulberry32). */
  word(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    const state = this.#state;
    let value = Math.imul(state ^ (state >>> 15), state | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return (value ^ (value >>> 14)) >>> 0;
  }

  /** 0 ... limit - 1 */
  below(limit: number): number {
    return limit <= 1 ? 0 : this.word() % limit;
  }

  /** low ... high */
  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  chance(probability: number): boolean {
    return this.word() < probability * 4294967296;
  }

  /** True when a mistake is to be made here. */
  wrong(): boolean {
    return this.mistakes > 0 && this.chance(this.mistakes);
  }

  of<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }
}
