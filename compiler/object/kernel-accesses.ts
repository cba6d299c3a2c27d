/** What programs access of kernel types: their relocations get the types of the object they are in. */
import type { Btf } from '../../bpf/btf/btf.ts';
import { localTypes, type TypeIn } from '../../bpf/core/local-types.ts';
import type { Instruction } from '../../bpf/instruction.ts';

export interface Relocatable<Code> {
  readonly functions: readonly Code[];
  /** Absent when nothing is accessed. */
  readonly btf?: Btf;
}

/** Relocations of `functions` name places in `roots`; those that come back name types of `btf`. */
export function localiseRelocations<Code extends { readonly instructions: readonly Instruction[] }>(
  functions: readonly Code[],
  roots: readonly TypeIn[],
): Relocatable<Code> {
  if (roots.length === 0) return { functions };
  const relocations = functions.flatMap(({ instructions }) => instructions.flatMap(({ core }) => core ?? []));
  const { btf, localise } = localTypes(relocations, roots);
  const localised = functions.map((code) => ({
    ...code,
    instructions: code.instructions.map((one) =>
      one.core === undefined ? one : { ...one, core: localise(one.core) },
    ),
  }));
  return { functions: localised, btf };
}
