/**
 * Comparisons settled: decided where the operands' widths leave one answer, otherwise in the plainest form. Signed tests of
 * what cannot be negative become unsigned, tests of sign-extended numbers need their low half only.
 */
import { compareConstants, OPPOSITE } from '../ir/arithmetic.ts';
import type { CompareOp, Operand } from '../ir/ir.ts';
import { isValue } from '../ir/operands.ts';
import { type Definitions, signedBits, unsignedBits } from './widths.ts';

export interface Comparison {
  readonly op: CompareOp;
  readonly bits: 32 | 64;
  readonly left: Operand;
  readonly right: Operand;
}

/** The other way to say the same of numbers that are not negative. */
const UNSIGNED: Readonly<Partial<Record<CompareOp, CompareOp>>> = {
  slt: 'ult',
  sle: 'ule',
  sgt: 'ugt',
  sge: 'uge',
};

/** 32-bit jumps came with level 3. */
const NARROW_LEVEL = 3;

/** The comparison's answer, or the comparison as it is best made. */
export function settleComparison(comparison: Comparison, known: Definitions): Comparison | boolean {
  const { op, bits, left, right } = unwrap(comparison, known);
  if (!isValue(left) && !isValue(right)) return compareConstants(op, bits, left.constant, right.constant);
  if (!isValue(left) || known.values[left]!.kind !== 'scalar') return { op, bits, left, right };
  if (isValue(right)) return narrow({ op, bits, left, right }, known);
  const ranged = withinRange(op, bits, unsignedBits(left, known), right.constant);
  if (typeof ranged === 'boolean') return ranged;
  return narrow({ ...ranged, bits, left }, known);
}

/** The comparison behind "this 0-or-1 value is (not) zero"; itself when it is none. */
function unwrap(comparison: Comparison, known: Definitions): Comparison {
  let current = comparison;
  for (let steps = 0; steps < 8; steps += 1) {
    const { op, left, right } = current;
    if (!isValue(left) || isValue(right)) return current;
    const inner = known.definitions[left];
    if (inner?.kind !== 'compare') return current;
    const truth = truthOf(op, right.constant);
    if (truth === undefined) return current;
    const next = { op: inner.op, bits: inner.bits, left: inner.left, right: inner.right };
    if (truth) current = next;
    else if (next.op === 'test') return current;
    else current = { ...next, op: OPPOSITE[next.op] };
  }
  return current;
}

/** Whether the test holds exactly when the 0-or-1 value is 1 (true) or 0 (false). */
function truthOf(op: CompareOp, constant: bigint): boolean | undefined {
  if (op === 'ne') return constant === 0n ? true : constant === 1n ? false : undefined;
  if (op === 'eq') return constant === 0n ? false : constant === 1n ? true : undefined;
  return undefined;
}

type Ranged = Pick<Comparison, 'op' | 'right'>;

/** A number below 2 to the power of `width` against a constant. */
function withinRange(op: CompareOp, bits: 32 | 64, width: number, constant: bigint): Ranged | boolean {
  const signed = BigInt.asIntN(bits, constant);
  const unsignedOp = UNSIGNED[op];
  if (unsignedOp !== undefined) {
    if (width >= bits) return { op, right: { constant: signed } };
    if (signed < 0n) return op === 'sgt' || op === 'sge';
    return withinRange(unsignedOp, bits, width, constant);
  }
  const unsigned = BigInt.asUintN(bits, constant);
  const most = (1n << BigInt(Math.min(width, bits))) - 1n;
  const plain = { op, right: { constant: signed } };
  // A wider number is cut to the comparison's bits, which any number may be.
  const beyond = width <= bits && unsigned > most;
  switch (op) {
    case 'eq':
      return beyond ? false : plain;
    case 'ne':
      return beyond ? true : plain;
    case 'ult':
      if (beyond) return true;
      return unsigned === 0n ? false : unsigned === 1n ? { op: 'eq', right: { constant: 0n } } : plain;
    case 'uge':
      if (beyond) return false;
      return unsigned === 0n ? true : unsigned === 1n ? { op: 'ne', right: { constant: 0n } } : plain;
    case 'ule':
      if (unsigned >= most) return true;
      return unsigned === 0n ? { op: 'eq', right: { constant: 0n } } : plain;
    case 'ugt':
      if (unsigned >= most) return false;
      return unsigned === 0n ? { op: 'ne', right: { constant: 0n } } : plain;
    default:
      return plain;
  }
}

/** Both sides are their own low halves, sign-extended: the halves compare alike, and need no extension. */
function narrow(comparison: Comparison, known: Definitions): Comparison {
  const { bits, left, right } = comparison;
  if (bits === 32 || (known.level ?? 0) < NARROW_LEVEL) return comparison;
  if (signedBits(left, known) > 32 || signedBits(right, known) > 32) return comparison;
  if (!isExtended(left, known) && !isExtended(right, known)) return comparison;
  return { ...comparison, bits: 32, left: lowHalf(left, known), right: lowHalf(right, known) };
}

function isExtended(operand: Operand, known: Definitions): boolean {
  const one = isValue(operand) ? known.definitions[operand] : undefined;
  return (one?.kind === 'extend' && one.signed) || (one?.kind === 'load' && one.signed && one.size === 4);
}

function lowHalf(operand: Operand, known: Definitions): Operand {
  const one = isValue(operand) ? known.definitions[operand] : undefined;
  return one?.kind === 'extend' && one.width === 32 ? one.value : operand;
}
