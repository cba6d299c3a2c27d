/** Results of functions that the verifier itself knows (`check_special_kfunc`). */
import type { Btf } from '../../bpf/btf/btf.ts';
import type { TypeId } from '../../bpf/btf/type.ts';
import { mayAccessPacket } from '../access/packet.ts';
import type { Environment } from '../environment.ts';
import { fieldsOfObject } from '../field/fields-of.ts';
import {
  castToNoStructure,
  castToUnknownType,
  objectNeedsTypes,
  objectNotAStructure,
  objectTypeOutOfRange,
  packetNotWritable,
  percpuObjectNotNumbers,
  percpuObjectTooLarge,
  percpuObjectWithFields,
} from '../messages.gen.ts';
import { unsupported } from '../rejection.ts';
import { Register } from '../state/register.ts';
import { Flag, Kind } from '../state/register-kind.ts';
import { dynptrFlag } from './dynptr.ts';
import type { KfuncCall } from './kfunc-call.ts';
import { isStructureOfNumbers } from './kfunc-parameter.ts';

/** `BPF_GLOBAL_PERCPU_MA_MAX_SIZE` */
const LARGEST_PERCPU_OBJECT = 512;

/** Undefined: nothing is special about the function. @throws Rejection */
export function specialResult(env: Environment, call: KfuncCall): Register | undefined {
  switch (call.kfunc.name) {
    case 'bpf_obj_new_impl':
      return newObject(env, call, 0);
    case 'bpf_percpu_obj_new_impl':
      return newObject(env, call, Flag.percpu);
    case 'bpf_refcount_acquire_impl':
      return objectOf(call.object, 0);
    case 'bpf_cast_to_kern_ctx':
      return Register.pointer(Kind.btfId, Flag.trusted, {
        kind: 'btf',
        btf: call.kfunc.btf,
        type: call.context,
      });
    case 'bpf_rdonly_cast':
      return castResult(env, call);
    case 'bpf_dynptr_slice':
      return sliceOf(call, Flag.readOnly);
    case 'bpf_dynptr_slice_rdwr':
      if (!mayAccessPacket(env, 'write')) throw packetNotWritable({});
      return sliceOf(call, 0);
    default:
      return undefined;
  }
}

function objectOf(object: KfuncCall['object'], flags: number): Register {
  if (object === null) throw unsupported('an object of no type');
  return Register.pointer(Kind.btfId, Flag.alloc | flags, { kind: 'btf', ...object });
}

function newObject(env: Environment, call: KfuncCall, flags: number): Register {
  const id = call.constant!.constantValue;
  if (id.hi !== 0) throw objectTypeOutOfRange({});
  const { btf } = env.input;
  if (btf === undefined) throw objectNeedsTypes({});
  const type = id.lo >>> 0;
  const row = typeAt(btf, type);
  if (row?.kind !== 'struct') throw objectNotAStructure({});
  if (flags !== 0) checkPerCpuObject(env, btf, type, row.size);
  return objectOf({ btf, type }, flags);
}

function typeAt(btf: Btf, id: TypeId) {
  return id >= 0 && id < btf.end ? btf.type(id) : undefined;
}

function checkPerCpuObject(env: Environment, btf: Btf, type: TypeId, size: number): void {
  if (size > LARGEST_PERCPU_OBJECT) throw percpuObjectTooLarge({ size, limit: LARGEST_PERCPU_OBJECT });
  const numbers = isStructureOfNumbers(btf, type);
  if (numbers !== 'yes') {
    if (numbers === 'too-deep') env.remark('max struct nesting depth exceeded');
    throw percpuObjectNotNumbers({});
  }
  if (fieldsOfObject(env, btf, type).fields.length > 0) throw percpuObjectWithFields({});
}

function castResult(env: Environment, { kfunc, constant }: KfuncCall): Register {
  const { btf } = kfunc;
  const id = constant!.constantValue;
  // The kernel looks at 32 bits of it.
  const type = id.lo >>> 0;
  const row = typeAt(btf, type);
  const takesVoid = env.atLeast('6.17');
  if (row === undefined) {
    throw takesVoid ? castToUnknownType({ type: id.toString() }) : castToNoStructure({ kinds: '' });
  }
  if (row.kind === 'struct' || row.kind === 'union') {
    return Register.pointer(Kind.btfId, Flag.untrusted, { kind: 'btf', btf, type });
  }
  if (row.kind !== 'void' || !takesVoid) throw castToNoStructure({ kinds: takesVoid ? ' or void' : '' });
  return Register.pointer(Kind.mem, Flag.readOnly | Flag.untrusted, { kind: 'mem', size: 0, dynptr: 0 });
}

function sliceOf({ constant, dynptr }: KfuncCall, flags: number): Register {
  if (dynptr === null || constant === null) throw unsupported('a slice of no dynptr');
  // The kernel keeps 32 bits of it.
  const size = constant.constantValue.lo >>> 0;
  return Register.pointer(Kind.mem, flags | dynptrFlag(dynptr.type), {
    kind: 'mem',
    size,
    dynptr: dynptr.id,
  });
}
