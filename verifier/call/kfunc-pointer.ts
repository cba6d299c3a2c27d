/** A pointer handed to a kernel function, by what it must be (the second half of `check_kfunc_args`). */
import { structsMatch } from '../access/btf-match.ts';
import type { Environment } from '../environment.ts';
import { fieldsOf, fieldsOfMap } from '../field/fields-of.ts';
import { hasField, onlyField } from '../field/special-field.ts';
import {
  iteratorOfTasksNotAllowed,
  kfuncCallbackWanted,
  kfuncContextWanted,
  kfuncIrqFlagWanted,
  kfuncLockWanted,
  kfuncMapValueWanted,
  kfuncNotAStructure,
  kfuncNotRefcounted,
  kfuncObjectForOther,
  kfuncObjectNotOwned,
  kfuncObjectWanted,
  kfuncOtherStructure,
  kfuncReferenceWanted,
  kfuncStringWanted,
  kfuncTaskWorkOfOtherMap,
  kfuncTreeNodeWanted,
  kfuncWorkqueueOfOtherMap,
  notInTreeCallback,
  rootWanted,
} from '../messages.gen.ts';
import { unsupported } from '../rejection.ts';
import type { MapDetail, Register } from '../state/register.ts';
import { Flag, Kind, typeText } from '../state/register-kind.ts';
import { checkConstantString } from './constant-string.ts';
import { type DynptrType, dynptrBehind } from './dynptr.ts';
import { checkDynptrArgument } from './dynptr-argument.ts';
import { checkMapField } from './field-argument.ts';
import { checkGraphNode, checkGraphRoot } from './graph.ts';
import { checkIrqFlag } from './irq-flag.ts';
import { checkIteratorArgument } from './iterator.ts';
import type { ArgumentRole } from './kfunc-arguments.ts';
import type { KfuncCall } from './kfunc-call.ts';
import { contextStructure } from './kfunc-context.ts';
import type { PointerParameter } from './kfunc-parameter.ts';
import { inTreeCallback, processLock } from './locks.ts';
import { kindText } from './prototype.ts';
import { hasUnsafeFlags, isRcu, kernelStructureOf, trustFlags } from './trust.ts';

/** @throws Rejection */
export function checkPointerArgument(
  env: Environment,
  call: KfuncCall,
  index: number,
  parameter: PointerParameter,
  role: Exclude<ArgumentRole, 'null' | 'memory' | 'sized-memory'>,
): void {
  const number = index + 1;
  const register = env.register(number);
  switch (role) {
    case 'ctx':
      if (!isPlain(register, Kind.ctx)) throw kfuncContextWanted({ index, type: textOf(register) });
      if (call.kfunc.name === 'bpf_cast_to_kern_ctx') call.context = contextStructure(env);
      return;
    case 'alloc':
      checkAllocated(call, index, register);
      return;
    case 'dynptr':
      checkDynptr(env, call, number, register, parameter.fills);
      return;
    case 'iterator':
      if (call.kfunc.name === 'bpf_iter_css_task_new' && !mayWalkCssTasks(env))
        throw iteratorOfTasksNotAllowed({});
      checkIteratorArgument(env, call, number);
      return;
    case 'list-head':
    case 'tree-root':
      if (!isOwnedPlace(register)) throw rootWanted({ index });
      if (isAllocated(register) && register.ref === 0) throw kfuncObjectNotOwned({});
      call.root = checkGraphRoot(env, register, number, role === 'list-head' ? 'list-head' : 'rb-root');
      return;
    case 'list-node':
      checkOwnedNode(index, register);
      call.object = checkGraphNode(env, call, register, number, 'list-node');
      return;
    case 'tree-node':
      checkTreeNode(env, call, index, register);
      call.object = checkGraphNode(env, call, register, number, 'rb-node');
      return;
    case 'map':
    case 'object':
      checkObject(env, call, index, register, parameter, role === 'map');
      return;
    case 'callback':
      if (!isPlain(register, Kind.func)) throw kfuncCallbackWanted({ index });
      call.callback = register.extra;
      return;
    case 'refcounted':
      checkRefcounted(env, call, index, register);
      return;
    case 'string':
      if (!isPlain(register, Kind.mapValue)) throw kfuncStringWanted({ index });
      checkConstantString(env, register, number);
      return;
    case 'workqueue':
    case 'task-work':
      if (!isPlain(register, Kind.mapValue)) throw kfuncMapValueWanted({ index });
      checkMapField(env, number, role);
      if (register.detail?.kind === 'map') call.map = register.detail;
      return;
    case 'irq-flag':
      if (!isPlain(register, Kind.stack)) throw kfuncIrqFlagWanted({ index });
      checkIrqFlag(env, call.kfunc.name, number);
      return;
    case 'lock':
      if (!isOwnedPlace(register)) throw kfuncLockWanted({ index });
      checkLock(env, call, number);
      return;
  }
}

function isPlain({ kind, flags }: Register, wanted: number): boolean {
  return kind === wanted && flags === 0;
}

/** `PTR_TO_BTF_ID | MEM_ALLOC` */
function isAllocated({ kind, flags }: Register): boolean {
  return kind === Kind.btfId && flags === Flag.alloc;
}

/** Where locks, lists and trees are: a map value or an object of the program's. */
function isOwnedPlace(register: Register): boolean {
  return isPlain(register, Kind.mapValue) || isAllocated(register);
}

function textOf({ kind, flags }: Register): string {
  return typeText(kind, flags);
}

/** A map is named after one of its values' fields was: they belong together. @throws Rejection */
export function checkSameMap(env: Environment, call: KfuncCall, { map, uid }: MapDetail): void {
  const before = call.map;
  if (before === null || (before.map === map && before.uid === uid)) return;
  const record = fieldsOfMap(env, map);
  if (hasField(record, 'task-work')) throw kfuncTaskWorkOfOtherMap({ field: before.uid, map: uid });
  if (hasField(record, 'workqueue')) throw kfuncWorkqueueOfOtherMap({ field: before.uid, map: uid });
}

const DROPPED_BY: ReadonlyMap<number, string> = new Map([
  [Flag.alloc, 'bpf_obj_drop_impl'],
  [Flag.alloc | Flag.percpu, 'bpf_percpu_obj_drop_impl'],
]);

function checkAllocated(call: KfuncCall, index: number, register: Register): void {
  const dropper = register.kind === Kind.btfId ? DROPPED_BY.get(register.flags) : undefined;
  if (dropper === undefined) throw kfuncObjectWanted({ index });
  if (call.kfunc.name !== dropper) throw kfuncObjectForOther({ index, kfunc: dropper });
  if (register.ref === 0) throw kfuncObjectNotOwned({});
  noteObject(call, register);
}

function noteObject(call: KfuncCall, { detail }: Register): void {
  if (detail?.kind === 'btf') call.object = { btf: detail.btf, type: detail.type };
}

const MADE_BY: Readonly<Record<string, DynptrType>> = {
  bpf_dynptr_from_skb: 'skb',
  bpf_dynptr_from_xdp: 'xdp',
  bpf_dynptr_from_skb_meta: 'skb_meta',
};

function checkDynptr(
  env: Environment,
  call: KfuncCall,
  number: number,
  register: Register,
  makes: boolean,
): void {
  const { name } = call.kfunc;
  const parent = name === 'bpf_dynptr_clone' && makes ? call.dynptr : null;
  const type = parent?.type ?? MADE_BY[name];
  // A pointer to a dynptr that the program did not make is constant to whoever takes it.
  const constant = register.kind === Kind.dynptr;
  if (makes && constant) throw unsupported('a constant dynptr to be made');
  checkDynptrArgument(env, number, { makes, constant, type, clonedRef: parent?.ref ?? 0 });
  if (makes) return;
  const behind = dynptrBehind(env, register);
  if (behind.detail?.kind !== 'dynptr') throw unsupported('a dynptr of no type');
  call.dynptr = { id: behind.id, ref: behind.ref, type: behind.detail.type };
}

/** `check_css_task_iter_allowlist` */
function mayWalkCssTasks(env: Environment): boolean {
  if (env.type.name === 'lsm') return true;
  if (env.type.name === 'tracing' && env.input.attachType === 'trace_iter') return true;
  return env.state.inSleepable || env.input.sleepable === true;
}

function checkOwnedNode(index: number, register: Register): void {
  if (!isAllocated(register)) throw kfuncObjectWanted({ index });
  if (register.ref === 0) throw kfuncObjectNotOwned({});
}

function checkTreeNode(env: Environment, call: KfuncCall, index: number, register: Register): void {
  const { name } = call.kfunc;
  if (name === 'bpf_rbtree_add_impl') {
    checkOwnedNode(index, register);
    return;
  }
  if (!isNonOwning(register) && register.ref === 0) throw kfuncTreeNodeWanted({ kfunc: name });
  if (inTreeCallback(env)) throw notInTreeCallback({ kfunc: name });
}

function isNonOwning({ flags }: Register): boolean {
  const both = Flag.alloc | Flag.nonOwning;
  return (flags & both) === both;
}

function checkRefcounted(env: Environment, call: KfuncCall, index: number, register: Register): void {
  if (register.kind !== Kind.btfId || (register.flags & Flag.alloc) === 0)
    throw kfuncReferenceWanted({ index });
  if (!isNonOwning(register)) call.owned = true;
  if (onlyField(fieldsOf(env, register), 'refcount') === undefined) throw kfuncNotRefcounted({ index });
  noteObject(call, register);
}

function checkLock(env: Environment, call: KfuncCall, number: number): void {
  const { name } = call.kfunc;
  const take = name === 'bpf_res_spin_lock' || name === 'bpf_res_spin_lock_irqsave';
  processLock(env, number, {
    kind: name.includes('irq') ? 'resilient-lock-irq' : 'resilient-lock',
    take,
  });
}

/** `process_kf_arg_ptr_to_btf_id` */
function checkObject(
  env: Environment,
  call: KfuncCall,
  index: number,
  register: Register,
  parameter: PointerParameter,
  isMap: boolean,
): void {
  const structure = kernelStructureOf(register.kind);
  const untyped = register.kind !== Kind.btfId || (hasUnsafeFlags(register) && !isRcu(register));
  if (untyped && structure === undefined) {
    throw kfuncNotAStructure({
      index,
      type: textOf(register),
      expected: typeText(register.kind, trustFlags(register)),
    });
  }
  const have = structureOf(env, register, structure);
  const wanted = isMap ? kernelType(env, 'bpf_map') : { btf: call.kfunc.btf, type: parameter.target };
  const wantedName = wanted.btf.nameOf(wanted.type);
  const haveName = have.btf.nameOf(have.type);
  const strict = (call.kfunc.release && register.ref !== 0) || isUncastable(haveName, wantedName);
  if (structsMatch(env, have, register.off, wanted, strict) || isProjection(wantedName, haveName)) return;
  throw kfuncOtherStructure({
    kfunc: call.kfunc.name,
    index,
    wantedKind: kindText(wanted.btf.type(wanted.type)),
    wanted: wantedName,
    register: index + 1,
    kind: kindText(have.btf.type(have.type)),
    name: haveName,
  });
}

function structureOf(env: Environment, { detail }: Register, structure: string | undefined) {
  if (detail?.kind === 'btf') return { btf: detail.btf, type: detail.type };
  return kernelType(env, structure ?? '');
}

function kernelType(env: Environment, name: string) {
  const { btf } = env;
  const type = btf?.find(name, 'struct');
  if (btf === undefined || type === undefined) throw unsupported(`the kernel's type ${name} is not known`);
  return { btf, type };
}

/** `struct nf_conn___init` is not to be taken for `struct nf_conn` (`btf_type_ids_nocast_alias`). */
function isUncastable(have: string, wanted: string): boolean {
  return have === `${wanted}___init` || wanted === `${have}___init`;
}

/** A function that takes what user space sees of a structure takes the structure. */
function isProjection(wanted: string, have: string): boolean {
  return (wanted === '__sk_buff' && have === 'sk_buff') || (wanted === 'xdp_md' && have === 'xdp_buff');
}
