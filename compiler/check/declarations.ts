/** Map declarations, `let @m = hash(16)`: what they may say, and whether the uses of the map agree. */
import type { MapTypeName } from '../../bpf/maps.ts';
import type { Span } from '../../bpf/span.ts';
import {
  badMapDeclaration,
  incompatibleMapType,
  invalidMapType,
  mapRedeclared,
  unusedMap,
} from '../diagnostics/messages.gen.ts';
import type { MapDeclaration, Script } from '../syntax/ast.ts';
import { isAggregate } from '../types/predicates.ts';
import { type MapSymbol, type Model, mapSymbol } from './model.ts';

/** The kernel's name of each type that a script may declare a map of. */
export const DECLARABLE: ReadonlyMap<string, MapTypeName> = new Map<string, MapTypeName>([
  ['hash', 'hash'],
  ['lruhash', 'lru_hash'],
  ['percpuhash', 'percpu_hash'],
  ['percpulruhash', 'lru_percpu_hash'],
]);
const MOST_ENTRIES = 0x7fff_ffffn;

export function declareMaps(model: Model, script: Script): void {
  for (const item of script.items) {
    if (item.kind === 'map-declaration') declare(model, item);
  }
}

function declare(model: Model, item: MapDeclaration): void {
  const { sink } = model;
  const { name, span } = item.map;
  const symbol = mapSymbol(model, name, span);
  if (symbol.declaration !== undefined) {
    const related = [{ message: 'This is the initial declaration.', span: symbol.declaration.span }];
    sink.report(mapRedeclared(item.span, { name }, { related }));
    return;
  }
  const { maxEntries, mapType } = item;
  if (!DECLARABLE.has(mapType.name)) sink.report(invalidMapType(item.span, { name: mapType.name }));
  else if (maxEntries.kind !== 'integer' || maxEntries.value < 1n || maxEntries.value > MOST_ENTRIES) {
    sink.report(badMapDeclaration(maxEntries.span, { detail: 'the number of entries is out of range' }));
  } else symbol.declaration = item;
}

/** When all uses are known. */
export function checkDeclarations(model: Model): void {
  const declared = [...model.maps.values()].filter(({ declaration }) => declaration !== undefined);
  if (declared.length === 0) return;
  const uses = mapUses(model);
  for (const symbol of declared) checkDeclaration(model, symbol, symbol.declaration!, uses.get(symbol.name));
}

function checkDeclaration(
  { sink, incomplete }: Model,
  { name, value }: MapSymbol,
  declaration: MapDeclaration,
  use: Span | undefined,
): void {
  if (use === undefined) {
    if (!incomplete) sink.report(unusedMap(declaration.span, { name }));
    return;
  }
  if (value === undefined) return;
  const declared = declaration.mapType.name;
  const perCpu = isAggregate(value);
  if (declared.startsWith('percpu') === perCpu) return;
  const related = [{ message: 'This is the declaration.', span: declaration.span }];
  const names = { declared, needed: perCpu ? 'percpuhash' : 'hash' };
  sink.report(incompatibleMapType(use, names, { related }));
}

/** Where each map is used first. Walks the trees as plain data. */
function mapUses({ units }: Model): ReadonlyMap<string, Span> {
  const uses = new Map<string, Span>();
  const pending: unknown[] = units.map(({ probe }) => [probe.predicate, probe.body]).reverse();
  while (pending.length > 0) {
    const node = pending.pop();
    if (node === null || typeof node !== 'object' || ArrayBuffer.isView(node)) continue;
    const { kind, name, span } = node as { kind?: string; name?: string; span?: Span };
    if (kind === 'map' && !uses.has(name!)) uses.set(name!, span!);
    for (const part of Object.values(node).reverse()) pending.push(part);
  }
  return uses;
}
