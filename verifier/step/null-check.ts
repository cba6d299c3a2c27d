/** What comparisons tell of pointers that may be null. */
import type { Environment } from '../environment.ts';
import { fieldsOf, fieldsOfMap } from '../field/fields-of.ts';
import { hasField } from '../field/special-field.ts';
import type { Insn } from '../instruction.ts';
import { Register } from '../state/register.ts';
import { Flag, Kind } from '../state/register-kind.ts';
import { StackSlot } from '../state/slot.ts';
import type { VerifierState } from '../state/state.ts';
import type { Comparison } from '../value/compare.ts';
import { Scalar } from '../value/scalar.ts';
import { isNotNull } from './decide-jump.ts';

/**
 * `if (p == 0)`: on one side every copy of the pointer is the number 0, on the other none is null
 * (`mark_ptr_or_null_regs`). False: this is no such comparison.
 */
export function learnNull(
  env: Environment,
  insn: Insn,
  comparison: Comparison,
  bits: 32 | 64,
  here: VerifierState,
  there: VerifierState,
): boolean {
  if (bits === 32 || insn.usesSource || insn.imm !== 0) return false;
  if (comparison !== 'jeq' && comparison !== 'jne') return false;
  if (!here.frame.registers[insn.dst]!.maybeNull) return false;
  markNull(env, here, insn.dst, comparison === 'jne');
  markNull(env, there, insn.dst, comparison === 'jeq');
  return true;
}

function markNull(env: Environment, state: VerifierState, number: number, isNull: boolean): void {
  const { id, ref } = state.frame.registers[number]!;
  // No object was acquired after all.
  if (isNull && ref !== 0 && ref === id) {
    state.references = state.references.filter((held) => held.kind !== 'pointer' || held.id !== id);
  }
  for (const { registers, stack } of state.frames) {
    for (let i = 0; i < registers.length; i++) registers[i] = marked(env, registers[i]!, id, isNull);
    for (let spi = 0; spi < stack.length; spi++) {
      const slot = stack[spi]!;
      if (!slot.isSpill) continue;
      const changed = marked(env, slot.spilled, id, isNull);
      if (changed !== slot.spilled) stack[spi] = new StackSlot(slot.bytes, changed);
    }
  }
}

/** `mark_ptr_or_null_reg` */
function marked(env: Environment, register: Register, id: number, isNull: boolean): Register {
  if (!register.maybeNull || register.id !== id) return register;
  if (id === 0 && !register.has(Flag.rcu)) return register;
  // What may be null is not moved, but for objects of the program's own that a node of theirs stands for.
  if (register.scalar !== Scalar.ZERO) return register;
  if (register.off !== 0 && !isOwnObject(register)) return register;
  if (isNull) return Register.scalar(Scalar.ZERO, 0, register.precise);
  const sure = notNull(env, register);
  // The lock of an object is known by the pointer's id.
  const { fields } = fieldsOf(env, sure);
  const hasLock = fields.some(({ kind }) => kind === 'spin-lock' || kind === 'res-spin-lock');
  return hasLock ? sure : sure.withId(0);
}

function isOwnObject({ kind, flags }: Register): boolean {
  return kind === Kind.btfId && (flags & Flag.alloc) !== 0;
}

/** A pointer that is not null (`mark_ptr_not_null_reg`): what was looked up in some maps is then of another kind. */
function notNull(env: Environment, register: Register): Register {
  const { kind, id, ref, detail, flags } = register;
  if (kind !== Kind.mapValue || detail?.kind !== 'map') return register.withFlags(flags & ~Flag.maybeNull);
  const { map } = detail;
  if (map.innerMap !== undefined) {
    const record = fieldsOfMap(env, map.innerMap);
    const unique =
      hasField(record, 'timer') || hasField(record, 'workqueue') || hasField(record, 'task-work');
    const inner = { kind: 'map', map: map.innerMap, uid: unique ? id : detail.uid } as const;
    return Register.pointer(Kind.mapPtr, 0, inner, id, ref);
  }
  if (map.type === 'xskmap') return Register.pointer(Kind.xdpSock, 0, null, id, ref);
  if (map.type === 'sockmap' || map.type === 'sockhash') {
    return Register.pointer(Kind.socket, 0, null, id, ref);
  }
  return register.withFlags(0);
}

/**
 * `if (p == q)` of two pointers of which one is not null: where they are equal the other is not null either. Structs of the
 * kernel do not count: a pointer to one may be null without a word.
 */
export function learnEquality(
  env: Environment,
  insn: Insn,
  comparison: Comparison,
  here: VerifierState,
  there: VerifierState,
): void {
  if (!insn.usesSource || (comparison !== 'jeq' && comparison !== 'jne') || !env.atLeast('6.2')) return;
  const left = here.frame.registers[insn.dst]!;
  const right = here.frame.registers[insn.src]!;
  if (left.kind === Kind.scalar || right.kind === Kind.scalar || left.maybeNull === right.maybeNull) return;
  if (left.kind === Kind.btfId || right.kind === Kind.btfId) return;
  // The last ones of 6.12 want to know that the other is not null.
  if (env.release === '6.12' && !isNotNull(left.maybeNull ? right : left)) return;
  const { registers } = (comparison === 'jeq' ? there : here).frame;
  const number = right.maybeNull ? insn.src : insn.dst;
  registers[number] = notNull(env, registers[number]!);
}
