/**
 * Functions handed to helpers and kernel functions (`push_callback_call`). One that is called at once is walked as often as
 * it takes until its rounds look alike: the path into it is put aside, the current one goes on as if no round was left. One
 * that is called later, from a timer say, is walked once with a stack of its own.
 */
import type { Environment } from '../environment.ts';
import { callbackNotForMap, jumpsTooComplexForCallback } from '../messages.gen.ts';
import { pushPath } from '../order/pending.ts';
import { markPrecise } from '../order/precision.ts';
import { unsupported } from '../rejection.ts';
import { Frame, type ReturnRange } from '../state/frame.ts';
import { type MapDetail, Register, UNKNOWN_NUMBER } from '../state/register.ts';
import { Kind } from '../state/register-kind.ts';
import { VerifierState } from '../state/state.ts';
import { Int64 } from '../value/int64.ts';
import { dynptrRegister } from './dynptr.ts';
import { matchArguments } from './match-arguments.ts';
import { enterFunction } from './subprogram.ts';

/** Called once for each entry of a map, and so on, before the call returns. */
export type SyncCallback = 'map-element' | 'loop' | 'find-vma' | 'user-ringbuf' | 'tree-order';
/** Called later. */
export type AsyncCallback = 'timer' | 'workqueue' | 'task-work';

const ZERO_OR_ONE: ReturnRange = { min: 0, max: 1 };
const ZERO: ReturnRange = { min: 0, max: 0 };
const ANY: ReturnRange = { min: -0x8000_0000, max: 0x7fff_ffff };

/** Types of maps that `bpf_for_each_map_elem` walks (`map_for_each_callback`). */
const WALKED_MAPS: readonly string[] = [
  'hash',
  'lru_hash',
  'percpu_hash',
  'lru_percpu_hash',
  'array',
  'percpu_array',
];

/** Puts a round of the callback aside. `fill` is given the caller's registers and the callback's frame. @throws Rejection */
export function pushCallback(
  env: Environment,
  number: number,
  callback: SyncCallback,
  fill?: (frame: Frame) => void,
): void {
  matchArguments(env, number);
  const subprogram = env.subprograms[number]!;
  subprogram.isCallback = true;
  const caller = env.frame;
  if (!walksRounds(env)) {
    if (fill !== undefined) throw unsupported('a comparison function that is walked once');
    enterCallback(env, number, (frame) => fillSync(env, caller, frame, callback));
    return;
  }
  const state = pushPath(env, subprogram.start, env.slot, false);
  const callerCopy = state.frame;
  const frame = enterFunction(state, number, env.slot, env.profile.limits.frames);
  frame.inCallback = true;
  frame.callbackReturn = ZERO_OR_ONE;
  if (fill === undefined) fillSync(env, caller, frame, callback);
  else fill(frame);
  state.callbackUnrollDepth++;
  callerCopy.callbackDepth++;
  caller.callbackDepth = 0;
}

/** Callbacks are walked until their rounds look alike; before, as if they were called once. */
function walksRounds(env: Environment): boolean {
  return env.atLeast('6.6');
}

/** Walks into the callback at once: the call's own path goes on after it. */
function enterCallback(env: Environment, number: number, fill: (frame: Frame) => void): void {
  const frame = enterFunction(env.state, number, env.slot, env.profile.limits.frames);
  frame.inCallback = true;
  frame.callbackReturn = ZERO_OR_ONE;
  fill(frame);
}

/**
 * `bpf_loop`: rounds are put aside until there were as many as r1 may say. What the flags are decides no verdict, but the
 * kernel relies on them to replace the call by a loop. @throws Rejection
 */
export function callLoop(env: Environment, number: number): void {
  noteLoop(env, number);
  if (!walksRounds(env)) {
    pushCallback(env, number, 'loop');
    return;
  }
  markPrecise(env, 1);
  const { frame } = env;
  if (Int64.fromNumber(frame.callbackDepth).ult(frame.registers[1]!.scalar.umax)) {
    pushCallback(env, number, 'loop');
    return;
  }
  frame.callbackDepth = 0;
  env.observer?.remark?.(`frame${frame.number} bpf_loop iteration limit reached`);
}

/** `update_loop_inline_state` */
function noteLoop(env: Environment, number: number): void {
  const aux = env.aux[env.slot]!;
  const { loop } = aux;
  if (loop !== null && !loop.inlined) return;
  const flagsAreZero = env.register(4).scalar.constantNumber === 0;
  if (flagsAreZero) markPrecise(env, 4);
  const callback = loop?.callback ?? number;
  aux.loop = { inlined: flagsAreZero && callback === number, callback };
}

/** r1 ... r5 of the callback, from those of the call (`set_*_callback_state`). */
function fillSync(env: Environment, caller: Frame, frame: Frame, callback: SyncCallback): void {
  const given = caller.registers;
  const registers = frame.registers;
  switch (callback) {
    case 'map-element':
      fillMapElement(given[1]!, registers);
      registers[1] = given[1]!;
      registers[4] = given[3]!;
      return;
    case 'loop':
      registers[1] = UNKNOWN_NUMBER;
      registers[2] = given[3]!;
      return;
    case 'find-vma':
      registers[1] = given[1]!;
      registers[2] = kernelPointer(env, 'vm_area_struct');
      registers[3] = given[4]!;
      return;
    case 'user-ringbuf':
      registers[1] = dynptrRegister('local', true, env.nextId(), 0);
      registers[2] = given[3]!;
      return;
    case 'tree-order':
      throw unsupported('a comparison function without a tree');
  }
}

function fillMapElement(map: Register, registers: Register[]): void {
  const { detail } = map;
  if (detail?.kind !== 'map') throw unsupported('a callback without a map');
  if (!WALKED_MAPS.includes(detail.map.type)) throw callbackNotForMap({ type: detail.map.type });
  registers[2] = Register.pointer(Kind.mapKey, 0, detail);
  registers[3] = Register.pointer(Kind.mapValue, 0, detail);
}

function kernelPointer(env: Environment, name: string): Register {
  const { btf } = env;
  const type = btf?.find(name, 'struct');
  if (btf === undefined || type === undefined) throw unsupported(`the kernel's type ${name} is not known`);
  return Register.pointer(Kind.btfId, 0, { kind: 'btf', btf, type });
}

/**
 * Puts a callback aside that runs on its own later (`push_async_cb`).
 * @param map the map whose value holds the timer @throws Rejection
 */
export function pushAsyncCallback(
  env: Environment,
  number: number,
  callback: AsyncCallback,
  map: MapDetail,
): void {
  matchArguments(env, number);
  const subprogram = env.subprograms[number]!;
  subprogram.isCallback = true;
  subprogram.isAsyncCallback = true;
  const frame = new Frame(-1, 0, number);
  frame.registers[10] = Register.pointer(Kind.stack, 0, null);
  frame.registers[1] = Register.pointer(Kind.mapPtr, 0, map);
  frame.registers[2] = Register.pointer(Kind.mapKey, 0, map);
  frame.registers[3] = Register.pointer(Kind.mapValue, 0, map);
  frame.inAsyncCallback = true;
  frame.asyncEntries = env.frame.asyncEntries + 1;
  frame.callbackReturn = asyncReturn(callback);
  pushFresh(env, frame, subprogram.start, callback !== 'timer');
}

function asyncReturn(callback: AsyncCallback): ReturnRange {
  return callback === 'task-work' ? ANY : ZERO;
}

/** The state of the caller does not matter: a new one, without a parent. */
function pushFresh(env: Environment, frame: Frame, slot: number, sleepable: boolean): void {
  const state = new VerifierState();
  state.frames.push(frame);
  state.branches = 1;
  state.inSleepable = sleepable;
  // The kernel leaves it 0, which shows in how far it walks back for precision.
  state.firstSlot = 0;
  state.slot = slot;
  env.pending.push({ state, slot, previous: env.slot });
  env.observer?.branch?.(env.slot, slot, state);
  if (env.pending.length > env.profile.limits.pendingBranches) {
    throw jumpsTooComplexForCallback({ jumps: env.pending.length });
  }
}
