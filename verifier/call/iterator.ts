/**
 * Iterators whose state lies on the stack (`bpf_iter_num` and others): made by `_new`, moved on by `_next`, ended by
 * `_destroy`. Each `_next` is walked both ways: with nothing left, and with one element more.
 */
import { resolveType, skipTypedefs } from '../../bpf/btf/layout.ts';
import type { TypeId } from '../../bpf/btf/type.ts';
import { checkMemoryAccess } from '../access/access.ts';
import { inRcuSection } from '../access/rcu.ts';
import type { Environment } from '../environment.ts';
import {
  iteratorNeedsRcu,
  iteratorNotInitialised,
  iteratorNotOnStack,
  iteratorNotUninitialised,
  iteratorWanted,
} from '../messages.gen.ts';
import { pushPath } from '../order/pending.ts';
import { markStackRead, markStackWrite } from '../order/stack-liveness.ts';
import { findPreviousEntry, widenImpreciseScalars } from '../order/widening.ts';
import { unsupported } from '../rejection.ts';
import type { Frame } from '../state/frame.ts';
import { zeroNumber } from '../state/numbers.ts';
import { type IteratorDetail, Register } from '../state/register.ts';
import { Flag, Kind } from '../state/register-kind.ts';
import { allBytes, ByteKind, EMPTY_SLOT, StackSlot } from '../state/slot.ts';
import type { VerifierState } from '../state/state.ts';
import { Scalar } from '../value/scalar.ts';
import type { KfuncCall } from './kfunc-call.ts';
import type { KfuncTarget, PreparedKfunc } from './kfunc-target.ts';
import { acquireReference, releaseReference } from './references.ts';
import { frameOf, stackPlace, stackSlotOf } from './stack-object.ts';

const PREFIX = 'bpf_iter_';

/** Register `number` points to an iterator on the stack (`process_iter_arg`). @throws Rejection */
export function checkIteratorArgument(env: Environment, call: KfuncCall, number: number): void {
  const { kfunc } = call;
  const argument = number - 1;
  const register = env.register(number);
  if (register.kind !== Kind.stack || register.flags !== 0) throw iteratorNotOnStack({ argument });
  const type = iteratorType(kfunc, argument);
  if (type === undefined) throw iteratorWanted({ argument });
  const name = kfunc.btf.nameOf(type).slice(PREFIX.length);
  const slots = slotsOf(kfunc, type);
  if (kfunc.iteratorNew) {
    if (!mayHoldIterator(env, register, slots)) throw iteratorNotUninitialised({ name, argument });
    for (let i = 0; i < slots; i++) {
      checkMemoryAccess(env, { kind: 'write', base: number, off: i * 8, size: 8, value: -1 });
    }
    makeIterator(env, kfunc, register, type, slots);
    return;
  }
  const spi = initialisedIterator(env, kfunc, register, type, slots);
  if (spi === 'rcu') throw iteratorNeedsRcu({ kfunc: kfunc.name });
  if (spi === undefined) throw iteratorNotInitialised({ name, argument });
  for (let i = 0; i < slots; i++) markStackRead(env, register.extra, spi - i);
  call.iteratorFrame = register.extra;
  call.iteratorSlot = spi;
  const frame = frameOf(env, register);
  call.ref = frame.stack[spi]!.spilled.ref;
  if (kfunc.iteratorDestroy) endIterator(env, frame, spi, slots);
}

/** `btf_check_iter_arg` */
function iteratorType({ btf, prototype }: KfuncTarget, argument: number): TypeId | undefined {
  const pointer = resolveType(btf, prototype.parameters[argument]!.type);
  if (pointer.kind !== 'ptr') return undefined;
  const id = skipTypedefs(btf, pointer.type);
  const type = btf.type(id);
  return type.kind === 'struct' && type.name.startsWith(PREFIX) ? id : undefined;
}

function slotsOf({ btf }: KfuncTarget, type: TypeId): number {
  const row = btf.type(type);
  return row.kind === 'struct' ? Math.floor(row.size / 8) : 0;
}

/** None of its slots is part of an iterator yet (`is_iter_reg_valid_uninit`). */
function mayHoldIterator(env: Environment, register: Register, slots: number): boolean {
  const place = stackPlace(env, register, 'iter', slots);
  if (place.kind === 'beyond') return true;
  if (place.kind === 'invalid') {
    env.remark(place.why.text);
    return false;
  }
  const { stack } = frameOf(env, register);
  for (let i = 0; i < slots; i++) if (holdsIterator(stack[place.spi - i]!)) return false;
  return true;
}

function holdsIterator(slot: StackSlot): boolean {
  for (let b = 0; b < 8; b++) if (slot.kindAt(b) === ByteKind.iterator) return true;
  return false;
}

/** `mark_stack_slots_iter` */
function makeIterator(
  env: Environment,
  kfunc: PreparedKfunc,
  register: Register,
  type: TypeId,
  slots: number,
): void {
  const spi = stackSlotOf(env, register, 'iter', slots);
  if (spi === undefined) throw unsupported('an iterator nowhere on the stack');
  const frame = frameOf(env, register);
  const ref = acquireReference(env);
  const flags = kfunc.rcuProtected ? (inRcuSection(env) ? Flag.rcu : Flag.untrusted) : 0;
  const detail: IteratorDetail = { kind: 'iterator', btf: kfunc.btf, type, state: 'active', depth: 0 };
  for (let i = 0; i < slots; i++) {
    frame.stack[spi - i] = iteratorSlot(flags, i === 0 ? ref : 0, detail);
    markStackWrite(env, frame.number, spi - i);
  }
}

function iteratorSlot(flags: number, ref: number, detail: IteratorDetail): StackSlot {
  const spilled = new Register(Kind.stack, flags, Scalar.ZERO, 0, 0, ref, detail, 0, false);
  return new StackSlot(allBytes(ByteKind.iterator), spilled);
}

/** Its first slot; undefined: there is none; `rcu`: it was made outside of an RCU section (`is_iter_reg_valid_init`). */
function initialisedIterator(
  env: Environment,
  kfunc: PreparedKfunc,
  register: Register,
  type: TypeId,
  slots: number,
): number | 'rcu' | undefined {
  const spi = stackSlotOf(env, register, 'iter', slots);
  if (spi === undefined) return undefined;
  const { stack } = frameOf(env, register);
  for (let i = 0; i < slots; i++) {
    const slot = stack[spi - i]!;
    const { spilled } = slot;
    const { detail } = spilled;
    if (detail?.kind !== 'iterator') return undefined;
    if ((spilled.flags & Flag.untrusted) !== 0) return 'rcu';
    if ((i === 0) !== (spilled.ref !== 0)) return undefined;
    if (detail.btf !== kfunc.btf || detail.type !== type) return undefined;
    if (slot.bytes !== allBytes(ByteKind.iterator)) return undefined;
  }
  return spi;
}

/** `unmark_stack_slots_iter` */
function endIterator(env: Environment, frame: Frame, spi: number, slots: number): void {
  releaseReference(env, frame.stack[spi]!.spilled.ref);
  for (let i = 0; i < slots; i++) {
    frame.stack[spi - i] = EMPTY_SLOT;
    markStackWrite(env, frame.number, spi - i);
  }
}

/** The iterator passed, as it is now. */
export function iteratorOf(env: Environment, call: KfuncCall): Register {
  return env.state.frames[call.iteratorFrame]!.stack[call.iteratorSlot]!.spilled;
}

/**
 * Goes on with nothing left, and puts the path with one element more aside (`process_iter_next_call`); r0 holds the
 * pointer to it, or null, by now.
 */
export function forkIterator(env: Environment, call: KfuncCall): void {
  const { state } = env;
  const { detail } = iteratorOf(env, call);
  if (detail?.kind !== 'iterator') throw unsupported('an iterator of no type');
  if (detail.state === 'active') {
    // The state kept at this very call is the parent: the round before it is looked for.
    const previous = state.parent === null ? null : findPreviousEntry(env, state.parent, env.slot);
    const queued = pushPath(env, env.slot + 1, env.slot, false);
    setIterator(queued, call, { ...detail, depth: detail.depth + 1 });
    if (previous !== null) widenImpreciseScalars(env, previous, queued);
    const { registers } = queued.frame;
    registers[0] = registers[0]!.withFlags(registers[0]!.flags & ~Flag.maybeNull);
  }
  setIterator(state, call, { ...detail, state: 'drained' });
  env.setRegister(0, zeroNumber(env));
}

function setIterator(state: VerifierState, call: KfuncCall, detail: IteratorDetail): void {
  const { stack } = state.frames[call.iteratorFrame]!;
  const slot = stack[call.iteratorSlot]!;
  stack[call.iteratorSlot] = new StackSlot(slot.bytes, slot.spilled.withDetail(detail));
}
