/** The kernel's own structure behind a program's context (`get_kern_ctx_btf_id`). */
import type { TypeId } from '../../bpf/btf/type.ts';
import type { Environment } from '../environment.ts';
import { contextHasNoStructure } from '../messages.gen.ts';
import { unsupported } from '../rejection.ts';

/** Members of `struct bpf_ctx_convert` tell, two for each program type. @throws Rejection */
export function contextStructure(env: Environment): TypeId {
  const { btf } = env;
  const id = btf?.find('bpf_ctx_convert', 'struct');
  const all = id === undefined ? undefined : btf!.type(id);
  if (btf === undefined || all?.kind !== 'struct') throw unsupported("the kernel's contexts are not known");
  const name = `BPF_PROG_TYPE_${env.type.name.toUpperCase()}_kern`;
  const member = all.members.find((one) => one.name === name);
  if (member === undefined) throw unsupported(`the kernel's context of ${env.type.name}`);
  const kind = btf.kindOf(member.type);
  if (kind !== 'struct' && kind !== 'union') throw contextHasNoStructure({ type: member.type });
  return member.type;
}
