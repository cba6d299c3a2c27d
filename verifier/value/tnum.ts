import { Int64 } from './int64.ts';

const UNSIGNED_MAX = 0xffff_ffff;

/**
 * What is known of each bit of a 64-bit value: where `mask` has a one the bit is unknown, elsewhere it is `value`'s
 * (`kernel/bpf/tnum.c`). Never both: `value & mask` is zero.
 */
export class Tnum {
  static readonly UNKNOWN: Tnum = new Tnum(Int64.ZERO, Int64.ALL_ONES);
  static readonly ZERO: Tnum = new Tnum(Int64.ZERO, Int64.ZERO);

  readonly value: Int64;
  readonly mask: Int64;

  constructor(value: Int64, mask: Int64) {
    this.value = value;
    this.mask = mask;
  }

  static constant(value: Int64): Tnum {
    return new Tnum(value, Int64.ZERO);
  }

  /** The smallest that has all of an unsigned range: the common leading bits. */
  static range(min: Int64, max: Int64): Tnum {
    const bits = min.xor(max).bitLength();
    if (bits === 0) return Tnum.constant(min);
    if (bits > 63) return Tnum.UNKNOWN;
    const unknown = Int64.ones(bits);
    return new Tnum(min.and(unknown.not()), unknown);
  }

  isConstant(): boolean {
    return this.mask.isZero();
  }

  isUnknown(): boolean {
    return this.mask.hi === -1 && this.mask.lo === -1;
  }

  /** The low 32 bits are known. */
  isSubregisterConstant(): boolean {
    return this.mask.lo === 0;
  }

  equals(other: Tnum): boolean {
    return this.value.equals(other.value) && this.mask.equals(other.mask);
  }

  /** Largest unsigned value. */
  max(): Int64 {
    return this.value.or(this.mask);
  }

  /** Every value of the other is one of these: `tnum_in(this, other)`. */
  contains(other: Tnum): boolean {
    const known = this.mask.not();
    if (!other.mask.and(known).isZero()) return false;
    return this.value.equals(other.value.and(known));
  }

  /** `value` is one of these. */
  has(value: Int64): boolean {
    return this.value.equals(value.and(this.mask.not()));
  }

  /** The smallest of these above `value`; the largest of all when none is (`tnum_step`). */
  next(value: Int64): Int64 {
    const largest = this.max();
    if (largest.ule(value)) return largest;
    if (value.ult(this.value)) return this.value;
    // Above the smallest by a choice of the unknown bits: count one up among these alone, the others being ones let the
    // carry through; so do those below the highest distance bit that no choice can make.
    const distance = value.sub(this.value);
    const fixed = this.mask.not();
    const below = Int64.ones(distance.and(fixed).bitLength());
    const filled = distance.or(below).or(fixed);
    return this.value.or(filled.add(Int64.ONE).and(this.mask));
  }

  /** They may be the same value: no bit known in both differs. */
  overlaps(other: Tnum): boolean {
    const known = this.mask.or(other.mask).not();
    return this.value.xor(other.value).and(known).isZero();
  }

  /** Every value is a multiple of `size`, a power of two below 2^31; 0 stands for 1. */
  isAligned(size: number): boolean {
    return size === 0 || ((this.value.lo | this.mask.lo) & (size - 1)) === 0;
  }

  add(other: Tnum): Tnum {
    const value = this.value.add(other.value);
    const carries = this.mask.add(other.mask).add(value).xor(value);
    return masked(value, carries.or(this.mask).or(other.mask));
  }

  sub(other: Tnum): Tnum {
    const value = this.value.sub(other.value);
    const borrows = value.add(this.mask).xor(value.sub(other.mask));
    return masked(value, borrows.or(this.mask).or(other.mask));
  }

  neg(): Tnum {
    return Tnum.ZERO.sub(this);
  }

  and(other: Tnum): Tnum {
    const value = this.value.and(other.value);
    return new Tnum(value, this.max().and(other.max()).and(value.not()));
  }

  or(other: Tnum): Tnum {
    const value = this.value.or(other.value);
    return new Tnum(value, this.mask.or(other.mask).and(value.not()));
  }

  xor(other: Tnum): Tnum {
    return masked(this.value.xor(other.value), this.mask.or(other.mask));
  }

  /** Long multiplication by the bits of this one; an unknown bit gives the union of adding and of not adding (6.18). */
  mul(other: Tnum): Tnum {
    if (this.isConstant() && other.isConstant()) return Tnum.constant(this.value.mul(other.value));
    return multiply(this, other);
  }

  /** The same before 6.18: the product of the known bits, and for each bit of this one what the other's may add. */
  mulEarly(other: Tnum): Tnum {
    const product = Tnum.constant(this.value.mul(other.value));
    if (this.isConstant() && other.isConstant()) return product;
    let open = Tnum.ZERO;
    const length = this.max().bitLength();
    for (let bit = 0; bit < length; bit++) {
      const known = this.value.shr(bit).lo & 1;
      if (((this.max().shr(bit).lo >>> 0) & 1) === 0) continue;
      const added = known === 1 ? other.mask : other.max();
      open = open.add(new Tnum(Int64.ZERO, added.shl(bit)));
    }
    return product.add(open);
  }

  shl(count: number): Tnum {
    return new Tnum(this.value.shl(count), this.mask.shl(count));
  }

  shr(count: number): Tnum {
    return new Tnum(this.value.shr(count), this.mask.shr(count));
  }

  /** An unknown sign comes in as unknown bits. With 32 bits the low half alone is shifted, the high one zero. */
  sar(count: number, bits: 32 | 64): Tnum {
    if (bits === 64) return new Tnum(this.value.sar(count), this.mask.sar(count));
    return new Tnum(new Int64(0, this.value.lo >> count), new Int64(0, this.mask.lo >> count));
  }

  /** Where both are known and differ, a one: such a value does not exist. */
  intersect(other: Tnum): Tnum {
    return masked(this.value.or(other.value), this.mask.and(other.mask));
  }

  /** The smallest that has the values of both. */
  union(other: Tnum): Tnum {
    const differ = this.value.xor(other.value);
    return masked(this.value.and(other.value), differ.or(this.mask).or(other.mask));
  }

  /** The low bytes, zeros above. */
  cast(bytes: number): Tnum {
    if (bytes >= 8) return this;
    const kept = Int64.ones(bytes * 8);
    return new Tnum(this.value.and(kept), this.mask.and(kept));
  }

  /** The low bytes in the other order, zeros above: `tnum_bswap16`, `_bswap32`, `_bswap64`. */
  swapBytes(bytes: 2 | 4 | 8): Tnum {
    return new Tnum(swapBytes(this.value, bytes), swapBytes(this.mask, bytes));
  }

  subregister(): Tnum {
    return new Tnum(new Int64(0, this.value.lo), new Int64(0, this.mask.lo));
  }

  /** Its high half with the other's low one. */
  withSubregister(low: Tnum): Tnum {
    return new Tnum(new Int64(this.value.hi, low.value.lo), new Int64(this.mask.hi, low.mask.lo));
  }

  /** As the kernel's log writes it: `(0x0; 0xff)`; from 6.8 on a known value as a number, decimal when it is short. */
  toString(): string {
    if (this.mask.isZero())
      return this.value.hi === 0 && this.value.lo >>> 0 <= 0xffff
        ? String(this.value.lo)
        : `0x${this.value.toHex()}`;
    return `(0x${this.value.toHex()}; 0x${this.mask.toHex()})`;
  }
}

function masked(value: Int64, mask: Int64): Tnum {
  return new Tnum(value.and(mask.not()), mask);
}

/** All in words: up to 64 additions would make hundreds of objects. */
function multiply({ value, mask }: Tnum, other: Tnum): Tnum {
  const length = Math.max(value.bitLength(), mask.bitLength());
  let valueHi = other.value.hi;
  let valueLo = other.value.lo;
  let maskHi = other.mask.hi;
  let maskLo = other.mask.lo;
  let sumHi = 0;
  let sumLo = 0;
  let openHi = 0;
  let openLo = 0;
  for (let bit = 0; bit < length; bit++) {
    const one = bit < 32 ? value.lo >>> bit : value.hi >>> (bit - 32);
    const unknown = bit < 32 ? mask.lo >>> bit : mask.hi >>> (bit - 32);
    if (((one | unknown) & 1) === 1) {
      // The sum and its carries, as in `add`.
      const low = (sumLo >>> 0) + (valueLo >>> 0);
      const newLo = low | 0;
      const newHi = (sumHi + valueHi + (low > UNSIGNED_MAX ? 1 : 0)) | 0;
      const openLow = (openLo >>> 0) + (maskLo >>> 0);
      const most = (openLow >>> 0) + (newLo >>> 0);
      const mostHi =
        openHi + maskHi + newHi + (openLow > UNSIGNED_MAX ? 1 : 0) + (most > UNSIGNED_MAX ? 1 : 0);
      let nextLo = (most ^ newLo) | openLo | maskLo;
      let nextHi = (mostHi ^ newHi) | openHi | maskHi;
      if ((one & 1) === 0) {
        // Added or not: what differs is open too.
        nextLo |= sumLo ^ (newLo & ~nextLo);
        nextHi |= sumHi ^ (newHi & ~nextHi);
      }
      openLo = nextLo;
      openHi = nextHi;
      sumLo = newLo & ~nextLo;
      sumHi = newHi & ~nextHi;
      // Nothing is known, and nothing will be.
      if ((openHi & openLo) === -1) return Tnum.UNKNOWN;
    }
    valueHi = (valueHi << 1) | (valueLo >>> 31);
    valueLo <<= 1;
    maskHi = (maskHi << 1) | (maskLo >>> 31);
    maskLo <<= 1;
  }
  return new Tnum(new Int64(sumHi, sumLo), new Int64(openHi, openLo));
}

function swapBytes(word: Int64, bytes: 2 | 4 | 8): Int64 {
  const low = swapWord(word.lo);
  if (bytes === 8) return new Int64(low, swapWord(word.hi));
  return new Int64(0, bytes === 4 ? low : low >>> 16);
}

function swapWord(word: number): number {
  return (word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24);
}
