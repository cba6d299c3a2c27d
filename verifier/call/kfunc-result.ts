/** What a kernel function leaves in r0. */
import { resolveType, skipTypedefs } from '../../bpf/btf/layout.ts';
import type { BtfType, TypeId } from '../../bpf/btf/type.ts';
import { sizeForKernel } from '../../bpf/btf/verify-resolve.ts';
import type { Environment } from '../environment.ts';
import { fieldsOf } from '../field/fields-of.ts';
import { hasField } from '../field/special-field.ts';
import { acquiresNoStructure, kfuncReturnsUnknown } from '../messages.gen.ts';
import { unknownNumber, zeroNumber } from '../state/numbers.ts';
import { NOT_INIT, Register } from '../state/register.ts';
import { Flag, Kind } from '../state/register-kind.ts';
import { graphNode, nonOwning } from './graph.ts';
import { iteratorOf } from './iterator.ts';
import type { KfuncCall } from './kfunc-call.ts';
import { specialResult } from './kfunc-special.ts';
import { kindText } from './prototype.ts';
import { acquireReference } from './references.ts';

/** Functions whose `void *` is an object. */
const MAKES_OBJECTS: ReadonlySet<string> = new Set([
  'bpf_obj_new_impl',
  'bpf_percpu_obj_new_impl',
  'bpf_refcount_acquire_impl',
]);

const LOCKING: ReadonlySet<string> = new Set(['bpf_res_spin_lock', 'bpf_res_spin_lock_irqsave']);

/** @throws Rejection */
export function kfuncResult(env: Environment, call: KfuncCall): Register {
  const { btf, prototype, name, acquire } = call.kfunc;
  const type = resolveType(btf, prototype.returns);
  const pointee = type.kind === 'ptr' ? skipTypedefs(btf, type.type) : 0;
  if (acquire && !isStructure(btf.type(pointee)) && !MAKES_OBJECTS.has(name)) throw acquiresNoStructure({});
  if (type.kind === 'ptr') return pointerResult(env, call, pointee);
  if (type.kind === 'void') return NOT_INIT;
  // The path on which the lock was not taken is another one.
  return LOCKING.has(name) ? zeroNumber(env) : unknownNumber(env);
}

function isStructure({ kind }: BtfType): boolean {
  return kind === 'struct' || kind === 'union';
}

function pointerResult(env: Environment, call: KfuncCall, pointee: TypeId): Register {
  const node = nodeResult(call, pointee);
  let result = node ?? specialResult(env, call) ?? plainResult(env, call, pointee);
  if (mayReturnNull(call)) result = result.withFlags(result.flags | Flag.maybeNull).withId(env.nextId());
  if (call.kfunc.acquire) {
    const ref = acquireReference(env);
    if (mayReturnNull(call)) result = result.withId(ref);
    result = result.withRef(ref);
  } else if (node !== undefined) {
    result = nonOwning(env, result);
  }
  return result.id === 0 && mayHoldLock(env, result) ? result.withId(env.nextId()) : result;
}

/** Who passes an object that it owns gets one more reference for certain (`is_kfunc_ret_null`). */
function mayReturnNull({ kfunc, owned }: KfuncCall): boolean {
  return kfunc.retNull && !(kfunc.name === 'bpf_refcount_acquire_impl' && owned);
}

/** `reg_may_point_to_spin_lock` */
function mayHoldLock(env: Environment, register: Register): boolean {
  if (register.kind !== Kind.btfId || (register.flags & Flag.alloc) === 0) return false;
  const record = fieldsOf(env, register);
  return hasField(record, 'spin-lock') || hasField(record, 'res-spin-lock');
}

function nodeResult({ kfunc, root }: KfuncCall, pointee: TypeId): Register | undefined {
  const type = kfunc.btf.type(pointee);
  if (type.kind !== 'struct' || root === null) return undefined;
  return type.name === 'bpf_list_node' || type.name === 'bpf_rb_node' ? graphNode(root) : undefined;
}

function plainResult(env: Environment, call: KfuncCall, pointee: TypeId): Register {
  const { btf, name, rcuProtected } = call.kfunc;
  const type = btf.type(pointee);
  if (type.kind === 'void') return unknownNumber(env);
  if (!isStructure(type)) return memoryResult(env, call, pointee);
  let flags = 0;
  if (name === 'bpf_get_kmem_cache') flags = Flag.untrusted;
  else if (rcuProtected && env.atLeast('6.18')) flags = Flag.rcu;
  if (call.kfunc.iteratorNext) {
    const rcu = (iteratorOf(env, call).flags & Flag.rcu) !== 0;
    flags |= rcu ? Flag.rcu : Flag.trusted;
  }
  return Register.pointer(Kind.btfId, flags, { kind: 'btf', btf, type: pointee });
}

function memoryResult(env: Environment, call: KfuncCall, pointee: TypeId): Register {
  const { btf, name, rcuProtected } = call.kfunc;
  let size = call.resultSize;
  let readOnly = call.resultReadOnly;
  if (size === 0) {
    size = sizeForKernel(btf, pointee) ?? 0;
    readOnly = true;
  }
  if (size === 0) {
    const type = btf.type(pointee);
    throw kfuncReturnsUnknown({ kfunc: name, kind: kindText(type), name: 'name' in type ? type.name : '' });
  }
  const flags = (readOnly ? Flag.readOnly : 0) | (rcuProtected && env.atLeast('6.18') ? Flag.rcu : 0);
  // It is gone when the argument's reference is.
  return Register.pointer(Kind.mem, flags, { kind: 'mem', size, dynptr: 0 }, 0, call.ref);
}
