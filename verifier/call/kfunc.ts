/** Calls of kernel functions (`check_kfunc_call`). */
import { KFUNC_MOVES_PACKET } from '../../bpf/kfuncs/index.ts';
import type { Environment } from '../environment.ts';
import { kfuncNeedsSleepable, kfuncReleasesUnowned, trapReached } from '../messages.gen.ts';
import { pushPath } from '../order/pending.ts';
import { unsupported } from '../rejection.ts';
import { unknownNumber } from '../state/numbers.ts';
import { NOT_INIT } from '../state/register.ts';
import { checkReturnCode } from '../step/return-code.ts';
import { Bounds } from '../value/bounds.ts';
import { Int64 } from '../value/int64.ts';
import { Scalar } from '../value/scalar.ts';
import { pushAsyncCallback, pushCallback } from './callback.ts';
import { clearCallerSaved } from './caller-saved.ts';
import { handOver, treeOrderArgument } from './graph.ts';
import { invalidatePackets } from './invalidate.ts';
import { forkIterator } from './iterator.ts';
import { checkKfuncArguments } from './kfunc-arguments.ts';
import { KfuncCall } from './kfunc-call.ts';
import { enterOrLeaveRegions } from './kfunc-regions.ts';
import { kfuncResult } from './kfunc-result.ts';
import { kfuncAt, type PreparedKfunc } from './kfunc-target.ts';
import { releaseReference } from './references.ts';

/** `MAX_ERRNO` */
const MAX_ERRNO = 4095;

/** @returns the next slot, or `thrown` when the program ends here by an exception. @throws Rejection */
export function checkKfuncCall(env: Environment): number | 'thrown' {
  const kfunc = kfuncAt(env);
  const next = env.slot + 1;
  // Refused after the walk, if the call is there still.
  if (kfunc === null) return next;
  env.aux[env.slot]!.isIteratorNext = kfunc.iteratorNext;
  forkFailedLock(env, kfunc);
  checkWhereCalled(env, kfunc);
  const call = new KfuncCall(kfunc);
  checkKfuncArguments(env, call);
  pushCallbacks(env, call);
  if (kfunc.name === 'bpf_session_cookie') call.resultSize = 8;
  enterOrLeaveRegions(env, kfunc);
  releaseArgument(env, call);
  insertObject(env, call);
  if (kfunc.name === 'bpf_throw' && env.exceptionCallback === 0) checkReturnCode(env, 1, 'R1');
  clearCallerSaved(env, env.frame);
  env.setRegister(0, kfuncResult(env, call));
  if (KFUNC_MOVES_PACKET.has(kfunc.name)) invalidatePackets(env);
  if (kfunc.iteratorNext) forkIterator(env, call);
  return kfunc.name === 'bpf_throw' ? 'thrown' : next;
}

function checkWhereCalled(env: Environment, { name, sleepable }: PreparedKfunc): void {
  if (name === '__bpf_trap') throw trapReached({});
  if (sleepable && !env.state.inSleepable && env.input.sleepable !== true)
    throw kfuncNeedsSleepable({ kfunc: name });
}

/** A resilient lock may not be taken: the path on which it was not is put aside. */
function forkFailedLock(env: Environment, { name }: PreparedKfunc): void {
  if (name !== 'bpf_res_spin_lock' && name !== 'bpf_res_spin_lock_irqsave') return;
  const { registers } = pushPath(env, env.slot + 1, env.slot, false).frame;
  registers.fill(NOT_INIT, 0, 6);
  registers[0] = unknownNumber(env).withScalar(FAILURE);
}

const FAILURE: Scalar = errorNumbers();

function errorNumbers(): Scalar {
  const bounds = new Bounds(Scalar.UNKNOWN);
  bounds.s32min = -MAX_ERRNO;
  bounds.s32max = -1;
  bounds.smin = Int64.fromNumber(-MAX_ERRNO);
  bounds.smax = Int64.fromNumber(-1);
  return bounds.synced();
}

function pushCallbacks(env: Environment, call: KfuncCall): void {
  switch (call.kfunc.name) {
    case 'bpf_rbtree_add_impl':
      pushTreeOrder(env, call);
      return;
    case 'bpf_wq_set_callback_impl':
      pushLater(env, call, 'workqueue');
      return;
    case 'bpf_task_work_schedule_signal_impl':
    case 'bpf_task_work_schedule_resume_impl':
      pushLater(env, call, 'task-work');
      return;
  }
}

function pushTreeOrder(env: Environment, call: KfuncCall): void {
  const { root } = call;
  if (root === null) throw unsupported('a comparison function without a tree');
  pushCallback(env, call.callback, 'tree-order', ({ registers }) => {
    registers[1] = treeOrderArgument(env, root);
    registers[2] = treeOrderArgument(env, root);
  });
}

function pushLater(env: Environment, call: KfuncCall, callback: 'workqueue' | 'task-work'): void {
  if (call.map === null) throw unsupported('a callback without a map');
  pushAsyncCallback(env, call.callback, callback, call.map);
}

function releaseArgument(env: Environment, call: KfuncCall): void {
  if (call.releases === 0) return;
  const { name, type } = call.kfunc;
  if (releaseReference(env, env.register(call.releases).ref)) return;
  throw kfuncReleasesUnowned({ kfunc: name, id: type });
}

function insertObject(env: Environment, { kfunc }: KfuncCall): void {
  switch (kfunc.name) {
    case 'bpf_list_push_front_impl':
    case 'bpf_list_push_back_impl':
    case 'bpf_rbtree_add_impl':
      handOver(env, env.register(2).ref);
      return;
  }
}
