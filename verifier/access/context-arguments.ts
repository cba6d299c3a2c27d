/** Contexts that are the arguments of a kernel function, eight bytes each (`btf_ctx_access`). */
import type { Btf } from '../../bpf/btf/btf.ts';
import { skipModifiers, skipTypedefs } from '../../bpf/btf/layout.ts';
import { type BtfKind, isEnum, type TypeId } from '../../bpf/btf/type.ts';
import { ITERATOR_TARGETS, type IteratorArgument } from '../../bpf/tables/iterator-targets.ts';
import { ODD_ARGUMENTS } from '../../bpf/tables/tracepoint-arguments.ts';
import type { Environment } from '../environment.ts';
import { contextAccess } from '../messages.gen.ts';
import { unsupported } from '../rejection.ts';
import { unknownNumber } from '../state/numbers.ts';
import { Register } from '../state/register.ts';
import { Flag, Kind } from '../state/register-kind.ts';
import type { MemoryAccess } from './access.ts';
import { type AttachTarget, attachTarget } from './attach-target.ts';
import { tagFlag } from './btf-walk.ts';
import { lsmReturnRange } from './lsm-hooks.ts';

/** `MAX_BPF_FUNC_ARGS` words. */
const MAX_CONTEXT = 96;

/** What a load of an argument, or of the function's result, gives. @throws Rejection */
export function loadArgument(env: Environment, access: MemoryAccess, off: number): Register {
  const { size } = access;
  const refused = contextAccess({ off, size });
  if (off < 0 || off >= MAX_CONTEXT || access.kind === 'write' || (off & (size - 1)) !== 0) throw refused;
  const target = attachTarget(env);
  const say = (line: string): never => {
    env.remark(line);
    throw refused;
  };
  if (off % 8 !== 0) return say(`func '${target.name}' offset ${off} is not multiple of 8`);
  const index = argumentAt(target, off);
  const parameters = target.isEvent ? target.prototype.parameters.slice(1) : target.prototype.parameters;
  const missing = `func '${target.name}' doesn't have ${index + 1}-th argument`;
  if (index > parameters.length) return say(missing);
  if (index < parameters.length) {
    const { name, type } = parameters[index]!;
    return loadTyped(env, target, { index, off, size, type, nullable: name.endsWith('__nullable') }, say);
  }
  return loadResult(env, target, index, off, size, missing, say);
}

type Say = (line: string) => never;

/** One argument, or the result after the last. */
interface Argument {
  readonly index: number;
  readonly off: number;
  readonly size: number;
  readonly type: TypeId;
  readonly nullable: boolean;
}

/** Which argument lies at `off`; structs take as many words as they need (`get_ctx_arg_idx`). */
function argumentAt({ btf, prototype }: AttachTarget, off: number): number {
  let end = 0;
  for (const [index, { type }] of prototype.parameters.entries()) {
    end += wordsOf(btf, type) * 8;
    if (off < end) return index;
  }
  end += wordsOf(btf, prototype.returns) * 8;
  const count = prototype.parameters.length;
  return off < end ? count : count + 1;
}

function wordsOf(btf: Btf, id: TypeId): number {
  const type = btf.type(skipTypedefs(btf, id));
  if (type.kind === 'ptr') return 1;
  return 'size' in type ? Math.ceil(type.size / 8) : 0;
}

/** Programs that run after the function see its result behind the arguments. */
function loadResult(
  env: Environment,
  target: AttachTarget,
  index: number,
  off: number,
  size: number,
  missing: string,
  say: Say,
): Register {
  const { btf, prototype } = target;
  const argument: Argument = { index, off, size, type: prototype.returns, nullable: false };
  switch (env.input.attachType) {
    case 'lsm_mac':
      return lsmResult(env, target, loadTyped(env, target, argument, say));
    case 'lsm_cgroup':
    case 'trace_fexit':
      return loadTyped(env, target, argument, say);
    case 'modify_return': {
      const type = btf.type(skipTypedefs(btf, prototype.returns));
      if (type.kind === 'int') return unknownNumber(env);
      return say(`ret type ${KIND_TEXT[type.kind]} not allowed for fmod_ret`);
    }
    default:
      return say(missing);
  }
}

function lsmResult(env: Environment, target: AttachTarget, loaded: Register): Register {
  const range = lsmReturnRange(env, target);
  return range === null || loaded.kind !== Kind.scalar ? loaded : loaded.withScalar(range);
}

function loadTyped(env: Environment, target: AttachTarget, argument: Argument, say: Say): Register {
  const { btf, name } = target;
  const { index, size } = argument;
  const type = btf.type(skipTypedefs(btf, argument.type));
  if (type.kind === 'int' || isEnum(type) || type.kind === 'struct') return unknownNumber(env);
  if (type.kind !== 'ptr') {
    const named = ('name' in type && type.name) || '(anon)';
    const kind = KIND_TEXT[type.kind];
    return say(`func '${name}' arg${index} '${named}' has type ${kind}. Only pointer access is allowed`);
  }
  if (size !== 8) return say(`func '${name}' size ${size} must be 8`);
  const known = iteratorArgument(env, argument.off);
  if (known !== undefined && known.type === null) return bufferArgument(env, known);
  const pointee = btf.type(skipTypedefs(btf, type.type));
  if (pointee.kind === 'void' || pointee.kind === 'int') return unknownNumber(env);
  if (known !== undefined) return objectArgument(env, known);
  return structArgument(env, target, argument, type.type, say);
}

function iteratorArgument(env: Environment, off: number): IteratorArgument | undefined {
  if (env.input.attachType !== 'trace_iter') return undefined;
  const name = env.input.attachTo?.name.replace(/^bpf_iter_/, '') ?? '';
  return ITERATOR_TARGETS[name]?.find((one) => one.off === off);
}

function bufferArgument(env: Environment, { readOnly }: IteratorArgument): Register {
  const flags = readOnly ? Flag.maybeNull | Flag.readOnly : Flag.maybeNull;
  return Register.pointer(Kind.buf, flags, null, env.nextId());
}

function objectArgument(env: Environment, known: IteratorArgument): Register {
  const { btf } = env;
  const type = btf?.find(known.type ?? '', 'struct');
  if (btf === undefined || type === undefined) throw unsupported(`struct ${known.type} of an iterator`);
  const flags = known.trusted ? Flag.maybeNull | Flag.trusted : Flag.maybeNull;
  return Register.pointer(Kind.btfId, flags, { kind: 'btf', btf, type }, env.nextId());
}

/** A pointer to a struct, as far as it may be trusted. */
function structArgument(
  env: Environment,
  target: AttachTarget,
  argument: Argument,
  pointee: TypeId,
  say: Say,
): Register {
  const { btf, name } = target;
  const type = skipModifiers(btf, pointee);
  const struct = btf.type(type);
  if (struct.kind !== 'struct' && struct.kind !== 'union') {
    return say(`func '${name}' arg${argument.index} type ${KIND_TEXT[struct.kind]} is not a struct`);
  }
  const shown = struct.name || '(anon)';
  const kind = KIND_TEXT[struct.kind];
  env.observer?.remark?.(`func '${name}' arg${argument.index} has btf_id ${type} type ${kind} '${shown}'`);
  let flags = tagFlag(btf, pointee) & (Flag.user | Flag.percpu);
  if (argumentsTrusted(env)) flags |= Flag.trusted;
  if (argument.nullable) flags |= Flag.maybeNull;
  if (target.isEvent) {
    const odd = ODD_ARGUMENTS.get(name);
    if (odd?.mayBeError.includes(argument.index)) return unknownNumber(env);
    if (odd?.mayBeNull.includes(argument.index) || (odd === undefined && target.fromModule)) {
      flags |= Flag.maybeNull;
    }
  }
  const id = (flags & Flag.maybeNull) !== 0 ? env.nextId() : 0;
  return Register.pointer(Kind.btfId, flags, { kind: 'btf', btf, type }, id);
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
function argumentsTrusted(env: Environment): boolean {
  const { attachType, attachTo } = env.input;
  switch (env.type.name) {
    case 'tracing':
      return attachType === 'trace_raw_tp' || attachType === 'trace_iter';
    case 'lsm':
      return !UNTRUSTED_HOOKS.includes(attachTo?.name ?? '');
    case 'struct_ops':
      return true;
    default:
      return false;
  }
}

/** As the kernel prints a type's kind (`btf_type_str`). */
const KIND_TEXT: Readonly<Record<BtfKind, string>> = {
  void: 'UNKNOWN',
  int: 'INT',
  ptr: 'PTR',
  array: 'ARRAY',
  struct: 'STRUCT',
  union: 'UNION',
  enum: 'ENUM',
  fwd: 'FWD',
  typedef: 'TYPEDEF',
  volatile: 'VOLATILE',
  const: 'CONST',
  restrict: 'RESTRICT',
  func: 'FUNC',
  func_proto: 'FUNC_PROTO',
  var: 'VAR',
  datasec: 'DATASEC',
  float: 'FLOAT',
  decl_tag: 'DECL_TAG',
  type_tag: 'TYPE_TAG',
  enum64: 'ENUM64',
};
