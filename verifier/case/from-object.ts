/**
 * An object's programs as cases: linked, relocated for a kernel, maps and names told by slot, as libbpf hands them to
 * `BPF_PROG_LOAD`. Programs that cannot be handed over are told with the reason.
 */
import type { Btf } from '../../bpf/btf/btf.ts';
import { callClosure } from '../../bpf/call-graph.ts';
import { CoreTarget, type KernelTypes, needsCore, relocateCore } from '../../bpf/core/index.ts';
import { resolveKconfig, withKconfig } from '../../bpf/elf/object/kconfig.ts';
import { LineTable } from '../../bpf/elf/write/line-table.ts';
import { encodeInstructions, type Hole } from '../../bpf/encode.ts';
import { CallKind, slotIndexes, WideKind } from '../../bpf/fields.ts';
import type { Instruction } from '../../bpf/instruction.ts';
import { linkProgram } from '../../bpf/link.ts';
import { MapFlags, type MapSpec, mapType } from '../../bpf/maps.ts';
import type { BpfObject, BpfProgram } from '../../bpf/object.ts';
import { formatProblem } from '../../bpf/problem.ts';
import { missingType, parseSection, type Section } from '../../bpf/sections.ts';
import type { VerifierInput } from '../input.ts';
import { type AttachBtf, type Case, type CaseMap, ProgramFlags } from './case.ts';
import { functionTypes } from './function-types.ts';
import { ObjectTypes, takesTypes } from './object-types.ts';

export interface ObjectCaseOptions {
  /** Types of the kernel it is for; without them an object that needs them has no cases. */
  readonly types?: Btf | KernelTypes | CoreTarget;
  /** The kernel's configuration as text, for objects that ask for it; absent: all values are 0. */
  readonly configuration?: string;
}

export interface ObjectCase {
  /** The program's. */
  readonly name: string;
  readonly section: string;
  /** Absent when it cannot be loaded; `problem` says why. */
  readonly case?: Case;
  readonly problem?: string;
  /** Lines of the sources by slot, for explanations (`explainRefusal`). */
  readonly lines: NonNullable<VerifierInput['lines']>;
}

/** In the order of the object; programs that ask not to be loaded are left out. Never throws. */
export function objectCases(object: BpfObject, options: ObjectCaseOptions = {}): readonly ObjectCase[] {
  const wanted = { ...object, programs: object.programs.filter(({ autoload }) => autoload !== false) };
  const { data } = resolveKconfig(wanted, options.configuration ?? '', {});
  const configured = withKconfig(wanted, data);
  // Before relocation, which takes the names of types out of the instructions.
  const context = { options, types: new ObjectTypes(configured) };
  if (!needsCore(configured)) {
    return configured.programs.map((one) => objectCase(one, configured, undefined, context));
  }
  if (options.types === undefined) {
    const problem = 'it has CO-RE relocations, and no types of the kernel are known';
    return configured.programs.map(({ name, section }) => ({ name, section, problem, lines: [] }));
  }
  const { object: relocated, problems } = relocateCore(configured, options.types);
  return relocated.programs.map((one) => {
    const own = new Set(callClosure([one], relocated.functions).map(({ name }) => name));
    const wrong = problems.find((problem) => problem.severity === 'error' && own.has(problem.function));
    return objectCase(one, relocated, wrong?.message, context);
  });
}

interface Context {
  readonly options: ObjectCaseOptions;
  readonly types: ObjectTypes;
}

function objectCase(
  program: BpfProgram,
  object: BpfObject,
  coreProblem: string | undefined,
  { options, types }: Context,
): ObjectCase {
  const { name, section } = program;
  const linked = linkProgram(program, object.functions);
  const lines = linesOf(linked.instructions, object);
  const encoded = encodeInstructions(linked.instructions, { keepReserved: true });
  const [wrong] = [...linked.problems, ...encoded.problems];
  const problem =
    coreProblem ?? missingType(program) ?? unsupportedType(program) ?? (wrong && formatProblem(wrong));
  if (problem !== undefined || program.type === 'unspec') {
    return { name, section, problem: problem ?? 'it has no program type', lines };
  }
  const holes = fillHoles(encoded.bytes, encoded.holes, object, {
    own: types,
    kernel: kernelTypes(options.types),
  });
  const place = parseSection(section);
  const attachBtf = attachTarget(place);
  const one: Case = {
    id: `${object.name}/${name}`,
    programType: program.type,
    ...(place?.rule.attachType == null || place.rule.type !== program.type
      ? {}
      : { attachType: place.rule.attachType }),
    ...(attachBtf === undefined ? {} : { attachBtf }),
    flags: flagsOf(program),
    license: object.license,
    insns: encoded.bytes,
    ...holes,
    ...functionTypes(linked.functions, [program, ...object.functions], types),
    runs: [],
  };
  return { name, section, case: one, lines };
}

/** One entry where the line changes. */
function linesOf(instructions: readonly Instruction[], { sources }: BpfObject): ObjectCase['lines'] {
  const tables = sources.map((source) => new LineTable(source));
  const slots = slotIndexes(instructions);
  const lines: ObjectCase['lines'][number][] = [];
  for (const [index, { span }] of instructions.entries()) {
    const line = span === undefined ? undefined : tables[span.source]?.at(span);
    const last = lines.at(-1);
    // Line 0: code that a compiler made for no line.
    if (line === undefined || line.line === 0) continue;
    if (last?.line === line.line && last.file === line.file) continue;
    lines.push({ slot: slots[index]!, ...line });
  }
  return lines;
}

function unsupportedType({ type }: BpfProgram): string | undefined {
  return type === 'struct_ops' || type === 'ext'
    ? `programs of type ${type} are loaded with what they replace, which the object does not tell`
    : undefined;
}

function kernelTypes(types: ObjectCaseOptions['types']): Btf | undefined {
  if (types === undefined || types instanceof CoreTarget) return undefined;
  return 'kernel' in types ? types.kernel : types;
}

type Uses = Pick<Case, 'maps' | 'mapUses' | 'kfuncs' | 'ksyms'>;

/** Maps are told in the order of their first use. */
function fillHoles(
  bytes: Uint8Array,
  holes: readonly Hole[],
  object: BpfObject,
  types: { readonly own: ObjectTypes; readonly kernel: Btf | undefined },
): Uses {
  const names: string[] = [];
  const uses = { mapUses: [], kfuncs: [], ksyms: [] } as {
    readonly mapUses: Case['mapUses'][number][];
    readonly kfuncs: Case['kfuncs'][number][];
    readonly ksyms: Case['ksyms'][number][];
  };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const externs = new Map((object.externs ?? []).map((one) => [one.name, one]));
  const isMissing = (name: string): boolean =>
    externs.get(name)?.weak === true && types.kernel !== undefined && types.kernel.find(name) === undefined;
  for (const { slot, ref } of holes) {
    if (ref.kind === 'map' || ref.kind === 'map-value') {
      if (!names.includes(ref.name)) names.push(ref.name);
      uses.mapUses.push({ slot, map: names.indexOf(ref.name) });
      if (ref.kind === 'map-value') view.setInt32(slot * 8 + 12, ref.offset, true);
    } else if (ref.kind === 'kfunc') {
      if (isMissing(ref.name)) missingCall(view, slot);
      else uses.kfuncs.push({ slot, name: ref.name });
    } else if (ref.kind === 'ksym') {
      const extern = externs.get(ref.name);
      const isTyped = extern?.kind === 'ksym' && extern.type !== undefined;
      if (isMissing(ref.name)) setSource(view, slot, WideKind.value);
      else uses.ksyms.push({ slot, name: ref.name, kind: isTyped ? 'btf' : 'address' });
    }
  }
  return { maps: names.map((name) => caseMap(name, object, types.own)), ...uses };
}

/** The helper of a call of a weak function that is not there (libbpf's POISON_CALL_KFUNC_BASE); no kernel has it. */
const MISSING_FUNCTION = 2_002_000_000;

function missingCall(view: DataView, slot: number): void {
  setSource(view, slot, CallKind.helper);
  view.setInt32(slot * 8 + 4, MISSING_FUNCTION, true);
}

function setSource(view: DataView, slot: number, source: number): void {
  view.setUint8(slot * 8 + 1, (view.getUint8(slot * 8 + 1) & 15) | (source << 4));
}

function caseMap(name: string, object: BpfObject, types: ObjectTypes): CaseMap {
  const definition = object.maps.find((one) => one.name === name)!;
  const data = object.data.get(name);
  const isFrozen =
    /^\.(?:rodata|kconfig)/.test(name) ||
    (data !== undefined && (definition.flags & MapFlags.RDONLY_PROG) !== 0);
  return {
    ...mapSpec(definition, name, types),
    name,
    ...(data === undefined ? {} : { data }),
    ...(isFrozen ? { frozen: true } : {}),
  };
}

/** With the types of key and value where the kernel takes them. */
function mapSpec(spec: MapSpec, name: string, types: ObjectTypes): CaseMap {
  const { type, keySize, valueSize, flags, mapExtra, numaNode, btf, inner } = spec;
  const maxEntries = mapType(type).entries === 'cpus' && spec.maxEntries === 0 ? 1 : spec.maxEntries;
  const cut = btf === undefined || !takesTypes(name, type) ? undefined : types.cut([btf.key, btf.value]);
  return {
    type,
    keySize,
    valueSize,
    maxEntries,
    flags,
    ...(mapExtra === undefined ? {} : { mapExtra }),
    ...(numaNode === undefined ? {} : { numaNode }),
    ...(cut === undefined || btf === undefined
      ? {}
      : { types: cut.bytes, btf: { key: cut.idOf(btf.key), value: cut.idOf(btf.value) } }),
    ...(inner === undefined ? {} : { inner: mapSpec(inner, '', types) }),
  };
}

function flagsOf(program: BpfProgram): number {
  const frags = /^\??xdp\.frags/.test(program.section) ? ProgramFlags.XDP_HAS_FRAGS : 0;
  return frags | (program.sleepable === true ? ProgramFlags.SLEEPABLE : 0);
}

/** `libbpf_find_attach_btf_id`: what the kernel's types call it. */
function attachTarget(place: Section | undefined): AttachBtf | undefined {
  if (place === undefined || place.target === '') return undefined;
  const { type, attachType } = place.rule;
  const [last = '', module] = place.target.split(':').reverse();
  const inModule = module === undefined ? {} : { module };
  if (type === 'lsm') return { name: `bpf_lsm_${last}`, kind: 'func', ...inModule };
  if (type !== 'tracing') return undefined;
  if (attachType === 'trace_raw_tp') return { name: `btf_trace_${last}`, kind: 'typedef', ...inModule };
  if (attachType === 'trace_iter') return { name: `bpf_iter_${last}`, kind: 'func', ...inModule };
  return { name: last, kind: 'func', ...inModule };
}
