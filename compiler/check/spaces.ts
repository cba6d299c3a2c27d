/** Which memory addresses lead to that come as plain numbers: it follows from the kind of probe (language.md 2.6). */
import type { Span } from '../../bpf/span.ts';
import type { PointerType, Type } from '../types/type.ts';
import type { Checker } from './checker.ts';
import type { Unit } from './model.ts';

export type Space = PointerType['space'];

/** Arguments of user functions and of system calls are addresses of the program that is traced. */
export function probeSpace({ points }: Unit): 'kernel' | 'user' {
  const point = points[0]?.point;
  switch (point?.kind) {
    case 'uprobe':
    case 'uretprobe':
    case 'uprobe-multi':
    case 'usdt':
      return 'user';
    case 'tracepoint':
      return point.system === 'syscalls' ? 'user' : 'kernel';
    default:
      return 'kernel';
  }
}

/** Memory that an address of this type leads to: a pointer's own, else that of the probe. */
export function spaceOf(type: Type, unit: Unit): 'kernel' | 'user' {
  return type.kind === 'pointer' && type.space !== 'none' ? type.space : probeSpace(unit);
}

/** Notes that memory behind a pointer is read; false, and reported, where the kernel compiled for has none. */
export function needMemory(checker: Checker, { space, own }: PointerType, span: Span, what: string): boolean {
  if (own) return true;
  return checker.need({ kind: space === 'user' ? 'user-memory' : 'kernel-memory', what, span });
}
