/** One argument of the function a program attaches to, by its type: a number, or a pointer that may be followed. */
import { skipTypedefs } from '../../bpf/btf/layout.ts';
import { type BtfKind, isComposite, isEnum, type TypeId } from '../../bpf/btf/type.ts';
import { ITERATOR_TARGETS, type IteratorArgument } from '../../bpf/tables/iterator-targets.ts';
import { ODD_ARGUMENTS } from '../../bpf/tables/tracepoint-arguments.ts';
import type { AttachTarget } from '../attach-target.ts';
import type { Environment } from '../environment.ts';
import { unsupported } from '../rejection.ts';
import { unknownNumber } from '../state/numbers.ts';
import { Register } from '../state/register.ts';
import { Flag, Kind } from '../state/register-kind.ts';
import { type Argument, refuse } from './argument.ts';
import { tagFlag } from './btf-walk.ts';
import { KIND_TEXT } from './type-text.ts';

/** @throws Rejection */
export function loadTyped(env: Environment, target: AttachTarget, argument: Argument): Register {
  const { btf, name } = target;
  const { index, off, size } = argument;
  const type = btf.type(skipTypedefs(btf, argument.type));
  if (type.kind === 'int' || isEnum(type) || isByValue(env, type.kind)) return unknownNumber(env);
  if (type.kind !== 'ptr') {
    const named = ('name' in type && type.name) || '(anon)';
    const kind = KIND_TEXT[type.kind];
    const line = `func '${name}' arg${index} '${named}' has type ${kind}. Only pointer access is allowed`;
    return refuse(env, off, size, line);
  }
  if (size !== 8 && env.atLeast('6.12'))
    return refuse(env, off, size, `func '${name}' size ${size} must be 8`);
  const known = iteratorArgument(env, target, off);
  if (known !== undefined && known.type === null) return bufferArgument(env, known);
  const pointee = btf.type(skipTypedefs(btf, type.type));
  if (pointee.kind === 'void' || pointee.kind === 'int') return unknownNumber(env);
  if (known !== undefined) return objectArgument(env, known);
  return structArgument(env, target, argument, type.type);
}

/** Structs handed over whole; unions too since 6.18. */
function isByValue(env: Environment, kind: BtfKind): boolean {
  return kind === 'struct' || (kind === 'union' && env.atLeast('6.18'));
}

function iteratorArgument(
  env: Environment,
  { name }: AttachTarget,
  off: number,
): IteratorArgument | undefined {
  if (env.attachType !== 'trace_iter') return undefined;
  const target = name.slice('bpf_iter_'.length);
  if (!Object.hasOwn(ITERATOR_TARGETS, target)) return undefined;
  return ITERATOR_TARGETS[target]!.find((one) => one.off === off);
}

function bufferArgument(env: Environment, { readOnly }: IteratorArgument): Register {
  const flags = readOnly ? Flag.maybeNull | Flag.readOnly : Flag.maybeNull;
  return Register.pointer(Kind.buf, flags, null, env.nextId());
}

function objectArgument(env: Environment, known: IteratorArgument): Register {
  const { btf } = env;
  const type = btf?.find(known.type ?? '', 'struct');
  if (btf === undefined || type === undefined) throw unsupported(`struct ${known.type} of an iterator`);
  const flags = known.trusted && env.atLeast('6.2') ? Flag.maybeNull | Flag.trusted : Flag.maybeNull;
  return Register.pointer(Kind.btfId, flags, { kind: 'btf', btf, type }, env.nextId());
}

/** A pointer to a struct, as far as it may be trusted. */
function structArgument(
  env: Environment,
  target: AttachTarget,
  argument: Argument,
  pointee: TypeId,
): Register {
  const { btf, name } = target;
  const { index, off, size } = argument;
  const type = skipTypedefs(btf, pointee);
  const struct = btf.type(type);
  const kind = KIND_TEXT[struct.kind];
  if (!isComposite(struct)) {
    return refuse(env, off, size, `func '${name}' arg${index} type ${kind} is not a struct`);
  }
  env.observer?.remark?.(
    `func '${name}' arg${index} has btf_id ${type} type ${kind} '${struct.name || '(anon)'}'`,
  );
  if (argument.name.endsWith('__ref')) throw unsupported('an argument handed over with a reference');
  if (target.skipFirst && env.atLeast('6.12') && ODD_ARGUMENTS.get(name)?.mayBeError.includes(index))
    return unknownNumber(env);
  let flags = tagFlag(btf, pointee) & (Flag.user | Flag.percpu);
  if (argumentsTrusted(env, target)) flags |= Flag.trusted;
  if (mayBeNull(env, target, argument)) flags |= Flag.maybeNull;
  const id = (flags & Flag.maybeNull) !== 0 ? env.nextId() : 0;
  return Register.pointer(Kind.btfId, flags, { kind: 'btf', btf, type: viewOf(target, type) }, id);
}

/** Congestion control sees the sockets of TCP as such (`bpf_tcp_ca_is_valid_access`). */
function viewOf({ btf, structure }: AttachTarget, type: TypeId): TypeId {
  if (structure !== 'tcp_congestion_ops' || btf.nameOf(type) !== 'sock') return type;
  return btf.find('tcp_sock', 'struct') ?? type;
}

function mayBeNull(env: Environment, target: AttachTarget, { name, index }: Argument): boolean {
  if (name.endsWith('__nullable')) return true;
  if (!target.skipFirst || !env.atLeast('6.12')) return false;
  const odd = ODD_ARGUMENTS.get(target.name);
  // What modules pass is not known where no list tells.
  return odd === undefined ? target.btf !== env.btf : odd.mayBeNull.includes(index);
}

/** Hooks that see objects before they are complete or after they are gone. */
const UNTRUSTED_HOOKS: readonly string[] = [
  'bpf_lsm_bpf_map_free',
  'bpf_lsm_bpf_prog_free',
  'bpf_lsm_file_alloc_security',
  'bpf_lsm_file_free_security',
  'bpf_lsm_sk_alloc_security',
  'bpf_lsm_sk_free_security',
  'bpf_lsm_task_free',
];

/** `prog_args_trusted`. */
function argumentsTrusted(env: Environment, { name }: AttachTarget): boolean {
  if (!env.atLeast('6.2')) return false;
  switch (env.type.name) {
    case 'tracing':
      return env.attachType === 'trace_raw_tp' || env.attachType === 'trace_iter';
    case 'lsm':
      return !UNTRUSTED_HOOKS.includes(name);
    case 'struct_ops':
      return true;
    default:
      return false;
  }
}
