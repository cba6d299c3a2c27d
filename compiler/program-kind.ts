/**
 * Program type and ELF section by libbpf's naming, which also tells the expected attach type. A section names one point, and
 * libbpf attaches to it: a program of several points names none, so that libbpf leaves it alone rather than attach it to one
 * of them; but functions of one pattern are one `kprobe.multi` link. What runs by test-run names none either.
 */
import type { AttachPoint } from '../bpf/attach-point.ts';
import { supports, type TargetProfile } from '../bpf/profiles/index.ts';
import type { ProgramTypeName } from '../bpf/programs.ts';
import type { ResolvedPoint } from './resolve/point.ts';

export interface ProgramKind {
  readonly type: ProgramTypeName;
  readonly section: string;
}

export function programKind(points: readonly ResolvedPoint[], target: TargetProfile): ProgramKind {
  const [first] = points;
  const multi = multiSection(points, target);
  if (multi !== undefined) return { type: 'kprobe', section: multi };
  const { type, prefix, place } = describe(first!.point);
  return { type, section: points.length > 1 || place === '' ? prefix : `${prefix}/${place}` };
}

/** Of a program of one point. */
export function sectionOf(point: AttachPoint): string {
  const { prefix, place } = describe(point);
  return place === '' ? prefix : `${prefix}/${place}`;
}

interface Description {
  readonly type: ProgramTypeName;
  readonly prefix: string;
  /** Empty when a section cannot name the point. */
  readonly place: string;
}

function describe(point: AttachPoint): Description {
  switch (point.kind) {
    case 'tracepoint':
      return { type: 'tracepoint', prefix: 'tracepoint', place: `${point.system}/${point.event}` };
    case 'rawtracepoint':
      return { type: 'raw_tracepoint', prefix: 'raw_tracepoint', place: point.event };
    case 'kprobe':
    case 'kretprobe':
      return { type: 'kprobe', prefix: point.kind, place: withOffset(point.function, point.offset) };
    case 'fentry':
    case 'fexit':
      return { type: 'tracing', prefix: point.kind, place: tracedFunction(point) };
    case 'uprobe':
    case 'uretprobe': {
      const place = withOffset(point.function, point.offset);
      return { type: 'kprobe', prefix: point.kind, place: place === '' ? '' : `${point.target}:${place}` };
    }
    case 'usdt':
      return { type: 'kprobe', prefix: 'usdt', place: `${point.target}:${point.provider}:${point.probe}` };
    case 'iter':
      return { type: 'tracing', prefix: 'iter', place: point.target };
    case 'profile':
    case 'interval':
    case 'software':
    case 'hardware':
    case 'watchpoint':
      return { type: 'perf_event', prefix: 'perf_event', place: '' };
    case 'begin':
    case 'end':
    case 'self':
    case 'test':
    case 'bench':
      return { type: 'raw_tracepoint', prefix: 'raw_tracepoint', place: '' };
    case 'kprobe-multi':
    case 'ksyscall':
    case 'uprobe-multi':
    case 'fmod-ret':
    case 'lsm':
    case 'freplace':
      throw new Error(`the language has no ${point.kind} probes`);
    default:
      return point satisfies never;
  }
}

function withOffset(name: string, offset = 0): string {
  return offset === 0 ? name : `${name}+0x${offset.toString(16)}`;
}

/** libbpf looks for functions of modules by itself, and takes `module:function` since 1.5 only. */
function tracedFunction({ function: name, program }: AttachPoint & { kind: 'fentry' | 'fexit' }): string {
  return program === undefined ? name : '';
}

/** Whole functions at once, of one pattern where a section can say it (libbpf's `*` and `?`, no classes). */
function multiSection(points: readonly ResolvedPoint[], target: TargetProfile): string | undefined {
  if (points.length < 2) return undefined;
  const [first] = points;
  switch (first!.point.kind) {
    case 'kprobe':
    case 'kretprobe':
      return supports(target, 'kprobe_multi') ? kernelSection(points, first!.point.kind) : undefined;
    case 'uprobe':
    case 'uretprobe':
      return supports(target, 'uprobe_multi')
        ? userSection(points, first!.point.kind, first!.point.target)
        : undefined;
    default:
      return undefined;
  }
}

function kernelSection(points: readonly ResolvedPoint[], kind: 'kprobe' | 'kretprobe'): string | undefined {
  const whole = points.every(
    ({ point }) => point.kind === kind && point.offset === undefined && point.module === undefined,
  );
  if (!whole) return undefined;
  const pattern = patternOf(points);
  return pattern === undefined ? `${kind}.multi` : `${kind}.multi/${pattern}`;
}

/** One link is for one file. */
function userSection(
  points: readonly ResolvedPoint[],
  kind: 'uprobe' | 'uretprobe',
  file: string,
): string | undefined {
  const whole = points.every(
    ({ point }) =>
      point.kind === kind &&
      point.target === file &&
      point.offset === undefined &&
      point.address === undefined,
  );
  if (!whole) return undefined;
  const pattern = patternOf(points);
  return pattern === undefined ? `${kind}.multi` : `${kind}.multi/${file}:${pattern}`;
}

/** What all points were named by. */
function patternOf(points: readonly ResolvedPoint[]): string | undefined {
  const [first] = points;
  const pattern = first!.syntax.parts.at(-1)?.text ?? '';
  const alone = points.every(({ syntax }) => syntax === first!.syntax);
  return alone && /^[\w.*?]+$/.test(pattern) ? pattern : undefined;
}
