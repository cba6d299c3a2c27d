/**
 * The pipeline from `.bt` text to a `BpfObject`: parse, resolve, check, lower, optimise, generate. Never throws: mistakes
 * of the author are diagnostics, our own become one.
 */

import type { Diagnostic, DiagnosticSink } from '../bpf/diagnostic.ts';
import type { EventField } from '../bpf/event-format.ts';
import type { BpfObject, BpfProgram, Extern } from '../bpf/object.ts';
import { supports, type TargetProfile } from '../bpf/profiles/index.ts';
import type { Source } from '../bpf/span.ts';
import { type AnalyseOptions, type Analysis, analyse } from './analyse.ts';
import { findArgument, readable } from './check/args.ts';
import type { Model, Subprogram, Unit } from './check/model.ts';
import { usesOf } from './check/units.ts';
import { checkTarget } from './check-target.ts';
import { deepCalls, MOST_FRAMES } from './codegen/call-depth.ts';
import { generate } from './codegen/generate.ts';
import type { StackProblem } from './codegen/stack-depth.ts';
import { callsTooDeep, codeTooLarge, codeTooLong, internalError } from './diagnostics/messages.gen.ts';
import { CodeLimitError, InternalCompilerError } from './fault.ts';
import type { IrModule } from './ir/ir.ts';
import { OPTIONS_MAP, optionLayout } from './library/options.ts';
import type { FunctionShape } from './lower/function-shape.ts';
import { type Lowered, lowerProgram } from './lower/lower.ts';
import { LOST_MAP, OUTPUT_MAP, START_MAP, type TargetFeatures } from './lower/module.ts';
import { localiseRelocations } from './object/kernel-accesses.ts';
import type { UsedField } from './object/script-data.ts';
import type { FunctionTypes, ScriptOrigin } from './object/script-object.ts';
import { optimise } from './optimise/index.ts';
import { isOrderInsensitive } from './order.ts';
import { programKind } from './program-kind.ts';
import type { Settings } from './resolve/config.ts';
import type { ScriptInfo } from './script-info.ts';
import { SourceList } from './sources.ts';
import type { Script } from './syntax/ast.ts';
import { UniqueDiagnostics } from './unique-diagnostics.ts';

/** `mockSymbols` is for `check`: what is not known cannot be compiled. */
export type CompileOptions = Omit<AnalyseOptions, 'mockSymbols'>;

export interface CompileStages {
  readonly script?: Script;
  /** As lowered. */
  readonly ir?: IrModule;
  /** What code is generated from. */
  readonly optimised?: IrModule;
}

export interface CompileResult {
  readonly ok: boolean;
  /** With types of what relocations name alone; those that nothing but an object file needs `writeScriptFile` adds. */
  readonly object?: BpfObject;
  readonly info?: ScriptInfo;
  /** What an object file of the script must keep besides. */
  readonly origin?: ScriptOrigin;
  readonly diagnostics: readonly Diagnostic[];
  readonly sources: readonly Source[];
  readonly stages: CompileStages;
}

/** Compiles one script. Diagnostics come in the order of passes, without duplicates. */
export function compile(options: CompileOptions): CompileResult {
  const sink = new UniqueDiagnostics();
  const sourceList = new SourceList(options.source);
  const sources = sourceList.list;
  const stages: { -readonly [K in keyof CompileStages]: CompileStages[K] } = {};
  try {
    const analysis = analyse(options, sourceList, sink);
    stages.script = analysis.script;
    const made = sink.hasErrors ? undefined : generateScript(options, analysis, sink, stages);
    return { ok: made !== undefined && !sink.hasErrors, ...made, diagnostics: sink.items, sources, stages };
  } catch (error) {
    sink.report(problemOf(error));
    return { ok: false, diagnostics: sink.items, sources, stages };
  }
}

/** What the compiler could not go on from. */
export function problemOf(error: unknown): Diagnostic {
  if (error instanceof CodeLimitError) return codeTooLong(error.span, { limit: error.limit });
  const span = error instanceof InternalCompilerError ? error.span : undefined;
  return internalError(span, { detail: error instanceof Error ? error.message : String(error) });
}

export interface Assembled {
  readonly object: BpfObject;
  readonly info: ScriptInfo;
  readonly origin: ScriptOrigin;
}

/** The half behind the checker; undefined, and reported, when a program cannot be as large as this one is. */
export function generateScript(
  options: CompileOptions,
  { model, sources }: Analysis,
  sink: UniqueDiagnostics,
  stages: { -readonly [K in keyof CompileStages]: CompileStages[K] },
): Assembled | undefined {
  const made = generateWithin(options, model, sink, stages);
  if (made === undefined) return undefined;
  const { target } = options;
  const spans = new Map(model.units.map((unit) => [made.lowered.programs.get(unit), unit.probe.span]));
  const assembled = assemble(options, model, sources, made);
  checkTarget(assembled.object, target, ({ name }) => spans.get(name), sink);
  return sink.hasErrors ? undefined : assembled;
}

/** Shares of the stack that lowering may give to what could also be in scratch memory: tried in order. */
const STACK_SHARES = [1, 0.4, 0] as const;

function generateWithin(
  options: CompileOptions,
  model: Model,
  sink: UniqueDiagnostics,
  stages: { -readonly [K in keyof CompileStages]: CompileStages[K] },
): { readonly lowered: Lowered; readonly functions: Functions } | undefined {
  for (const share of STACK_SHARES) {
    const lowered = lowerProgram(model, { ...featuresOf(options.target), stackShare: share }, options.pid);
    stages.ir = lowered.ir;
    stages.optimised = optimise(lowered.ir, { level: options.target.level });
    const generated = generate(stages.optimised, { profile: options.target });
    if (reportDepth(model, lowered, sink)) return undefined;
    if (generated.ok) return { lowered, functions: generated.functions };
    if (share === STACK_SHARES.at(-1)) reportStack(model, lowered, generated.problems, sink);
  }
  return undefined;
}

function reportStack(
  model: Model,
  { programs }: Lowered,
  problems: readonly StackProblem[],
  sink: DiagnosticSink,
): void {
  for (const { function: name, bytes, limit, largest, chain } of problems) {
    const unit = model.units.find((one) => programs.get(one) === name);
    const hints = [
      `largest: ${largest.map((slot) => `${slot.name} ${slot.size} bytes`).join(', ')}`,
      ...(chain.length > 1
        ? [`${chain.length - 1} loops and functions inside one another have a frame each`]
        : []),
    ];
    const probe = unit?.points[0]?.name ?? name;
    sink.report(codeTooLarge(unit?.probe.span, { probe, bytes, limit }, { hints }));
  }
}

function reportDepth(model: Model, { ir, programs }: Lowered, sink: DiagnosticSink): boolean {
  const chains = deepCalls(ir);
  for (const chain of chains) {
    const unit = model.units.find((one) => programs.get(one) === chain[0]);
    const depth = chain.length;
    const names = chain.slice(1).join(' > ');
    sink.report(callsTooDeep(unit?.probe.span, { depth, limit: MOST_FRAMES, chain: names }));
  }
  return chains.length > 0;
}

function featuresOf(target: TargetProfile): Omit<TargetFeatures, 'stackShare'> {
  return {
    ringbuf: supports(target, 'ringbuf'),
    bootClock: supports(target, 'ktime_boot'),
    valueAddress: supports(target, 'map_value_address'),
    loops: supports(target, 'bounded_loops'),
    splitReads: supports(target, 'probe_read_kernel'),
  };
}

type Functions = (ReturnType<typeof generate> & { ok: true })['functions'];

function assemble(
  options: CompileOptions,
  model: Model,
  sources: readonly Source[],
  { lowered, functions }: { readonly lowered: Lowered; readonly functions: Functions },
): Assembled {
  const { module, programs, maps, scriptMaps } = lowered;
  const { units, settings } = model;
  const { functions: code, btf } = localiseRelocations(functions, module.relocations.list());
  const byName = new Map(code.map(({ name, instructions }) => [name, { name, instructions }]));
  const entries = units.map((unit): BpfProgram => {
    const name = programs.get(unit)!;
    const attach = unit.points.map(({ point }) => point);
    return { ...byName.get(name)!, ...programKind(unit.points, options.target), attach };
  });
  for (const { name } of entries) byName.delete(name);
  const object: BpfObject = {
    name: options.source.name,
    endian: 'little',
    license: settings.license,
    programs: entries,
    functions: [...byName.values()],
    maps,
    data: module.data,
    ...(module.symbols.size > 0 && { externs: [...module.symbols].map(kernelSymbol) }),
    sources,
    ...(btf && { btf }),
  };
  const ringbuf = maps.some(({ type }) => type === 'ringbuf');
  const info: ScriptInfo = {
    output: { map: OUTPUT_MAP, kind: ringbuf ? 'ringbuf' : 'perf_event_array' },
    lostCounter: LOST_MAP,
    actions: module.actions,
    maps: scriptMaps,
    startValues: [...module.startWords].map(([kind, offset]) => ({ kind, map: START_MAP, offset })),
    ...(module.internalMaps.has(OPTIONS_MAP) && { options: optionLayout(model.options) }),
    ...(module.stackMaps.size > 0 && { stackMaps: [...module.stackMaps.values()] }),
    ...(isOrderInsensitive(model) && { anyOrder: true }),
    config: configOf(settings),
  };
  return { object, info, origin: originOf(options, model, programs, module.shapes) };
}

/** Where the programs read the records of their points: one layout serves all points of a unit. */
function originOf(
  { kernel, target }: CompileOptions,
  { units, needs }: Model,
  programs: ReadonlyMap<Unit, string>,
  shapes: ReadonlyMap<Subprogram, FunctionShape>,
): ScriptOrigin {
  const fields = units.map((unit): readonly [string, readonly UsedField[]] => [
    programs.get(unit)!,
    usedFields(unit),
  ]);
  return {
    target: { release: target.release, kernel: kernel.name },
    fields: new Map(fields),
    needs,
    functions: new Map(
      [...shapes].map(([subprogram, shape]) => [shape.name, functionTypes(subprogram, shape)]),
    ),
  };
}

function functionTypes({ definition }: Subprogram, shape: FunctionShape): FunctionTypes {
  const { parameters, result, framed, context, scratch } = shape;
  const named = definition.parameters.map(({ name }, index) => ({
    name: name.name,
    type: parameters[index]!,
  }));
  return { parameters: named, result, framed, context, scratch: scratch > 0 };
}

/** Places of record fields are baked into the code. */
function usedFields(unit: Unit): readonly UsedField[] {
  const { fields, all } = usesOf(unit.probe);
  const used = all
    ? readable(unit.points[0]?.args?.named() ?? [])
    : [...fields].flatMap((name) => findArgument(unit, name) ?? []);
  return used.flatMap(({ place }) => (place.kind === 'record' ? usedField(place.field) : []));
}

function usedField({ name, offset, size, signed, kind, type }: EventField): UsedField {
  return { name, offset, size, signed, kind, type };
}

/** Without a type: found in the kernel's symbols when the program is loaded. */
function kernelSymbol(name: string): Extern {
  return { kind: 'ksym', name, weak: false };
}

function configOf(settings: Settings): ScriptInfo['config'] {
  const { printMapsOnExit, strTruncTrailer, maxCatBytes, missingProbes, outputPages } = settings;
  return { printMapsOnExit, strTruncTrailer, maxCatBytes, missingProbes, outputPages };
}
