/** A pointer moved by a number (`adjust_ptr_min_max_vals`). */
import type { Environment } from '../environment.ts';
import type { Insn } from '../instruction.ts';
import {
  bitwiseOnPointer,
  nullablePointerArithmetic,
  operatorOnPointer,
  pointerConstantTooLarge,
  pointerFromScalar,
  pointerKindArithmetic,
  pointerMinimumTooLarge,
  pointerMinimumUnbounded,
  pointerOffsetTooLarge,
  stackPointerSubtraction,
  wordOfPointer,
} from '../messages.gen.ts';
import { type Register, UNKNOWN_NUMBER } from '../state/register.ts';
import { Flag, Kind, typeText } from '../state/register-kind.ts';
import { Bounds } from '../value/bounds.ts';
import { Int64 } from '../value/int64.ts';
import type { Scalar } from '../value/scalar.ts';
import { ALU64 } from './alu.ts';
import { operatorText } from './arithmetic.ts';
import { checkMaskedResult, startMask } from './sanitize.ts';

const ADD = 0x00;
const SUB = 0x10;
const OR = 0x40;
const AND = 0x50;
const XOR = 0xa0;
/** No object is as large (`BPF_MAX_VAR_OFF`). */
const OFFSET_LIMIT = 1 << 29;
const LIMIT = Int64.fromNumber(OFFSET_LIMIT);
const MINUS_LIMIT = Int64.fromNumber(-OFFSET_LIMIT);

/** `rD op= pointer or number`; `reversed`: the number is in rD, the pointer in rS. @throws Rejection */
export function movePointer(
  env: Environment,
  insn: Insn,
  pointer: Register,
  number: Register,
  reversed: boolean,
): void {
  const { dst, operation } = insn;
  if (!isUsable(number.scalar)) {
    // Ranges that contradict one another come from a branch that cannot be taken.
    env.setRegister(dst, UNKNOWN_NUMBER);
    return;
  }
  if (insn.class !== ALU64) {
    if (operation !== SUB || !env.privileged) throw wordOfPointer({ register: dst });
    env.setRegister(dst, UNKNOWN_NUMBER);
    return;
  }
  const type = typeText(pointer.kind, pointer.flags);
  if (pointer.maybeNull) throw nullablePointerArithmetic({ register: dst, type });
  // Loads through it are checked when they run.
  if (pointer.kind === Kind.mem && pointer.has(Flag.untrusted)) return;
  if (!isMovable(pointer, number.scalar, operation)) throw pointerKindArithmetic({ register: dst, type });
  const added = reversed || !insn.usesSource ? dst : insn.src;
  checkSane(number, type, added);
  checkSane(pointer, type, reversed ? insn.src : dst);
  const mask = startMask(env, insn, pointer, number, reversed);
  const moved = move(env, insn, pointer, number, reversed);
  const old = env.register(dst);
  // Of a reference only the pointer itself tells, not what is made of a number and it.
  const ref = reversed ? old.ref : pointer.ref;
  checkSane(moved, type, added);
  const bounds = new Bounds(moved.scalar, env.earlyNumbers, env.earlySums);
  bounds.unbound32();
  const scalar = moved.scalar.isConstant ? moved.scalar : bounds.synced();
  // Nor does Linux take over whose stack it is: the outermost function's, as of every number.
  const owned = reversed && moved.kind === Kind.stack ? moved.withExtra(0) : moved;
  const result = owned.withScalar(scalar.checked()).withRef(ref).withPrecise(old.precise);
  env.setRegister(dst, result);
  checkMaskedResult(env, insn, result, number, reversed, mask);
}

function isUsable(scalar: Scalar): boolean {
  const { smin, smax, umin, umax } = scalar;
  if (scalar.isConstant) return smin.equals(smax) && umin.equals(umax);
  return smin.sle(smax) && umin.ule(umax);
}

function isMovable(pointer: Register, number: Scalar, operation: number): boolean {
  switch (pointer.kind) {
    case Kind.ctx:
    case Kind.mapValue:
    case Kind.mapKey:
    case Kind.stack:
    case Kind.packetMeta:
    case Kind.packet:
    case Kind.tpBuffer:
    case Kind.btfId:
    case Kind.mem:
    case Kind.buf:
    case Kind.func:
    case Kind.dynptr:
      return true;
    case Kind.flowKeys:
      return number.isConstant;
    case Kind.mapPtr:
      return number.isConstant && number.smin.isZero() && operation === ADD;
    default:
      return false;
  }
}

/** `check_reg_sane_offset`. @param number where what is added stands, if in a register @throws Rejection */
function checkSane({ scalar, off }: Register, type: string, register: number): void {
  const { smin } = scalar;
  if (scalar.isConstant && isBeyond(scalar.constantValue)) {
    throw pointerConstantTooLarge({ type, value: String(scalar.constantValue) });
  }
  if (off >= OFFSET_LIMIT || off <= -OFFSET_LIMIT) throw pointerOffsetTooLarge({ type, offset: off });
  if (smin.equals(Int64.S64_MIN)) throw pointerMinimumUnbounded({ type, register });
  if (isBeyond(smin)) throw pointerMinimumTooLarge({ type, value: String(smin), register });
}

function isBeyond(value: Int64): boolean {
  return LIMIT.sle(value) || value.sle(MINUS_LIMIT);
}

/** The moved pointer; its ranges are not yet brought in step. @throws Rejection */
function move(
  env: Environment,
  insn: Insn,
  pointer: Register,
  number: Register,
  reversed: boolean,
): Register {
  const { dst, operation } = insn;
  switch (operation) {
    case ADD:
      return add(env, pointer, number.scalar);
    case SUB:
      if (reversed) throw pointerFromScalar({ register: dst });
      if (pointer.kind === Kind.stack && pointer.flags === 0)
        throw stackPointerSubtraction({ register: dst });
      return subtract(env, pointer, number.scalar);
    case AND:
    case OR:
    case XOR:
      throw bitwiseOnPointer({ register: dst, operator: operatorText(insn) });
    default:
      throw operatorOnPointer({ register: dst, operator: operatorText(insn) });
  }
}

/** Constants are within 2^29 by now: they go to the fixed offset. */
function add(env: Environment, pointer: Register, number: Scalar): Register {
  if (number.isConstant) return pointer.withOff(pointer.off + number.constantValue.lo);
  const bounds = new Bounds(pointer.scalar);
  const smin = bounds.smin.add(number.smin);
  const smax = bounds.smax.add(number.smax);
  const leaves = bounds.smin.addOverflows(number.smin, smin) || bounds.smax.addOverflows(number.smax, smax);
  const umin = bounds.umin.add(number.umin);
  const umax = bounds.umax.add(number.umax);
  const wraps = bounds.umin.addCarries(umin) || bounds.umax.addCarries(umax);
  setSigned(bounds, smin, smax, leaves);
  setUnsigned(bounds, umin, umax, wraps);
  bounds.bits = bounds.bits.add(number.bits);
  return rebased(env, pointer, bounds.frozen(), true);
}

function subtract(env: Environment, pointer: Register, number: Scalar): Register {
  if (number.isConstant) return pointer.withOff(pointer.off - number.constantValue.lo);
  const bounds = new Bounds(pointer.scalar);
  const smin = bounds.smin.sub(number.smax);
  const smax = bounds.smax.sub(number.smin);
  const leaves = bounds.smin.subOverflows(number.smax, smin) || bounds.smax.subOverflows(number.smin, smax);
  const wraps = bounds.umin.ult(number.umax);
  setUnsigned(bounds, bounds.umin.sub(number.umax), bounds.umax.sub(number.umin), wraps);
  setSigned(bounds, smin, smax, leaves);
  bounds.bits = bounds.bits.sub(number.bits);
  return rebased(env, pointer, bounds.frozen(), number.smin.isNegative());
}

/** A packet pointer with another unknown in it is another one; what was proved of its bytes is lost when it may move up. */
function rebased(env: Environment, pointer: Register, scalar: Scalar, forgetsRange: boolean): Register {
  const moved = pointer.withScalar(scalar);
  if (pointer.flags !== 0 || (pointer.kind !== Kind.packet && pointer.kind !== Kind.packetMeta)) return moved;
  const fresh = moved.withId(env.nextId());
  return forgetsRange ? fresh.withExtra(0) : fresh;
}

function setSigned(bounds: Bounds, min: Int64, max: Int64, leaves: boolean): void {
  bounds.smin = leaves ? Int64.S64_MIN : min;
  bounds.smax = leaves ? Int64.S64_MAX : max;
}

function setUnsigned(bounds: Bounds, min: Int64, max: Int64, wraps: boolean): void {
  bounds.umin = wraps ? Int64.ZERO : min;
  bounds.umax = wraps ? Int64.U64_MAX : max;
}
