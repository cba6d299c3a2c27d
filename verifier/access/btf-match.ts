/** Is a struct, or what begins in it at an offset, another one (`btf_struct_ids_match`)? */
import type { Btf } from '../../bpf/btf/btf.ts';
import type { TypeId } from '../../bpf/btf/type.ts';
import type { Environment } from '../environment.ts';
import { walkStruct } from './btf-walk.ts';

/** A type of one table. */
export interface TypePlace {
  readonly btf: Btf;
  readonly type: TypeId;
}

/** @param strict only the struct itself will do, not its first member. */
export function structsMatch(
  env: Environment,
  have: TypePlace,
  off: number,
  want: TypePlace,
  strict: boolean,
): boolean {
  if (off === 0 && have.btf === want.btf && have.type === want.type) return true;
  if (strict) return false;
  const rules = { flexible: true, unionsUntrusted: env.atLeast('6.4') };
  let at = off;
  let { type } = have;
  for (;;) {
    const walked = walkStruct(have.btf, type, at, 1, 0, rules);
    if (walked.kind === 'error') env.remark(walked.why.text);
    if (walked.kind !== 'struct') return false;
    type = walked.type;
    if (have.btf === want.btf && type === want.type) return true;
    at = 0;
  }
}
