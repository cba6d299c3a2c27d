/** What a helper leaves in r0: a number, a pointer of some type, perhaps null, perhaps a reference. */

import { resolveType, sizeOf, skipTypedefs } from '../../bpf/btf/layout.ts';
import { isComposite } from '../../bpf/btf/type.ts';
import { ACQUIRES, CASTS_POINTER } from '../../bpf/helpers/index.ts';
import type { Environment } from '../environment.ts';
import { fieldsOfMap } from '../field/fields-of.ts';
import { hasField } from '../field/special-field.ts';
import { unresolvedSize } from '../messages.gen.ts';
import { unsupported } from '../rejection.ts';
import { unknownNumber } from '../state/numbers.ts';
import { NOT_INIT, Register } from '../state/register.ts';
import { Flag, Kind } from '../state/register-kind.ts';
import { Bounds } from '../value/bounds.ts';
import { Int64 } from '../value/int64.ts';
import { Scalar } from '../value/scalar.ts';
import type { CallFacts } from './call-facts.ts';
import { acquireReference } from './references.ts';

/** Most negative error number that a function returns (`MAX_ERRNO`). */
const MAX_ERRNO = 4095;

/** r0 after the call. @param first r1 before it. @throws Rejection */
export function helperResult(env: Environment, facts: CallFacts, first: Register): Register {
  const { prototype } = facts;
  let result = typedResult(env, facts, first);
  if (result.maybeNull) result = result.withId(env.nextId());
  if (prototype.name === 'dynptr_data') {
    result = result.withDetail({ kind: 'mem', size: facts.memorySize, dynptr: facts.dynptr });
  }
  if (CASTS_POINTER.has(prototype.name) || prototype.name === 'dynptr_data') return result.withRef(facts.ref);
  if (!acquires(facts)) return result;
  const id = acquireReference(env);
  return result.withId(id).withRef(id);
}

/** `is_acquire_function` */
function acquires({ prototype, map }: CallFacts): boolean {
  if (ACQUIRES.has(prototype.name)) return true;
  return prototype.name === 'map_lookup_elem' && (map?.type === 'sockmap' || map?.type === 'sockhash');
}

function typedResult(env: Environment, facts: CallFacts, first: Register): Register {
  const { prototype } = facts;
  const flags = prototype.returnFlags;
  switch (prototype.returns) {
    case 'INTEGER':
      return numberResult(env, facts);
    case 'VOID':
      return NOT_INIT;
    case 'PTR_TO_MAP_VALUE':
      return mapValueResult(env, facts, flags);
    case 'PTR_TO_SOCKET':
      return Register.pointer(Kind.socket, flags, null);
    case 'PTR_TO_SOCK_COMMON':
      return Register.pointer(Kind.sockCommon, flags, null);
    case 'PTR_TO_TCP_SOCK':
      return Register.pointer(Kind.tcpSock, flags, null);
    case 'PTR_TO_MEM':
      return Register.pointer(Kind.mem, flags, { kind: 'mem', size: facts.memorySize, dynptr: 0 });
    case 'PTR_TO_MEM_OR_BTF_ID':
      return percpuResult(facts, flags, first);
    case 'PTR_TO_BTF_ID':
      return structureResult(env, facts, flags);
  }
}

/** Numbers of which the helper tells a range (`do_refine_retval_range`). */
function numberResult(env: Environment, facts: CallFacts): Register {
  switch (facts.prototype.name) {
    case 'get_stack':
    case 'get_task_stack':
    case 'probe_read_str':
    case 'probe_read_kernel_str':
    case 'probe_read_user_str':
      return refined(env, sizeRange(facts.sizeMax));
    case 'get_smp_processor_id':
      return cpuNumber(env);
    default:
      return unknownNumber(env);
  }
}

function refined(env: Environment, scalar: Scalar): Register {
  return unknownNumber(env).withScalar(scalar);
}

/** An error, or at most as many bytes as there was room for. */
function sizeRange(max: number): Scalar {
  const bounds = new Bounds(Scalar.UNKNOWN);
  bounds.smin = Int64.fromNumber(-MAX_ERRNO);
  bounds.smax = Int64.fromNumber(max);
  bounds.s32min = -MAX_ERRNO;
  bounds.s32max = max;
  return bounds.synced();
}

function cpuNumber(env: Environment): Register {
  const { cpus } = env.kernel;
  if (cpus === undefined || !env.atLeast('6.8')) return unknownNumber(env);
  const bounds = new Bounds(Scalar.UNKNOWN);
  const last = Int64.fromNumber(cpus - 1);
  bounds.umin = Int64.ZERO;
  bounds.smin = Int64.ZERO;
  bounds.umax = last;
  bounds.smax = last;
  bounds.u32min = 0;
  bounds.s32min = 0;
  bounds.u32max = cpus - 1;
  bounds.s32max = cpus - 1;
  return refined(env, bounds.synced());
}

function mapValueResult(env: Environment, facts: CallFacts, returnFlags: number): Register {
  const { map, mapUid: uid, prototype } = facts;
  if (map === null) throw unsupported('a map value without a map');
  let flags = returnFlags;
  // Every entry of an array is there.
  if (prototype.name === 'map_lookup_elem' && facts.constantKey >= 0 && facts.constantKey < map.maxEntries) {
    flags &= ~Flag.maybeNull;
  }
  const pointer = Register.pointer(Kind.mapValue, flags, { kind: 'map', map, uid });
  const record = fieldsOfMap(env, map);
  const locks = hasField(record, 'spin-lock') || hasField(record, 'res-spin-lock');
  return (flags & Flag.maybeNull) === 0 && locks ? pointer.withId(env.nextId()) : pointer;
}

/** A per-CPU variable on one CPU. */
function percpuResult(facts: CallFacts, flags: number, first: Register): Register {
  if (facts.percpu === null) throw unsupported('a per-CPU variable without a type');
  const { btf, type } = facts.percpu;
  if (isComposite(resolveType(btf, type))) {
    const detail = { kind: 'btf', btf, type: skipTypedefs(btf, type) } as const;
    if (first.has(Flag.rcu)) return Register.pointer(Kind.btfId, Flag.alloc | Flag.rcu, detail);
    return Register.pointer(Kind.btfId, flags & ~Flag.readOnly, { kind: 'btf', btf, type });
  }
  const size = sizeOf(btf, type);
  if (size === undefined) throw unresolvedSize({ type: btf.nameOf(skipTypedefs(btf, type)) });
  return Register.pointer(Kind.mem, flags, { kind: 'mem', size, dynptr: 0 });
}

function structureResult(env: Environment, facts: CallFacts, flags: number): Register {
  const { prototype, kptr } = facts;
  if (prototype.name === 'kptr_xchg') {
    const { btf, type } = kptr!.pointee!;
    const ofKernel = btf === env.btf || btf.base === env.btf;
    const own = ofKernel ? 0 : Flag.alloc | (kptr!.kind === 'kptr-percpu' ? Flag.percpu : 0);
    return Register.pointer(Kind.btfId, flags | own, { kind: 'btf', btf, type });
  }
  const { btf } = env;
  const name = prototype.returnBtf;
  const type = name === null ? undefined : btf?.find(name, 'struct');
  if (btf === undefined || type === undefined)
    throw unsupported(`the kernel's type ${name ?? ''} is not known`);
  return Register.pointer(Kind.btfId, flags, { kind: 'btf', btf, type });
}
