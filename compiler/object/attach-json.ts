/** Attach points as JSON in the script section, and back. */
import type { AttachKind, AttachPoint } from '../../bpf/attach-point.ts';
import { type CheckedJson, given } from './checked-json.ts';
import type { Json } from './type-json.ts';

/** A record, so that a kind left out is a type error. */
const KINDS: Readonly<Record<AttachKind, true>> = {
  begin: true,
  end: true,
  self: true,
  test: true,
  bench: true,
  tracepoint: true,
  rawtracepoint: true,
  kprobe: true,
  kretprobe: true,
  fentry: true,
  fexit: true,
  uprobe: true,
  uretprobe: true,
  usdt: true,
  interval: true,
  profile: true,
  software: true,
  hardware: true,
  watchpoint: true,
  'kprobe-multi': true,
  ksyscall: true,
  'uprobe-multi': true,
  'fmod-ret': true,
  lsm: true,
  freplace: true,
  iter: true,
};
const EDGES = ['entry', 'return'] as const;
const MODES = ['entry', 'return', 'session'] as const;
const MAX_NAME = 4096;
const WHOLE: number = Number.MAX_SAFE_INTEGER;

export function encodeAttachPoint(point: AttachPoint): Json {
  return 'address' in point && point.address !== undefined
    ? { ...point, address: point.address.toString() }
    : ({ ...point } as Json);
}

/** @throws FormatError */
export function decodeAttachPoint(json: CheckedJson): AttachPoint {
  const kind = json.get('kind').oneOf(Object.keys(KINDS) as AttachKind[]);
  const text = (key: string): string => json.get(key).text(MAX_NAME);
  const number = (key: string, least = 0): number => json.get(key).integer(least, WHOLE);
  const module = given('module', json.optional('module')?.text(MAX_NAME));
  const offset = given('offset', json.optional('offset')?.integer(0, WHOLE));
  const address = given('address', json.optional('address')?.bigint());
  switch (kind) {
    case 'begin':
    case 'end':
      return { kind };
    case 'self':
      return { kind, signal: text('signal') };
    case 'test':
    case 'bench':
      return { kind, name: text('name') };
    case 'tracepoint':
      return { kind, system: text('system'), event: text('event') };
    case 'rawtracepoint':
      return { kind, event: text('event'), ...module };
    case 'kprobe':
    case 'kretprobe':
      return { kind, function: text('function'), ...module, ...offset, ...address };
    case 'fentry':
    case 'fexit':
      return { kind, function: text('function'), ...module, ...given('program', programOf(json)) };
    case 'uprobe':
    case 'uretprobe':
      return { kind, target: text('target'), function: text('function'), ...offset, ...address };
    case 'usdt':
      return {
        kind,
        target: text('target'),
        provider: text('provider'),
        probe: text('probe'),
        ...given('place', json.optional('place')?.integer(0, WHOLE)),
      };
    case 'interval':
      return { kind, periodNs: number('periodNs', 1) };
    case 'profile':
      if (json.optional('frequencyHz') !== undefined)
        return { kind, frequencyHz: json.get('frequencyHz').integer(1, 1_000_000_000) };
      return { kind, periodNs: number('periodNs', 1) };
    case 'software':
    case 'hardware':
      return { kind, event: text('event'), count: number('count') };
    case 'watchpoint':
      return { kind, address: json.get('address').bigint(), length: number('length'), mode: text('mode') };
    case 'kprobe-multi':
      return { kind, pattern: text('pattern'), mode: json.get('mode').oneOf(MODES) };
    case 'ksyscall':
      return { kind, syscall: text('syscall'), mode: json.get('mode').oneOf(EDGES) };
    case 'uprobe-multi':
      return { kind, target: text('target'), pattern: text('pattern'), mode: json.get('mode').oneOf(MODES) };
    case 'fmod-ret':
      return { kind, function: text('function'), ...module };
    case 'lsm':
      return { kind, hook: text('hook'), cgroup: json.get('cgroup').boolean() };
    case 'freplace':
      return { kind, function: text('function') };
    case 'iter':
      return { kind, target: text('target'), ...given('pin', json.optional('pin')?.text(MAX_NAME)) };
    default:
      return kind satisfies never;
  }
}

function programOf(json: CheckedJson): { readonly id?: number } | undefined {
  const program = json.optional('program');
  return program === undefined ? undefined : { ...given('id', program.optional('id')?.integer(0, WHOLE)) };
}
