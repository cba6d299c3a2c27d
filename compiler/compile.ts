/**
 * The pipeline from `.bt` text to a `BpfObject`: parse, resolve, check, lower, optimise, generate. Never throws: mistakes
 * of the author are diagnostics, our own become one.
 */

import type { AttachPoint } from '../bpf/attach-point.ts';
import { type Diagnostic, DiagnosticList, type DiagnosticSink } from '../bpf/diagnostic.ts';
import type { KernelInfo } from '../bpf/kernel-info.ts';
import type { BpfObject, BpfProgram } from '../bpf/object.ts';
import { supports, type TargetProfile } from '../bpf/profiles/index.ts';
import type { ProgramTypeName } from '../bpf/programs.ts';
import type { Source } from '../bpf/span.ts';
import { checkProgram } from './check/check.ts';
import type { Model, Unit } from './check/model.ts';
import { makeUnits } from './check/units.ts';
import { generate } from './codegen/generate.ts';
import {
  codeTooLarge,
  internalError,
  noProbes,
  notSupportedYet,
  tooManyProbes,
} from './diagnostics/messages.gen.ts';
import { InternalCompilerError } from './fault.ts';
import type { IrModule } from './ir/ir.ts';
import { type Lowered, lowerProgram } from './lower/lower.ts';
import { LOST_MAP, OUTPUT_MAP, START_MAP } from './lower/module.ts';
import { optimise } from './optimise/index.ts';
import { type ResolvedPoint, resolveAttachPoint } from './resolve/attach.ts';
import { resolveConfig, type Settings } from './resolve/config.ts';
import type { ScriptInfo } from './script-info.ts';
import type { Script } from './syntax/ast.ts';
import { parseScript } from './syntax/parse.ts';

export interface CompileOptions {
  readonly source: Source;
  readonly target: TargetProfile;
  readonly kernel: KernelInfo;
  /** `$1`, `$2`, … */
  readonly params?: readonly string[];
  /** The environment; only `BPFTRACE_*` matters. */
  readonly env?: Readonly<Record<string, string>>;
  /** Functions that change the traced machine are allowed. */
  readonly unsafe?: boolean;
  /** The `-p` filter. */
  readonly pid?: number;
}

export interface CompileStages {
  readonly script?: Script;
  /** As lowered. */
  readonly ir?: IrModule;
  /** What code is generated from. */
  readonly optimised?: IrModule;
}

export interface CompileResult {
  readonly ok: boolean;
  readonly object?: BpfObject;
  readonly info?: ScriptInfo;
  readonly diagnostics: readonly Diagnostic[];
  readonly sources: readonly Source[];
  readonly stages: CompileStages;
}

/** Compiles one script. Diagnostics come in the order of passes, without duplicates. */
export function compile(options: CompileOptions): CompileResult {
  const sink = new UniqueDiagnostics();
  const sources = [options.source];
  const stages: { -readonly [K in keyof CompileStages]: CompileStages[K] } = {};
  try {
    const made = runPasses(options, sink, stages);
    return { ok: made !== undefined && !sink.hasErrors, ...made, diagnostics: sink.items, sources, stages };
  } catch (error) {
    const span = error instanceof InternalCompilerError ? error.span : undefined;
    sink.report(internalError(span, { detail: error instanceof Error ? error.message : String(error) }));
    return { ok: false, diagnostics: sink.items, sources, stages };
  }
}

/** One body serves many points: what is said of each is said once. */
class UniqueDiagnostics extends DiagnosticList implements DiagnosticSink {
  private readonly seen: Set<string> = new Set();

  override report(diagnostic: Diagnostic): void {
    const { code, span, message } = diagnostic;
    const key = `${code}:${span?.source}:${span?.start}:${span?.end}:${message}`;
    if (this.seen.has(key)) return;
    this.seen.add(key);
    super.report(diagnostic);
  }
}

function runPasses(
  options: CompileOptions,
  sink: UniqueDiagnostics,
  stages: { -readonly [K in keyof CompileStages]: CompileStages[K] },
): { readonly object: BpfObject; readonly info: ScriptInfo } | undefined {
  const script = parseScript(options.source, 0, sink, { params: options.params ?? [] });
  stages.script = script;
  if (sink.hasErrors) return undefined;
  const model = resolve(options, script, sink);
  checkProgram(model, script);
  if (sink.hasErrors) return undefined;
  const lowered = lowerProgram(model, featuresOf(options.target), options.pid);
  stages.ir = lowered.ir;
  const optimised = optimise(lowered.ir);
  stages.optimised = optimised;
  const generated = generate(optimised, { profile: options.target });
  if (!generated.ok) {
    const bytes = Math.max(...generated.functions.map(({ stackBytes }) => stackBytes));
    sink.report(codeTooLarge(model.units[0]?.probe.span, { bytes }));
    return undefined;
  }
  return assemble(options, model, lowered, generated.functions);
}

function resolve(options: CompileOptions, script: Script, sink: DiagnosticSink): Model {
  const settings = resolveConfig(script.config, options.env ?? {}, sink);
  rejectUnsupported(script, sink);
  if (!script.items.some(({ kind }) => kind === 'probe')) sink.report(noProbes(undefined));
  const units: Unit[] = [];
  let count = 0;
  for (const probe of script.items) {
    if (probe.kind !== 'probe') continue;
    const points: ResolvedPoint[] = probe.attachPoints.flatMap((syntax) =>
      resolveAttachPoint(syntax, { kernel: options.kernel, settings, sink }),
    );
    count += points.length;
    if (points.length > 0 && count <= settings.maxProbes)
      units.push(...makeUnits(probe, points, units.length));
  }
  if (count > settings.maxProbes) sink.report(tooManyProbes(undefined, { count, limit: settings.maxProbes }));
  const { kernel, params = [], unsafe = false } = options;
  return { kernel, settings, params, unsafe, maps: new Map(), units, sink };
}

function rejectUnsupported(script: Script, sink: DiagnosticSink): void {
  for (const { span } of script.preamble) sink.report(notSupportedYet(span, { what: 'C definitions' }));
  for (const { span } of script.imports) sink.report(notSupportedYet(span, { what: 'imports' }));
  for (const item of script.items) {
    if (item.kind === 'macro') sink.report(notSupportedYet(item.name.span, { what: 'macros' }));
    if (item.kind === 'function') sink.report(notSupportedYet(item.name.span, { what: 'functions' }));
  }
}

function featuresOf(target: TargetProfile): Parameters<typeof lowerProgram>[1] {
  return {
    ringbuf: supports(target, 'ringbuf'),
    bootClock: supports(target, 'ktime_boot'),
    taiClock: true,
    perCpuLookup: true,
    splitReads: supports(target, 'probe_read_kernel'),
  };
}

type Functions = (ReturnType<typeof generate> & { ok: true })['functions'];

function assemble(
  options: CompileOptions,
  { units, settings }: Model,
  { module, programs, maps, scriptMaps }: Lowered,
  functions: Functions,
): { readonly object: BpfObject; readonly info: ScriptInfo } {
  const byName = new Map(functions.map(({ name, instructions }) => [name, { name, instructions }]));
  const entries = units.map((unit): BpfProgram => {
    const name = programs.get(unit)!;
    const attach = unit.points.map(({ point }) => point);
    return { ...byName.get(name)!, ...programKind(attach[0]!), attach };
  });
  for (const { name } of entries) byName.delete(name);
  const object: BpfObject = {
    name: options.source.name,
    endian: 'little',
    license: settings.license,
    programs: entries,
    functions: [...byName.values()],
    maps,
    data: new Map(),
    sources: [options.source],
  };
  const ringbuf = maps.some(({ type }) => type === 'ringbuf');
  const info: ScriptInfo = {
    output: { map: OUTPUT_MAP, kind: ringbuf ? 'ringbuf' : 'perf_event_array' },
    lostCounter: LOST_MAP,
    actions: module.actions,
    maps: scriptMaps,
    startValues: module.usesStart ? [{ kind: 'start-ns', map: START_MAP, offset: 0 }] : [],
    config: configOf(settings),
  };
  return { object, info };
}

function configOf(settings: Settings): ScriptInfo['config'] {
  const { printMapsOnExit, strTruncTrailer, maxCatBytes, missingProbes, outputPages } = settings;
  return { printMapsOnExit, strTruncTrailer, maxCatBytes, missingProbes, outputPages };
}

/** Program type and ELF section by libbpf's naming. Begin and end run as raw tracepoint programs, by test-run. */
function programKind(point: AttachPoint): { readonly type: ProgramTypeName; readonly section: string } {
  switch (point.kind) {
    case 'tracepoint':
      return { type: 'tracepoint', section: `tracepoint/${point.system}/${point.event}` };
    case 'rawtracepoint':
      return { type: 'raw_tracepoint', section: `raw_tracepoint/${point.event}` };
    case 'begin':
    case 'end':
      return { type: 'raw_tracepoint', section: `raw_tracepoint/${point.kind}` };
    default:
      return { type: 'perf_event', section: 'perf_event' };
  }
}
