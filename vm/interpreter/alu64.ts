/**
 * 64-bit arithmetic on int32 pairs (RFC 9669 section 4.1). Every function works in place on the pair at `d`, `d + 1` of
 * `r` with the operand `(bl, bh)`; nothing allocates. Division by zero gives 0, modulo by zero leaves the dividend.
 */

/** High half of the unsigned 32 x 32 product. */
function multiplyHigh(a: number, b: number): number {
  const a0 = a & 0xffff;
  const a1 = a >>> 16;
  const b0 = b & 0xffff;
  const b1 = b >>> 16;
  // Below 2^34: exact as doubles.
  const middle = a0 * b1 + a1 * b0 + ((a0 * b0) >>> 16);
  return (a1 * b1 + Math.floor(middle / 0x10000)) | 0;
}

/** a < b, unsigned. */
export function less64(al: number, ah: number, bl: number, bh: number): boolean {
  return ah === bh ? al >>> 0 < bl >>> 0 : ah >>> 0 < bh >>> 0;
}

/** rD = -rD. */
function neg64(r: Int32Array, d: number): void {
  const low = r[d]!;
  r[d] = -low;
  r[d + 1] = low === 0 ? -r[d + 1]! : ~r[d + 1]!;
}

/** Division. Quotients are estimated in doubles, which hold 53 bits, and put right where that is not enough. */
export class Divider {
  /** rD = rD / b, unsigned. */
  div(r: Int32Array, d: number, bl: number, bh: number): void {
    this.#divide(r, d, bl, bh, false);
  }

  /** rD = rD % b, unsigned. */
  mod(r: Int32Array, d: number, bl: number, bh: number): void {
    if ((bl | bh) !== 0) this.#divide(r, d, bl, bh, true);
  }

  /** rD = rD / b, signed, towards zero; the least number / -1 is itself. */
  sdiv(r: Int32Array, d: number, bl: number, bh: number): void {
    const negative = (r[d + 1]! ^ bh) < 0;
    if (r[d + 1]! < 0) neg64(r, d);
    this.#divideMagnitude(r, d, bl, bh, false);
    if (negative) neg64(r, d);
  }

  /** rD = rD % b, signed, with the sign of the dividend. */
  smod(r: Int32Array, d: number, bl: number, bh: number): void {
    if ((bl | bh) === 0) return;
    const negative = r[d + 1]! < 0;
    if (negative) neg64(r, d);
    this.#divideMagnitude(r, d, bl, bh, true);
    if (negative) neg64(r, d);
  }

  #divideMagnitude(r: Int32Array, d: number, bl: number, bh: number, remainder: boolean): void {
    if (bh < 0) this.#divide(r, d, -bl | 0, bl === 0 ? -bh | 0 : ~bh, remainder);
    else this.#divide(r, d, bl, bh, remainder);
  }

  #divide(r: Int32Array, d: number, bl: number, bh: number, remainder: boolean): void {
    const al = r[d]! >>> 0;
    const ah = r[d + 1]! >>> 0;
    if ((ah | bh) === 0) {
      const b = bl >>> 0;
      r[d] = b === 0 ? 0 : remainder ? al % b : al / b;
      return;
    }
    if (ah < 0x20_0000 && bh >>> 0 < 0x20_0000) {
      // Both below 2^53: doubles divide exactly enough, floor(a / b) is the quotient.
      const a = ah * 0x1_0000_0000 + al;
      const b = bh * 0x1_0000_0000 + (bl >>> 0);
      const quotient = b === 0 ? 0 : Math.floor(a / b);
      const result = remainder ? a - quotient * b : quotient;
      r[d + 1] = result / 0x1_0000_0000;
      r[d] = result;
      return;
    }
    if (bh === 0) this.#divideByWord(r, d, bl >>> 0, remainder);
    else if (bh < 0) this.#divideOnce(r, d, bl, bh, remainder);
    else this.#divideWide(r, d, bl, bh, remainder);
  }

  /** The school's way, with digits of 32, 16 and 16 bits: what is left is always below 2^48. `b` is not 0. */
  #divideByWord(r: Int32Array, d: number, b: number, remainder: boolean): void {
    const low = r[d]! >>> 0;
    const high = r[d + 1]! >>> 0;
    // `%` of doubles is slow.
    const first = Math.floor(high / b);
    const upper = (high - first * b) * 0x1_0000 + (low >>> 16);
    const second = Math.floor(upper / b);
    const lower = (upper - second * b) * 0x1_0000 + (low & 0xffff);
    const third = Math.floor(lower / b);
    r[d + 1] = remainder ? 0 : first;
    r[d] = remainder ? lower - third * b : second * 0x1_0000 + third;
  }

  /** By at least 2^63: once or not at all. */
  #divideOnce(r: Int32Array, d: number, bl: number, bh: number, remainder: boolean): void {
    const fits = !less64(r[d]!, r[d + 1]!, bl, bh);
    if (!remainder) {
      r[d] = fits ? 1 : 0;
      r[d + 1] = 0;
    } else if (fits) subtract64(r, d, bl, bh);
  }

  /** By 2^32 up to 2^63: the quotient is below 2^32, and the estimate at most one off, where what is left is 0 or b, almost. */
  #divideWide(r: Int32Array, d: number, bl: number, bh: number, remainder: boolean): void {
    const a = (r[d + 1]! >>> 0) * 0x1_0000_0000 + (r[d]! >>> 0);
    let quotient = Math.floor(a / (bh * 0x1_0000_0000 + (bl >>> 0)));
    subtract64(r, d, Math.imul(quotient, bl), multiplyHigh(quotient, bl) + Math.imul(quotient, bh));
    const high = r[d + 1]!;
    if (high < 0 && high > -0x10_0000) {
      quotient--;
      subtract64(r, d, -bl | 0, bl === 0 ? -bh | 0 : ~bh);
    } else if (!less64(r[d]!, high, bl, bh)) {
      quotient++;
      subtract64(r, d, bl, bh);
    }
    if (remainder) return;
    r[d] = quotient;
    r[d + 1] = 0;
  }
}

/** rD = rD - b. */
function subtract64(r: Int32Array, d: number, bl: number, bh: number): void {
  const low = r[d]!;
  r[d] = low - bl;
  r[d + 1] = r[d + 1]! - bh - (low >>> 0 < bl >>> 0 ? 1 : 0);
}
