/** What a program or subprogram is, calls and depends on. */
import type { Btf } from '../../bpf/btf/btf.ts';
import { typeName } from '../../bpf/btf/type-name.ts';
import type { CoreRelocation } from '../../bpf/core/relocation.ts';
import { describeSpec, parseAccess } from '../../bpf/core/spec.ts';
import { LineTable } from '../../bpf/elf/write/line-table.ts';
import { CallKind, slotIndexes } from '../../bpf/fields.ts';
import { helperById } from '../../bpf/helpers/index.ts';
import type { Instruction } from '../../bpf/instruction.ts';
import type { BpfFunction, BpfObject, BpfProgram } from '../../bpf/object.ts';
import { pointText } from './attach-text.ts';
import type {
  CoreDescription,
  FunctionDescription,
  ProgramDescription,
  RelocationDescription,
} from './description.ts';

/** Relocations of a function as the file has them, by its name. */
export type RelocationsOf = (name: string) => readonly RelocationDescription[];

export function describeProgram(
  program: BpfProgram,
  object: BpfObject,
  relocations: RelocationsOf,
): ProgramDescription {
  return {
    ...describeFunction(program, object, relocations),
    section: program.section,
    type: program.type,
    attach: program.attach.map(pointText),
    loadedByDefault: program.autoload !== false,
    sleepable: program.sleepable === true,
  };
}

export function describeFunction(
  code: BpfFunction,
  object: BpfObject,
  relocations: RelocationsOf,
): FunctionDescription {
  const { instructions } = code;
  const slots = slotIndexes(instructions);
  const { btf } = object;
  const source = sourceOf(instructions, object);
  return {
    name: code.name,
    linkage: code.linkage ?? 'static',
    weak: code.weak === true,
    instructions: instructions.length,
    slots: slots.at(-1)!,
    ...(btf !== undefined && code.btfId !== undefined && { prototype: prototypeOf(btf, code.btfId) }),
    calls: references(instructions, 'function'),
    helpers: helpersOf(instructions),
    kernelFunctions: references(instructions, 'kfunc'),
    relocations: relocations(code.name),
    core: instructions.flatMap(({ core }, index) =>
      core === undefined ? [] : [describeCore(core, slots[index]!, btf)],
    ),
    ...(source !== undefined && { source }),
  };
}

function prototypeOf(btf: Btf, id: number): string {
  const type = btf.type(id);
  return type.kind === 'func' ? typeName(btf, type.type, type.name) : '';
}

function references(instructions: readonly Instruction[], kind: 'function' | 'kfunc'): readonly string[] {
  return unique(instructions.flatMap(({ ref }) => (ref?.kind === kind ? [ref.name] : [])));
}

function helpersOf(instructions: readonly Instruction[]): readonly string[] {
  const calls = instructions.filter(
    ({ op, src, ref }) => op === 'call' && src === CallKind.helper && ref === undefined,
  );
  return unique(calls.map(({ imm }) => helperById(imm)?.name ?? `#${imm}`));
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)];
}

function describeCore(core: CoreRelocation, slot: number, btf: Btf | undefined): CoreDescription {
  return { slot, kind: core.kind, access: coreText(core, btf) };
}

/** A stranger's relocation may name what is not there: it is shown as it stands. */
export function coreText(core: CoreRelocation, btf: Btf | undefined): string {
  const plain = `type ${core.type} (${core.access})`;
  if (btf === undefined || core.type >= btf.end) return plain;
  try {
    return describeSpec(parseAccess(btf, core));
  } catch {
    return plain;
  }
}

function sourceOf(
  instructions: readonly Instruction[],
  { sources }: BpfObject,
): FunctionDescription['source'] {
  const first = instructions.find(({ span }) => span !== undefined)?.span;
  if (first === undefined) return undefined;
  const source = sources[first.source]!;
  const starts = new Set(
    instructions.flatMap(({ span }) => (span?.source === first.source ? [span.start] : [])),
  );
  const table = new LineTable(source);
  let firstLine = Number.POSITIVE_INFINITY;
  let lastLine = 0;
  for (const start of starts) {
    const { line } = table.at({ source: 0, start, end: start + 1 });
    // Line 0: code that the compiler made for no line.
    if (line === 0) continue;
    firstLine = Math.min(firstLine, line);
    lastLine = Math.max(lastLine, line);
  }
  return lastLine === 0 ? undefined : { file: source.name, firstLine, lastLine };
}
