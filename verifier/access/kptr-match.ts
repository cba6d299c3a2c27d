/** Does a pointer fit the kernel pointer of a map's value that it is stored to (`map_kptr_match_type`)? */
import type { Environment } from '../environment.ts';
import type { SpecialField } from '../field/special-field.ts';
import { kptrType } from '../messages.gen.ts';
import { unsupported } from '../rejection.ts';
import type { Register } from '../state/register.ts';
import { Flag, Kind, typeText } from '../state/register-kind.ts';
import { structsMatch } from './btf-match.ts';
import { isKernelBtf } from './btf-trust.ts';
import { checkPointerOffset } from './pointer-offset.ts';

/** @throws Rejection */
export function checkKptrMatches(
  env: Environment,
  field: SpecialField,
  register: Register,
  number: number,
): void {
  const { pointee } = field;
  if (pointee === undefined) throw unsupported('a kernel pointer without a type');
  const { detail } = register;
  if (register.kind !== Kind.btfId || detail?.kind !== 'btf') throw mismatch(field, register, number, '');
  if ((register.flags & ~allowedFlags(isKernelBtf(env, detail.btf), field)) !== 0) {
    throw mismatch(field, register, number, '');
  }
  const name = detail.btf.nameOf(detail.type);
  checkPointerOffset(env, register, number, true);
  const strict = field.kind !== 'kptr-untrusted';
  if (structsMatch(env, detail, register.off, pointee, strict)) return;
  throw mismatch(field, register, number, name);
}

function allowedFlags(kernel: boolean, field: SpecialField): number {
  if (!kernel) {
    const own = Flag.maybeNull | Flag.alloc;
    return field.kind === 'kptr-percpu' ? own | Flag.percpu : own;
  }
  const trusted = Flag.maybeNull | Flag.trusted | Flag.rcu;
  return field.kind === 'kptr-untrusted' ? trusted | Flag.untrusted : trusted;
}

function mismatch(field: SpecialField, register: Register, number: number, name: string) {
  const { btf, type } = field.pointee!;
  const wanted = btf.nameOf(type);
  const expected =
    field.kind === 'kptr-untrusted' ? `ptr_${wanted} or untrusted_ptr_${wanted}` : `ptr_${wanted}`;
  return kptrType({ register: number, type: typeText(register.kind, register.flags), name, expected });
}
