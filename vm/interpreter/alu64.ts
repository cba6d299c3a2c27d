/**
 * 64-bit arithmetic on int32 pairs (RFC 9669 section 4.1). Every function works in place on the pair at `d`, `d + 1` of
 * `r` with the operand `(bl, bh)`; nothing allocates. Division by zero gives 0, modulo by zero leaves the dividend.
 */

/** rD = rD * b. */
export function mul64(r: Int32Array, d: number, bl: number, bh: number): void {
  const al = r[d]!;
  const ah = r[d + 1]!;
  r[d] = Math.imul(al, bl);
  r[d + 1] = (multiplyHigh(al, bl) + Math.imul(al, bh) + Math.imul(ah, bl)) | 0;
}

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

/** rD = rD << (n & 63). */
export function lsh64(r: Int32Array, d: number, n: number): void {
  const by = n & 63;
  const low = r[d]!;
  if (by === 0) return;
  if (by >= 32) {
    r[d + 1] = low << (by - 32);
    r[d] = 0;
    return;
  }
  r[d + 1] = (r[d + 1]! << by) | (low >>> (32 - by));
  r[d] = low << by;
}

/** rD = rD >> (n & 63), zeros from above. */
export function rsh64(r: Int32Array, d: number, n: number): void {
  const by = n & 63;
  const high = r[d + 1]!;
  if (by === 0) return;
  if (by >= 32) {
    r[d] = high >>> (by - 32);
    r[d + 1] = 0;
    return;
  }
  r[d] = (r[d]! >>> by) | (high << (32 - by));
  r[d + 1] = high >>> by;
}

/** rD = rD >> (n & 63), sign from above. */
export function arsh64(r: Int32Array, d: number, n: number): void {
  const by = n & 63;
  const high = r[d + 1]!;
  if (by === 0) return;
  if (by >= 32) {
    r[d] = high >> (by - 32);
    r[d + 1] = high >> 31;
    return;
  }
  r[d] = (r[d]! >>> by) | (high << (32 - by));
  r[d + 1] = high >> by;
}

/** a < b, unsigned. */
export function less64(al: number, ah: number, bl: number, bh: number): boolean {
  return ah === bh ? al >>> 0 < bl >>> 0 : ah >>> 0 < bh >>> 0;
}

/** a < b, signed. */
export function signedLess64(al: number, ah: number, bl: number, bh: number): boolean {
  return ah === bh ? al >>> 0 < bl >>> 0 : ah < bh;
}

/** rD = -rD. */
export function neg64(r: Int32Array, d: number): void {
  const low = r[d]!;
  r[d] = -low;
  r[d + 1] = low === 0 ? -r[d + 1]! : ~r[d + 1]!;
}

/** Division; it owns the cells through which quotients too large for doubles go. */
export class Divider {
  readonly #words = new Int32Array(4);
  readonly #wide = new BigUint64Array(this.#words.buffer);

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
      const result = b === 0 ? 0 : remainder ? a % b : Math.floor(a / b);
      r[d + 1] = result / 0x1_0000_0000;
      r[d] = result;
      return;
    }
    this.#divideWide(r, d, bl, bh, remainder);
  }

  #divideWide(r: Int32Array, d: number, bl: number, bh: number, remainder: boolean): void {
    const words = this.#words;
    const wide = this.#wide;
    words[0] = r[d]!;
    words[1] = r[d + 1]!;
    words[2] = bl;
    words[3] = bh;
    const divisor = wide[1]!;
    if (divisor === 0n) wide[0] = 0n;
    else wide[0] = remainder ? wide[0]! % divisor : wide[0]! / divisor;
    r[d] = words[0]!;
    r[d + 1] = words[1]!;
  }
}
