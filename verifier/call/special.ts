/** What single helpers demand or do besides (`check_helper_call`, after the arguments). */
import { resolveType } from '../../bpf/btf/layout.ts';
import { inRcuSection } from '../access/rcu.ts';
import type { Environment } from '../environment.ts';
import { isReadOnlyForPrograms } from '../map.ts';
import {
  dynptrFromOtherMemory,
  helperWritesReadOnlyMap,
  localStorageFlags,
  referenceNotAcquired,
  tailCallMapWanted,
  voidHookReturnsNothing,
} from '../messages.gen.ts';
import { markPrecise } from '../order/precision.ts';
import { unsupported } from '../rejection.ts';
import { isZero } from '../state/numbers.ts';
import type { Register } from '../state/register.ts';
import { Flag, Kind, typeText } from '../state/register-kind.ts';
import type { CallFacts } from './call-facts.ts';
import { callLoop, pushAsyncCallback, pushCallback } from './callback.ts';
import { checkFormatCall } from './constant-string.ts';
import { dynptrBehind, releaseDynptr } from './dynptr.ts';
import { changeRegisters, invalidRegister } from './invalidate.ts';
import { checkResourceLeak, forgetReference, releaseReference } from './references.ts';
import { noteTailCallMap } from './tail-call-maps.ts';

/** Read-only maps are not written by these (`record_func_map`). @throws Rejection */
export function checkMapWrite({ prototype, map }: CallFacts): void {
  if (map === null || !isReadOnlyForPrograms(map)) return;
  switch (prototype.name) {
    case 'map_delete_elem':
    case 'map_update_elem':
    case 'map_push_elem':
    case 'map_pop_elem':
      throw helperWritesReadOnlyMap({});
  }
}

/** A constant index decides which program is called (`record_func_key`). @throws Rejection */
export function noteTailCallKey(env: Environment, { prototype, map }: CallFacts): void {
  if (prototype.name !== 'tail_call') return;
  if (map?.type !== 'prog_array') throw tailCallMapWanted({});
  noteTailCallMap(env, map);
  const key = env.register(3);
  if (key.kind !== Kind.scalar || !key.scalar.isConstant) return;
  const value = key.scalar.constantValue.toUnsignedNumber() ?? Number.MAX_SAFE_INTEGER;
  if (value < map.maxEntries) markPrecise(env, 3);
}

/** Gives back what the released argument holds. @throws Rejection */
export function releaseArgument(env: Environment, facts: CallFacts): void {
  if (facts.releases === 0 || isReleased(env, facts)) return;
  throw referenceNotAcquired({ helper: facts.prototype.text });
}

function isReleased(env: Environment, { prototype, releases, ref }: CallFacts): boolean {
  const register = env.register(releases);
  if (prototype.args[releases - 1]!.type === 'PTR_TO_DYNPTR') return releaseDynptr(env, register);
  if (ref === 0) return isZero(register);
  return prototype.name === 'kptr_xchg' ? moveIntoMap(env, ref) : releaseReference(env, ref);
}

/** In an RCU section an object of each CPU's that went into a map stays readable. */
function moveIntoMap(env: Environment, ref: number): boolean {
  if (!forgetReference(env, ref)) return false;
  const inRcu = inRcuSection(env);
  const invalid = invalidRegister(env);
  const percpu = Flag.alloc | Flag.percpu;
  changeRegisters(env, (register) => {
    if (register.ref !== ref) return register;
    if (!inRcu || (register.flags & percpu) !== percpu) return invalid;
    return register.withFlags((register.flags & ~Flag.alloc) | Flag.rcu).withRef(0);
  });
  return true;
}

/** @returns true when the packet may have moved because of what the arguments are. @throws Rejection */
export function checkSpecial(env: Environment, facts: CallFacts): boolean {
  switch (facts.prototype.name) {
    case 'tail_call':
      checkResourceLeak(env, 'tail-call');
      return false;
    case 'get_local_storage':
      if (!isZero(env.register(2))) throw localStorageFlags({});
      markPrecise(env, 2);
      return false;
    case 'for_each_map_elem':
      pushCallback(env, facts.subprogram, 'map-element');
      return false;
    case 'timer_set_callback':
      pushTimer(env, facts);
      return false;
    case 'find_vma':
      pushCallback(env, facts.subprogram, 'find-vma');
      return false;
    case 'user_ringbuf_drain':
      pushCallback(env, facts.subprogram, 'user-ringbuf');
      return false;
    case 'loop':
      callLoop(env, facts.subprogram);
      return false;
    case 'snprintf':
      checkFormatCall(env);
      return false;
    case 'dynptr_from_mem':
      checkDynptrMemory(env.register(1));
      return false;
    case 'dynptr_data':
      noteDynptr(env, facts);
      return false;
    case 'dynptr_write':
      return writesPacket(dynptrBehind(env, env.register(1)));
    case 'set_retval':
      checkSetRetval(env);
      return false;
    default:
      return false;
  }
}

function pushTimer(env: Environment, facts: CallFacts): void {
  if (facts.map === null) throw unsupported('a timer without a map');
  pushAsyncCallback(env, facts.subprogram, 'timer', { kind: 'map', map: facts.map, uid: facts.mapUid });
}

function checkDynptrMemory(register: Register): void {
  if (register.kind === Kind.mapValue && register.flags === 0) return;
  throw dynptrFromOtherMemory({ type: typeText(register.kind, register.flags) });
}

/** The result is a slice of the dynptr. */
function noteDynptr(env: Environment, facts: CallFacts): void {
  const dynptr = dynptrBehind(env, env.register(1));
  facts.dynptr = dynptr.id;
  facts.ref = dynptr.ref;
}

function writesPacket({ detail }: Register): boolean {
  return detail?.kind === 'dynptr' && (detail.type === 'skb' || detail.type === 'skb_meta');
}

/** A hook that returns nothing has no value to set. */
function checkSetRetval(env: Environment): void {
  const { input, btf } = env;
  if (env.type.name !== 'lsm' || input.attachType !== 'lsm_cgroup') return;
  const id = input.attachTo === undefined ? undefined : btf?.find(input.attachTo.name, 'func');
  if (btf === undefined || id === undefined) throw unsupported('the hook that the program attaches to');
  const hook = btf.type(id);
  const prototype = hook.kind === 'func' ? resolveType(btf, hook.type) : hook;
  if (prototype.kind === 'func_proto' && prototype.returns === 0) throw voidHookReturnsNothing({});
}
