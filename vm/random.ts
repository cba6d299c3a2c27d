/** Marsaglia's xorshift on 32 bits: the numbers of `bpf_get_prandom_u32`. The state is the last number. */

/** First state for a seed; never 0. */
export function randomStart(seed: number): number {
  return (seed | 0) === 0 ? 0x2545f491 : Math.imul(seed, 0x9e3779b1) | 1;
}

/** The state after `state`, and the number given. */
export function randomNext(state: number): number {
  let next = state ^ (state << 13);
  next ^= next >>> 17;
  return next ^ (next << 5);
}
