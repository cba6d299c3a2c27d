/** Members of kernel structs that some program types may write (`btf_struct_access` of a type's own). */
import type { Btf } from '../../bpf/btf/btf.ts';
import type { TypeId } from '../../bpf/btf/type.ts';
import type { Environment } from '../environment.ts';
import { structReadOnly } from '../messages.gen.ts';
import { unsupported } from '../rejection.ts';

/** True: the type allows the write. False: the type has no say. @throws Rejection */
export function checkStructWrite(
  env: Environment,
  btf: Btf,
  type: TypeId,
  _off: number,
  _size: number,
): boolean {
  switch (env.type.name) {
    case 'sched_cls':
    case 'sched_act':
    case 'xdp':
      // The mark of a tracked connection is the only member, when connections are tracked at all.
      if (btf.nameOf(type).startsWith('nf_conn')) throw unsupported('a write to a tracked connection');
      throw structReadOnly({});
    case 'struct_ops':
      throw unsupported('a write to a kernel struct');
    default:
      return false;
  }
}
