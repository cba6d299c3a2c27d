/** Objects of one program whose instructions carry relocations. */
import type { Btf } from '../../../bpf/btf/btf.ts';
import { relocateCore } from '../../../bpf/core/relocate.ts';
import type { CoreRelocation, CoreRelocationKind } from '../../../bpf/core/relocation.ts';
import type { Instruction } from '../../../bpf/instruction.ts';
import type { BpfObject } from '../../../bpf/object.ts';

export function objectOf(btf: Btf | undefined, ...instructions: readonly Instruction[]): BpfObject {
  return {
    name: 'test.o',
    endian: 'little',
    license: 'GPL',
    programs: [{ name: 'prog', type: 'raw_tracepoint', section: 'raw_tp', attach: [], instructions }],
    functions: [],
    maps: [],
    data: new Map(),
    sources: [],
    ...(btf === undefined ? {} : { btf }),
  };
}

const NONE = { dst: 1, src: 0, off: 0, imm: 0 } as const;

/** `r1 = imm`. */
export function mov(imm: number, core?: CoreRelocation): Instruction {
  return { ...NONE, op: 'mov64_k', imm, ...(core === undefined ? {} : { core }) };
}

/** `r1 = *(u32 *)(r1 + off)`. */
export function load(off: number, core: CoreRelocation, op: Instruction['op'] = 'ldx32'): Instruction {
  return { ...NONE, op, src: 1, off, core };
}

/** `r1 = value ll`. */
export function wide(value: bigint, core?: CoreRelocation): Instruction {
  const imm = Number(BigInt.asIntN(32, value));
  const immHigh = Number(BigInt.asIntN(32, value >> 32n));
  return { ...NONE, op: 'lddw', imm, immHigh, ...(core === undefined ? {} : { core }) };
}

export const EXIT: Instruction = { ...NONE, dst: 0, op: 'exit' };

/** The value that one relocation of an immediate gets. `held` is what the instruction holds before. */
export function relocatedValue(
  local: Btf,
  target: Btf,
  kind: CoreRelocationKind,
  type: number,
  access: string,
  held: bigint,
): bigint | string | undefined {
  const result = relocateCore(objectOf(local, wide(held, { kind, type, access }), EXIT), target);
  const problem = result.problems[0];
  return problem === undefined ? result.relocations[0]!.newValue : problem.message;
}
