/** Locks held, and what a program may not do meanwhile (`process_spin_lock`). */
import { CallKind } from '../../bpf/fields.ts';
import { helperById } from '../../bpf/helpers/index.ts';
import type { Environment } from '../environment.ts';
import { fieldsOf } from '../field/fields-of.ts';
import { onlyField } from '../field/special-field.ts';
import type { Insn } from '../instruction.ts';
import {
  callUnderLock,
  fieldAtOtherOffset,
  hasNoLock,
  lockAtVariableOffset,
  lockMapWithoutTypes,
  sameLockAgain,
  secondLock,
  unlockOfOtherLock,
  unlockOutOfOrder,
  unlockWithoutLock,
} from '../messages.gen.ts';
import { unsupported } from '../rejection.ts';
import type { Reference } from '../state/reference.ts';
import type { Register } from '../state/register.ts';
import { Kind } from '../state/register-kind.ts';
import { offsetOf } from './field-argument.ts';
import { invalidateNonOwning } from './invalidate.ts';
import { addReference, removeReference } from './references.ts';

export type LockKind = 'lock' | 'resilient-lock' | 'resilient-lock-irq';

export interface LockUse {
  readonly kind: LockKind;
  /** Taken, or given back. */
  readonly take: boolean;
}

/** Register `number` points to a lock that is taken or given back. @throws Rejection */
export function processLock(env: Environment, number: number, use: LockUse): void {
  const register = env.register(number);
  checkLockField(env, register, number, use.kind === 'lock' ? 'spin-lock' : 'res-spin-lock');
  const object = ownerOf(register);
  if (use.take) takeLock(env, register.id, object, use.kind);
  else giveLockBack(env, register.id, object, use.kind);
}

function checkLockField(
  env: Environment,
  register: Register,
  number: number,
  kind: 'spin-lock' | 'res-spin-lock',
): void {
  const name = NAMES[kind];
  if (!register.scalar.isConstant) throw lockAtVariableOffset({ register: number, name });
  const map = register.detail?.kind === 'map' ? register.detail.map : undefined;
  if (map !== undefined && map.types === undefined) throw lockMapWithoutTypes({ map: map.name, name });
  const field = onlyField(fieldsOf(env, register), kind);
  if (field === undefined) {
    throw hasNoLock({ place: map === undefined ? 'local' : 'map', owner: map?.name ?? 'kptr', name });
  }
  const off = offsetOf(register);
  if (field.offset !== off) throw fieldAtOtherOffset({ off, name: `${name}_lock`, at: field.offset });
}

const NAMES = { 'spin-lock': 'bpf_spin', 'res-spin-lock': 'bpf_res_spin' } as const;

/** What tells locks apart besides the pointer's id: the map, or the types that the object is of. */
function ownerOf(register: Register): unknown {
  if (register.kind === Kind.mapValue && register.detail?.kind === 'map') return register.detail.map;
  if (register.detail?.kind === 'btf') return register.detail.btf;
  throw unsupported('a lock outside of a map and of an object');
}

function takeLock(env: Environment, id: number, object: unknown, kind: LockKind): void {
  const { state } = env;
  if (kind === 'lock') {
    if (state.references.some((held) => held.kind === 'lock')) throw secondLock({});
  } else if (state.references.some((held) => isResilient(held) && held.id === id && held.object === object)) {
    throw sameLockAgain({});
  }
  addReference(env, { kind, id, slot: env.slot, object });
  state.activeLocks++;
  state.activeLockId = id;
  state.activeLockObject = object;
}

function isResilient({ kind }: Reference): boolean {
  return kind === 'resilient-lock' || kind === 'resilient-lock-irq';
}

function isLock({ kind }: Reference): boolean {
  return kind === 'lock' || kind === 'resilient-lock' || kind === 'resilient-lock-irq';
}

function giveLockBack(env: Environment, id: number, object: unknown, kind: LockKind): void {
  const { state } = env;
  const name = kind === 'lock' ? 'bpf_spin' : 'bpf_res_spin';
  if (state.activeLocks === 0) throw unlockWithoutLock({ name });
  const held = state.references.find((one) => one.kind === kind && one.id === id && one.object === object);
  if (held === undefined) throw unlockOfOtherLock({ name });
  if (id !== state.activeLockId || object !== state.activeLockObject) throw unlockOutOfOrder({ name });
  forgetLock(env, held);
  invalidateNonOwning(env);
}

/** The one taken before is the innermost now. */
function forgetLock(env: Environment, lock: Reference): void {
  const { state } = env;
  const before = state.references.slice(0, state.references.indexOf(lock)).filter(isLock).at(-1);
  removeReference(env, lock);
  state.activeLocks--;
  state.activeLockId = before?.id ?? 0;
  state.activeLockObject = before?.object ?? null;
}

/** A callback that compares the elements of a tree, which holds the tree's lock (`in_rbtree_lock_required_cb`). */
export function inTreeCallback(env: Environment): boolean {
  const { frame, state } = env;
  if (!frame.inCallback || state.frames.length < 2 || frame.callSite < 0) return false;
  const insn = env.insns[frame.callSite]!;
  return insn.src === CallKind.kfunc && env.input.kfuncSlots?.get(frame.callSite) === 'bpf_rbtree_add_impl';
}

/** Kernel functions that work on lists and trees under their lock, that walk numbers, and the locks' own. */
const UNDER_LOCK: ReadonlySet<string> = new Set([
  'bpf_list_push_front_impl',
  'bpf_list_push_back_impl',
  'bpf_list_pop_front',
  'bpf_list_pop_back',
  'bpf_list_front',
  'bpf_list_back',
  'bpf_rbtree_remove',
  'bpf_rbtree_add_impl',
  'bpf_rbtree_first',
  'bpf_rbtree_root',
  'bpf_rbtree_left',
  'bpf_rbtree_right',
  'bpf_refcount_acquire_impl',
  'bpf_iter_num_new',
  'bpf_iter_num_next',
  'bpf_iter_num_destroy',
  'bpf_res_spin_lock',
  'bpf_res_spin_unlock',
  'bpf_res_spin_lock_irqsave',
  'bpf_res_spin_unlock_irqrestore',
]);

const HELPERS_UNDER_LOCK: ReadonlySet<string> = new Set(['spin_unlock', 'kptr_xchg']);

/** A call while a lock is held: only unlocking and a few functions are allowed. @throws Rejection */
export function checkCallUnderLock(env: Environment, insn: Insn): void {
  switch (insn.src) {
    case CallKind.helper:
      if (!HELPERS_UNDER_LOCK.has(helperById(insn.imm)?.name ?? '')) throw callUnderLock({});
      return;
    case CallKind.kfunc:
      if (insn.off !== 0 || !UNDER_LOCK.has(env.input.kfuncSlots?.get(env.slot) ?? ''))
        throw callUnderLock({});
      return;
    default:
      return;
  }
}
