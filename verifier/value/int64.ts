/**
 * A 64-bit integer as two signed 32-bit halves; signedness is the operation's, as in a register.
 *
 * Why a pair: records of four bounds made one from another cost 1.5 to 1.6 times as much with BigInts in their fields
 * (`bench/verifier-values.ts`), since each is an object too, and a pair's halves are ready for the 32-bit views. Where even
 * the pair would cost too much, in `Bounds` and in multiplication of known bits, the words stand alone.
 */
const TWO_32 = 4294967296;

export class Int64 {
  static readonly ZERO: Int64 = new Int64(0, 0);
  static readonly ONE: Int64 = new Int64(0, 1);
  static readonly ALL_ONES: Int64 = new Int64(-1, -1);
  /** Largest unsigned. */
  static readonly U64_MAX: Int64 = Int64.ALL_ONES;
  static readonly S64_MIN: Int64 = new Int64(-2147483648, 0);
  static readonly S64_MAX: Int64 = new Int64(2147483647, -1);
  static readonly U32_MAX: Int64 = new Int64(0, -1);
  static readonly S32_MIN: Int64 = new Int64(-1, -2147483648);
  static readonly S32_MAX: Int64 = new Int64(0, 2147483647);

  readonly hi: number;
  readonly lo: number;

  /** Of two numbers the low 32 bits count. */
  constructor(hi: number, lo: number) {
    this.hi = hi | 0;
    this.lo = lo | 0;
  }

  /** The value of 32 unsigned bits. */
  static unsigned32(value: number): Int64 {
    return new Int64(0, value);
  }

  /** The value of 32 signed bits, extended. */
  static signed32(value: number): Int64 {
    return new Int64((value | 0) < 0 ? -1 : 0, value);
  }

  /** An integer that a double holds exactly; two's complement when negative. */
  static fromNumber(value: number): Int64 {
    return new Int64(Math.floor(value / TWO_32), value);
  }

  /** The low 64 bits. */
  static fromBigInt(value: bigint): Int64 {
    return new Int64(Number(BigInt.asIntN(32, value >> 32n)), Number(BigInt.asIntN(32, value)));
  }

  /** `count` low ones: 0 to 64. */
  static ones(count: number): Int64 {
    if (count >= 64) return Int64.ALL_ONES;
    if (count >= 32) return new Int64(count === 32 ? 0 : -1 >>> (64 - count), -1);
    return new Int64(0, count === 0 ? 0 : -1 >>> (32 - count));
  }

  static minUnsigned(a: Int64, b: Int64): Int64 {
    return b.ult(a) ? b : a;
  }

  static maxUnsigned(a: Int64, b: Int64): Int64 {
    return a.ult(b) ? b : a;
  }

  static minSigned(a: Int64, b: Int64): Int64 {
    return b.slt(a) ? b : a;
  }

  static maxSigned(a: Int64, b: Int64): Int64 {
    return a.slt(b) ? b : a;
  }

  isZero(): boolean {
    return this.hi === 0 && this.lo === 0;
  }

  isNegative(): boolean {
    return this.hi < 0;
  }

  equals(other: Int64): boolean {
    return this.lo === other.lo && this.hi === other.hi;
  }

  ult(other: Int64): boolean {
    return this.hi === other.hi ? this.lo >>> 0 < other.lo >>> 0 : this.hi >>> 0 < other.hi >>> 0;
  }

  ule(other: Int64): boolean {
    return this.hi === other.hi ? this.lo >>> 0 <= other.lo >>> 0 : this.hi >>> 0 < other.hi >>> 0;
  }

  slt(other: Int64): boolean {
    return this.hi === other.hi ? this.lo >>> 0 < other.lo >>> 0 : this.hi < other.hi;
  }

  sle(other: Int64): boolean {
    return this.hi === other.hi ? this.lo >>> 0 <= other.lo >>> 0 : this.hi < other.hi;
  }

  add(other: Int64): Int64 {
    const low = (this.lo >>> 0) + (other.lo >>> 0);
    return new Int64(this.hi + other.hi + (low >= TWO_32 ? 1 : 0), low);
  }

  sub(other: Int64): Int64 {
    const borrow = this.lo >>> 0 < other.lo >>> 0 ? 1 : 0;
    return new Int64(this.hi - other.hi - borrow, this.lo - other.lo);
  }

  neg(): Int64 {
    return new Int64(this.lo === 0 ? -this.hi : ~this.hi, -this.lo);
  }

  /** The low 64 bits of the product. */
  mul(other: Int64): Int64 {
    const high = multiplyHigh32(this.lo, other.lo);
    const cross = Math.imul(this.hi, other.lo) + Math.imul(this.lo, other.hi);
    return new Int64(high + cross, Math.imul(this.lo, other.lo));
  }

  /** `sum` is this plus the other: did it leave the unsigned range? */
  addCarries(sum: Int64): boolean {
    return sum.ult(this);
  }

  /** `sum` is this plus the other: did it leave the signed range? */
  addOverflows(other: Int64, sum: Int64): boolean {
    return ((sum.hi ^ this.hi) & (sum.hi ^ other.hi)) < 0;
  }

  /** `difference` is this minus the other: did it leave the signed range? */
  subOverflows(other: Int64, difference: Int64): boolean {
    return ((this.hi ^ other.hi) & (this.hi ^ difference.hi)) < 0;
  }

  /** The product, undefined when it leaves the unsigned range. */
  mulUnsigned(other: Int64): Int64 | undefined {
    const bits = this.bitLength() + other.bitLength();
    if (bits <= 64) return this.mul(other);
    if (bits > 65) return undefined;
    // On the edge: half of it fits, doubling it and adding the odd one may not.
    const half = this.shr(1).mul(other);
    if (half.hi < 0) return undefined;
    const even = half.shl(1);
    if ((this.lo & 1) === 0) return even;
    const product = even.add(other);
    return even.addCarries(product) ? undefined : product;
  }

  /** The product, undefined when it leaves the signed range. */
  mulSigned(other: Int64): Int64 | undefined {
    const magnitude = this.magnitude().mulUnsigned(other.magnitude());
    if (magnitude === undefined) return undefined;
    if (this.isNegative() === other.isNegative()) return magnitude.isNegative() ? undefined : magnitude;
    return magnitude.ule(Int64.S64_MIN) ? magnitude.neg() : undefined;
  }

  /** The absolute value, unsigned. */
  magnitude(): Int64 {
    return this.isNegative() ? this.neg() : this;
  }

  and(other: Int64): Int64 {
    return new Int64(this.hi & other.hi, this.lo & other.lo);
  }

  or(other: Int64): Int64 {
    return new Int64(this.hi | other.hi, this.lo | other.lo);
  }

  xor(other: Int64): Int64 {
    return new Int64(this.hi ^ other.hi, this.lo ^ other.lo);
  }

  not(): Int64 {
    return new Int64(~this.hi, ~this.lo);
  }

  /** Shifts take 0 to 63. */
  shl(count: number): Int64 {
    if (count === 0) return this;
    if (count >= 32) return new Int64(this.lo << (count - 32), 0);
    return new Int64((this.hi << count) | (this.lo >>> (32 - count)), this.lo << count);
  }

  /** Zeros come in. */
  shr(count: number): Int64 {
    if (count === 0) return this;
    if (count >= 32) return new Int64(0, this.hi >>> (count - 32));
    return new Int64(this.hi >>> count, (this.lo >>> count) | (this.hi << (32 - count)));
  }

  /** The sign comes in. */
  sar(count: number): Int64 {
    if (count === 0) return this;
    if (count >= 32) return new Int64(this.hi >> 31, this.hi >> (count - 32));
    return new Int64(this.hi >> count, (this.lo >>> count) | (this.hi << (32 - count)));
  }

  /** Number of the highest bit set, from 1; 0 for zero: `fls64`. */
  bitLength(): number {
    return this.hi === 0 ? 32 - Math.clz32(this.lo) : 64 - Math.clz32(this.hi);
  }

  /** One bit set, and only one. */
  isPowerOfTwo(): boolean {
    const single = (word: number): boolean => (word & (word - 1)) === 0;
    return this.hi === 0 ? this.lo !== 0 && single(this.lo) : this.lo === 0 && single(this.hi);
  }

  /** Signed, exact within 53 bits; undefined beyond. */
  toNumber(): number | undefined {
    const value = this.hi * TWO_32 + (this.lo >>> 0);
    return Number.isSafeInteger(value) ? value : undefined;
  }

  /** Unsigned, exact within 53 bits; undefined beyond. */
  toUnsignedNumber(): number | undefined {
    const value = (this.hi >>> 0) * TWO_32 + (this.lo >>> 0);
    return Number.isSafeInteger(value) ? value : undefined;
  }

  toBigInt(): bigint {
    return (BigInt(this.hi) << 32n) | BigInt(this.lo >>> 0);
  }

  toUnsignedBigInt(): bigint {
    return (BigInt(this.hi >>> 0) << 32n) | BigInt(this.lo >>> 0);
  }

  /** Signed decimal. */
  toString(): string {
    return String(this.toNumber() ?? this.toBigInt());
  }

  /** Unsigned decimal. */
  toUnsignedString(): string {
    return String(this.toUnsignedNumber() ?? this.toUnsignedBigInt());
  }

  /** Hexadecimal digits of the 64 bits, no prefix. */
  toHex(): string {
    const low = (this.lo >>> 0).toString(16);
    return this.hi === 0 ? low : (this.hi >>> 0).toString(16) + low.padStart(8, '0');
  }
}

/** The high half of the product of two unsigned words. */
function multiplyHigh32(a: number, b: number): number {
  const low = (a & 0xffff) * (b & 0xffff);
  const middle = (a >>> 16) * (b & 0xffff) + (low >>> 16);
  const other = (a & 0xffff) * (b >>> 16) + (middle & 0xffff);
  return (a >>> 16) * (b >>> 16) + Math.floor(middle / 65536) + Math.floor(other / 65536);
}
