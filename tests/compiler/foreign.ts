/** What of an object a kernel does not have, by the tables of `bpf/`. */
import { CallKind, WideKind } from '../../bpf/fields.ts';
import { helperById, helperGrant } from '../../bpf/helpers/index.ts';
import type { Instruction } from '../../bpf/instruction.ts';
import { linkProgram } from '../../bpf/link.ts';
import type { BpfObject, BpfProgram } from '../../bpf/object.ts';
import {
  type Feature,
  supports,
  supportsHelper,
  supportsMapType,
  supportsOp,
  supportsProgramType,
  type TargetProfile,
} from '../../bpf/profiles/index.ts';
import { findLoop } from '../../compiler/codegen/find-loop.ts';

/** Names of what is used and not there; empty when the kernel has all. */
export function foreign({ programs, functions, maps }: BpfObject, profile: TargetProfile): string[] {
  const found = maps.filter(({ type }) => !supportsMapType(profile, type)).map(({ type }) => type as string);
  for (const program of programs) {
    const { type } = program;
    if (type !== 'unspec' && !supportsProgramType(profile, type)) found.push(`program type ${type}`);
    const { instructions } = linkProgram(program, functions);
    if (instructions.length > profile.limits.instructions) found.push(`${instructions.length} instructions`);
    for (const one of instructions) found.push(...foreignTo(one, program, profile));
  }
  const looping = [...programs, ...functions].some(
    ({ instructions }) => findLoop(instructions) !== undefined,
  );
  if (looping && !supports(profile, 'bounded_loops')) found.push('a loop');
  return found;
}

function foreignTo(one: Instruction, { type }: BpfProgram, profile: TargetProfile): string[] {
  const { op, src, imm, ref } = one;
  const need = (feature: Feature): string[] => (supports(profile, feature) ? [] : [feature]);
  if (op === 'lddw' && src === WideKind.func) return need('callbacks');
  if (ref?.kind === 'map-value') return need('map_value_address');
  if (op !== 'call') return supportsOp(profile, op) ? [] : [op];
  if (src === CallKind.local) return need('bpf_to_bpf_calls');
  if (src === CallKind.kfunc) return need('kfuncs');
  const { name } = helperById(imm)!;
  if (!supportsHelper(profile, name)) return [name];
  const refused = type !== 'unspec' && helperGrant(name, type, profile.release) === 'no';
  return refused ? [`${name} in ${type}`] : [];
}
