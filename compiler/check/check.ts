/** Inference over the whole program until nothing changes, then one pass that reports. */
import { badMapDeclaration, notSupportedYet, signCapped } from '../diagnostics/messages.gen.ts';
import type { MapDeclaration, Script } from '../syntax/ast.ts';
import { isAggregate } from '../types/predicates.ts';
import { settle } from '../types/unify.ts';
import { Checker } from './checker.ts';
import { type Model, mapSymbol } from './model.ts';

/** Types only grow, and not far; the bound is for the unforeseen. */
const MAX_ROUNDS = 60;

export function checkProgram(model: Model, script: Script): void {
  declareMaps(model, script);
  for (let round = 0; round < MAX_ROUNDS; round++) {
    let changed = false;
    for (const unit of model.units) {
      const checker = new Checker(model, unit, 'infer');
      checker.run();
      changed ||= checker.changed;
    }
    if (!changed) break;
  }
  settleAll(model);
  for (const unit of model.units) new Checker(model, unit, 'final').run();
  finishMaps(model);
  if (model.sink.hasErrors || model.mockSymbols) return;
  for (const diagnostic of model.doubtful) model.sink.report(diagnostic);
}

function declareMaps(model: Model, script: Script): void {
  for (const item of script.items) {
    if (item.kind !== 'map-declaration') continue;
    const symbol = mapSymbol(model, item.map.name, item.map.span);
    const problem = declarationProblem(item);
    if (problem !== undefined) model.sink.report(badMapDeclaration(item.span, { detail: problem }));
    else symbol.declaration = item;
  }
}

function declarationProblem({ mapType, maxEntries }: MapDeclaration): string | undefined {
  if (!/^(hash|lruhash|percpuhash|percpulruhash)$/.test(mapType.name))
    return `unknown map type '${mapType.name}'`;
  if (maxEntries.kind !== 'integer') return 'the number of entries must be a literal';
  return maxEntries.value < 1n || maxEntries.value > 0x7fff_ffffn
    ? 'the number of entries is out of range'
    : undefined;
}

function settleAll(model: Model): void {
  for (const symbol of model.maps.values()) {
    if (symbol.key !== undefined) symbol.key = settle(symbol.key);
    if (symbol.value !== undefined) symbol.value = settle(symbol.value);
  }
  for (const unit of model.units) {
    for (const symbol of unit.variables.values())
      if (symbol.type !== undefined) symbol.type = settle(symbol.type);
  }
}

function finishMaps(model: Model): void {
  for (const symbol of model.maps.values()) {
    if (symbol.capped !== undefined)
      model.sink.report(signCapped(symbol.capped, { what: `@${symbol.name}` }));
    const { declaration, value } = symbol;
    if (declaration === undefined || value === undefined) continue;
    const perCpu = declaration.mapType.name.startsWith('percpu');
    if (perCpu === isAggregate(value)) continue;
    if (perCpu)
      model.sink.report(notSupportedYet(declaration.span, { what: 'per-CPU maps of plain values' }));
    else {
      const detail = `@${symbol.name} holds an aggregation, which needs a per-CPU map type`;
      model.sink.report(badMapDeclaration(declaration.span, { detail }));
    }
  }
  for (const unit of model.units) {
    for (const symbol of new Set(unit.variables.values())) {
      if (symbol.capped !== undefined)
        model.sink.report(signCapped(symbol.capped, { what: `$${symbol.name}` }));
    }
  }
}
