/**
 * From a section's name to the point its program attaches to, as libbpf's `attach_*` functions read it. Many sections
 * tell a program's type alone: of them nothing is known until somebody attaches.
 */
import type { AttachPoint } from './attach-point.ts';
import { parseSection } from './sections.ts';

/** Empty when the section names no point. */
export function attachPointsOf(section: string): readonly AttachPoint[] {
  const point = readTarget(section);
  return point === undefined || typeof point === 'string' ? [] : [point];
}

/** What is wrong with a section that names something, and no point; undefined where nothing is. */
export function attachProblem(section: string): string | undefined {
  const point = readTarget(section);
  return typeof point === 'string'
    ? `'${parseSection(section)?.target}' is not of the form ${point}`
    : undefined;
}

function readTarget(section: string): ReturnType<Reader> | undefined {
  const parsed = parseSection(section);
  if (parsed === undefined || parsed.target === '') return undefined;
  return READERS.get(parsed.rule.prefix.replace(/\.s$/, ''))?.(parsed.target);
}

/** Gives a point, or the form that targets have. */
type Reader = (target: string) => AttachPoint | string;

const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['tracepoint', tracepoint],
  ['tp', tracepoint],
  ['raw_tracepoint', rawTracepoint],
  ['raw_tp', rawTracepoint],
  ['raw_tracepoint.w', rawTracepoint],
  ['raw_tp.w', rawTracepoint],
  ['tp_btf', rawTracepoint],
  ['kprobe', (target) => kprobe('kprobe', target)],
  ['kretprobe', (target) => kprobe('kretprobe', target)],
  ['kprobe.multi', (pattern) => ({ kind: 'kprobe-multi', pattern, mode: 'entry' })],
  ['kretprobe.multi', (pattern) => ({ kind: 'kprobe-multi', pattern, mode: 'return' })],
  ['kprobe.session', (pattern) => ({ kind: 'kprobe-multi', pattern, mode: 'session' })],
  ['ksyscall', (syscall) => ({ kind: 'ksyscall', syscall, mode: 'entry' })],
  ['kretsyscall', (syscall) => ({ kind: 'ksyscall', syscall, mode: 'return' })],
  ['uprobe', (target) => uprobe('uprobe', target)],
  ['uretprobe', (target) => uprobe('uretprobe', target)],
  ['uprobe.multi', (target) => uprobeMulti('entry', target)],
  ['uretprobe.multi', (target) => uprobeMulti('return', target)],
  ['uprobe.session', (target) => uprobeMulti('session', target)],
  ['usdt', usdt],
  ['fentry', (target) => ({ kind: 'fentry', ...moduleFunction(target) })],
  ['fexit', (target) => ({ kind: 'fexit', ...moduleFunction(target) })],
  ['fmod_ret', (target) => ({ kind: 'fmod-ret', ...moduleFunction(target) })],
  ['lsm', (hook) => ({ kind: 'lsm', hook, cgroup: false })],
  ['lsm_cgroup', (hook) => ({ kind: 'lsm', hook, cgroup: true })],
  ['iter', (target) => ({ kind: 'iter', target })],
  ['freplace', (target) => ({ kind: 'freplace', function: target })],
]);

function tracepoint(target: string): AttachPoint | string {
  const slash = target.indexOf('/');
  if (slash < 0) return 'SYSTEM/EVENT';
  return { kind: 'tracepoint', system: target.slice(0, slash), event: target.slice(slash + 1) };
}

function rawTracepoint(event: string): AttachPoint {
  return { kind: 'rawtracepoint', event };
}

function kprobe(kind: 'kprobe' | 'kretprobe', target: string): AttachPoint | string {
  const place = withOffset(target);
  return place === undefined ? 'FUNCTION[+OFFSET]' : { kind, ...place };
}

/** `path:function+offset`; the path may have colons of its own. */
function uprobe(kind: 'uprobe' | 'uretprobe', target: string): AttachPoint | string {
  const colon = target.lastIndexOf(':');
  const place = colon < 0 ? undefined : withOffset(target.slice(colon + 1));
  return place === undefined ? 'PATH:FUNCTION[+OFFSET]' : { kind, target: target.slice(0, colon), ...place };
}

function uprobeMulti(mode: 'entry' | 'return' | 'session', target: string): AttachPoint | string {
  const colon = target.lastIndexOf(':');
  if (colon < 0) return 'PATH:PATTERN';
  return { kind: 'uprobe-multi', target: target.slice(0, colon), pattern: target.slice(colon + 1), mode };
}

function usdt(target: string): AttachPoint | string {
  const [, path, provider, probe] = /^(.+):([^:]+):([^:]+)$/.exec(target) ?? [];
  if (path === undefined || provider === undefined || probe === undefined) return 'PATH:PROVIDER:PROBE';
  return { kind: 'usdt', target: path, provider, probe };
}

interface Place {
  readonly function: string;
  readonly offset?: number;
}

function withOffset(text: string): Place | undefined {
  const [, name, offset] = /^([\w.@$]+)(?:\+(0[xX][0-9a-fA-F]+|\d+))?$/.exec(text) ?? [];
  if (name === undefined) return undefined;
  return { function: name, ...(offset === undefined ? {} : { offset: Number(offset) }) };
}

function moduleFunction(target: string): { readonly function: string; readonly module?: string } {
  const colon = target.indexOf(':');
  if (colon < 0) return { function: target };
  return { module: target.slice(0, colon), function: target.slice(colon + 1) };
}
