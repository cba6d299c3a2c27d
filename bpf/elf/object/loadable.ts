/**
 * From an object to one that a machine without a kernel around it takes: the programs that are wanted, with configuration
 * values filled in and weak kernel symbols missing, as libbpf loads them where the kernel has none.
 */
import { callClosure } from '../../call-graph.ts';
import { CallKind, WideKind } from '../../fields.ts';
import type { Instruction } from '../../instruction.ts';
import type { BpfFunction, BpfObject, BpfProgram } from '../../object.ts';
import { type KconfigOptions, resolveKconfig, withKconfig } from './kconfig.ts';

export interface LoadableOptions {
  /** Names of programs; all that are loaded by default when absent. */
  readonly programs?: readonly string[];
  /** The kernel's configuration, for objects that ask for it. */
  readonly kconfig?: KconfigOptions & { readonly text: string };
  /** Kernel functions that there are; none when absent. */
  readonly hasKfunc?: (name: string) => boolean;
}

export interface LoadableResult {
  readonly object: BpfObject;
  /** What would not be found when loading; one line each, empty when it can be loaded. */
  readonly problems: readonly string[];
}

export function loadable(object: BpfObject, options: LoadableOptions = {}): LoadableResult {
  const problems: string[] = [];
  const weak = new Set((object.externs ?? []).filter((one) => one.weak).map(({ name }) => name));
  const programs = wantedPrograms(object, options.programs, problems);
  const used = new Set(callClosure(programs, object.functions));
  const functions = object.functions.filter((one) => used.has(one));
  const isKfunc = new Set((object.externs ?? []).flatMap((one) => (one.kind === 'kfunc' ? [one.name] : [])));
  // The address of a function is asked for by those who want to know whether it is there.
  const isProvided = ({ ref }: Instruction): boolean =>
    (ref?.kind === 'kfunc' || (ref?.kind === 'ksym' && isKfunc.has(ref.name))) &&
    options.hasKfunc?.(ref.name) === true;
  const link = <T extends BpfFunction>(one: T): T => ({
    ...one,
    instructions: one.instructions.map((instruction) =>
      isProvided(instruction) ? instruction : resolve(one.name, instruction, weak, problems),
    ),
  });
  const { text = '', ...values } = options.kconfig ?? {};
  const kconfig = resolveKconfig(object, text, values);
  if (options.kconfig === undefined && kconfig.problems.length > 0) {
    problems.push('.kconfig: no configuration of a kernel is given');
  } else {
    for (const problem of kconfig.problems) problems.push(problem);
  }
  const linked = { ...object, programs: programs.map(link), functions: functions.map(link) };
  return { object: withKconfig(linked, kconfig.data), problems };
}

function wantedPrograms(
  { programs }: BpfObject,
  names: readonly string[] | undefined,
  problems: string[],
): readonly BpfProgram[] {
  if (names === undefined) return programs.filter(({ autoload }) => autoload !== false);
  for (const name of names) {
    if (!programs.some((one) => one.name === name)) problems.push(`there is no program ${name}`);
  }
  return programs.filter(({ name }) => names.includes(name));
}

/** The helper of a call of a function that is not there (libbpf's POISON_CALL_KFUNC_BASE). No kernel has it. */
const MISSING_FUNCTION = 2_002_000_000;

function resolve(
  owner: string,
  instruction: Instruction,
  weak: ReadonlySet<string>,
  problems: string[],
): Instruction {
  const { ref, ...rest } = instruction;
  if (ref?.kind !== 'ksym' && ref?.kind !== 'kfunc') return instruction;
  if (weak.has(ref.name)) {
    // The address of what is not there is 0; a call of it is behind a check of that address.
    return ref.kind === 'ksym'
      ? { ...rest, src: WideKind.value }
      : { ...rest, src: CallKind.helper, imm: MISSING_FUNCTION };
  }
  const what = ref.kind === 'ksym' ? 'variable' : 'function';
  problems.push(`${owner} needs the kernel's ${what} ${ref.name}`);
  return instruction;
}
