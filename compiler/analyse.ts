/**
 * The front half of the pipeline: parse, resolve, check. A mistake does not end it: what can still be told apart from
 * what follows of the mistake is told too.
 */
import type { Diagnostic, DiagnosticList } from '../bpf/diagnostic.ts';
import { DiagnosticList as List } from '../bpf/diagnostic.ts';
import type { KernelInfo } from '../bpf/kernel-info.ts';
import type { TargetProfile } from '../bpf/profiles/index.ts';
import type { Source, Span } from '../bpf/span.ts';
import { type CDefinitions, readDefinitions } from './c/definitions.ts';
import { checkProgram } from './check/check.ts';
import type { Model, Subprogram, Unit } from './check/model.ts';
import { makeSubprogram, makeUnits } from './check/units.ts';
import {
  iterAlone,
  noProbes,
  tooManyProbes,
  tooManyPrograms,
  unstableFeature,
  unstableUse,
} from './diagnostics/messages.gen.ts';
import { expandScript } from './expand/expand-script.ts';
import { reportRedefinition } from './expand/script-macros.ts';
import type { ScriptFiles } from './files.ts';
import { type Imported, resolveImports } from './import/imports.ts';
import { type AttachContext, type ResolvedPoint, resolveAttachPoint } from './resolve/attach.ts';
import { resolveConfig, type Settings } from './resolve/config.ts';
import { type Need, needProblem } from './resolve/needs.ts';
import { unknownPoint } from './resolve/unknown-point.ts';
import type { SourceList } from './sources.ts';
import { STDLIB_PARTS, Stdlib, stdlibNames } from './stdlib/stdlib.ts';
import type { AttachPointSyntax, ImportStatement, Probe, Script } from './syntax/ast.ts';
import { parseScript } from './syntax/parse.ts';
import { type ScriptTypes, TypeTable } from './types/type-table.ts';

export interface AnalyseOptions {
  readonly source: Source;
  readonly target: TargetProfile;
  readonly kernel: KernelInfo;
  /** `$1`, `$2`, … */
  readonly params?: readonly string[];
  /** The environment; only `BPFTRACE_*` matters. */
  readonly env?: Readonly<Record<string, string>>;
  /** Functions that change the traced machine are allowed. */
  readonly unsafe?: boolean;
  /** `-k`: failed reads and missing keys are warned of when the script runs. */
  readonly warnReads?: boolean;
  /** The `-p` filter. */
  readonly pid?: number;
  /** What a script names of the traced machine is there, whether or not `kernel` has it; types of it are unknown. */
  readonly mockSymbols?: boolean;
  /** Files that the script names: without, it can name none. */
  readonly files?: ScriptFiles;
  /** `-I`: folders for headers. */
  readonly includeFolders?: readonly string[];
  /** `--include`: headers read before the script. */
  readonly includeFiles?: readonly string[];
}

export interface Analysis {
  /** Without what it imports. */
  readonly script: Script;
  /** The script's text first, then those it includes and imports. */
  readonly sources: readonly Source[];
  readonly model: Model;
}

/** Types are known, and the model fit for lowering, when nothing reported to `sink` is an error. */
export function analyse(options: AnalyseOptions, sources: SourceList, sink: DiagnosticList): Analysis {
  const syntax = new List();
  const script = parseScript(options.source, 0, syntax, { params: options.params ?? [] });
  const settings = resolveConfig(script.config, options.env ?? {}, sink);
  const before = syntax.items.length;
  const whole = importAll(script, settings, options, sources, syntax);
  const importsFailed = syntax.items.slice(before).some(({ severity }) => severity === 'error');
  for (const item of syntax.items) sink.report(item);
  const damage = syntax.items.filter(({ severity }) => severity === 'error');
  const { kernel, files, includeFolders = [], includeFiles = [] } = options;
  const definitions = readDefinitions(whole.pieces, {
    ...{ sources, files, includeFolders, includeFiles, kernel, sink },
  });
  const stdlib = new Stdlib(sources, whole.parts);
  const expanded = expandScript({ ...script, items: whole.items }, definitions, stdlib, sink);
  const namesMissing = definitions.failed || importsFailed;
  const resolved = resolve(options, expanded, settings, definitions, damage, sink);
  const callables = [...resolved.callables, ...stdlibNames(whole.parts)];
  const model = { ...resolved, namesMissing, callables };
  checkPidFilter(options, model);
  checkProgram(model, expanded);
  return { script, model, sources: sources.list };
}

/** The script with what it imports. Imports inside blocks are unstable: settings say whether they are followed. */
function importAll(
  script: Script,
  { unstableImportStatement: setting }: Settings,
  { files, params = [] }: AnalyseOptions,
  sources: SourceList,
  sink: DiagnosticList,
): Imported {
  const allowsStatement = ({ span }: ImportStatement): boolean => {
    const names = { feature: 'import statement', setting: 'unstable_import_statement' };
    if (setting === 'error') sink.report(unstableFeature(span, names));
    if (setting === 'warn') sink.report(unstableUse(span, names));
    return setting !== 'error';
  };
  return resolveImports(script, { sources, files, params, library: STDLIB_PARTS, allowsStatement, sink });
}

function checkPidFilter({ kernel, pid }: AnalyseOptions, model: Model): void {
  if (pid === undefined) return;
  const need: Need = { kind: 'process-ids', what: '-p' };
  model.needs.push(need);
  const problem = needProblem(need, kernel);
  if (problem !== undefined) model.sink.report(problem);
}

function resolve(
  options: AnalyseOptions,
  script: Script,
  settings: Settings,
  definitions: CDefinitions,
  damage: readonly Diagnostic[],
  sink: DiagnosticList,
): Model {
  const { kernel, target, params = [], unsafe = false, mockSymbols = false, warnReads = false } = options;
  const probes = script.items.filter((item): item is Probe => item.kind === 'probe');
  if (probes.length === 0 && damage.length === 0) sink.report(noProbes(undefined));
  const units: Unit[] = [];
  let count = 0;
  const { pid } = options;
  const context = { kernel, target, settings, unsafe, sink, ...(pid !== undefined && { pid }) };
  for (const probe of probes) {
    const points = probe.attachPoints.flatMap((syntax) => pointsOf(syntax, context, damage, mockSymbols));
    count += points.length;
    const damaged = damage.some(({ span }) => isWithin(span, probe.span));
    if (points.length > 0 && count <= settings.maxProbes)
      for (const unit of makeUnits(probe, points, { kernel, target, firstIndex: units.length }))
        units.push({ ...unit, damaged });
  }
  if (count > settings.maxProbes) sink.report(tooManyProbes(undefined, { count, limit: settings.maxProbes }));
  checkPrograms(units, settings, sink);
  return {
    ...{ target, kernel, settings, params, unsafe, warnReads, mockSymbols, units, sink },
    typeTable: new TypeTable(kernel, scriptTypes(definitions)),
    maps: new Map(),
    namesMissing: false,
    options: new Map(),
    needs: [],
    doubtful: [],
    incomplete: damage.length > 0 || count > settings.maxProbes,
    ...functionsOf(script, units.length, sink),
  };
}

/** Programs are fewer than points where one serves several. An iterator runs when its file is read, with nothing beside it. */
function checkPrograms(units: readonly Unit[], { maxBpfProgs }: Settings, sink: DiagnosticList): void {
  if (units.length > maxBpfProgs)
    sink.report(tooManyPrograms(undefined, { count: units.length, limit: maxBpfProgs }));
  const points = units.flatMap((unit) => unit.points).filter(({ unknown }) => unknown !== true);
  const iterator = points.find(({ point }) => point.kind === 'iter');
  if (iterator !== undefined && points.length > 1) sink.report(iterAlone(iterator.syntax.span));
}

/** The points of one attach point; one whose arguments nobody knows where there is none, so that its body is checked. */
function pointsOf(
  syntax: AttachPointSyntax,
  context: AttachContext,
  damage: readonly Diagnostic[],
  mockSymbols: boolean,
): readonly ResolvedPoint[] {
  if (damage.some(({ span }) => isWithin(span, syntax.span))) return [unknownPoint(syntax)];
  if (mockSymbols) return mockPoints(syntax, context);
  const problems = new List();
  const found = resolveAttachPoint(syntax, { ...context, sink: problems });
  for (const item of problems.items) context.sink.report(item);
  if (found.length > 0) return found;
  // Points that are missing with no more than a warning take nothing away: what they write is known to be unwritten.
  return problems.hasErrors ? [unknownPoint(syntax)] : [];
}

/** As many of a pattern as show whether the body fits them: the traced machine has others. */
const MOST_MOCKED = 16;

/** What is there keeps its types, what is not is taken as being there; mistakes of form are mistakes anywhere. */
function mockPoints(syntax: AttachPointSyntax, context: AttachContext): readonly ResolvedPoint[] {
  const settings = { ...context.settings, missingProbes: 'ignore' } as const;
  const problems = new List();
  const found = resolveAttachPoint(syntax, { ...context, settings, sink: problems });
  const wild = syntax.parts.slice(1).some(({ text }) => /[*[]/.test(text));
  for (const item of problems.items) {
    const ofMachine = MISSING.has(item.code) || (wild && item.code === 'BT0717');
    if (!ofMachine) context.sink.report(item);
  }
  return found.length > 0 ? found.slice(0, MOST_MOCKED) : [unknownPoint(syntax)];
}

/** What only says that this machine lacks something. */
const MISSING: ReadonlySet<string> = new Set([
  'BT0701', // kindUnavailable
  'BT0702', // cannotAttach
  'BT0708', // needsTypes
  'BT0709', // ambiguousModule
  'BT0710', // noModule
  'BT0711', // noBinary
  'BT0712', // binariesUnknown
  'BT0713', // noSymbol
  'BT0714', // noBoundary
  'BT0715', // offsetOutside
  'BT0716', // noUsdt
  'BT0724', // noIterator
]);

function scriptTypes({ btf, macros }: CDefinitions): ScriptTypes {
  const constants = new Map<string, bigint>();
  for (const [name, macro] of macros) if (macro.kind === 'integer') constants.set(name, macro.value);
  return { ...(btf && { btf }), constants };
}

function isWithin(inner: Span | undefined, outer: Span): boolean {
  if (inner === undefined || inner.source !== outer.source) return false;
  return inner.start >= outer.start && inner.end <= outer.end;
}

function functionsOf(
  { items }: Script,
  firstIndex: number,
  sink: DiagnosticList,
): Pick<Model, 'functions' | 'callables'> {
  const functions = new Map<string, Subprogram>();
  const callables = items.flatMap((item) =>
    item.kind === 'macro' || item.kind === 'function' ? [item.name.name] : [],
  );
  for (const item of items) {
    if (item.kind !== 'function') continue;
    const { name } = item.name;
    const known = functions.get(name);
    if (known !== undefined) reportRedefinition(item, known.definition, sink);
    else functions.set(name, makeSubprogram(item, firstIndex + functions.size));
  }
  return { functions, callables };
}
