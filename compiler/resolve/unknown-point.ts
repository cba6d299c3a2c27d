/** Points nobody knows more of than their text: names that are not there, and names taken as being there. */
import type { AttachPoint } from '../../bpf/attach-point.ts';
import type { AttachPointSyntax } from '../syntax/ast.ts';
import type { ResolvedPoint } from './point.ts';
import { findProvider } from './providers/index.ts';

/** Stands in for what an attach point names: its body is checked, and what it asks of its event has no known type. */
export function unknownPoint(syntax: AttachPointSyntax): ResolvedPoint {
  const [provider = '', ...rest] = syntax.parts.map(({ text }) => text);
  const point = pointOf(findProvider(provider)?.name, rest);
  return { point, name: syntax.parts.map(({ text }) => text).join(':'), syntax, unknown: true };
}

function pointOf(provider: string | undefined, rest: readonly string[]): AttachPoint {
  const [first = '', last = first] = [rest[0], rest.at(-1)];
  switch (provider) {
    case 'end':
      return { kind: 'end' };
    case 'self':
      return { kind: 'self', signal: last };
    case 'test':
    case 'bench':
      return { kind: provider, name: last };
    case 'tracepoint':
      return { kind: 'tracepoint', system: first, event: last };
    case 'rawtracepoint':
      return { kind: 'rawtracepoint', event: last };
    case 'kprobe':
    case 'kretprobe':
    case 'fentry':
    case 'fexit':
      return { kind: provider, function: last };
    case 'uprobe':
    case 'uretprobe':
      return { kind: provider, target: first, function: last };
    case 'usdt':
      return { kind: 'usdt', target: first, provider: rest.length > 2 ? rest[1]! : '', probe: last };
    case 'interval':
      return { kind: 'interval', periodNs: 1_000_000_000 };
    case 'profile':
      return { kind: 'profile', frequencyHz: 99 };
    case 'software':
    case 'hardware':
      return { kind: provider, event: first, count: 1 };
    case 'watchpoint':
      return { kind: 'watchpoint', address: 0n, length: 8, mode: 'w' };
    case 'iter':
      return { kind: 'iter', target: first };
    default:
      return { kind: 'begin' };
  }
}
