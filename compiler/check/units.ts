/**
 * Probes to units: one unit is one program. Points share a program unless the body uses `probe` or `func`, or reads argument fields
 * whose layouts differ.
 */
import type { AttachPoint } from '../../bpf/attach-point.ts';
import type { ResolvedPoint } from '../resolve/attach.ts';
import type { Probe } from '../syntax/ast.ts';
import type { Unit } from './model.ts';

export function makeUnits(probe: Probe, points: readonly ResolvedPoint[], firstIndex: number): Unit[] {
  const uses = usesOf(probe);
  const groups = new Map<string, ResolvedPoint[]>();
  for (const [index, point] of points.entries()) {
    const key = uses.name ? String(index) : groupKey(point, uses);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [point]);
    else group.push(point);
  }
  return [...groups.values()].map((group, index) => ({
    index: firstIndex + index,
    probe,
    points: group,
    types: new Map(),
    constants: new Map(),
    variables: new Map(),
    compounds: new Map(),
    rewritten: new Map(),
    loopOwners: new Set(),
  }));
}

interface Uses {
  readonly name: boolean;
  readonly probeType: boolean;
  readonly fields: ReadonlySet<string>;
}

function groupKey({ point, format, unknown }: ResolvedPoint, { fields }: Uses): string {
  if (unknown) return `unknown ${programKind(point)}`;
  if (format === undefined) return programKind(point);
  const layouts = [...fields].map((name) => {
    const field = format.fields.find((one) => one.name === name);
    return field && [name, field.offset, field.size, field.signed, field.kind, field.type].join(':');
  });
  const space = layouts.length > 0 && format.system === 'syscalls' ? 'user' : '';
  return [programKind(point), space, ...layouts].join('|');
}

function programKind(point: AttachPoint): string {
  return point.kind;
}

/** Names of the fields of `args` that a probe reads. */
export function argumentFields(probe: Probe): ReadonlySet<string> {
  return usesOf(probe).fields;
}

/** Walks the tree as plain data: every node with a `kind` is looked at. */
function usesOf(probe: Probe): Uses {
  let name = false;
  const fields = new Set<string>();
  const pending: unknown[] = [probe.predicate, probe.body];
  while (pending.length > 0) {
    const node = pending.pop();
    if (node === null || typeof node !== 'object' || ArrayBuffer.isView(node)) continue;
    const {
      kind,
      name: word,
      object,
      field,
    } = node as {
      kind?: string;
      name?: unknown;
      object?: { kind?: string; name?: string };
      field?: { name: string };
    };
    if (kind === 'identifier' && (word === 'probe' || word === 'func')) name = true;
    if (kind === 'field' && object?.kind === 'identifier' && object.name === 'args') fields.add(field!.name);
    for (const value of Object.values(node)) pending.push(value);
  }
  return { name, probeType: false, fields };
}
