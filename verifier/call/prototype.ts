/** Arguments of the program's functions by their types and tags (`btf_prepare_func_args`). */
import type { Btf } from '../../bpf/btf/btf.ts';
import { resolveType, skipTypedefs } from '../../bpf/btf/layout.ts';
import type { BtfPrototype, BtfType, TypeId } from '../../bpf/btf/type.ts';
import { sizeForKernel } from '../../bpf/btf/verify-resolve.ts';
import { essentialName } from '../../bpf/core/name.ts';
import type { Environment } from '../environment.ts';
import {
  arenaTagNotAlone,
  argumentCandidateError,
  argumentKindNotSupported,
  argumentNotStruct,
  argumentReferenceType,
  argumentSizeUnknown,
  argumentTagInStatic,
  argumentTagsInvalid,
  argumentTagUnknown,
  globalFunctionReturns,
  globalFunctionTooManyArguments,
  pointerTagOnNumber,
  untrustedTagNotAlone,
} from '../messages.gen.ts';
import { type Rejection, unsupported } from '../rejection.ts';
import type { ArgumentInfo } from '../subprogram.ts';
import { checkTaggedContext, isContextType } from './context-type.ts';

/** `MAX_BPF_FUNC_REG_ARGS` */
const MOST_ARGUMENTS = 5;

const Tag = { ctx: 1, nonnull: 2, trusted: 4, untrusted: 8, nullable: 16, arena: 32 } as const;

/** One argument as it is looked at. */
interface Argument {
  readonly env: Environment;
  readonly btf: Btf;
  readonly index: number;
  /** Behind the pointer. */
  readonly target: TypeId;
  readonly tags: number;
}

/**
 * What function `number` takes; read once. A static function's prototype may be anything, compilers change them: then
 * there is none (undefined).
 * @throws Rejection when a global function takes or returns what none may
 */
export function argumentsOf(env: Environment, number: number): readonly ArgumentInfo[] | undefined {
  const subprogram = env.subprograms[number]!;
  if (subprogram.arguments !== null) return subprogram.arguments;
  const { btf } = env.input;
  if (btf === undefined || subprogram.type === 0) return undefined;
  const read = readArguments(env, btf, number);
  if (read !== undefined) subprogram.arguments = read;
  return read;
}

function readArguments(env: Environment, btf: Btf, number: number): ArgumentInfo[] | undefined {
  const { type: id, isGlobal } = env.subprograms[number]!;
  const name = btf.nameOf(id);
  const func = btf.type(id);
  const prototype = func.kind === 'func' ? btf.type(func.type) : undefined;
  if (prototype?.kind !== 'func_proto') throw unsupported('a function whose type is none');
  const problem = signatureProblem(btf, prototype, name);
  if (problem !== undefined) {
    if (isGlobal) throw problem;
    return undefined;
  }
  const infos: ArgumentInfo[] = [];
  for (let index = 0; index < prototype.parameters.length; index++) {
    const tags = env.atLeast('6.8') ? tagsOf(env, btf, id, index, isGlobal) : 0;
    const info = argumentInfo(env, btf, prototype, index, tags, isGlobal, name);
    if (info === undefined) return undefined;
    infos.push(info);
  }
  return infos;
}

function signatureProblem(btf: Btf, prototype: BtfPrototype, name: string): Rejection | undefined {
  const count = prototype.parameters.length;
  if (count > MOST_ARGUMENTS) return globalFunctionTooManyArguments({ name, count });
  return isNumber(resolveType(btf, prototype.returns)) ? undefined : globalFunctionReturns({ name });
}

function isNumber(type: BtfType): boolean {
  return type.kind === 'int' || type.kind === 'enum' || type.kind === 'enum64';
}

/** Tags `arg:…` of a parameter. @throws Rejection */
function tagsOf(env: Environment, btf: Btf, func: TypeId, index: number, isGlobal: boolean): number {
  let tags = 0;
  for (let id = btf.firstId; id < btf.end; id++) {
    if (btf.kindOf(id) !== 'decl_tag') continue;
    const tag = btf.type(id);
    if (tag.kind !== 'decl_tag' || tag.type !== func || tag.component !== index) continue;
    if (!tag.name.startsWith('arg:')) continue;
    if (!isGlobal) throw argumentTagInStatic({ index });
    const bit = tagBit(env, tag.name.slice('arg:'.length));
    if (bit === 0) throw argumentTagUnknown({ index });
    tags |= bit;
  }
  return tags;
}

function tagBit(env: Environment, name: string): number {
  switch (name) {
    case 'ctx':
    case 'nonnull':
      return Tag[name];
    case 'trusted':
    case 'nullable':
    case 'arena':
      return env.atLeast('6.9') ? Tag[name] : 0;
    case 'untrusted':
      return env.atLeast('6.17') ? Tag.untrusted : 0;
    default:
      return 0;
  }
}

function argumentInfo(
  env: Environment,
  btf: Btf,
  prototype: BtfPrototype,
  index: number,
  tags: number,
  isGlobal: boolean,
  name: string,
): ArgumentInfo | undefined {
  const type = resolveType(btf, prototype.parameters[index]!.type);
  if (type.kind === 'ptr') return pointerInfo({ env, btf, index, target: type.type, tags }, isGlobal);
  if (tags !== 0) throw pointerTagOnNumber({ index });
  if (isNumber(type)) return { kind: 'anything' };
  if (!isGlobal) return undefined;
  throw argumentKindNotSupported({ index, kind: kindText(type), name });
}

function pointerInfo(argument: Argument, isGlobal: boolean): ArgumentInfo | undefined {
  const { env, btf, index, target, tags } = argument;
  if ((tags & Tag.ctx) !== 0 || isContextType(env, btf, target)) {
    if ((tags & ~Tag.ctx) !== 0) throw argumentTagsInvalid({ index });
    if (tags !== 0) checkTaggedContext(env, btf, target, index);
    return { kind: 'ctx' };
  }
  // Before 6.8 a dynptr was memory like any other.
  if (env.atLeast('6.8') && isDynptr(resolveType(btf, target))) {
    if (tags !== 0) throw argumentTagsInvalid({ index });
    return { kind: 'dynptr', readOnly: true };
  }
  if ((tags & Tag.trusted) !== 0) return trustedInfo(argument);
  if ((tags & Tag.untrusted) !== 0) return untrustedInfo(argument);
  if ((tags & Tag.arena) !== 0) {
    if (tags !== Tag.arena) throw arenaTagNotAlone({ index });
    return { kind: 'arena' };
  }
  return isGlobal ? memoryInfo(argument) : undefined;
}

function isDynptr(type: BtfType): boolean {
  const isStruct = type.kind === 'struct' || type.kind === 'union';
  return (isStruct || (type.kind === 'fwd' && type.of === 'struct')) && type.name === 'bpf_dynptr';
}

function trustedInfo(argument: Argument): ArgumentInfo {
  const { env, index, tags } = argument;
  if ((tags & Tag.nonnull) !== 0) throw argumentTagsInvalid({ index });
  const type = kernelTypeOf(argument);
  const maybeNull = (tags & Tag.nullable) !== 0;
  return { kind: 'btf', btf: env.btf!, type, maybeNull, trusted: true, untrusted: false };
}

function untrustedInfo(argument: Argument): ArgumentInfo {
  const { env, btf, index, target, tags } = argument;
  if (tags !== Tag.untrusted) throw untrustedTagNotAlone({ index });
  const local = resolveType(btf, target);
  if (local.kind === 'void' || isNumber(local)) {
    return { kind: 'mem', size: 0, maybeNull: false, readOnly: true, untrusted: true };
  }
  const type = kernelTypeOf(argument);
  const found = env.btf!.type(type);
  if (found.kind !== 'struct' && found.kind !== 'union') {
    throw argumentNotStruct({ index, kind: kindText(found), name: nameOfType(local) });
  }
  return { kind: 'btf', btf: env.btf!, type, maybeNull: false, trusted: false, untrusted: true };
}

/** Any other pointer is to so many bytes of the caller's. */
function memoryInfo({ btf, index, target, tags }: Argument): ArgumentInfo {
  if ((tags & Tag.nullable) !== 0) throw argumentTagsInvalid({ index });
  const size = sizeForKernel(btf, target);
  if (size === undefined) {
    const type = resolveType(btf, target);
    throw argumentSizeUnknown({ index, kind: kindText(type), name: nameOfType(type), error: -22 });
  }
  const maybeNull = (tags & Tag.nonnull) === 0;
  return { kind: 'mem', size, maybeNull, readOnly: false, untrusted: false };
}

/** The kernel's own type of that name and kind (`btf_get_ptr_to_btf_id`). @throws Rejection */
function kernelTypeOf({ env, btf, index, target }: Argument): TypeId {
  const kernel = env.btf;
  if (kernel === undefined) throw unsupported("the kernel's types are not known");
  const local = btf.type(skipTypedefs(btf, target));
  const kind = kindText(local);
  const name = nameOfType(local);
  if (name === '') throw argumentCandidateError({ index, kind, name: '(anon)', error: -22 });
  const found = kernel.findAll(essentialName(name)).filter((id) => kernel.kindOf(id) === local.kind);
  if (found.length === 1) return found[0]!;
  throw argumentReferenceType({
    index,
    kind,
    name,
    why: found.length === 0 ? 'has no matches' : 'is ambiguous',
  });
}

function nameOfType(type: BtfType): string {
  return 'name' in type ? type.name : '';
}

/** `btf_type_str` */
export function kindText(type: BtfType): string {
  return type.kind === 'void' ? 'UNKNOWN' : type.kind.toUpperCase();
}
