/** Arithmetic (`check_alu_op`): which fields an instruction may use, then what it makes of its operands. */
import type { Environment } from '../environment.ts';
import type { Insn } from '../instruction.ts';
import { divisionByZero, invalidArithmeticOpcode, invalidShift, reservedFields } from '../messages.gen.ts';
import { stepScalarOrPointer } from './arithmetic.ts';
import { stepMove } from './move.ts';
import { checkWritable, readRegister } from './register-argument.ts';
import { stepByteSwap, stepNegation } from './unary.ts';

/** `BPF_OP`. */
const DIV = 0x30;
const LSH = 0x60;
const RSH = 0x70;
const NEG = 0x80;
const MOD = 0x90;
const MOV = 0xb0;
const ARSH = 0xc0;
const END = 0xd0;
/** `BPF_CLASS` of 64-bit arithmetic. */
export const ALU64 = 7;

/** @throws Rejection */
export function stepAlu(env: Environment, insn: Insn): void {
  switch (insn.operation) {
    case NEG:
      stepNegation(env, insn);
      return;
    case END:
      stepByteSwap(env, insn);
      return;
    case MOV:
      stepMove(env, insn);
      return;
    default:
      if (insn.operation > END) throw invalidArithmeticOpcode({ opcode: insn.operation.toString(16) });
      stepBinary(env, insn);
  }
}

function stepBinary(env: Environment, insn: Insn): void {
  const { operation, usesSource } = insn;
  const unused = usesSource ? insn.imm : insn.src;
  const divides = operation === DIV || operation === MOD;
  const isSigned = insn.off === 1 && divides && env.atLeast('6.6');
  if (unused !== 0 || (insn.off !== 0 && !isSigned)) throw reservedFields({ name: 'BPF_ALU' });
  if (usesSource) readRegister(env, insn.src);
  readRegister(env, insn.dst);
  if (divides && !usesSource && insn.imm === 0) throw divisionByZero({});
  if (!usesSource && (operation === LSH || operation === RSH || operation === ARSH)) {
    const bits = insn.class === ALU64 ? 64 : 32;
    if (insn.imm < 0 || insn.imm >= bits) throw invalidShift({ amount: insn.imm });
  }
  checkWritable(env, insn.dst);
  stepScalarOrPointer(env, insn);
}
