/** Copies of one unknown, of which a comparison tells as of the register compared (`collect_linked_regs`, `sync_linked_regs`). */
import type { Environment } from '../environment.ts';
import type { Insn } from '../instruction.ts';
import { LINKED_MAX, type Linked } from '../order/history.ts';
import { Register } from '../state/register.ts';
import { Flag, Kind, SUM_FLAGS } from '../state/register-kind.ts';
import { StackSlot } from '../state/slot.ts';
import type { VerifierState } from '../state/state.ts';
import { Bounds } from '../value/bounds.ts';
import { Scalar } from '../value/scalar.ts';
import { add32, add64 } from '../value/sums.ts';

/** r0 ... r9. */
const REGISTERS = 10;

const NONE: readonly Linked[] = [];

/** What shares an id with one of the operands; what finds no room among so many is linked no more. */
export function collectLinked(env: Environment, insn: Insn): readonly Linked[] {
  const { registers } = env.frame;
  const right = insn.usesSource ? linkOf(registers[insn.src]!) : 0;
  if (right === 0 && linkOf(registers[insn.dst]!) === 0) return NONE;
  const linked: Linked[] = [];
  if (right !== 0) collect(env, right, linked);
  // The first may have unlinked it.
  const left = linkOf(registers[insn.dst]!);
  if (left !== 0) collect(env, left, linked);
  return linked;
}

function linkOf({ kind, id }: Register): number {
  return kind === Kind.scalar ? id : 0;
}

function collect(env: Environment, id: number, linked: Linked[]): void {
  const { state } = env;
  // Since late 6.18 registers that nobody will read are left out.
  const onlyLive = env.atLeast('6.18');
  // Before 6.11 all of them, however many.
  const limit = env.atLeast('6.11') ? LINKED_MAX : Number.POSITIVE_INFINITY;
  for (let frame = state.frames.length - 1; frame >= 0; frame--) {
    const { registers, stack } = state.frames[frame]!;
    const live = onlyLive ? env.aux[state.slotOf(frame)]!.liveRegisters : -1;
    for (let index = 0; index < REGISTERS; index++) {
      const register = registers[index]!;
      if (((live >>> index) & 1) === 0 || register.kind !== Kind.scalar || register.id !== id) continue;
      if (linked.length < limit) linked.push({ frame, index, isSlot: false });
      else registers[index] = unlinked(register);
    }
    for (let index = 0; index < stack.length; index++) {
      const slot = stack[index]!;
      const { spilled } = slot;
      if (!slot.isSpill || spilled.kind !== Kind.scalar || spilled.id !== id) continue;
      if (linked.length < limit) linked.push({ frame, index, isSlot: true });
      else stack[index] = new StackSlot(slot.bytes, unlinked(spilled));
    }
  }
}

function unlinked(register: Register): Register {
  return Register.scalar(register.scalar, 0, register.precise);
}

/** What is known of register `number` of the running frame is true of all that are linked with it. */
export function syncLinked(
  env: Environment,
  state: VerifierState,
  number: number,
  linked: readonly Linked[],
): void {
  const current = state.frames.length - 1;
  const known = state.frame.registers[number]!;
  for (const { frame, index, isSlot } of linked) {
    const { registers, stack } = state.frames[frame]!;
    if (isSlot) {
      const slot = stack[index]!;
      const changed = synced(env, slot.spilled, known);
      if (changed !== slot.spilled) stack[index] = new StackSlot(slot.bytes, changed);
    } else if (frame !== current || index !== number)
      registers[index] = synced(env, registers[index]!, known);
  }
}

function synced(env: Environment, register: Register, known: Register): Register {
  if (register.kind !== Kind.scalar || register.id !== known.id) return register;
  const flags = register.flags | known.flags;
  // Sums in 32 and in 64 bits have no distance from one another.
  if (((register.flags ^ known.flags) & SUM_FLAGS) === SUM_FLAGS) return register;
  if ((flags & SUM_FLAGS) === 0 || register.off === known.off) return known;
  const scalar = shifted(env, known.scalar, register.off - known.off, (flags & Flag.addConst32) !== 0);
  return new Register(
    Kind.scalar,
    register.flags,
    scalar,
    register.off,
    register.id,
    0,
    null,
    0,
    known.precise,
  );
}

/** The number plus so much; not checked for contradictions. */
function shifted(env: Environment, scalar: Scalar, distance: number, word: boolean): Scalar {
  const other = Scalar.constant(distance);
  const bounds = new Bounds(scalar, env.earlyNumbers, env.earlySums);
  add32(bounds, other);
  add64(bounds, other);
  bounds.bits = bounds.bits.add(other.bits);
  if (word) bounds.extendLowHalf();
  // Before 6.18 the views were left as the sum made them.
  return env.atLeast('6.18') ? bounds.synced() : bounds.frozen();
}
