/** What a kernel function wants of each argument: from the types and the names of its parameters (`is_kfunc_arg_*`). */
import type { Btf } from '../../bpf/btf/btf.ts';
import { resolveType, skipTypedefs } from '../../bpf/btf/layout.ts';
import type { BtfType, TypeId } from '../../bpf/btf/type.ts';
import type { Environment } from '../environment.ts';
import { isContextType } from './context-type.ts';
import type { KfuncTarget } from './kfunc-target.ts';
import { kindText } from './prototype.ts';

/** What a pointer must be whatever register comes; `any`: the register decides. */
export type PointerRole =
  | 'ctx'
  | 'alloc'
  | 'refcounted'
  | 'dynptr'
  | 'iterator'
  | 'list-head'
  | 'list-node'
  | 'tree-root'
  | 'tree-node'
  | 'string'
  | 'map'
  | 'workqueue'
  | 'task-work'
  | 'irq-flag'
  | 'lock'
  | 'any';

export interface PointerParameter {
  readonly kind: 'pointer';
  readonly role: PointerRole;
  /** What it points to, without modifiers. */
  readonly target: TypeId;
  readonly targetKind: BtfType['kind'];
  readonly nullable: boolean;
  /** Null with any size (`__opt`). */
  readonly optional: boolean;
  /** The function makes what is there (`__uninit`). */
  readonly fills: boolean;
  readonly isCallback: boolean;
  /** Memory of numbers only (`btf_type_is_scalar`, `__btf_type_is_scalar_struct`). */
  readonly numbers: 'yes' | 'no' | 'too-deep';
}

export type KfuncParameter =
  | { readonly kind: 'ignored' }
  | {
      readonly kind: 'number';
      /** Its value must be known (`__k`). */
      readonly constant: boolean;
      /** It is the size of the memory returned. */
      readonly resultSize: 'none' | 'read' | 'write';
      /** It is the size of the buffer before it (`__sz`, `__szk`). */
      readonly size: 'none' | 'size' | 'constant';
    }
  | PointerParameter
  | { readonly kind: 'other'; readonly text: string };

/** Structures that make a pointer to them more than a pointer to memory (`kf_arg_btf_ids`). */
const STRUCTURES: ReadonlyMap<string, PointerRole> = new Map<string, PointerRole>([
  ['bpf_dynptr', 'dynptr'],
  ['bpf_list_head', 'list-head'],
  ['bpf_list_node', 'list-node'],
  ['bpf_rb_root', 'tree-root'],
  ['bpf_rb_node', 'tree-node'],
]);

/** The same, after the suffixes `__str` and `__map`. */
const LATER_STRUCTURES: ReadonlyMap<string, PointerRole> = new Map<string, PointerRole>([
  ['bpf_wq', 'workqueue'],
  ['bpf_task_work', 'task-work'],
  ['bpf_res_spin_lock', 'lock'],
]);

/** Parameters of a kernel function as programs of this type see them. */
export function kfuncParameters(env: Environment, kfunc: KfuncTarget): readonly KfuncParameter[] {
  return kfunc.prototype.parameters.map((_, index) => parameterOf(env, kfunc, index));
}

function parameterOf(env: Environment, kfunc: KfuncTarget, index: number): KfuncParameter {
  const { btf, prototype } = kfunc;
  const { name, type: id } = prototype.parameters[index]!;
  if (name.endsWith('__ign') || name.endsWith('__prog')) return { kind: 'ignored' };
  const type = resolveType(btf, id);
  if (isScalar(type)) return numberParameter(name);
  if (type.kind !== 'ptr') return { kind: 'other', text: kindText(type) };
  const target = skipTypedefs(btf, type.type);
  return {
    kind: 'pointer',
    role: roleOf(env, kfunc, index, type.type),
    target,
    targetKind: btf.kindOf(target),
    nullable: name.endsWith('__nullable'),
    optional: name.endsWith('__opt'),
    fills: name.endsWith('__uninit'),
    isCallback: btf.kindOf(target) === 'func_proto',
    numbers: numbersIn(btf, target, 0),
  };
}

function isScalar({ kind }: BtfType): boolean {
  return kind === 'int' || kind === 'enum' || kind === 'enum64';
}

function numberParameter(name: string): KfuncParameter {
  return {
    kind: 'number',
    constant: name.endsWith('__k'),
    resultSize: name === 'rdonly_buf_size' ? 'read' : name === 'rdwr_buf_size' ? 'write' : 'none',
    size: name.endsWith('__szk') ? 'constant' : name.endsWith('__sz') ? 'size' : 'none',
  };
}

/** In the kernel's order, which decides where two apply (`get_kfunc_ptr_arg_type`). */
function roleOf(env: Environment, kfunc: KfuncTarget, index: number, pointee: TypeId): PointerRole {
  const { btf, name, prototype, facts } = kfunc;
  if (name === 'bpf_cast_to_kern_ctx' || isContextType(env, btf, pointee)) return 'ctx';
  const parameter = prototype.parameters[index]!.name;
  if (parameter.endsWith('__alloc')) return 'alloc';
  if (parameter.endsWith('__refcounted_kptr')) return 'refcounted';
  const target = resolveType(btf, pointee);
  const structure = target.kind === 'struct' ? target.name : '';
  if (structure === 'bpf_dynptr') return 'dynptr';
  const isIterator =
    facts.flags.has('iter_new') || facts.flags.has('iter_next') || facts.flags.has('iter_destroy');
  if (isIterator ? index === 0 : parameter.endsWith('__iter')) return 'iterator';
  const role = STRUCTURES.get(structure);
  if (role !== undefined) return role;
  if (parameter.endsWith('__str')) return 'string';
  if (parameter.endsWith('__map')) return 'map';
  if (parameter.endsWith('__irq_flag')) return 'irq-flag';
  return LATER_STRUCTURES.get(structure) ?? 'any';
}

/** Structures of structures of numbers, four deep. `passed`: structures of numbers, each with the depth it was met at. */
function numbersIn(
  btf: Btf,
  id: TypeId,
  depth: number,
  passed: Set<number> = new Set(),
): PointerParameter['numbers'] {
  const type = resolveType(btf, id);
  if (depth === 0 && isScalar(type)) return 'yes';
  if (type.kind !== 'struct' && type.kind !== 'union') return 'no';
  const key = id * DEEPEST + depth;
  if (passed.has(key)) return 'yes';
  for (const { type: member } of type.members) {
    const found = numbersInMember(btf, member, depth, passed);
    if (found !== 'yes') return found;
  }
  passed.add(key);
  return 'yes';
}

/** Levels of structures that are looked into. */
const DEEPEST = 4;

function numbersInMember(
  btf: Btf,
  id: TypeId,
  depth: number,
  passed: Set<number>,
): PointerParameter['numbers'] {
  const type = resolveType(btf, id);
  if (type.kind === 'struct' || type.kind === 'union') {
    return depth + 1 >= DEEPEST ? 'too-deep' : numbersIn(btf, id, depth + 1, passed);
  }
  if (type.kind !== 'array') return isScalar(type) ? 'yes' : 'no';
  return type.count > 0 && isScalar(resolveType(btf, type.element)) ? 'yes' : 'no';
}

/** A structure of the program's whose parts are numbers (`__btf_type_is_scalar_struct`). */
export function isStructureOfNumbers(btf: Btf, id: TypeId): PointerParameter['numbers'] {
  return numbersIn(btf, id, 0);
}
