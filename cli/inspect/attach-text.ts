/** Attach points as a probe's head writes them. */
import type { AttachPoint } from '../../bpf/attach-point.ts';

export function pointText(point: AttachPoint): string {
  switch (point.kind) {
    case 'begin':
    case 'end':
      return point.kind;
    case 'self':
      return `self:signal:${point.signal}`;
    case 'test':
    case 'bench':
      return `${point.kind}:${point.name}`;
    case 'tracepoint':
      return `tracepoint:${point.system}:${point.event}`;
    case 'rawtracepoint':
      return words('rawtracepoint', point.module, point.event);
    case 'kprobe':
    case 'kretprobe':
      return words(point.kind, point.module, point.function) + plus(point.offset);
    case 'fentry':
    case 'fexit':
    case 'fmod-ret':
      return words(point.kind, point.module, point.function);
    case 'uprobe':
    case 'uretprobe':
      return words(point.kind, point.target, point.function) + plus(point.offset);
    case 'usdt':
      return words('usdt', point.target, point.provider, point.probe);
    case 'interval':
      return `interval:${duration(point.periodNs)}`;
    case 'profile':
      return 'frequencyHz' in point
        ? `profile:hz:${point.frequencyHz}`
        : `profile:${duration(point.periodNs)}`;
    case 'software':
    case 'hardware':
      return `${point.kind}:${point.event}:${point.count}`;
    case 'watchpoint':
      return `watchpoint:0x${point.address.toString(16)}:${point.length}:${point.mode}`;
    case 'kprobe-multi':
      return `kprobe.${point.mode}:${point.pattern}`;
    case 'uprobe-multi':
      return `uprobe.${point.mode}:${point.target}:${point.pattern}`;
    case 'ksyscall':
      return `ksyscall.${point.mode}:${point.syscall}`;
    case 'lsm':
      return `lsm${point.cgroup ? '_cgroup' : ''}:${point.hook}`;
    case 'freplace':
      return `freplace:${point.function}`;
    case 'iter':
      return words('iter', point.target, point.pin);
    default:
      return point satisfies never;
  }
}

function words(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined).join(':');
}

function plus(offset: number | undefined): string {
  return offset === undefined || offset === 0 ? '' : `+${offset}`;
}

const UNITS = [
  ['s', 1e9],
  ['ms', 1e6],
  ['us', 1e3],
] as const;

/** In the largest unit that takes no fraction. */
function duration(ns: number): string {
  const unit = UNITS.find(([, size]) => ns % size === 0);
  return unit === undefined ? `ns:${ns}` : `${unit[0]}:${ns / unit[1]}`;
}
