/** One script through both compilers and over the same events. */

import type { AttachPoint } from '../../bpf/attach-point.ts';
import type { KernelInfo } from '../../bpf/kernel-info.ts';
import type { BpfObject } from '../../bpf/object.ts';
import type { TargetProfile } from '../../bpf/profiles/index.ts';
import { type CompileResult, compile } from '../../compiler/compile.ts';
import { differences } from './agreement.ts';
import { toDialect, withoutNewer } from './dialect.ts';
import { type Execution, execute, type Firing, isRecordable } from './execute.ts';
import type { Bpftrace, PeerProgram } from './peer.ts';
import { isByProbe, peerObject } from './peer-maps.ts';

export interface Counts {
  readonly instructions: number;
  readonly executed: number;
  /** Helper calls made. */
  readonly calls: number;
  readonly byHelper: Readonly<Record<string, number>>;
}

export type Comparison =
  | {
      readonly ok: true;
      readonly name: string;
      readonly ours: Counts;
      readonly theirs: Counts;
      /** Empty when maps and records are the same. */
      readonly differences: readonly string[];
      readonly objects: { readonly ours: BpfObject; readonly theirs: BpfObject };
    }
  | { readonly ok: false; readonly name: string; readonly reason: string };

/** 0.17 keeps strings in 64 bytes, so both do; more where a literal needs it. */
const STRING_SIZES: readonly number[] = [64, 128];

export interface Compilers {
  readonly kernel: KernelInfo;
  readonly target: TargetProfile;
  readonly bpftrace: Bpftrace;
}

export function compareScript(name: string, script: string, compilers: Compilers): Comparison {
  const { kernel, target, bpftrace } = compilers;
  const text = withoutNewer(script);
  const compileWith = (maxStrlen: number): CompileResult =>
    compile({
      source: { name, text },
      target,
      kernel,
      env: { BPFTRACE_MAX_STRLEN: String(maxStrlen) },
      unsafe: true,
    });
  const fits = STRING_SIZES.findIndex((size) => compileWith(size).ok);
  const maxStrlen = STRING_SIZES[Math.max(fits, 0)]!;
  const made = compileWith(maxStrlen);
  if (!made.ok) {
    const { message } = made.diagnostics.find(({ severity }) => severity === 'error') ?? { message: '?' };
    return { ok: false, name, reason: `ours: ${message}` };
  }
  const peer = bpftrace.compile(toDialect(text), maxStrlen);
  if (!peer.ok) return { ok: false, name, reason: `bpftrace: ${peer.reason}` };
  const [object, info] = [made.object!, made.info!];
  const theirs = peerObject(peer.programs, info, text);
  const pairs = pairPrograms(object, peer.programs, kernel);
  if (pairs === undefined) {
    const found = peer.programs.map(({ probe }) => probe).join(', ');
    return { ok: false, name, reason: `the programs do not pair up: bpftrace made ${found}` };
  }
  const elapsed = theirs.maps.some((map) => map.name === 'elapsed') ? ['elapsed'] : [];
  const starts = info.startValues.map(({ map }) => map);
  const left = execute(
    object,
    pairs.map(({ ours, ...firing }) => ({ ...firing, program: ours })),
    starts,
  );
  const right = execute(
    theirs,
    pairs.map(({ peer: program, ...firing }) => ({ ...firing, program })),
    elapsed,
  );
  return {
    ok: true,
    name,
    ours: countsOf(object, left),
    theirs: countsOf(theirs, right),
    differences: differences(info, left, right, (map) =>
      isByProbe(map, text) ? peer.programs.map(({ probe }) => probe) : undefined,
    ),
    objects: { ours: object, theirs },
  };
}

function countsOf({ programs, functions }: BpfObject, { executed, calls }: Execution): Counts {
  const size = (all: readonly { readonly instructions: readonly unknown[] }[]): number =>
    all.reduce((sum, { instructions }) => sum + instructions.length, 0);
  return {
    instructions: size(programs) + size(functions),
    executed,
    calls: [...calls.values()].reduce((a, b) => a + b, 0),
    byHelper: Object.fromEntries([...calls].sort()),
  };
}

type Pair = Omit<Firing, 'program'> & { readonly ours: string; readonly peer: string };

/** Our program of each point and theirs. */
function pairPrograms(
  object: BpfObject,
  peers: readonly PeerProgram[],
  kernel: KernelInfo,
): readonly Pair[] | undefined {
  const left = [...peers];
  const pairs: Pair[] = [];
  for (const program of object.programs) {
    for (const point of program.attach) {
      const name = pointName(point);
      const index = left.findIndex(({ probe }) =>
        probe.split(',').some((one) => matches(one, name) || matches(name, one)),
      );
      if (index < 0) return undefined;
      const { probe } = left[index]!;
      // A program of a pattern or a list serves all its points.
      if (!/[*,]/.test(probe)) left.splice(index, 1);
      const context = contextOf(point, kernel);
      if (context === undefined) continue;
      const when = point.kind === 'begin' ? 'first' : point.kind === 'end' ? 'last' : 'round';
      pairs.push({ ours: program.name, peer: probe, context, when });
    }
  }
  return pairs;
}

function contextOf(point: AttachPoint, kernel: KernelInfo): Firing['context'] | undefined {
  switch (point.kind) {
    case 'tracepoint': {
      const format = kernel.tracepoints!.find(point.system, point.event)!;
      return isRecordable(format) ? format : undefined;
    }
    case 'kprobe':
    case 'kretprobe':
      return 'registers';
    case 'uprobe':
    case 'uretprobe':
      return 'user-registers';
    default:
      return 'empty';
  }
}

function matches(pattern: string, name: string): boolean {
  const source = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${source.join('.*')}$`).test(name);
}

/** As 0.17 names sections. */
function pointName(point: AttachPoint): string {
  switch (point.kind) {
    case 'begin':
      return 'BEGIN';
    case 'end':
      return 'END';
    case 'tracepoint':
      return `tracepoint:${point.system}:${point.event}`;
    case 'kprobe':
    case 'kretprobe':
      return `${point.kind}:${point.function}`;
    case 'uprobe':
    case 'uretprobe':
      return `${point.kind}:*:${point.function}`;
    case 'interval':
      return 'interval:*';
    case 'profile':
      return 'profile:*';
    default:
      return point.kind;
  }
}
