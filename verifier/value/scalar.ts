import { Int64 } from './int64.ts';
import { Tnum } from './tnum.ts';

/** Constants from -256 to 1023 are shared. */
const SHARED_MIN = -256;
const SHARED_MAX = 1023;

/**
 * All that is known of a number in a register: the bits, and the range as 64 and 32 bits, unsigned and signed
 * (`struct bpf_reg_state`). Immutable; made by `Bounds`, which keeps the five views in step.
 */
export class Scalar {
  static readonly UNKNOWN: Scalar = new Scalar(
    Tnum.UNKNOWN,
    Int64.ZERO,
    Int64.U64_MAX,
    Int64.S64_MIN,
    Int64.S64_MAX,
    0,
    -1,
    -2147483648,
    2147483647,
  );
  private static readonly shared: readonly Scalar[] = Array.from(
    { length: SHARED_MAX - SHARED_MIN + 1 },
    (_, i) => Scalar.exactly(Int64.fromNumber(SHARED_MIN + i)),
  );
  static readonly ZERO: Scalar = Scalar.constant(0);

  readonly bits: Tnum;
  readonly umin: Int64;
  readonly umax: Int64;
  readonly smin: Int64;
  readonly smax: Int64;
  readonly s32min: number;
  readonly s32max: number;
  /** The unsigned ends as signed words: a word never leaves the small integers. */
  private readonly low32: number;
  private readonly high32: number;

  /** The 32-bit ends by their low 32 bits. */
  constructor(
    bits: Tnum,
    umin: Int64,
    umax: Int64,
    smin: Int64,
    smax: Int64,
    u32min: number,
    u32max: number,
    s32min: number,
    s32max: number,
  ) {
    this.bits = bits;
    this.umin = umin;
    this.umax = umax;
    this.smin = smin;
    this.smax = smax;
    this.low32 = u32min | 0;
    this.high32 = u32max | 0;
    this.s32min = s32min | 0;
    this.s32max = s32max | 0;
  }

  /** A number is a safe integer, negative ones in two's complement. */
  static constant(value: Int64 | number): Scalar {
    const word = typeof value === 'number' ? Int64.fromNumber(value) : value;
    if (word.hi === word.lo >> 31 && word.lo >= SHARED_MIN && word.lo <= SHARED_MAX) {
      return Scalar.shared[word.lo - SHARED_MIN]!;
    }
    return Scalar.exactly(word);
  }

  private static exactly(value: Int64): Scalar {
    const { lo } = value;
    return new Scalar(Tnum.constant(value), value, value, value, value, lo, lo, lo, lo);
  }

  /** Any value of so many low bytes, zeros above: what a load of 1, 2, 4 or 8 bytes gives. */
  static zeroExtended(bytes: number): Scalar {
    return ZERO_EXTENDED[bytes]!;
  }

  /** Any value of so many low bytes, its sign above: what a sign-extending load gives. */
  static signExtended(bytes: number): Scalar {
    return SIGN_EXTENDED[bytes]!;
  }

  get u32min(): number {
    return this.low32 >>> 0;
  }

  get u32max(): number {
    return this.high32 >>> 0;
  }

  get isConstant(): boolean {
    return this.bits.isConstant();
  }

  /** Only of a constant does it mean anything. */
  get constantValue(): Int64 {
    return this.bits.value;
  }

  /** Signed; undefined when not a constant or beyond 53 bits. */
  get constantNumber(): number | undefined {
    return this.bits.isConstant() ? this.bits.value.toNumber() : undefined;
  }

  get isUnknown(): boolean {
    return this === Scalar.UNKNOWN || this.equals(Scalar.UNKNOWN);
  }

  /**
   * This, or where the views contradict one another (a branch that cannot be taken was walked) one with these bits and no
   * ranges: `reg_bounds_sanity_check`.
   */
  checked(): Scalar {
    return this.isConsistent() ? this : this.loosened();
  }

  isConsistent(): boolean {
    if (this.umax.ult(this.umin) || this.smax.slt(this.smin)) return false;
    if (this.high32 >>> 0 < this.low32 >>> 0 || this.s32max < this.s32min) return false;
    const { value, mask } = this.bits;
    if (mask.lo !== 0) return true;
    const low = value.lo;
    if (this.low32 !== low || this.high32 !== low || this.s32min !== low || this.s32max !== low) return false;
    if (mask.hi !== 0) return true;
    const edges = this.umin.equals(value) && this.umax.equals(value);
    return edges && this.smin.equals(value) && this.smax.equals(value);
  }

  private loosened(): Scalar {
    const { umin, umax, smin, smax, u32min, u32max, s32min, s32max } = Scalar.UNKNOWN;
    return new Scalar(this.bits, umin, umax, smin, smax, u32min, u32max, s32min, s32max);
  }

  equals(other: Scalar): boolean {
    if (this === other) return true;
    return (
      this.bits.equals(other.bits) &&
      this.umin.equals(other.umin) &&
      this.umax.equals(other.umax) &&
      this.smin.equals(other.smin) &&
      this.smax.equals(other.smax) &&
      this.low32 === other.low32 &&
      this.high32 === other.high32 &&
      this.s32min === other.s32min &&
      this.s32max === other.s32max
    );
  }

  /** Every value of the other is one of these: `range_within` and `tnum_in`. */
  contains(other: Scalar): boolean {
    if (this === other) return true;
    return (
      this.umin.ule(other.umin) &&
      other.umax.ule(this.umax) &&
      this.smin.sle(other.smin) &&
      other.smax.sle(this.smax) &&
      this.low32 >>> 0 <= other.low32 >>> 0 &&
      this.high32 >>> 0 >= other.high32 >>> 0 &&
      this.s32min <= other.s32min &&
      this.s32max >= other.s32max &&
      this.bits.contains(other.bits)
    );
  }
}

const WORD_MIN = -2147483648;
const WORD_MAX = 2147483647;

function zeroExtended(bytes: number): Scalar {
  const max = Int64.ones(bytes * 8);
  const bits = new Tnum(Int64.ZERO, max);
  if (bytes === 4) return new Scalar(bits, Int64.ZERO, max, Int64.ZERO, max, 0, -1, WORD_MIN, WORD_MAX);
  return new Scalar(bits, Int64.ZERO, max, Int64.ZERO, max, 0, max.lo, 0, max.lo);
}

function signExtended(bytes: number): Scalar {
  const max = Int64.ones(bytes * 8 - 1);
  const min = max.not();
  return new Scalar(Tnum.UNKNOWN, Int64.ZERO, Int64.U64_MAX, min, max, 0, -1, min.lo, max.lo);
}

const ZERO_EXTENDED: Readonly<Record<number, Scalar>> = {
  1: zeroExtended(1),
  2: zeroExtended(2),
  4: zeroExtended(4),
  8: Scalar.UNKNOWN,
};

const SIGN_EXTENDED: Readonly<Record<number, Scalar>> = {
  1: signExtended(1),
  2: signExtended(2),
  4: signExtended(4),
  8: Scalar.UNKNOWN,
};
