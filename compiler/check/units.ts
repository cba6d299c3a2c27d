/**
 * Probes to units: one unit is one program. Points share a program unless the kernel binds a program to its point, the body
 * uses `probe`, or it reads values that lie in different places.
 */
import type { AttachPoint } from '../../bpf/attach-point.ts';
import type { KernelInfo } from '../../bpf/kernel-info.ts';
import type { TargetProfile } from '../../bpf/profiles/index.ts';
import { funcIsKnown } from '../resolve/function-address.ts';
import type { ResolvedPoint } from '../resolve/point.ts';
import { type ProbeArgument, placeKey } from '../resolve/probe-arguments.ts';
import type { FunctionDefinition, Probe } from '../syntax/ast.ts';
import type { Subprogram, Unit } from './model.ts';

export interface UnitContext {
  readonly kernel: KernelInfo;
  readonly target: TargetProfile;
  readonly firstIndex: number;
}

export function makeUnits(probe: Probe, points: readonly ResolvedPoint[], context: UnitContext): Unit[] {
  const uses = usesOf(probe);
  const groups = new Map<string, ResolvedPoint[]>();
  for (const [index, point] of points.entries()) {
    const own = uses.name || uses.place || (uses.func && funcIsKnown(point.point, context));
    const key = own ? String(index) : groupKey(point, uses);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [point]);
    else group.push(point);
  }
  return [...groups.values()].map((group, index) => ({
    index: context.firstIndex + index,
    probe,
    points: group,
    ...emptyTables(),
  }));
}

function emptyTables(): Omit<Unit, 'index' | 'probe' | 'points'> {
  return {
    types: new Map(),
    constants: new Map(),
    variables: new Map(),
    compounds: new Map(),
    rewritten: new Map(),
    layouts: new Map(),
    loopOwners: new Set(),
  };
}

/** A function as a unit of its own. */
export function makeSubprogram(definition: FunctionDefinition, index: number): Subprogram {
  const { span, body } = definition;
  const probe: Probe = { kind: 'probe', span, attachPoints: [], body };
  const unit: { -readonly [K in keyof Unit]: Unit[K] } = { index, probe, points: [], ...emptyTables() };
  const subprogram: Subprogram = {
    definition,
    unit,
    parameters: [],
    result: undefined,
    calls: new Map(),
  };
  unit.subprogram = subprogram;
  return subprogram;
}

/** What a body asks of its event. */
export interface EventUses {
  readonly name: boolean;
  /** Where in its program the probe is (`uaddr`). */
  readonly place: boolean;
  readonly func: boolean;
  readonly returned: boolean;
  /** `args` as a value of its own. */
  readonly all: boolean;
  /** `args.NAME` */
  readonly fields: ReadonlySet<string>;
  /** `argN` */
  readonly numbers: ReadonlySet<number>;
}

function groupKey(point: ResolvedPoint, uses: EventUses): string {
  const program = programKey(point);
  if (point.unknown) return `unknown ${program}`;
  const { args } = point;
  if (args === undefined) return program;
  const key = (one: ProbeArgument | undefined): string => (one === undefined ? '-' : placeKey(one));
  const named = uses.fields.size > 0 || uses.all ? args.named() : undefined;
  const fields = [...uses.fields].map((name) => `${name}=${key(named?.find((one) => one.name === name))}`);
  const numbers = [...uses.numbers].map((index) => `${index}=${key(args.numbered?.(index))}`);
  const all = uses.all ? (named ?? []).map((one) => `${one.name}=${placeKey(one)}`) : [];
  const returned = uses.returned ? [key(args.returned?.())] : [];
  return [program, ...fields, ...numbers, ...all, ...returned].join('|');
}

/** Points of different kinds never share a program; of some kinds the program itself says where it belongs. */
function programKey({ point, name }: ResolvedPoint): string {
  return BOUND.has(point.kind) ? `${point.kind} ${name}` : point.kind;
}

const BOUND: ReadonlySet<AttachPoint['kind']> = new Set(['fentry', 'fexit', 'iter', 'test', 'bench']);

/** Walks the tree as plain data: every node with a `kind` is looked at. */
export function usesOf(probe: Probe): EventUses {
  const words = new Set<string>();
  const fields = new Set<string>();
  let all = false;
  const pending: object[] = [probe.body];
  if (probe.predicate !== undefined) pending.push(probe.predicate);
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (ArrayBuffer.isView(node)) continue;
    const { kind, name, object, field, callee, span } = node as SyntaxNode;
    if (kind === 'identifier' && typeof name === 'string') {
      words.add(name);
      all ||= name === 'args';
    }
    if (kind === 'call' && typeof callee?.name === 'string') words.add(callee.name);
    const isField = kind === 'field' && object?.kind === 'identifier' && object.name === 'args';
    if (isField) fields.add(field!.name);
    for (const value of Object.values(node) as unknown[]) {
      if (typeof value !== 'object' || value === null || value === span) continue;
      if (!isField || value !== object) pending.push(value);
    }
  }
  const numbers = [...words].flatMap((word) => /^arg(\d)$/.exec(word)?.[1] ?? []).map(Number);
  return {
    name: words.has('probe'),
    place: words.has('uaddr'),
    func: words.has('func'),
    returned: words.has('retval'),
    all,
    fields,
    numbers: new Set(numbers),
  };
}

interface SyntaxNode {
  readonly kind?: string;
  readonly name?: unknown;
  readonly object?: { readonly kind?: string; readonly name?: string };
  readonly field?: { readonly name: string };
  readonly callee?: { readonly name?: unknown };
  readonly span?: unknown;
}
