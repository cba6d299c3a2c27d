/** What lints look at: every node of every program once, with what is around it. */
import type { Diagnostic, DiagnosticSink } from '../../bpf/diagnostic.ts';
import type { Analysis } from '../analyse.ts';
import type { Model, Unit } from '../check/model.ts';
import type { CallExpression, MapAccess, MapName } from '../syntax/ast.ts';
import { type AnyNode, walk } from '../syntax/walk.ts';

export type Lint = (subject: LintSubject) => void;

/** One node at its place. */
export interface Site {
  readonly node: AnyNode;
  /** The nodes it stands in, innermost last. */
  readonly around: readonly AnyNode[];
  readonly unit: Unit;
}

/** One use of a map, with or without a key. */
export interface MapUse extends Site {
  readonly node: MapName | MapAccess;
  readonly name: string;
  readonly role: MapRole;
}

/** `whole`: `print(@m)`, `clear(@m)` and their like; `count`: `++`, `+=`; `remove`: `delete`. */
export type MapRole = 'write' | 'count' | 'read' | 'whole' | 'remove' | 'test';

export interface LintSubject {
  readonly model: Model;
  readonly sites: readonly Site[];
  readonly maps: ReadonlyMap<string, readonly MapUse[]>;
  report(diagnostic: Diagnostic): void;
}

export function makeSubject({ model }: Analysis, sink: DiagnosticSink): LintSubject {
  const sites: Site[] = [];
  for (const unit of model.units) {
    for (const part of [unit.probe.predicate, unit.probe.body]) {
      if (part === undefined) continue;
      walk(part, (node, around) => sites.push({ node, around: [...around], unit }));
    }
  }
  return { model, sites, maps: usesOfMaps(sites), report: (item) => sink.report(item) };
}

function usesOfMaps(sites: readonly Site[]): ReadonlyMap<string, readonly MapUse[]> {
  const uses = new Map<string, MapUse[]>();
  for (const site of sites) {
    const { node, around } = site;
    if (node.kind !== 'map' && node.kind !== 'map-access') continue;
    // The map of an access was counted with the access.
    const parent = around.at(-1);
    if (node.kind === 'map' && parent?.kind === 'map-access' && parent.map === node) continue;
    const name = node.kind === 'map' ? node.name : node.map.name;
    const use: MapUse = { ...site, node, name, role: roleOf(node, parent) };
    const known = uses.get(name);
    if (known === undefined) uses.set(name, [use]);
    else known.push(use);
  }
  return uses;
}

const WHOLE: ReadonlySet<string> = new Set(['print', 'clear', 'zero']);

function roleOf(node: MapName | MapAccess, parent: AnyNode | undefined): MapRole {
  if (parent?.kind === 'assign' && parent.target === node) return parent.operator === '=' ? 'write' : 'count';
  if (parent?.kind === 'update') return 'count';
  if (parent?.kind === 'call') return roleInCall(node, parent);
  return 'read';
}

function roleInCall(node: MapName | MapAccess, call: CallExpression): MapRole {
  const name = call.callee.name;
  if (call.arguments[0] !== node) return 'read';
  if (name === 'delete') return 'remove';
  if (name === 'has_key') return 'test';
  if (WHOLE.has(name)) return 'whole';
  return 'read';
}

/** Runs at every event: neither filtered nor inside something that may not run. */
export function isUnconditional({ around, unit }: Site): boolean {
  if (unit.probe.predicate !== undefined) return false;
  return !around.some(
    ({ kind }) => kind === 'if' || kind === 'ternary' || kind === 'for' || kind === 'while',
  );
}
