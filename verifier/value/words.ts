/** 64-bit numbers as two signed words, where an object for each would cost too much. */

/** Unsigned `a < b`. */
export function isBelow(aHi: number, aLo: number, bHi: number, bLo: number): boolean {
  return aHi === bHi ? aLo >>> 0 < bLo >>> 0 : aHi >>> 0 < bHi >>> 0;
}

/** Signed `a < b`. */
export function isSignedBelow(aHi: number, aLo: number, bHi: number, bLo: number): boolean {
  return aHi === bHi ? aLo >>> 0 < bLo >>> 0 : aHi < bHi;
}

/** The highest bit set and all below it. */
export function onesFrom(word: number): number {
  return word === 0 ? 0 : -1 >>> Math.clz32(word);
}

/** Ones from bit 0 upwards and zeros above, none or all included. */
export function isLowOnes(hi: number, lo: number): boolean {
  if (hi === 0) return (lo & (lo + 1)) === 0;
  return lo === -1 && (hi & (hi + 1)) === 0;
}
