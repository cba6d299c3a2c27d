import { learnEarly } from './early-bounds.ts';
import { Int64 } from './int64.ts';
import { Scalar } from './scalar.ts';
import { Tnum } from './tnum.ts';
import { isBelow, isLowOnes, isSignedBelow, onesFrom } from './words.ts';

/** Rounds of deduction: what one round learns the next may use. */
const ROUNDS = 3;
const WORD_MIN = -2147483648;
const WORD_MAX = 2147483647;

/**
 * A scalar being worked on: the transfer functions and branches set what they know, `sync` lets the five views learn from
 * one another, `frozen` gives the result. All is kept as signed words (a 64-bit number as two), since this is what costs a
 * verification most: `bench/verifier-values.ts`. Unsigned ones compare with `>>> 0`.
 */
export class Bounds {
  private valueHi: number;
  private valueLo: number;
  private maskHi: number;
  private maskLo: number;
  private uminHi: number;
  private uminLo: number;
  private umaxHi: number;
  private umaxLo: number;
  private sminHi: number;
  private sminLo: number;
  private smaxHi: number;
  private smaxLo: number;
  u32min: number;
  u32max: number;
  s32min: number;
  s32max: number;
  /** A range was narrowed in this round. */
  private changed = false;
  /** As kernels before 6.8 did it: they learned less. */
  readonly early: boolean;
  /** Sums that wrap, and products that may, as kernels before 6.17 knew them. */
  readonly earlySums: boolean;

  constructor(from: Scalar, early = false, earlySums: boolean = early) {
    this.early = early;
    this.earlySums = earlySums;
    const { value, mask } = from.bits;
    this.valueHi = value.hi;
    this.valueLo = value.lo;
    this.maskHi = mask.hi;
    this.maskLo = mask.lo;
    this.uminHi = from.umin.hi;
    this.uminLo = from.umin.lo;
    this.umaxHi = from.umax.hi;
    this.umaxLo = from.umax.lo;
    this.sminHi = from.smin.hi;
    this.sminLo = from.smin.lo;
    this.smaxHi = from.smax.hi;
    this.smaxLo = from.smax.lo;
    this.u32min = from.u32min | 0;
    this.u32max = from.u32max | 0;
    this.s32min = from.s32min;
    this.s32max = from.s32max;
  }

  get bits(): Tnum {
    return new Tnum(new Int64(this.valueHi, this.valueLo), new Int64(this.maskHi, this.maskLo));
  }

  set bits({ value, mask }: Tnum) {
    this.valueHi = value.hi;
    this.valueLo = value.lo;
    this.maskHi = mask.hi;
    this.maskLo = mask.lo;
  }

  get umin(): Int64 {
    return new Int64(this.uminHi, this.uminLo);
  }

  set umin(min: Int64) {
    this.uminHi = min.hi;
    this.uminLo = min.lo;
  }

  get umax(): Int64 {
    return new Int64(this.umaxHi, this.umaxLo);
  }

  set umax(max: Int64) {
    this.umaxHi = max.hi;
    this.umaxLo = max.lo;
  }

  get smin(): Int64 {
    return new Int64(this.sminHi, this.sminLo);
  }

  set smin(min: Int64) {
    this.sminHi = min.hi;
    this.sminLo = min.lo;
  }

  get smax(): Int64 {
    return new Int64(this.smaxHi, this.smaxLo);
  }

  set smax(max: Int64) {
    this.smaxHi = max.hi;
    this.smaxLo = max.lo;
  }

  /** Synchronised and frozen: `reg_bounds_sync`. */
  synced(): Scalar {
    this.sync();
    return this.frozen();
  }

  /** As it stands. Equal numbers are one object. */
  frozen(): Scalar {
    const value = new Int64(this.valueHi, this.valueLo);
    if ((this.maskHi | this.maskLo) === 0 && this.isExact()) return Scalar.constant(value);
    const umin = value.hi === this.uminHi && value.lo === this.uminLo ? value : this.umin;
    const umax = this.umax;
    const smin = umin.hi === this.sminHi && umin.lo === this.sminLo ? umin : this.smin;
    const smax = umax.hi === this.smaxHi && umax.lo === this.smaxLo ? umax : this.smax;
    const bits = new Tnum(value, new Int64(this.maskHi, this.maskLo));
    return new Scalar(bits, umin, umax, smin, smax, this.u32min, this.u32max, this.s32min, this.s32max);
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
    this.s32min = WORD_MIN;
    this.s32max = WORD_MAX;
  }

  /** No range says anything: `__mark_reg_unbounded`. The bits stay. */
  unbound(): void {
    this.unbound64();
    this.unbound32();
  }

  /** The high half becomes zero: `zext_32_to_64`. The 64-bit ranges are the 32-bit ones. */
  extendLowHalf(): void {
    const positive = this.s32min >= 0 && this.s32max >= 0;
    this.valueHi = 0;
    this.maskHi = 0;
    this.uminHi = 0;
    this.uminLo = this.u32min;
    this.umaxHi = 0;
    this.umaxLo = this.u32max;
    this.sminHi = 0;
    this.sminLo = positive ? this.s32min : 0;
    this.smaxHi = 0;
    this.smaxLo = positive ? this.s32max : -1;
  }

  sync(): void {
    this.learnFromBits();
    if (this.early) learnEarly(this);
    else this.deduce();
    this.learnBits();
    this.learnFromBits();
  }

  private deduce(): void {
    for (let round = 0; round < ROUNDS; round++) {
      this.changed = false;
      this.deduce32();
      this.deduce64();
      this.deduceMixed();
      // What a round leaves as it is the next one does too.
      if (!this.changed) return;
    }
  }

  /** `__update_reg_bounds`: the ranges learn from the bits. */
  learnFromBits(): void {
    this.learnFromBits32();
    this.learnFromBits64();
  }

  learnFromBits32(): void {
    const { valueLo, maskLo } = this;
    this.raiseSigned32(valueLo | (maskLo & WORD_MIN));
    this.lowerSigned32(valueLo | (maskLo & WORD_MAX));
    this.raiseUnsigned32(valueLo);
    this.lowerUnsigned32(valueLo | maskLo);
  }

  private learnFromBits64(): void {
    const { valueHi, valueLo, maskHi } = this;
    const highHi = valueHi | maskHi;
    const highLo = valueLo | this.maskLo;
    this.raiseSigned(valueHi | (maskHi & WORD_MIN), valueLo);
    this.lowerSigned(valueHi | (maskHi & WORD_MAX), highLo);
    this.raiseUnsigned(valueHi, valueLo);
    this.lowerUnsigned(highHi, highLo);
    if (!this.earlySums) this.learnOnlyMember();
  }

  /** Where one value alone is both in the unsigned range and among the bits', it is the value (late 6.18 and newer). */
  private learnOnlyMember(): void {
    const { maskHi, maskLo, uminHi, uminLo, umaxHi, umaxLo } = this;
    // The low bits are unknown and no others: every number of a range that has two is among them.
    if (isLowOnes(maskHi, maskLo) && isBelow(uminHi, uminLo, umaxHi, umaxLo)) return;
    if ((maskHi | maskLo) === 0 && uminHi === umaxHi && uminLo === umaxLo) return;
    const { bits, umin, umax } = this;
    const next = bits.next(umin);
    if (bits.has(umin)) {
      if (umax.ult(next)) this.become(umin);
    } else if (next.equals(bits.max())) this.become(next);
    else if (next.ule(umax) && umax.ult(bits.next(next))) this.become(next);
  }

  /** A constant in all views: `___mark_reg_known`. */
  become(value: Int64): void {
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
    if (min >>> 0 <= this.u32min >>> 0) return;
    this.u32min = min;
    this.changed = true;
  }

  lowerUnsigned32(max: number): void {
    if (max >>> 0 >= this.u32max >>> 0) return;
    this.u32max = max;
    this.changed = true;
  }

  raiseSigned32(min: number): void {
    if (min <= this.s32min) return;
    this.s32min = min;
    this.changed = true;
  }

  lowerSigned32(max: number): void {
    if (max >= this.s32max) return;
    this.s32max = max;
    this.changed = true;
  }

  private raiseUnsigned(hi: number, lo: number): void {
    if (!isBelow(this.uminHi, this.uminLo, hi, lo)) return;
    this.uminHi = hi;
    this.uminLo = lo;
    this.changed = true;
  }

  private lowerUnsigned(hi: number, lo: number): void {
    if (!isBelow(hi, lo, this.umaxHi, this.umaxLo)) return;
    this.umaxHi = hi;
    this.umaxLo = lo;
    this.changed = true;
  }

  private raiseSigned(hi: number, lo: number): void {
    if (!isSignedBelow(this.sminHi, this.sminLo, hi, lo)) return;
    this.sminHi = hi;
    this.sminLo = lo;
    this.changed = true;
  }

  private lowerSigned(hi: number, lo: number): void {
    if (!isSignedBelow(hi, lo, this.smaxHi, this.smaxLo)) return;
    this.smaxHi = hi;
    this.smaxLo = lo;
    this.changed = true;
  }

  private isExact(): boolean {
    const { valueHi, valueLo } = this;
    return (
      this.uminLo === valueLo &&
      this.umaxLo === valueLo &&
      this.sminLo === valueLo &&
      this.smaxLo === valueLo &&
      this.uminHi === valueHi &&
      this.umaxHi === valueHi &&
      this.sminHi === valueHi &&
      this.smaxHi === valueHi &&
      this.u32min === valueLo &&
      this.u32max === valueLo &&
      this.s32min === valueLo &&
      this.s32max === valueLo
    );
  }

  /** `__reg32_deduce_bounds`: from the 64-bit ranges, then between signed and unsigned. */
  private deduce32(): void {
    this.learnLowHalf();
    if (this.u32min <= this.u32max) {
      this.raiseSigned32(this.u32min);
      this.lowerSigned32(this.u32max);
    }
    const { u32min, u32max, s32min, s32max } = this;
    if (s32min >>> 0 <= s32max >>> 0) {
      this.raiseUnsigned32(s32min);
      this.lowerUnsigned32(s32max);
    } else if (u32max >>> 0 < s32min >>> 0) {
      // The signed range is two unsigned ones, at both ends, and only the lower is met.
      this.s32min = u32min;
      this.lowerUnsigned32(s32max);
      this.changed = true;
    } else if (s32max >>> 0 < u32min >>> 0) {
      this.s32max = u32max;
      this.raiseUnsigned32(s32min);
      this.changed = true;
    }
  }

  /** The low half of a 64-bit range is a range where the high half stays, or crosses zero where it steps by one. */
  private learnLowHalf(): void {
    const { uminHi, uminLo, umaxHi, umaxLo, sminHi, sminLo, smaxHi, smaxLo } = this;
    if (uminHi === umaxHi) {
      this.raiseUnsigned32(uminLo);
      this.lowerUnsigned32(umaxLo);
      this.learnSigned32(uminLo, umaxLo);
    } else if (((uminHi + 1) | 0) === umaxHi && uminLo < 0 && umaxLo >= 0) this.learnSigned32(uminLo, umaxLo);
    if (sminHi === smaxHi) {
      if (sminLo >>> 0 <= smaxLo >>> 0) {
        this.raiseUnsigned32(sminLo);
        this.lowerUnsigned32(smaxLo);
      }
      this.learnSigned32(sminLo, smaxLo);
    } else if (((sminHi + 1) | 0) === smaxHi && sminLo < 0 && smaxLo >= 0) this.learnSigned32(sminLo, smaxLo);
  }

  private learnSigned32(min: number, max: number): void {
    if (min > max) return;
    this.raiseSigned32(min);
    this.lowerSigned32(max);
  }

  /** `__reg64_deduce_bounds`: between signed and unsigned. */
  private deduce64(): void {
    if (!isSignedBelow(this.umaxHi, this.umaxLo, this.uminHi, this.uminLo)) {
      this.raiseSigned(this.uminHi, this.uminLo);
      this.lowerSigned(this.umaxHi, this.umaxLo);
    }
    const { sminHi, sminLo, smaxHi, smaxLo } = this;
    if (!isBelow(smaxHi, smaxLo, sminHi, sminLo)) {
      this.raiseUnsigned(sminHi, sminLo);
      this.lowerUnsigned(smaxHi, smaxLo);
    } else if (isBelow(this.umaxHi, this.umaxLo, sminHi, sminLo)) {
      this.sminHi = this.uminHi;
      this.sminLo = this.uminLo;
      this.lowerUnsigned(smaxHi, smaxLo);
      this.changed = true;
    } else if (isBelow(smaxHi, smaxLo, this.uminHi, this.uminLo)) {
      this.smaxHi = this.umaxHi;
      this.smaxLo = this.umaxLo;
      this.raiseUnsigned(sminHi, sminLo);
      this.changed = true;
    }
  }

  /** `__reg_deduce_mixed_bounds`: the 64-bit ends take the 32-bit ends as their low half. */
  private deduceMixed(): void {
    const { u32min, u32max, s32min, s32max } = this;
    this.raiseUnsigned(this.uminHi, u32min);
    this.lowerUnsigned(this.umaxHi, u32max);
    this.raiseSigned(this.sminHi, u32min);
    this.lowerSigned(this.smaxHi, u32max);
    const { sminHi, sminLo, smaxHi, smaxLo } = this;
    if (
      s32min < 0 ||
      isSignedBelow(sminHi, sminLo, -1, WORD_MIN) ||
      isSignedBelow(0, WORD_MAX, smaxHi, smaxLo)
    )
      return;
    // A sign-extended word that is not negative as a word: the high half is zero.
    if (sminLo === s32min && smaxLo === s32max && this.uminLo === s32min && this.umaxLo === s32max) {
      if ((sminHi | smaxHi | this.uminHi | this.umaxHi) === 0) return;
    }
    this.umin = Int64.signed32(s32min);
    this.umax = Int64.signed32(s32max);
    this.smin = this.umin;
    this.smax = this.umax;
    this.bits = this.bits.intersect(Tnum.range(this.smin, this.smax));
    this.changed = true;
  }

  /** `__reg_bound_offset`: the bits learn from the unsigned ranges, whose ends have their first bits in common. */
  private learnBits(): void {
    if ((this.maskHi | this.maskLo) === 0) return;
    const { uminHi, uminLo, u32min } = this;
    const differHi = uminHi ^ this.umaxHi;
    // Ones where the range leaves a bit open.
    const openHi = onesFrom(differHi);
    const openLo = differHi === 0 ? onesFrom(uminLo ^ this.umaxLo) : -1;
    const open = onesFrom(u32min ^ this.u32max);
    this.maskHi &= openHi;
    this.valueHi = (this.valueHi | (uminHi & ~openHi)) & ~this.maskHi;
    this.maskLo &= openLo;
    this.valueLo = (this.valueLo | (uminLo & ~openLo)) & ~this.maskLo;
    this.maskLo &= open;
    this.valueLo = (this.valueLo | (u32min & ~open)) & ~this.maskLo;
  }
}
