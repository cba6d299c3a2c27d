/**
 * From an object of another compiler to what of it can run in a kernel: relocated for the kernel's types, with its
 * configuration, without the programs that need more. Each that is left out is told of, with the reason.
 */
import { callClosure } from '../bpf/call-graph.ts';
import {
  type AppliedRelocation,
  type CoreProblem,
  type CoreTarget,
  coreTargetOf,
  essentialName,
  relocateCore,
} from '../bpf/core/index.ts';
import { type KconfigOptions, loadable, resolveKconfig } from '../bpf/elf/object/index.ts';
import type { KernelInfo } from '../bpf/kernel-info.ts';
import { findKfunc } from '../bpf/kfuncs/index.ts';
import type { BpfObject, BpfProgram } from '../bpf/object.ts';
import { missingType } from '../bpf/sections.ts';
import { isPacketType } from './packet/verdict.ts';

/** What a kernel may not tell of itself. */
export interface KernelFacts {
  /** Types to relocate for; the kernel's own where absent. */
  readonly types?: CoreTarget;
  /** The text of its configuration. */
  readonly configuration?: string;
  /** Its release and what else of `.kconfig` is in no configuration. */
  readonly virtual?: KconfigOptions;
}

export interface RunnableObject {
  readonly object: BpfObject;
  /** What relocating found wrong, in programs left out and in others. */
  readonly problems: readonly CoreProblem[];
  /** Programs left out, and what those that run will miss; one line each. */
  readonly notes: readonly string[];
}

/** `misplaced` says why a program has nothing to run on in this kernel; undefined where it has. */
export function runnableObject(
  object: BpfObject,
  kernel: KernelInfo,
  facts: KernelFacts,
  misplaced: Reason = eventless,
): RunnableObject {
  const notes: string[] = [];
  const keep = (programs: readonly BpfProgram[], reason: Reason): readonly BpfProgram[] =>
    programs.filter((program) => {
      const why = reason(program);
      if (why !== undefined) notes.push(`${program.name} (${program.section}) is not run: ${why}`);
      return why === undefined;
    });
  const wanted = {
    ...object,
    programs: keep(object.programs, (program) => unloadable(program) ?? misplaced(program)),
  };
  const types = facts.types ?? coreTargetOf(kernel);
  const { relocated, problems, relocations } = relocate(wanted, types);
  const reads = kernel.reach.kernelMemory ? new Map() : kernelReads(wanted, relocations);
  const reasons = [
    coreReason(relocated, problems, types),
    kernelReason(relocated),
    configurationReason(relocated, facts),
    memoryReason(relocated, reads, kernel),
  ];
  const programs = keep(relocated.programs, (program) => {
    for (const reason of reasons) {
      const why = reason(program);
      if (why !== undefined) return why;
    }
    return undefined;
  });
  for (const program of programs) {
    // What programs on packets read are the headers of their packets.
    if (isPacketType(program.type)) continue;
    const types = typesRead(program, relocated, reads);
    if (types.length === 0) continue;
    notes.push(
      `${program.name} (${program.section}) reads ${memoryText(types, kernel)}: what it gets there means nothing`,
    );
  }
  const kconfig = { text: facts.configuration ?? '', ...facts.virtual };
  const loaded = loadable({ ...relocated, programs }, { kconfig, hasKfunc });
  return { object: loaded.object, problems, notes };
}

/** Why a program cannot run; undefined where it can. */
export type Reason = (program: BpfProgram) => string | undefined;

function unloadable(program: BpfProgram): string | undefined {
  const untyped = missingType(program);
  if (untyped !== undefined) return untyped;
  return program.autoload === false ? 'its section asks to be left out (?)' : undefined;
}

function eventless({ type, attach }: BpfProgram): string | undefined {
  if (attach.length > 0) return undefined;
  const how = isPacketType(type) ? ': give it a capture with --pcap' : '';
  return `a ${type} program has no event to run on here${how}`;
}

interface Relocated {
  readonly relocated: BpfObject;
  readonly problems: readonly CoreProblem[];
  readonly relocations: readonly AppliedRelocation[];
}

function relocate(object: BpfObject, types: CoreTarget | undefined): Relocated {
  if (types === undefined) return { relocated: object, problems: [], relocations: [] };
  const { object: relocated, problems, relocations } = relocateCore(object, types);
  const reached = new Set(relocated.programs.flatMap((program) => [...functionsOf(program, relocated)]));
  return { relocated, problems: problems.filter((one) => reached.has(one.function)), relocations };
}

function coreReason(
  object: BpfObject,
  problems: readonly CoreProblem[],
  types: CoreTarget | undefined,
): Reason {
  const waiting = new Set(
    [...object.programs, ...object.functions]
      .filter(({ instructions }) => instructions.some(({ core }) => core !== undefined))
      .map(({ name }) => name),
  );
  // Also what is only a warning: no kernel loads a program that can come to a poisoned instruction.
  const failed = new Set(problems.map((one) => one.function));
  return (program) => {
    if (waiting.size === 0 && failed.size === 0) return undefined;
    const names = [...functionsOf(program, object)];
    if (types === undefined && names.some((name) => waiting.has(name))) {
      return 'it has CO-RE relocations, and this kernel tells no types: give --target linux-6.1 or a snapshot of the machine';
    }
    return names.some((name) => failed.has(name))
      ? `its CO-RE relocations do not fit ${types?.name}`
      : undefined;
  };
}

/** Those of Linux that need a real kernel fail here as they may fail there (`vm/helpers/unsupported.ts`). */
function hasKfunc(name: string): boolean {
  return findKfunc(name) !== undefined;
}

/** Variables and functions of the kernel. */
function kernelReason(object: BpfObject): Reason {
  return ({ name }) => {
    // Configuration has a reason of its own.
    const externs = object.externs?.filter(({ kind }) => kind !== 'kconfig') ?? [];
    const [problem] = loadable({ ...object, externs }, { programs: [name], hasKfunc }).problems;
    return problem === undefined ? undefined : `${problem}, which is not here`;
  };
}

function configurationReason(object: BpfObject, { configuration, virtual }: KernelFacts): Reason {
  const externs = (object.externs ?? []).filter((one) => one.kind === 'kconfig');
  return (program) => {
    if (externs.length === 0) return undefined;
    const offsets = valueOffsets(program, object);
    const used = externs.filter(({ offset, size }) =>
      offsets.some((one) => one >= offset && one < offset + size),
    );
    const { problems } = resolveKconfig({ ...object, externs: used }, configuration ?? '', virtual);
    const [problem] = problems;
    if (problem === undefined) return undefined;
    if (configuration !== undefined) return `the kernel's configuration does not fit: ${problem}`;
    return `it reads the kernel's configuration (${problem.slice(0, problem.indexOf(':'))}): give its text with --kconfig`;
  };
}

/** Where in `.kconfig` a program reads. */
function valueOffsets(program: BpfProgram, object: BpfObject): readonly number[] {
  const offsets = callClosure([program], object.functions).flatMap(({ instructions }) =>
    instructions.flatMap(({ ref }) =>
      ref?.kind === 'map-value' && ref.name === '.kconfig' ? [ref.offset] : [],
    ),
  );
  return [...new Set(offsets)];
}

/** Contexts of tracepoints have types too, and are the only ones of the kernel whose bytes are there. */
const CONTEXT = /^(trace_event_raw_|trace_entry$|bpf_|__sk_buff$|pt_regs$|user_pt_regs$)/;

/** A type of the kernel whose fields a function reads; `direct`: without a helper, which stops where memory is missing. */
interface KernelRead {
  readonly type: string;
  readonly direct: boolean;
}

/** By function, of the object before it was relocated. */
function kernelReads(
  object: BpfObject,
  relocations: readonly AppliedRelocation[],
): ReadonlyMap<string, readonly KernelRead[]> {
  const functions = new Map([...object.programs, ...object.functions].map((one) => [one.name, one]));
  const reads = new Map<string, KernelRead[]>();
  for (const { function: name, instruction, relocation } of relocations) {
    if (relocation.kind !== 'field_byte_offset') continue;
    const type = essentialName(object.btf?.nameOf(relocation.type) ?? '');
    if (type === '' || CONTEXT.test(type)) continue;
    const direct = functions.get(name)?.instructions[instruction]?.op.startsWith('ldx') === true;
    const same = reads.get(name) ?? [];
    reads.set(name, same);
    if (!same.some((one) => one.type === type && one.direct === direct)) same.push({ type, direct });
  }
  return reads;
}

function typesRead(
  program: BpfProgram,
  object: BpfObject,
  reads: ReadonlyMap<string, readonly KernelRead[]>,
  onlyDirect = false,
): readonly string[] {
  if (reads.size === 0) return [];
  const found = [...functionsOf(program, object)].flatMap((name) => reads.get(name) ?? []);
  return [...new Set(found.filter(({ direct }) => direct || !onlyDirect).map(({ type }) => type))];
}

/** Programs with typed pointers read without a helper; elsewhere such reads are of structures on the program's own stack. */
function memoryReason(
  object: BpfObject,
  reads: ReadonlyMap<string, readonly KernelRead[]>,
  kernel: KernelInfo,
): Reason {
  return (program) => {
    if (program.type !== 'tracing' && program.type !== 'lsm') return undefined;
    const types = typesRead(program, object, reads, true);
    return types.length === 0 ? undefined : `it reads ${memoryText(types, kernel)}`;
  };
}

function memoryText(types: readonly string[], kernel: KernelInfo): string {
  return `${types.join(', ')} in kernel memory, which ${kernel.name} does not have`;
}

function functionsOf(program: BpfProgram, object: BpfObject): ReadonlySet<string> {
  return new Set(callClosure([program], object.functions).map(({ name }) => name));
}
