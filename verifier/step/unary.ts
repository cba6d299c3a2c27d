/** Negation and byte swaps. */
import type { Environment } from '../environment.ts';
import type { Insn } from '../instruction.ts';
import { pointerArithmetic, reservedFields } from '../messages.gen.ts';
import { Register } from '../state/register.ts';
import { Kind } from '../state/register-kind.ts';
import { negateScalar } from '../value/arithmetic.ts';
import { Bounds } from '../value/bounds.ts';
import { swapBytes, truncate } from '../value/extend.ts';
import type { Scalar } from '../value/scalar.ts';
import { ALU64 } from './alu.ts';
import { checkWritable, overwriteRegister, readRegister } from './register-argument.ts';

/** `-rD`: the range is turned round from 6.17 on, and not known before. @throws Rejection */
export function stepNegation(env: Environment, insn: Insn): void {
  if (insn.usesSource || insn.src !== 0 || insn.off !== 0 || insn.imm !== 0) {
    throw reservedFields({ name: 'BPF_NEG' });
  }
  const register = readNumber(env, insn.dst);
  if (register.kind !== Kind.scalar || !env.atLeast('6.17')) {
    overwriteRegister(env, insn.dst);
    return;
  }
  checkWritable(env, insn.dst);
  const value = negateScalar(insn.class === ALU64 ? 64 : 32, register.scalar);
  env.setRegister(insn.dst, Register.scalar(value, 0, register.precise));
}

/** To one byte order, or swapped: the bits are kept since late 6.18, and not known before. @throws Rejection */
export function stepByteSwap(env: Environment, insn: Insn): void {
  const { imm } = insn;
  const always = insn.class === ALU64;
  if (insn.src !== 0 || insn.off !== 0 || (imm !== 16 && imm !== 32 && imm !== 64)) {
    throw reservedFields({ name: 'BPF_END' });
  }
  if (always && (insn.usesSource || !env.atLeast('6.6'))) throw reservedFields({ name: 'BPF_END' });
  const register = readNumber(env, insn.dst);
  if (register.kind !== Kind.scalar || !env.atLeast('6.18')) {
    overwriteRegister(env, insn.dst);
    return;
  }
  checkWritable(env, insn.dst);
  // x86 is little-endian: `le` swaps nothing.
  const swaps = always || insn.usesSource;
  if (!swaps && imm === 64) return;
  const value = swaps
    ? swapBytes(register.scalar, bytesOf(imm))
    : lowBytes(register.scalar, imm === 16 ? 2 : 4);
  env.setRegister(insn.dst, Register.scalar(value.checked(), 0, register.precise));
}

function bytesOf(bits: 16 | 32 | 64): 2 | 4 | 8 {
  return bits === 16 ? 2 : bits === 32 ? 4 : 8;
}

/** Brought in step twice, as the kernel does it. */
function lowBytes(scalar: Scalar, bytes: 2 | 4): Scalar {
  return new Bounds(truncate(scalar, bytes)).synced();
}

/** An operand of which no part may be told to unprivileged programs when it is an address. */
function readNumber(env: Environment, number: number): Register {
  const register = readRegister(env, number);
  if (!env.privileged && register.kind !== Kind.scalar) throw pointerArithmetic({ register: number });
  return register;
}
