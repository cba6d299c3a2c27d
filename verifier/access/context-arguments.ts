/** Contexts that are the arguments of a kernel function, eight bytes each (`btf_ctx_access`). */
import type { Btf } from '../../bpf/btf/btf.ts';
import { skipTypedefs } from '../../bpf/btf/layout.ts';
import type { BtfPrototype, TypeId } from '../../bpf/btf/type.ts';
import type { AttachTarget } from '../attach-target.ts';
import type { Environment } from '../environment.ts';
import { contextAccess } from '../messages.gen.ts';
import { unsupported } from '../rejection.ts';
import { unknownNumber } from '../state/numbers.ts';
import type { Register } from '../state/register.ts';
import { Kind } from '../state/register-kind.ts';
import { hookReturnRange } from '../structure/security-hooks.ts';
import type { MemoryAccess } from './access.ts';
import { type Argument, refuse } from './argument.ts';
import { signedRange } from './loaded.ts';
import { KIND_TEXT } from './type-text.ts';
import { loadTyped } from './typed-argument.ts';

/** `MAX_BPF_FUNC_ARGS` words. */
const MAX_CONTEXT = 96;

/** What a load of an argument, or of the function's result, gives. @throws Rejection */
export function loadArgument(env: Environment, access: MemoryAccess, off: number): Register {
  const { size } = access;
  if (off < 0 || off >= MAX_CONTEXT || access.kind === 'write' || (off & (size - 1)) !== 0) {
    throw contextAccess({
      off,
      size,
      program: env.type.name,
      verb: access.kind === 'write' ? 'write' : 'read',
    });
  }
  const target = env.attachTarget;
  if (target === null) throw unsupported('typed arguments without what they belong to');
  if (off % 8 !== 0) refuse(env, off, size, `func '${target.name}' offset ${off} is not multiple of 8`);
  const index = argumentAt(target, off);
  const skipped = target.skipFirst ? 1 : 0;
  const count = target.prototype.parameters.length - skipped;
  if (index > count) refuse(env, off, size, missing(target, index));
  if (index === count) return loadResult(env, target, index, off, size);
  const { type } = target.prototype.parameters[index + skipped]!;
  const name = parameterName(target, index + skipped);
  return loadTyped(env, target, { index, off, size, type, name });
}

function missing(target: AttachTarget, index: number): string {
  return `func '${target.name}' doesn't have ${index + 1}-th argument`;
}

/** Which argument lies at `off`; structs take as many words as they need (`get_ctx_arg_idx`). */
function argumentAt({ btf, prototype }: AttachTarget, off: number): number {
  const { parameters } = prototype;
  let end = 0;
  for (let index = 0; index < parameters.length; index++) {
    end += wordsOf(btf, parameters[index]!.type) * 8;
    if (off < end) return index;
  }
  end += wordsOf(btf, prototype.returns) * 8;
  return off < end ? parameters.length : parameters.length + 1;
}

function wordsOf(btf: Btf, id: TypeId): number {
  const type = btf.type(skipTypedefs(btf, id));
  if (type.kind === 'ptr') return 1;
  return 'size' in type ? Math.ceil(type.size / 8) : 0;
}

/** Tags of parameters stand in the names of the kernel's own functions, not in those of typedefs and members. */
function parameterName(target: AttachTarget, index: number): string {
  const stub = stubOf(target);
  return (stub ?? target.prototype).parameters[index]?.name ?? '';
}

function stubOf({ btf, name, structure, skipFirst }: AttachTarget): BtfPrototype | undefined {
  if (structure === undefined && !skipFirst) return undefined;
  const id = btf.find(structure === undefined ? `__bpf_trace_${name}` : `${structure}__${name}`, 'func');
  const func = id === undefined ? undefined : btf.type(id);
  const prototype = func?.kind === 'func' ? btf.type(func.type) : undefined;
  return prototype?.kind === 'func_proto' ? prototype : undefined;
}

/** Programs that run after the function see its result behind the arguments. */
function loadResult(
  env: Environment,
  target: AttachTarget,
  index: number,
  off: number,
  size: number,
): Register {
  const { btf, prototype } = target;
  const argument: Argument = { index, off, size, type: prototype.returns, name: '' };
  switch (env.attachType) {
    case 'lsm_mac':
      return hookResult(env, loadTyped(env, target, argument));
    case 'lsm_cgroup':
    case 'trace_fexit':
      return loadTyped(env, target, argument);
    case 'modify_return': {
      const { kind } = btf.type(skipTypedefs(btf, prototype.returns));
      if (kind === 'int') return unknownNumber(env);
      return refuse(env, off, size, `ret type ${KIND_TEXT[kind]} not allowed for fmod_ret`);
    }
    default:
      return refuse(env, off, size, missing(target, index));
  }
}

/** Hooks of the security modules return what they may only. */
function hookResult(env: Environment, loaded: Register): Register {
  const range = env.atLeast('6.12') ? hookReturnRange(env) : null;
  if (range === null || loaded.kind !== Kind.scalar) return loaded;
  return loaded.withScalar(signedRange(range.min, range.max));
}
