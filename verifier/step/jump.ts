/** Conditional jumps (`check_cond_jmp_op`): decided by what is known, or walked both ways with what each side tells. */
import type { Environment } from '../environment.ts';
import type { Insn } from '../instruction.ts';
import { invalidJumpOpcode, pointerComparison, reservedFields } from '../messages.gen.ts';
import { type Linked, pushHistory, StackOperand } from '../order/history.ts';
import { pushPath } from '../order/pending.ts';
import { markPrecise } from '../order/precision.ts';
import type { Frame } from '../state/frame.ts';
import { Register } from '../state/register.ts';
import { Kind } from '../state/register-kind.ts';
import type { VerifierState } from '../state/state.ts';
import { type Comparison, NEGATION } from '../value/compare.ts';
import { refine } from '../value/refine.ts';
import { refineBefore68 } from '../value/refine-old.ts';
import { Scalar } from '../value/scalar.ts';
import { decideJump, isPacketPointer } from './decide-jump.ts';
import { decideJumpBefore68 } from './decide-jump-old.ts';
import { collectLinked, syncLinked } from './linked.ts';
import { stepMayGoto } from './may-goto.ts';
import { learnEquality, learnNull } from './null-check.ts';
import { learnPacketRange } from './packet-range.ts';
import { readRegister } from './register-argument.ts';
import { walkGuessed } from './sanitize.ts';

/** By `BPF_OP >> 4`. */
const COMPARISONS: readonly (Comparison | undefined)[] = [
  undefined,
  'jeq',
  'jgt',
  'jge',
  'jset',
  'jne',
  'jsgt',
  'jsge',
  undefined,
  undefined,
  'jlt',
  'jle',
  'jslt',
  'jsle',
];

/** `BPF_OP` of `may_goto` (`BPF_JCOND`). */
const JCOND = 0xe0;
/** `BPF_CLASS` of 32-bit comparisons. */
const JMP32 = 6;

/** @returns the slot of the side that is walked now; the other one is put aside. @throws Rejection */
export function stepConditionalJump(env: Environment, insn: Insn): number {
  if (insn.operation === JCOND) return stepMayGoto(env, insn);
  const comparison = COMPARISONS[insn.operation >> 4];
  if (comparison === undefined) throw invalidJumpOpcode({ opcode: insn.operation.toString(16) });
  const left = readRegister(env, insn.dst);
  const right = readRight(env, insn, left);
  noteStackOperands(env, insn, left, right);
  const bits = insn.class === JMP32 ? 32 : 64;
  const target = env.slot + 1 + insn.off;
  const decision = env.earlyNumbers
    ? decideJumpBefore68(env, comparison, bits, left, right)
    : decideJump(comparison, bits, left, right);
  if (decision === undefined) {
    walkBoth(env, insn, comparison, bits, target);
    return env.slot + 1;
  }
  if (left.kind === Kind.scalar) markPrecise(env, insn.dst);
  if (insn.usesSource && right.kind === Kind.scalar) markPrecise(env, insn.src);
  if (!env.privileged) walkGuessed(env, insn, decision ? env.slot + 1 : target);
  return decision ? target : env.slot + 1;
}

function readRight(env: Environment, insn: Insn, left: Register): Register {
  if (!insn.usesSource) {
    if (insn.src !== 0) throw reservedFields({ name: 'BPF_JMP/JMP32' });
    return Register.scalar(Scalar.constant(insn.imm));
  }
  if (insn.imm !== 0) throw reservedFields({ name: 'BPF_JMP/JMP32' });
  const right = readRegister(env, insn.src);
  if (env.privileged || right.kind === Kind.scalar) return right;
  if (isPacketPointer(left) && isPacketPointer(right)) return right;
  throw pointerComparison({ register: insn.src });
}

/** Addresses of the stack are no numbers that a walk back for precision could follow. */
function noteStackOperands(env: Environment, insn: Insn, left: Register, right: Register): void {
  const source = insn.usesSource && isStack(right) ? StackOperand.src : 0;
  const operands = source | (isStack(left) ? StackOperand.dst : 0);
  if (operands !== 0) pushHistory(env, null, null, operands);
}

function isStack({ kind, flags }: Register): boolean {
  return kind === Kind.stack && flags === 0;
}

/** Puts the side that jumps aside, and refines both. */
function walkBoth(env: Environment, insn: Insn, comparison: Comparison, bits: 32 | 64, target: number): void {
  const linked = collectLinked(env, insn);
  if (linked.length > 1) pushHistory(env, null, linked);
  const here = env.state;
  const there = pushPath(env, target, env.slot, false);
  learnRanges(env, insn, comparison, bits, here.frame, there.frame);
  if (linked.length > 0) {
    if (insn.usesSource) tellLinked(env, here, there, insn.src, linked);
    tellLinked(env, here, there, insn.dst, linked);
  }
  if (bits === 64 && env.atLeast('6.2')) learnEquality(env, insn, comparison, here, there);
  if (learnNull(env, insn, comparison, bits, here, there)) return;
  if (bits === 64 && learnPacketRange(insn, comparison, here, there)) return;
  if (env.privileged || here.frame.registers[insn.dst]!.kind === Kind.scalar) return;
  throw pointerComparison({ register: insn.dst });
}

function tellLinked(
  env: Environment,
  here: VerifierState,
  there: VerifierState,
  number: number,
  linked: readonly Linked[],
): void {
  const { kind, id } = here.frame.registers[number]!;
  if (kind !== Kind.scalar || id === 0) return;
  syncLinked(env, here, number, linked);
  syncLinked(env, there, number, linked);
}

/** What two numbers are on each side (`reg_set_min_max`). */
function learnRanges(
  env: Environment,
  insn: Insn,
  comparison: Comparison,
  bits: 32 | 64,
  here: Frame,
  there: Frame,
): void {
  const left = here.registers[insn.dst]!;
  const right = insn.usesSource ? here.registers[insn.src]! : Register.scalar(Scalar.constant(insn.imm));
  if (left.kind !== Kind.scalar || right.kind !== Kind.scalar) return;
  const same = insn.usesSource && insn.src === insn.dst;
  const learn = env.earlyNumbers ? refineBefore68 : refine;
  const fallsThrough = learn(NEGATION[comparison], bits, left.scalar, right.scalar, same, env.earlySums);
  const jumps = learn(comparison, bits, left.scalar, right.scalar, same, env.earlySums);
  if (insn.usesSource) {
    here.registers[insn.src] = right.withScalar(fallsThrough.right);
    there.registers[insn.src] = right.withScalar(jumps.right);
  }
  here.registers[insn.dst] = left.withScalar(fallsThrough.left);
  there.registers[insn.dst] = left.withScalar(jumps.left);
}
