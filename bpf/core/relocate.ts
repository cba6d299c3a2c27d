/**
 * Applies an object's CO-RE relocations for one kernel: what libbpf does between opening and loading. The object given
 * stays as it is and can be relocated for other kernels.
 */
import type { Btf } from '../btf/btf.ts';
import { slotIndexes } from '../fields.ts';
import { FormatError } from '../format-error.ts';
import type { Instruction } from '../instruction.ts';
import type { BpfFunction, BpfObject } from '../object.ts';
import type { AppliedRelocation, CorePlace, CoreProblem } from './applied.ts';
import { CoreError } from './error.ts';
import { liveInstructions } from './live.ts';
import { type Patch, patch, poison } from './patch.ts';
import type { CoreRelocation } from './relocation.ts';
import { type Resolution, Resolver } from './resolve.ts';
import { type CoreSpec, describeSpec, parseAccess, printable, subjectOf, subjectText } from './spec.ts';
import { CoreTarget, type KernelTypes } from './target.ts';

export interface RelocateResult {
  /** As given, but relocated: without `core` on any instruction that could be. */
  readonly object: BpfObject;
  /** In the order of functions and instructions. */
  readonly relocations: readonly AppliedRelocation[];
  /** An `error`: the object cannot be loaded as it is. */
  readonly problems: readonly CoreProblem[];
}

/**
 * Never throws, whatever the object and its types hold. Instructions after a poisoned `lddw` move by one place, as its
 * two slots become two calls; slots stay. Programs with `autoload: false` are left alone; set it otherwise to load them.
 */
export function relocateCore(object: BpfObject, target: Btf | KernelTypes | CoreTarget): RelocateResult {
  const relocator = new Relocator(object, target instanceof CoreTarget ? target : new CoreTarget(target));
  // libbpf leaves programs alone that it does not load.
  const programs = object.programs.map((program) =>
    program.autoload === false ? program : relocator.relocate(program),
  );
  const functions = object.functions.map((one) => relocator.relocate(one));
  const relocated = { ...object, programs, functions };
  return { object: relocated, ...relocator.judge(relocated) };
}

/** True when some instruction that is to be loaded waits for a kernel's types. */
export function needsCore({ programs, functions }: BpfObject): boolean {
  const loaded = programs.filter(({ autoload }) => autoload !== false);
  return [...loaded, ...functions].some(waits);
}

function waits({ instructions }: BpfFunction): boolean {
  return instructions.some(({ core }) => core !== undefined);
}

class Relocator {
  readonly #relocations: AppliedRelocation[] = [];
  readonly #problems: CoreProblem[] = [];
  readonly #poisoned: Poisoned[] = [];
  readonly #btf: Btf | undefined;
  readonly #target: CoreTarget;
  readonly #resolver: Resolver | undefined;

  constructor(object: BpfObject, target: CoreTarget) {
    this.#btf = object.btf;
    this.#target = target;
    if (object.btf !== undefined) this.#resolver = new Resolver(object.btf, target);
  }

  relocate<F extends BpfFunction>(one: F): F {
    if (!waits(one)) return one;
    const slots = slotIndexes(one.instructions);
    const instructions: Instruction[] = [];
    for (const [index, instruction] of one.instructions.entries()) {
      const { core, span } = instruction;
      if (core === undefined) {
        instructions.push(instruction);
        continue;
      }
      const place: CorePlace = {
        function: one.name,
        instruction: index,
        slot: slots[index]!,
        ...(span === undefined ? {} : { span }),
      };
      const applied = this.#apply(instruction, core, place);
      if (applied.kind === 'poisoned') {
        this.#poisoned.push({
          at: instructions.length,
          place,
          relocation: this.#relocations.length - 1,
          why: applied.why,
        });
        instructions.push(...poison(instruction));
      } else {
        instructions.push(applied.instruction);
      }
    }
    return { ...one, instructions };
  }

  #apply(instruction: Instruction, relocation: CoreRelocation, place: CorePlace): Applied {
    let resolution: Resolution | undefined;
    try {
      if (this.#resolver === undefined) throw new CoreError('the object has no types');
      resolution = this.#resolver.resolve(relocation);
      const patched = patch(instruction, resolution);
      this.#relocations.push({ ...place, relocation, ...described(resolution), ...outcome(patched) });
      if (patched.kind === 'poisoned')
        return { kind: 'poisoned', why: reason(patched, resolution, this.#target.name) };
      return { kind: 'patched', instruction: patched.instruction };
    } catch (error) {
      // RangeError: a type's id out of the table; FormatError: bytes that only now are decoded.
      if (!(error instanceof CoreError || error instanceof RangeError || error instanceof FormatError))
        throw error;
      const local = this.#local(relocation);
      const known = resolution ?? (local === undefined ? undefined : { local });
      this.#relocations.push({
        ...place,
        relocation,
        ...(known === undefined ? {} : described(known)),
        outcome: 'failed',
      });
      this.#problems.push({
        ...place,
        severity: 'error',
        message: `cannot relocate ${failedSubject(relocation, local)}: ${error.message}`,
      });
      return { kind: 'patched', instruction };
    }
  }

  /** A poisoned instruction is what the author wants where a check guards it; elsewhere it fails the program. */
  judge(object: BpfObject): Omit<RelocateResult, 'object'> {
    const relocations = [...this.#relocations];
    const problems = [...this.#problems];
    const live = this.#poisoned.length === 0 ? undefined : liveInstructions(object);
    for (const { at, place, relocation, why } of this.#poisoned) {
      const guarded = live?.get(place.function)?.[at] !== true;
      relocations[relocation] = { ...relocations[relocation]!, guarded };
      if (!guarded) problems.push({ ...place, severity: 'warning', message: why });
    }
    return { relocations, problems };
  }

  /** Undefined when the access string makes no sense. */
  #local(relocation: CoreRelocation): CoreSpec | undefined {
    try {
      return this.#btf === undefined ? undefined : parseAccess(this.#btf, relocation);
    } catch {
      return undefined;
    }
  }
}

function failedSubject({ kind, type, access }: CoreRelocation, local: CoreSpec | undefined): string {
  return local === undefined
    ? `${kind} ${printable(access)} of type [${type}]`
    : `${kind} of ${subjectText(local)}`;
}

type Applied =
  | { readonly kind: 'patched'; readonly instruction: Instruction }
  | { readonly kind: 'poisoned'; readonly why: string };

interface Poisoned {
  /** Where the first invalid call is among the new instructions. */
  readonly at: number;
  readonly place: CorePlace;
  /** Index of its record. */
  readonly relocation: number;
  readonly why: string;
}

function described({
  local,
  target,
  module,
}: Pick<Resolution, 'local' | 'target' | 'module'>): Pick<AppliedRelocation, 'local' | 'target' | 'module'> {
  return {
    local: describeSpec(local),
    ...(target === undefined ? {} : { target: describeSpec(target) }),
    ...(module === undefined ? {} : { module }),
  };
}

function outcome(
  patched: Patch,
): Pick<AppliedRelocation, 'outcome' | 'operand' | 'oldValue' | 'newValue' | 'memory'> {
  if (patched.kind === 'poisoned') return { outcome: 'poisoned' };
  return {
    outcome: 'patched',
    operand: patched.operand,
    oldValue: patched.old,
    newValue: patched.value,
    ...(patched.memory === undefined ? {} : { memory: patched.memory }),
  };
}

function reason(
  patched: Patch & { readonly kind: 'poisoned' },
  { local, localValue, value, missing }: Resolution,
  kernel: string,
): string {
  const fails = 'relocation would fail at run time';
  if (patched.reason === 'missing') {
    const guard =
      subjectOf(local.kind) === 'enumval' ? 'bpf_core_enum_value_exists' : 'bpf_core_field_exists';
    return `${fails}: ${missing}; guard it with ${guard}`;
  }
  const [ours, theirs] = [localValue.memory?.size, value?.memory?.size];
  const sizes = `${fails}: ${subjectText(local)} is ${sizeText(ours)} in the object, but ${sizeText(theirs)} in ${kernel}`;
  if (theirs === undefined) return `${sizes}; read it with BPF_CORE_READ_BITFIELD`;
  return `${sizes}, and only pointers and unsigned integers may differ; read it with bpf_core_read and bpf_core_field_size`;
}

function sizeText(bytes: number | undefined): string {
  if (bytes === undefined) return 'a bitfield';
  return bytes === 1 ? '1 byte' : `${bytes} bytes`;
}
