/**
 * Arithmetic of unprivileged programs (`sanitize_ptr_alu`, `sanitize_val_alu`, `sanitize_check_bounds`): a pointer's moves
 * are masked, so that no path that the processor only guesses leaves the object. Here it is checked that a mask can be made,
 * and what it would make of the pointer is walked too.
 */
import { checkMapValue } from '../access/map-value.ts';
import type { Environment } from '../environment.ts';
import type { Insn } from '../instruction.ts';
import {
  mapPointerOutOfRange,
  sanitizeBounds,
  sanitizeLimit,
  sanitizePaths,
  sanitizeType,
  stackPointerOutOfRange,
  variableStackPointer,
} from '../messages.gen.ts';
import { pushPath } from '../order/pending.ts';
import { Rejection } from '../rejection.ts';
import type { Register } from '../state/register.ts';
import { UNKNOWN_NUMBER } from '../state/register.ts';
import { Kind } from '../state/register-kind.ts';
import type { VerifierState } from '../state/state.ts';

const ADD = 0x00;
const SUB = 0x10;
const STACK_SIZE = 512;

/** Bits of `aux.aluState`. */
const AluState = { negative: 1, immediate: 2, masksSource: 4, masksPointer: 8, number: 16 } as const;

/** What was found before the move, for narrowing the mask after it. */
export interface Mask {
  readonly state: number;
  readonly limit: number;
  readonly toLeft: boolean;
}

/** No mask is needed: privileged programs, immediate operands, operations that are refused anyway, behind a barrier. */
function needsNone(env: Environment, insn: Insn): boolean {
  if (env.privileged || !insn.usesSource || env.aux[env.slot]!.nospec) return true;
  return insn.operation !== ADD && insn.operation !== SUB;
}

/** Arithmetic of two numbers: on another path the same instruction may move a pointer. @throws Rejection */
export function checkMaskedNumber(env: Environment, insn: Insn): void {
  if (needsNone(env, insn)) return;
  noteMask(env, insn, AluState.number, 0);
}

/** Before the move. `reversed`: the pointer is the source. @throws Rejection */
export function startMask(
  env: Environment,
  insn: Insn,
  pointer: Register,
  number: Register,
  reversed: boolean,
): Mask | null {
  if (needsNone(env, insn)) return null;
  const { scalar } = number;
  const negative = scalar.smin.isNegative();
  const immediate = scalar.isConstant;
  // Speculative paths come here with the mask already noted.
  if (env.state.speculative) {
    if (!immediate) walkMasked(env, insn, pointer);
    return null;
  }
  if (!immediate && negative !== scalar.smax.isNegative()) {
    throw sanitizeBounds({ register: reversed ? insn.dst : insn.src });
  }
  const toLeft = insn.operation === ADD ? negative : !negative;
  const limit = limitOf(insn, pointer, toLeft, reversed);
  const state =
    (negative ? AluState.negative : 0) |
    (immediate ? AluState.immediate : 0) |
    (reversed ? AluState.masksPointer : AluState.masksSource);
  if (!immediate) {
    env.exploreAluLimits = true;
    walkMasked(env, insn, pointer);
  }
  return { state, limit, toLeft };
}

/** After the move, `result` being in rD. @throws Rejection */
export function checkMaskedResult(
  env: Environment,
  insn: Insn,
  result: Register,
  _number: Register,
  reversed: boolean,
  mask: Mask | null,
): void {
  if (env.privileged) return;
  checkInside(env, insn, result);
  if (mask === null) return;
  const limit = limitOf(insn, result, mask.toLeft, reversed);
  noteMask(env, insn, mask.state, Math.abs(mask.limit - limit));
}

/** `retrieve_ptr_limit`: how far the pointer may go that way. @throws Rejection */
function limitOf(insn: Insn, pointer: Register, toLeft: boolean, reversed: boolean): number {
  const { scalar, off, kind } = pointer;
  const values = { register: insn.dst, operation: insn.operation === ADD ? 'add' : 'sub' };
  if (pointer.flags !== 0) throw sanitizeType({ register: reversed ? insn.src : insn.dst });
  let limit: number;
  let size: number;
  switch (kind) {
    case Kind.stack:
      size = STACK_SIZE + (toLeft ? 1 : 0);
      limit = -(scalar.bits.value.lo + off);
      break;
    case Kind.mapValue:
      size = pointer.detail?.kind === 'map' ? pointer.detail.map.valueSize : 0;
      limit = (toLeft ? scalar.smin.lo : scalar.umax.lo) + off;
      break;
    default:
      throw sanitizeType({ register: reversed ? insn.src : insn.dst });
  }
  if (limit >>> 0 >= size) throw sanitizeLimit(values);
  return limit >>> 0;
}

/** All paths to the instruction must need the same mask (`update_alu_sanitation_state`). @throws Rejection */
function noteMask(env: Environment, insn: Insn, state: number, limit: number): void {
  const aux = env.aux[env.slot]!;
  if (aux.aluState !== 0 && (aux.aluState !== state || aux.aluLimit !== limit)) {
    throw sanitizePaths({ register: insn.dst, operation: insn.operation === ADD ? 'add' : 'sub' });
  }
  aux.aluState = state;
  aux.aluLimit = limit;
}

/** The mask makes the number 0: the pointer as it was goes on, on a path that is only guessed. */
function walkMasked(env: Environment, insn: Insn, pointer: Register): void {
  const path = pushPath(env, env.slot + 1, env.slot, true);
  path.frame.registers[insn.dst] = pointer;
}

/** `sanitize_check_bounds`. @throws Rejection */
function checkInside(env: Environment, insn: Insn, result: Register): void {
  const { scalar, off, kind } = result;
  if (result.flags !== 0) return;
  if (kind === Kind.stack) {
    const at = off + scalar.bits.value.lo;
    if (!scalar.isConstant) {
      throw variableStackPointer({ register: insn.dst, offset: String(scalar.bits), fixed: at });
    }
    if (at >= 0 || at < -STACK_SIZE) throw stackPointerOutOfRange({ register: insn.dst, offset: at });
  } else if (kind === Kind.mapValue) {
    checkInsideMap(env, insn.dst, result);
  }
}

function checkInsideMap(env: Environment, number: number, result: Register): void {
  try {
    checkMapValue(env, result, number, result.off, 1, false, 'helper');
  } catch (error) {
    if (!(error instanceof Rejection) || error.kind === 'unsupported') throw error;
    env.remark(error.text);
    throw mapPointerOutOfRange({ register: number });
  }
}

/** A jump that is decided may still be guessed wrongly: the other side is walked, with operands unknown. */
export function walkGuessed(env: Environment, insn: Insn, slot: number): VerifierState {
  const path = pushPath(env, slot, env.slot, true);
  path.frame.registers[insn.dst] = UNKNOWN_NUMBER;
  if (insn.usesSource) path.frame.registers[insn.src] = UNKNOWN_NUMBER;
  return path;
}
