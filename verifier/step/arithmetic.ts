/** Two operands: numbers, or a pointer and a number (`adjust_reg_min_max_vals`). */
import type { Environment } from '../environment.ts';
import type { Insn } from '../instruction.ts';
import { pointerOnPointer } from '../messages.gen.ts';
import { pushPath } from '../order/pending.ts';
import { markPrecise } from '../order/precision.ts';
import { Register, UNKNOWN_NUMBER } from '../state/register.ts';
import { Flag, Kind, SUM_FLAGS } from '../state/register-kind.ts';
import { computeScalar, type ScalarOperation } from '../value/arithmetic.ts';
import { isConstantIn } from '../value/compare.ts';
import { Int64 } from '../value/int64.ts';
import { Scalar } from '../value/scalar.ts';
import { splitSign } from '../value/split.ts';
import { ALU64 } from './alu.ts';
import { movePointer } from './pointer-arithmetic.ts';
import { checkMaskedNumber } from './sanitize.ts';

/** By `BPF_OP >> 4`; those without a transfer function are dispatched before. */
const OPERATIONS: readonly ScalarOperation[] = [
  'add',
  'sub',
  'mul',
  'div',
  'or',
  'and',
  'lsh',
  'rsh',
  'add',
  'mod',
  'xor',
  'add',
  'arsh',
];

/** As messages write them (`bpf_alu_string`), by `BPF_OP >> 4`. */
const OPERATORS: readonly string[] = [
  '+=',
  '-=',
  '*=',
  '/=',
  '|=',
  '&=',
  '<<=',
  '>>=',
  'neg',
  '%=',
  '^=',
  '=',
  's>>=',
  'endian',
];

/** As messages print the operation, such as `+=`. */
export function operatorText(insn: Insn): string {
  return OPERATORS[insn.operation >> 4]!;
}

const ADD = 0x00;
const SUB = 0x10;
/** Largest distance of a sum from its link before 6.18. */
const WORD_MAX = 0x7fff_ffff;
const WORD_MIN = -0x8000_0000;

/** @throws Rejection */
export function stepScalarOrPointer(env: Environment, insn: Insn): void {
  const { dst, src } = insn;
  const left = env.register(dst);
  // Whatever is done to the address of an arena, it stays one.
  if (left.kind === Kind.arena) return;
  const isPointer = left.kind !== Kind.scalar;
  if (!insn.usesSource) {
    const right = Register.scalar(Scalar.constant(insn.imm));
    if (isPointer) movePointer(env, insn, left, right, false);
    else stepScalars(env, insn, left, right);
    return;
  }
  const right = env.register(src);
  if (right.kind !== Kind.scalar) {
    if (isPointer) {
      subtractPointers(env, insn);
      return;
    }
    markPrecise(env, dst);
    movePointer(env, insn, right, left, true);
    return;
  }
  if (isPointer || left.precise) markPrecise(env, src);
  if (isPointer) movePointer(env, insn, left, right, false);
  else stepScalars(env, insn, left, right);
}

function subtractPointers(env: Environment, insn: Insn): void {
  if (insn.operation !== SUB || !env.privileged) {
    throw pointerOnPointer({ register: insn.dst, operator: operatorText(insn) });
  }
  env.setRegister(insn.dst, UNKNOWN_NUMBER);
}

/** `adjust_scalar_min_max_vals`, and the link of the result with what it came from. */
function stepScalars(env: Environment, insn: Insn, left: Register, right: Register): void {
  const operation = OPERATIONS[insn.operation >> 4]!;
  const bits = insn.class === ALU64 ? 64 : 32;
  checkMaskedNumber(env, insn);
  const value = followSign(env, insn, operation, left.scalar, right.scalar);
  const result = computeScalar(operation, bits, value, right.scalar, env.earlyNumbers, env.earlySums);
  env.setRegister(insn.dst, linkedSum(env, insn, left, right, result));
}

/** What a spread sign makes of a constant is one of two numbers: the path with 0 is put aside, this one goes on with -1. */
function followSign(
  env: Environment,
  insn: Insn,
  operation: ScalarOperation,
  left: Scalar,
  right: Scalar,
): Scalar {
  if ((operation !== 'and' && operation !== 'or') || !right.isConstant || !env.atLeast('6.18')) return left;
  const split = splitSign(left);
  if (split === undefined) return left;
  const other = pushPath(env, env.slot, env.slot, false);
  const { registers } = other.frame;
  const register = registers[insn.dst]!;
  registers[insn.dst] = split.zero.isConstant
    ? Register.scalar(split.zero, 0, register.precise)
    : register.withScalar(split.zero);
  return split.ones;
}

/** `copy += constant` stays linked with the other copies, by its distance from them (since 6.11; once). */
function linkedSum(env: Environment, insn: Insn, left: Register, right: Register, result: Scalar): Register {
  const plain = Register.scalar(result, 0, left.precise);
  if (left.id === 0 || !env.privileged || !env.atLeast('6.11')) return plain;
  const distance = env.atLeast('6.18') ? distanceOf(insn, left, right) : oldDistanceOf(insn, right);
  if (distance === undefined || (left.flags & SUM_FLAGS) !== 0) return plain;
  const flag = insn.class === ALU64 ? Flag.addConst : Flag.addConst32;
  return new Register(Kind.scalar, flag, result, distance, left.id, 0, null, 0, left.precise);
}

/** Undefined: the result is no copy plus a constant. */
function distanceOf(insn: Insn, left: Register, { scalar }: Register): number | undefined {
  const { operation } = insn;
  const wide = insn.class === ALU64;
  if (operation !== ADD && operation !== SUB) return undefined;
  if (!isConstantIn(wide ? 64 : 32, scalar) || (insn.usesSource && insn.src === insn.dst)) return undefined;
  const value = scalar.constantValue;
  if (wide && value.hi !== value.lo >> 31) return undefined;
  // The upper half would be lost.
  if (!wide && left.scalar.umax.hi !== 0) return undefined;
  if (operation === ADD) return value.lo;
  return value.lo === WORD_MIN ? undefined : -value.lo;
}

/** Only 64-bit additions, of what is not negative. */
function oldDistanceOf(insn: Insn, { scalar }: Register): number | undefined {
  if (insn.operation !== ADD || insn.class !== ALU64 || !scalar.isConstant) return undefined;
  const value = scalar.constantValue;
  return value.hi === 0 && value.ule(new Int64(0, WORD_MAX)) ? value.lo : undefined;
}
