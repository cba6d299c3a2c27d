import { Int64 } from './int64.ts';
import { Scalar } from './scalar.ts';
import { Tnum } from './tnum.ts';

/** Rounds of deduction: what one round learns the next may use. */
const ROUNDS = 3;

/**
 * A scalar being worked on: the transfer functions and branches set what they know, `sync` lets the five views learn from
 * one another, `scalar` freezes the result. The 32-bit ends are signed words; the unsigned ones compare with `>>> 0`.
 */
export class Bounds {
  bits: Tnum;
  umin: Int64;
  umax: Int64;
  smin: Int64;
  smax: Int64;
  u32min: number;
  u32max: number;
  s32min: number;
  s32max: number;

  constructor(from: Scalar) {
    this.bits = from.bits;
    this.umin = from.umin;
    this.umax = from.umax;
    this.smin = from.smin;
    this.smax = from.smax;
    this.u32min = from.u32min | 0;
    this.u32max = from.u32max | 0;
    this.s32min = from.s32min;
    this.s32max = from.s32max;
  }

  /** Synchronised and frozen: `reg_bounds_sync`. */
  synced(): Scalar {
    this.sync();
    return this.frozen();
  }

  /** As it stands. */
  frozen(): Scalar {
    if (this.bits.isConstant() && this.isExact()) return Scalar.constant(this.bits.value);
    return new Scalar(
      this.bits,
      this.umin,
      this.umax,
      this.smin,
      this.smax,
      this.u32min,
      this.u32max,
      this.s32min,
      this.s32max,
    );
  }

  /** The 64-bit ranges say nothing. */
  unbound64(): void {
    this.umin = Int64.ZERO;
    this.umax = Int64.U64_MAX;
    this.smin = Int64.S64_MIN;
    this.smax = Int64.S64_MAX;
  }

  /** The 32-bit ranges say nothing. */
  unbound32(): void {
    this.u32min = 0;
    this.u32max = -1;
    this.s32min = -2147483648;
    this.s32max = 2147483647;
  }

  /** No range says anything: `__mark_reg_unbounded`. The bits stay. */
  unbound(): void {
    this.unbound64();
    this.unbound32();
  }

  /** The high half becomes zero: `zext_32_to_64`. The 64-bit ranges are the 32-bit ones. */
  extendLowHalf(): void {
    this.bits = this.bits.subregister();
    this.umin = new Int64(0, this.u32min);
    this.umax = new Int64(0, this.u32max);
    const positive = this.s32min >= 0 && this.s32max >= 0;
    this.smin = positive ? new Int64(0, this.s32min) : Int64.ZERO;
    this.smax = positive ? new Int64(0, this.s32max) : Int64.U32_MAX;
  }

  /** `__update_reg_bounds`: the ranges learn from the bits. */
  learnFromBits(): void {
    this.learnFromBits32();
    this.learnFromBits64();
  }

  learnFromBits32(): void {
    const value = this.bits.value.lo;
    const mask = this.bits.mask.lo;
    this.raiseSigned32(value | (mask & -2147483648));
    this.lowerSigned32(value | (mask & 2147483647));
    this.raiseUnsigned32(value);
    this.lowerUnsigned32(value | mask);
  }

  learnFromBits64(): void {
    const { value, mask } = this.bits;
    const highest = value.or(mask);
    const negative = mask.hi < 0;
    this.smin = Int64.maxSigned(this.smin, negative ? new Int64(value.hi | -2147483648, value.lo) : value);
    this.smax = Int64.minSigned(
      this.smax,
      negative ? new Int64(highest.hi & 2147483647, highest.lo) : highest,
    );
    this.umin = Int64.maxUnsigned(this.umin, value);
    this.umax = Int64.minUnsigned(this.umax, highest);
    const only = this.onlyMember(highest);
    if (only !== undefined) this.become(only);
  }

  /** The one value that is both in the unsigned range and among the bits' (late 6.18 and newer), where there is but one. */
  private onlyMember(highest: Int64): Int64 | undefined {
    const { bits, umin, umax } = this;
    const next = bits.next(umin);
    if (bits.has(umin)) return umax.ult(next) ? umin : undefined;
    if (next.equals(highest)) return highest;
    return next.ule(umax) && umax.ult(bits.next(next)) ? next : undefined;
  }

  /** A constant in all views: `___mark_reg_known`. */
  private become(value: Int64): void {
    this.bits = Tnum.constant(value);
    this.umin = value;
    this.umax = value;
    this.smin = value;
    this.smax = value;
    this.u32min = value.lo;
    this.u32max = value.lo;
    this.s32min = value.lo;
    this.s32max = value.lo;
  }

  raiseUnsigned32(min: number): void {
    if (min >>> 0 > this.u32min >>> 0) this.u32min = min;
  }

  lowerUnsigned32(max: number): void {
    if (max >>> 0 < this.u32max >>> 0) this.u32max = max;
  }

  raiseSigned32(min: number): void {
    if (min > this.s32min) this.s32min = min;
  }

  lowerSigned32(max: number): void {
    if (max < this.s32max) this.s32max = max;
  }

  sync(): void {
    this.learnFromBits();
    for (let round = 0; round < ROUNDS; round++) {
      this.deduce32();
      this.deduce64();
      this.deduceMixed();
    }
    this.learnBits();
    this.learnFromBits();
  }

  private isExact(): boolean {
    const value = this.bits.value;
    return (
      this.umin.equals(value) &&
      this.umax.equals(value) &&
      this.smin.equals(value) &&
      this.smax.equals(value) &&
      this.u32min === value.lo &&
      this.u32max === value.lo &&
      this.s32min === value.lo &&
      this.s32max === value.lo
    );
  }

  /** `__reg32_deduce_bounds`: from the 64-bit ranges, then between signed and unsigned. */
  private deduce32(): void {
    this.learnLowHalf();
    if (this.u32min <= this.u32max) {
      this.raiseSigned32(this.u32min);
      this.lowerSigned32(this.u32max);
    }
    if (this.s32min >>> 0 <= this.s32max >>> 0) {
      this.raiseUnsigned32(this.s32min);
      this.lowerUnsigned32(this.s32max);
    } else if (this.u32max >>> 0 < this.s32min >>> 0) {
      // The signed range is two unsigned ones, at both ends, and only the lower is met.
      this.s32min = this.u32min;
      this.lowerUnsigned32(this.s32max);
    } else if (this.s32max >>> 0 < this.u32min >>> 0) {
      this.s32max = this.u32max;
      this.raiseUnsigned32(this.s32min);
    }
  }

  /** The low half of a 64-bit range is a range where the high half stays, or crosses zero where it steps by one. */
  private learnLowHalf(): void {
    const { umin, umax, smin, smax } = this;
    if (umin.hi === umax.hi) {
      this.raiseUnsigned32(umin.lo);
      this.lowerUnsigned32(umax.lo);
      this.learnSigned32(umin.lo, umax.lo);
    } else this.learnCrossing(umin, umax);
    if (smin.hi === smax.hi) {
      if (smin.lo >>> 0 <= smax.lo >>> 0) {
        this.raiseUnsigned32(smin.lo);
        this.lowerUnsigned32(smax.lo);
      }
      this.learnSigned32(smin.lo, smax.lo);
    } else this.learnCrossing(smin, smax);
  }

  private learnSigned32(min: number, max: number): void {
    if (min > max) return;
    this.raiseSigned32(min);
    this.lowerSigned32(max);
  }

  private learnCrossing(min: Int64, max: Int64): void {
    if (((min.hi + 1) | 0) !== max.hi || min.lo >= 0 || max.lo < 0) return;
    this.raiseSigned32(min.lo);
    this.lowerSigned32(max.lo);
  }

  /** `__reg64_deduce_bounds`: between signed and unsigned. */
  private deduce64(): void {
    if (this.umin.sle(this.umax)) {
      this.smin = Int64.maxSigned(this.smin, this.umin);
      this.smax = Int64.minSigned(this.smax, this.umax);
    }
    if (this.smin.ule(this.smax)) {
      this.umin = Int64.maxUnsigned(this.smin, this.umin);
      this.umax = Int64.minUnsigned(this.smax, this.umax);
    } else if (this.umax.ult(this.smin)) {
      this.smin = this.umin;
      this.umax = Int64.minUnsigned(this.umax, this.smax);
    } else if (this.smax.ult(this.umin)) {
      this.smax = this.umax;
      this.umin = Int64.maxUnsigned(this.umin, this.smin);
    }
  }

  /** `__reg_deduce_mixed_bounds`: the 64-bit ends take the 32-bit ends as their low half. */
  private deduceMixed(): void {
    const { u32min, u32max } = this;
    if (u32min !== this.umin.lo) this.umin = Int64.maxUnsigned(this.umin, new Int64(this.umin.hi, u32min));
    if (u32max !== this.umax.lo) this.umax = Int64.minUnsigned(this.umax, new Int64(this.umax.hi, u32max));
    if (u32min !== this.smin.lo) this.smin = Int64.maxSigned(this.smin, new Int64(this.smin.hi, u32min));
    if (u32max !== this.smax.lo) this.smax = Int64.minSigned(this.smax, new Int64(this.smax.hi, u32max));
    if (this.s32min < 0 || this.smin.slt(Int64.S32_MIN) || Int64.S32_MAX.slt(this.smax)) return;
    // A sign-extended word that is not negative as a word: the high half is zero.
    this.umin = Int64.signed32(this.s32min);
    this.umax = Int64.signed32(this.s32max);
    this.smin = this.umin;
    this.smax = this.umax;
    this.bits = this.bits.intersect(Tnum.range(this.smin, this.smax));
  }

  /** `__reg_bound_offset`: the bits learn from the unsigned ranges. */
  private learnBits(): void {
    if (this.bits.isConstant()) return;
    const wide = this.bits.intersect(Tnum.range(this.umin, this.umax));
    const low = Tnum.range(new Int64(0, this.u32min), new Int64(0, this.u32max));
    this.bits = wide.withSubregister(wide.subregister().intersect(low));
  }
}
