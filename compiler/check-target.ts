/**
 * The last word on generated programs: every instruction, helper, map type and program type must be in the target.
 * Passes before this one choose by the target; what they forget is told here at the user's characters, never emitted.
 */
import type { DiagnosticSink } from '../bpf/diagnostic.ts';
import { CallKind, WideKind } from '../bpf/fields.ts';
import { type HelperName, helperById, helperGrant } from '../bpf/helpers/index.ts';
import type { Instruction } from '../bpf/instruction.ts';
import { linkProgram } from '../bpf/link.ts';
import { mapType } from '../bpf/maps.ts';
import type { BpfObject, BpfProgram } from '../bpf/object.ts';
import { opcodeOf } from '../bpf/opcodes.ts';
import {
  FEATURES,
  type Feature,
  supports,
  supportsHelper,
  supportsMapType,
  supportsOp,
  supportsProgramType,
  type TargetProfile,
} from '../bpf/profiles/index.ts';
import { programType } from '../bpf/programs.ts';
import type { Span } from '../bpf/span.ts';
import { findLoop } from './codegen/find-loop.ts';
import { helperRefused, jumpTooFar, programTooLong, targetLacks } from './diagnostics/messages.gen.ts';

/** Something needed that came in a release. */
interface Need {
  readonly what: string;
  readonly since: string;
}

/** What a script's author did to need a helper that the text does not show. */
const PURPOSES: Readonly<Partial<Record<HelperName, string>>> = {
  map_lookup_percpu_elem: 'reading an aggregation of all CPUs in a program',
};

/** Reports whatever of the object the target does not have; `spanOf` is the probe of a program. */
export function checkTarget(
  object: BpfObject,
  target: TargetProfile,
  spanOf: (program: BpfProgram) => Span | undefined,
  sink: DiagnosticSink,
): void {
  const { release } = target;
  const lacks = (span: Span | undefined, { what, since }: Need): void =>
    sink.report(targetLacks(span, { what, version: since, release }));
  for (const { name, type } of object.maps) {
    if (!supportsMapType(target, type))
      lacks(undefined, { what: `the map type ${type} of ${name}`, since: mapType(type).since });
  }
  if (!supports(target, 'bounded_loops')) {
    for (const { instructions } of [...object.programs, ...object.functions]) {
      const loop = findLoop(instructions);
      if (loop !== undefined) lacks(loop.span, { what: 'a loop', since: FEATURES.bounded_loops.since });
    }
  }
  for (const program of object.programs) {
    const span = spanOf(program);
    const { type } = program;
    if (type !== 'unspec' && !supportsProgramType(target, type))
      lacks(span, { what: `a program of type ${type}`, since: programType(type).since });
    const { instructions, problems } = linkProgram(program, object.functions, { level: target.level });
    if (instructions.length > target.limits.instructions) {
      const { instructions: limit } = target.limits;
      sink.report(
        programTooLong(span, { probe: program.section, count: instructions.length, release, limit }),
      );
    } else if (problems.some(({ kind }) => kind === 'range')) {
      sink.report(jumpTooFar(span, { release }));
    }
    for (const instruction of instructions) {
      const need = missingFrom(target, instruction);
      if (need !== undefined) lacks(instruction.span ?? span, need);
      const refused = refusedHelper(program, instruction, target);
      if (refused !== undefined)
        sink.report(helperRefused(instruction.span ?? span, { helper: refused, type, release }));
    }
  }
}

function missingFrom(target: TargetProfile, instruction: Instruction): Need | undefined {
  const { op, src, imm, ref } = instruction;
  if (op !== 'call' && !supportsOp(target, op))
    return { what: `the instruction ${op}`, since: opcodeOf(op).since ?? 'a kernel to come' };
  if (ref?.kind === 'map-value') return without(target, 'map_value_address', `an address inside ${ref.name}`);
  if (op === 'lddw' && src === WideKind.func) return without(target, 'callbacks', 'a callback');
  if (op !== 'call') return undefined;
  if (src === CallKind.local) return without(target, 'bpf_to_bpf_calls', 'a function call');
  if (src === CallKind.kfunc) return without(target, 'kfuncs', 'a call of a kernel function');
  const helper = helperById(imm);
  if (helper === undefined || supportsHelper(target, helper.name)) return undefined;
  const why = PURPOSES[helper.name];
  return {
    what: why === undefined ? `the helper bpf_${helper.name}` : `${why}, by the helper bpf_${helper.name},`,
    since: helper.since,
  };
}

function without(target: TargetProfile, feature: Feature, what: string): Need | undefined {
  return supports(target, feature) ? undefined : { what, since: FEATURES[feature].since };
}

/** A helper the kernel has, but surely not for programs of this type. */
function refusedHelper(
  { type }: BpfProgram,
  { op, src, imm }: Instruction,
  target: TargetProfile,
): string | undefined {
  if (type === 'unspec' || op !== 'call' || src !== CallKind.helper) return undefined;
  const helper = helperById(imm);
  if (helper === undefined || !supportsHelper(target, helper.name)) return undefined;
  return helperGrant(helper.name, type, target.release) === 'no' ? `bpf_${helper.name}` : undefined;
}
