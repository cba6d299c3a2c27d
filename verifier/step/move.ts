/** Moves: copies share an id, so that what is learned of one is learned of all; parts of a register are new numbers. */
import type { Environment } from '../environment.ts';
import type { Insn } from '../instruction.ts';
import {
  addressSpaces,
  castWithoutArena,
  copiesPartOfPointer,
  reservedFields,
  signExtendsPointer,
} from '../messages.gen.ts';
import { Register, UNKNOWN_NUMBER } from '../state/register.ts';
import { Kind, SUM_FLAGS } from '../state/register-kind.ts';
import { signExtend32, signExtend64, zeroExtend32 } from '../value/extend.ts';
import { Int64 } from '../value/int64.ts';
import { Scalar } from '../value/scalar.ts';
import { ALU64 } from './alu.ts';
import { checkWritable, readRegister } from './register-argument.ts';

/** `off` of a move that casts between address spaces (`BPF_ADDR_SPACE_CAST`). */
const CAST = 1;
const ARENA_TO_KERNEL = 1;
const KERNEL_TO_ARENA = 1 << 16;

/** @throws Rejection */
export function stepMove(env: Environment, insn: Insn): void {
  checkFields(env, insn);
  if (insn.usesSource) readRegister(env, insn.src);
  checkWritable(env, insn.dst);
  if (!insn.usesSource) env.setRegister(insn.dst, constant(insn));
  else if (insn.class === ALU64) moveWide(env, insn);
  else moveWord(env, insn);
}

function checkFields(env: Environment, insn: Insn): void {
  const { off, imm } = insn;
  if (!insn.usesSource) {
    if (insn.src !== 0 || off !== 0) throw reservedFields({ name: 'BPF_MOV' });
    return;
  }
  const wide = insn.class === ALU64;
  if (wide && off === CAST && env.atLeast('6.9')) {
    if (imm !== ARENA_TO_KERNEL && imm !== KERNEL_TO_ARENA) throw addressSpaces({});
    if (!env.maps.some((map) => map.type === 'arena')) throw castWithoutArena({});
    return;
  }
  const extends_ = off === 8 || off === 16 || (wide && off === 32);
  if ((off !== 0 && !(extends_ && env.atLeast('6.6'))) || imm !== 0)
    throw reservedFields({ name: 'BPF_MOV' });
}

function constant(insn: Insn): Register {
  const value = insn.class === ALU64 ? Int64.signed32(insn.imm) : Int64.unsigned32(insn.imm);
  return Register.scalar(Scalar.constant(value));
}

function moveWide(env: Environment, insn: Insn): void {
  if (insn.imm !== 0) {
    const cast = insn.imm === ARENA_TO_KERNEL;
    env.setRegister(insn.dst, cast ? Register.pointer(Kind.arena, 0, null) : UNKNOWN_NUMBER);
    return;
  }
  if (insn.off === 0) {
    env.setRegister(insn.dst, linkedSource(env, insn.src));
    return;
  }
  const source = env.register(insn.src);
  if (!env.privileged && source.kind !== Kind.scalar) throw signExtendsPointer({ register: insn.src });
  if (source.kind !== Kind.scalar) {
    env.setRegister(insn.dst, UNKNOWN_NUMBER);
    return;
  }
  const same = fitsBelow(source.scalar, insn.off - 1);
  const copied = same ? linkedSource(env, insn.src) : unlinked(source);
  const bytes = insn.off === 8 ? 1 : insn.off === 16 ? 2 : 4;
  env.setRegister(insn.dst, copied.withScalar(signExtend64(copied.scalar, bytes)));
}

function moveWord(env: Environment, insn: Insn): void {
  const source = env.register(insn.src);
  if (source.kind !== Kind.scalar) {
    if (!env.privileged) throw copiesPartOfPointer({ register: insn.src });
    env.setRegister(insn.dst, UNKNOWN_NUMBER.withScalar(zeroExtend32(Scalar.UNKNOWN, env.earlyNumbers)));
    return;
  }
  // Since 6.5 a copy of a word is linked with the word.
  const isWord = source.scalar.umax.hi === 0 && env.atLeast('6.5');
  const same = insn.off === 0 ? isWord : fitsBelow(source.scalar, insn.off - 1);
  const copied = same ? linkedSource(env, insn.src) : unlinked(source);
  const value =
    insn.off === 0
      ? zeroExtend32(copied.scalar, env.earlyNumbers)
      : signExtend32(copied.scalar, insn.off === 8 ? 1 : 2);
  env.setRegister(insn.dst, copied.withScalar(value));
}

/** The value is below `2^bits`: extending the sign of so many bits and one changes nothing. */
function fitsBelow(scalar: Scalar, bits: number): boolean {
  return scalar.umax.ult(Int64.ONE.shl(bits));
}

/** The source with the id that its copy will share (`assign_scalar_id_before_mov`); sums of others are linked no more. */
function linkedSource(env: Environment, number: number): Register {
  let source = env.register(number);
  if (source.kind !== Kind.scalar) return source;
  if ((source.flags & SUM_FLAGS) !== 0) source = unlinked(source);
  if (source.id === 0 && !source.scalar.isConstant) source = source.withId(env.nextId());
  env.setRegister(number, source);
  return source;
}

function unlinked(register: Register): Register {
  return Register.scalar(register.scalar, 0, register.precise);
}
