/** Programs that are members of a structure of the kernel's (`check_struct_ops_btf_id`). */
import type { Btf } from '../../bpf/btf/btf.ts';
import { skipTypedefs } from '../../bpf/btf/layout.ts';
import type { BtfComposite, BtfPrototype, TypeId } from '../../bpf/btf/type.ts';
import { isGplCompatible } from '../../bpf/helpers/index.ts';
import { attachTypeByName, attachTypeId } from '../../bpf/sections.ts';
import type { Environment } from '../environment.ts';
import {
  structOpsMember,
  structOpsMemberIndex,
  structOpsNeedsGpl,
  structOpsTarget,
  structOpsType,
  structOpsUnsupportedMember,
} from '../messages.gen.ts';
import { unsupported } from '../rejection.ts';

/** Members that no program may be, by structure. */
const UNSUPPORTED: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['tcp_congestion_ops', new Set(['get_info'])],
]);

function isUnsupported(env: Environment, structure: string, member: string): boolean {
  if (UNSUPPORTED.get(structure)?.has(member)) return true;
  // Of the structure for tests one member alone may sleep.
  return structure === 'bpf_dummy_ops' && (env.input.sleepable ?? false) && member !== 'test_sleepable';
}

/** @throws Rejection */
export function attachStructOps(env: Environment): void {
  if (!isGplCompatible(env.input.license ?? 'GPL')) throw structOpsNeedsGpl({});
  const wanted = env.input.attachTo;
  if (wanted === undefined) throw env.atLeast('6.9') ? structOpsTarget({}) : structOpsType({ type: 0 });
  const btf = wanted.module === undefined ? env.btf : env.kernel.modules?.get(wanted.module);
  if (btf === undefined) throw unsupported('a struct_ops program without the types of the kernel');
  const [name = '', memberName] = wanted.name.split('.');
  const type = btf.find(name, 'struct');
  if (type === undefined) throw unsupported(`struct ${name}, which the kernel's types do not have`);
  // The kernel keeps a structure of that name for each it knows.
  if (btf.find(`bpf_struct_ops_${name}`, 'struct') === undefined) throw structOpsType({ type });
  const structure = btf.type(type) as BtfComposite;
  attachMember(env, btf, type, structure, memberName);
}

function attachMember(
  env: Environment,
  btf: Btf,
  type: TypeId,
  structure: BtfComposite,
  named: string | undefined,
): void {
  const index = memberIndex(env, structure, named);
  const member = structure.members[index];
  if (member === undefined) throw structOpsMemberIndex({ index, structure: structure.name });
  const prototype = functionOf(btf, member.type);
  if (prototype === undefined) {
    throw structOpsMember({ member: member.name, index, structure: structure.name });
  }
  if (isUnsupported(env, structure.name, member.name)) {
    throw structOpsUnsupportedMember({ member: member.name, structure: structure.name });
  }
  env.attachTarget = {
    name: member.name,
    btf,
    type,
    prototype,
    skipFirst: false,
    structure: structure.name,
    memberOffset: member.bitOffset / 8,
  };
}

/** A member is named behind the structure, or the attach type is its number. */
function memberIndex(env: Environment, structure: BtfComposite, named: string | undefined): number {
  if (named !== undefined) return structure.members.findIndex(({ name }) => name === named);
  const name = attachTypeByName(env.attachType);
  return name === undefined ? -1 : attachTypeId(name);
}

/** Prototype behind a pointer to a function (`btf_type_resolve_func_ptr`). */
function functionOf(btf: Btf, id: TypeId): BtfPrototype | undefined {
  const pointer = btf.type(skipTypedefs(btf, id));
  if (pointer.kind !== 'ptr') return undefined;
  const target = btf.type(skipTypedefs(btf, pointer.type));
  return target.kind === 'func_proto' ? target : undefined;
}
