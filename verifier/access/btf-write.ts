/** Members of kernel structs that some program types may write (`btf_struct_access` of a type's own). */
import type { Btf } from '../../bpf/btf/btf.ts';
import { findMember } from '../../bpf/btf/find-member.ts';
import { sizeOf } from '../../bpf/btf/layout.ts';
import type { TypeId } from '../../bpf/btf/type.ts';
import type { Environment } from '../environment.ts';
import { connectionReadOnly, connectionWriteBeyond, structReadOnly } from '../messages.gen.ts';
import { unsupported } from '../rejection.ts';

/** True: the type allows the write. False: the type has no say. @throws Rejection */
export function checkStructWrite(
  env: Environment,
  btf: Btf,
  type: TypeId,
  off: number,
  size: number,
): boolean {
  switch (env.type.name) {
    case 'sched_cls':
    case 'sched_act':
    case 'xdp':
      checkConnectionWrite(btf, type, off, size);
      return true;
    case 'struct_ops':
      throw unsupported('a write to a kernel struct');
    default:
      return false;
  }
}

/** The mark of a tracked connection is the only member (`_nf_conntrack_btf_struct_access`). @throws Rejection */
function checkConnectionWrite(btf: Btf, type: TypeId, off: number, size: number): void {
  const name = btf.nameOf(type);
  if (name !== 'nf_conn' && name !== 'nf_conn___init') throw structReadOnly({});
  const connection = btf.find('nf_conn', 'struct');
  const mark = connection === undefined ? undefined : findMember(btf, connection, 'mark');
  if (mark === undefined || off !== mark.bitOffset / 8) throw connectionReadOnly({ off });
  const end = off + (sizeOf(btf, mark.type) ?? 0);
  if (off + size > end) throw connectionWriteBeyond({ off, size, end });
}
