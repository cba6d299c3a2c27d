import { Int64 } from './int64.ts';
import type { Scalar } from './scalar.ts';

/** The conditions of jumps. */
export type Comparison =
  | 'jeq'
  | 'jne'
  | 'jset'
  | 'jgt'
  | 'jge'
  | 'jlt'
  | 'jle'
  | 'jsgt'
  | 'jsge'
  | 'jslt'
  | 'jsle';

/** What holds on one side of a jump: a comparison, or the side of `jset` where no bit of the mask is set. */
export type Condition = Comparison | 'jclear';

type Width = 32 | 64;

/** What holds where the condition does not: `rev_opcode`. */
export const NEGATION: Readonly<Record<Condition, Condition>> = {
  jeq: 'jne',
  jne: 'jeq',
  jset: 'jclear',
  jclear: 'jset',
  jgt: 'jle',
  jge: 'jlt',
  jlt: 'jge',
  jle: 'jgt',
  jsgt: 'jsle',
  jsge: 'jslt',
  jslt: 'jsge',
  jsle: 'jsgt',
};

/** The same condition with its operands exchanged: `flip_opcode`. */
export const EXCHANGED: Readonly<Record<Comparison, Comparison>> = {
  jeq: 'jeq',
  jne: 'jne',
  jset: 'jset',
  jgt: 'jlt',
  jge: 'jle',
  jlt: 'jgt',
  jle: 'jge',
  jsgt: 'jslt',
  jsge: 'jsle',
  jslt: 'jsgt',
  jsle: 'jsge',
};

/** Constant in the width that is compared: `is_reg_const`. */
export function isConstantIn(bits: Width, value: Scalar): boolean {
  return bits === 64 ? value.bits.isConstant() : value.bits.isSubregisterConstant();
}

/** Is the jump taken? Undefined when it may go both ways: `is_scalar_branch_taken`. */
export function decide(
  comparison: Comparison,
  bits: Width,
  left: Scalar,
  right: Scalar,
): boolean | undefined {
  switch (comparison) {
    case 'jeq':
      return decideEqual(bits, left, right);
    case 'jne':
      return negated(decideEqual(bits, left, right));
    case 'jset':
      if (isConstantIn(bits, right)) return decideSet(bits, left, right);
      return isConstantIn(bits, left) ? decideSet(bits, right, left) : undefined;
    case 'jlt':
      return bits === 64 ? lessUnsigned64(left, right) : lessUnsigned32(left, right);
    case 'jgt':
      return bits === 64 ? lessUnsigned64(right, left) : lessUnsigned32(right, left);
    case 'jge':
      return negated(bits === 64 ? lessUnsigned64(left, right) : lessUnsigned32(left, right));
    case 'jle':
      return negated(bits === 64 ? lessUnsigned64(right, left) : lessUnsigned32(right, left));
    case 'jslt':
      return bits === 64 ? lessSigned64(left, right) : lessSigned32(left, right);
    case 'jsgt':
      return bits === 64 ? lessSigned64(right, left) : lessSigned32(right, left);
    case 'jsge':
      return negated(bits === 64 ? lessSigned64(left, right) : lessSigned32(left, right));
    case 'jsle':
      return negated(bits === 64 ? lessSigned64(right, left) : lessSigned32(right, left));
  }
}

function negated(answer: boolean | undefined): boolean | undefined {
  return answer === undefined ? undefined : !answer;
}

function decideEqual(bits: Width, left: Scalar, right: Scalar): boolean | undefined {
  if (bits === 32) return decideEqual32(left, right);
  if (left.isConstant && right.isConstant) return left.constantValue.equals(right.constantValue);
  if (!left.bits.overlaps(right.bits)) return false;
  if (right.umax.ult(left.umin) || left.umax.ult(right.umin)) return false;
  if (right.smax.slt(left.smin) || left.smax.slt(right.smin)) return false;
  return disjoint32(left, right) ? false : undefined;
}

function decideEqual32(left: Scalar, right: Scalar): boolean | undefined {
  const a = left.bits;
  const b = right.bits;
  if (a.mask.lo === 0 && b.mask.lo === 0) return a.value.lo === b.value.lo;
  if (((a.value.lo ^ b.value.lo) & ~(a.mask.lo | b.mask.lo)) !== 0) return false;
  return disjoint32(left, right) ? false : undefined;
}

function disjoint32(left: Scalar, right: Scalar): boolean {
  if (left.u32min > right.u32max || left.u32max < right.u32min) return true;
  return left.s32min > right.s32max || left.s32max < right.s32min;
}

/** Some bit of the constant is set in the value. */
function decideSet(bits: Width, value: Scalar, constant: Scalar): boolean | undefined {
  const wanted = comparedMask(bits, constant);
  if (!value.bits.value.and(wanted).isZero()) return true;
  return value.bits.max().and(wanted).isZero() ? false : undefined;
}

function comparedMask(bits: Width, constant: Scalar): Int64 {
  const { value } = constant.bits;
  return bits === 64 ? value : new Int64(0, value.lo);
}

function lessUnsigned64(left: Scalar, right: Scalar): boolean | undefined {
  if (left.umax.ult(right.umin)) return true;
  return right.umax.ule(left.umin) ? false : undefined;
}

function lessUnsigned32(left: Scalar, right: Scalar): boolean | undefined {
  if (left.u32max < right.u32min) return true;
  return left.u32min >= right.u32max ? false : undefined;
}

function lessSigned64(left: Scalar, right: Scalar): boolean | undefined {
  if (left.smax.slt(right.smin)) return true;
  return right.smax.sle(left.smin) ? false : undefined;
}

function lessSigned32(left: Scalar, right: Scalar): boolean | undefined {
  if (left.s32max < right.s32min) return true;
  return left.s32min >= right.s32max ? false : undefined;
}
