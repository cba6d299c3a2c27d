/** What all functions of one object share while they are lowered: actions, maps, limits, features of the target. */
import type { MapDefinition } from '../../bpf/maps.ts';
import type { Model, Subprogram, Unit } from '../check/model.ts';
import type { CodeBudget } from '../ir/builder.ts';
import type { IrFunction } from '../ir/ir.ts';
import type { Action, StackMap, StartWord } from '../script-info.ts';
import { TextPool } from './constant-texts.ts';
import type { FunctionShape } from './function-shape.ts';
import { RelocationRoots } from './relocations.ts';

/** What the target kernel offers, where the lowering has a choice. */
export interface TargetFeatures {
  /** BPF_MAP_TYPE_RINGBUF (Linux 5.8); otherwise a perf event array. */
  readonly ringbuf: boolean;
  /** ktime_get_boot_ns (5.8). */
  readonly bootClock: boolean;
  /** BPF_PSEUDO_MAP_VALUE (5.2). */
  readonly valueAddress: boolean;
  /** Jumps backwards (5.3). */
  readonly loops: boolean;
  /** probe_read_kernel and probe_read_user (5.5). */
  readonly splitReads: boolean;
  /** How much of the usual stack budget slots may take, 0 to 1: what does not fit is in scratch memory. */
  readonly stackShare: number;
}

export const OUTPUT_MAP = 'ringbuf';
export const LOST_MAP = 'event_loss_counter';
export const SCRATCH_MAP = 'scratch';
/** Packets, which the kernel puts behind their record: only a perf event array takes them. */
export const SKB_MAP = 'packets';
export const START_MAP = 'start';

/** Instructions of all functions together. Linux takes programs of a million at most. */
const MOST_CODE = 200_000;

export class ModuleLowering {
  readonly model: Model;
  readonly features: TargetFeatures;
  /** The `-p` filter. */
  readonly pid: number | undefined;
  readonly actions: Action[] = [];
  readonly functions: IrFunction[] = [];
  readonly budget: CodeBudget = { limit: MOST_CODE, left: MOST_CODE };
  readonly relocations: RelocationRoots = new RelocationRoots();
  readonly internalMaps: Map<string, MapDefinition> = new Map();
  /** Contents of internal maps, by name. */
  readonly data: Map<string, Uint8Array> = new Map();
  /** Literals that are passed by address. */
  readonly texts: TextPool = new TextPool();
  /** Bytes of scratch memory the hungriest program needs. */
  scratchSize = 0;
  /** Programs with scratch memory. Each has an entry of its own, for one program may interrupt another. */
  scratchPrograms = 0;
  /** Kernel symbols whose addresses the loader puts in. */
  readonly symbols: Set<string> = new Set();
  /** Maps of stacks, by the shape they are for. */
  readonly stackMaps: Map<string, StackMap> = new Map();
  usesPackets = false;
  /** Words that user space sets before programs run, by their place in {@link START_MAP}. */
  readonly startWords: Map<StartWord, number> = new Map();
  /** Functions that are lowered. */
  readonly shapes: Map<Subprogram, FunctionShape> = new Map();
  private callbacks = 0;

  constructor(model: Model, features: TargetFeatures, pid: number | undefined) {
    this.model = model;
    this.features = features;
    this.pid = pid;
  }

  action(action: Action): bigint {
    this.actions.push(action);
    return BigInt(this.actions.length - 1);
  }

  callbackName(unit: Unit): string {
    return `loop_${unit.index}_${this.callbacks++}`;
  }
}
