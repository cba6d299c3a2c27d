/** Selection of conditions: the jump, its operand order, and what levels below 3 lack (32-bit and less-than jumps). */
import { compareConstants, JUMPS } from '../ir/arithmetic.ts';
import type { CompareOp, Operand } from '../ir/ir.ts';
import type { Emitter } from './emitter.ts';
import { fitsSigned32 } from './immediates.ts';
import type { MachineRegister, Test } from './machine.ts';
import { extendInPlace } from './select-arithmetic.ts';

export interface Comparison {
  readonly op: CompareOp;
  readonly bits: 32 | 64;
  readonly left: Operand;
  readonly right: Operand;
}

const SWAPPED = {
  eq: 'eq',
  ne: 'ne',
  test: 'test',
  ult: 'ugt',
  ule: 'uge',
  ugt: 'ult',
  uge: 'ule',
  slt: 'sgt',
  sle: 'sge',
  sgt: 'slt',
  sge: 'sle',
} as const satisfies Record<CompareOp, CompareOp>;

/** The comparison as a jump's test; a boolean when both sides are constant. */
export function selectTest(emitter: Emitter, comparison: Comparison): Test | boolean {
  const left = emitter.constantOf(comparison.left);
  const right = emitter.constantOf(comparison.right);
  if (left !== undefined && right !== undefined) {
    return compareConstants(comparison.op, comparison.bits, left, right);
  }
  if (left !== undefined) return selectTest(emitter, swap(comparison));
  const level = emitter.target.instructionSet;
  if (comparison.bits === 32 && level < 3) return widened(emitter, comparison);
  return narrow(emitter, comparison, right);
}

function swap({ op, bits, left, right }: Comparison): Comparison {
  return { op: SWAPPED[op], bits, left: right, right: left };
}

function narrow(emitter: Emitter, { op, bits, left, right }: Comparison, constant: bigint | undefined): Test {
  const value = constant === undefined ? undefined : BigInt.asIntN(bits, constant);
  const register = emitter.use(left);
  if (value !== undefined && fitsSigned32(value)) {
    return makeTest(emitter, op, bits, register, { imm: Number(value) });
  }
  return makeTest(emitter, op, bits, register, { register: emitter.use(right) });
}

function makeTest(
  emitter: Emitter,
  op: CompareOp,
  bits: 32 | 64,
  left: MachineRegister,
  right: { readonly register: MachineRegister } | { readonly imm: number },
): Test {
  const lessThan = op === 'ult' || op === 'ule' || op === 'slt' || op === 'sle';
  if (lessThan && emitter.target.instructionSet < 2) {
    return { jump: JUMPS[SWAPPED[op]], left: inRegister(emitter, right), right: { register: left } };
  }
  return { jump: bits === 32 ? `${JUMPS[op]}32` : JUMPS[op], left, right };
}

function inRegister(
  emitter: Emitter,
  right: { readonly register: MachineRegister } | { readonly imm: number },
): MachineRegister {
  if ('register' in right) return right.register;
  const register = emitter.temporary();
  emitter.op('mov64_k', { dst: register, imm: right.imm });
  return register;
}

/** Both sides extended to 64 bits, by the comparison's signedness. */
function widened(emitter: Emitter, { op, left, right }: Comparison): Test {
  const signed = op.startsWith('s');
  const extend = (operand: Operand): MachineRegister => {
    const copy = emitter.temporary();
    emitter.into(copy, operand);
    extendInPlace(emitter, copy, 32, signed);
    return copy;
  };
  const value = emitter.constantOf(right);
  const wide =
    value === undefined ? undefined : signed ? BigInt.asIntN(32, value) : BigInt.asUintN(32, value);
  const register = extend(left);
  if (wide !== undefined && fitsSigned32(wide)) {
    return makeTest(emitter, op, 64, register, { imm: Number(wide) });
  }
  return makeTest(emitter, op, 64, register, { register: extend(right) });
}
