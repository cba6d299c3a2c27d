/** Checked units to IR: one program each, plus the maps they need. */
import type { AttachKind } from '../../bpf/attach-point.ts';
import type { MapDefinition } from '../../bpf/maps.ts';
import { DECLARABLE } from '../check/declarations.ts';
import type { MapSymbol, Model, Unit } from '../check/model.ts';
import type { IrModule } from '../ir/ir.ts';
import type { ScriptMap } from '../script-info.ts';
import { isAggregate, isBucketed } from '../types/predicates.ts';
import { settle } from '../types/unify.ts';
import { branchOn } from './conditions.ts';
import { Lowering } from './lowering.ts';
import { keyTypeOf } from './maps.ts';
import {
  LOST_MAP,
  ModuleLowering,
  OUTPUT_MAP,
  SCRATCH_MAP,
  SKB_MAP,
  START_MAP,
  type TargetFeatures,
} from './module.ts';
import { lowerBlock, programResult } from './statements.ts';

export interface Lowered {
  readonly module: ModuleLowering;
  readonly ir: IrModule;
  /** Program name of each unit. */
  readonly programs: ReadonlyMap<Unit, string>;
  readonly maps: readonly MapDefinition[];
  readonly scriptMaps: readonly ScriptMap[];
}

export function lowerProgram(model: Model, features: TargetFeatures, pid: number | undefined): Lowered {
  const module = new ModuleLowering(model, features, pid);
  const programs = new Map<Unit, string>();
  for (const unit of model.units) {
    const name = programName(unit);
    programs.set(unit, name);
    lowerUnit(module, unit, name);
  }
  const symbols = [...model.maps.values()].filter(({ value }) => value !== undefined);
  symbols.sort((a, b) => (a.name < b.name ? -1 : 1));
  return {
    module,
    ir: { functions: module.functions },
    programs,
    maps: [...symbols.map((symbol) => mapDefinition(model, symbol)), ...internalMaps(module)],
    scriptMaps: symbols.map((symbol) => scriptMap(symbol)),
  };
}

/** What the probe says, as a C name: `tracepoint_sched_sched_switch_1`. */
function programName({ points: [first], index }: Unit): string {
  return `${first!.name.replace(/[^A-Za-z0-9]+/g, '_').slice(0, MAX_PROGRAM_NAME)}_${index}`;
}

/** Longer ones say no more; Linux keeps 15 characters. */
const MAX_PROGRAM_NAME = 60;

function lowerUnit(module: ModuleLowering, unit: Unit, name: string): void {
  const low = new Lowering(module, unit, name);
  const result = programResult(low);
  filterPid(low, result);
  const { predicate, body } = unit.probe;
  if (predicate !== undefined) {
    const [run, skip] = [low.b.block(), low.b.block()];
    low.temporaries(() => branchOn(low, predicate, run, skip));
    low.b.enter(skip);
    low.b.return(result);
    low.b.enter(run);
  }
  lowerBlock(low, body);
  low.finish(result);
}

/** Kinds that know of no process; of the others the kernel itself fires for one process only, or they are nobody's. */
const FILTERED: ReadonlySet<AttachKind> = new Set([
  'kprobe',
  'kretprobe',
  'fentry',
  'fexit',
  'tracepoint',
  'rawtracepoint',
]);

function filterPid(low: Lowering, result: bigint): void {
  const { pid } = low.module;
  const kind = low.unit.points[0]!.point.kind;
  if (pid === undefined || !FILTERED.has(kind)) return;
  const { b } = low;
  const own = b.binary('lshr', b.callHelper('get_current_pid_tgid', []), 32n);
  low.rarely({ op: 'ne', left: own, right: BigInt(pid) }, () => b.return(result));
}

function mapDefinition(model: Model, symbol: MapSymbol): MapDefinition {
  const value = settle(symbol.value!);
  const { keySize } = scriptMap(symbol);
  const declared = symbol.declaration;
  const entries = declared?.maxEntries.kind === 'integer' ? Number(declared.maxEntries.value) : undefined;
  const single = symbol.key === undefined && !isBucketed(value);
  return {
    name: `@${symbol.name}`,
    type:
      declared === undefined
        ? isAggregate(value)
          ? 'percpu_hash'
          : 'hash'
        : DECLARABLE.get(declared.mapType.name)!,
    keySize,
    valueSize: Math.max(value.size, 1),
    maxEntries: entries ?? (single ? 1 : model.settings.maxMapKeys),
    flags: 0,
  };
}

function scriptMap(symbol: MapSymbol): ScriptMap {
  const value = settle(symbol.value!);
  const bucket = isBucketed(value) ? 8 : 0;
  return {
    name: `@${symbol.name}`,
    ...(symbol.key !== undefined && { key: settle(symbol.key) }),
    keySize: keyTypeOf(symbol).size + bucket,
    value,
    perCpu: isAggregate(value),
    declaredAt: symbol.firstUse,
  };
}

function internalMaps({
  internalMaps: own,
  usesPackets,
  model,
  features,
  scratchSize,
  scratchPrograms,
  startWords,
}: ModuleLowering): MapDefinition[] {
  const array = { type: 'array', keySize: 4, maxEntries: 1, flags: 0 } as const;
  const bytes = 2 ** Math.ceil(Math.log2(Math.max(1, model.settings.outputPages))) * 4096;
  return [
    features.ringbuf
      ? { name: OUTPUT_MAP, type: 'ringbuf', keySize: 0, valueSize: 0, maxEntries: bytes, flags: 0 }
      : {
          name: OUTPUT_MAP,
          type: 'perf_event_array',
          keySize: 4,
          valueSize: 4,
          // As many as the machine has CPUs: the loader knows.
          maxEntries: 0,
          flags: 0,
        },
    { ...array, name: LOST_MAP, valueSize: 8 },
    ...(scratchSize > 0
      ? [
          {
            ...array,
            name: SCRATCH_MAP,
            type: 'percpu_array' as const,
            valueSize: scratchSize,
            maxEntries: scratchPrograms,
          },
        ]
      : []),
    ...(startWords.size > 0 ? [{ ...array, name: START_MAP, valueSize: startWords.size * 8 }] : []),
    ...own.values(),
    ...(usesPackets
      ? [
          {
            name: SKB_MAP,
            type: 'perf_event_array' as const,
            keySize: 4,
            valueSize: 4,
            maxEntries: 0,
            flags: 0,
          },
        ]
      : []),
  ];
}
