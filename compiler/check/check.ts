/** Inference over the whole program until nothing changes, then one pass that reports. */
import type { Script } from '../syntax/ast.ts';
import { settle } from '../types/unify.ts';
import { Checker } from './checker.ts';
import { checkDeclarations, declareMaps } from './declarations.ts';
import { checkRecursion } from './functions.ts';
import { allUnits, type Model } from './model.ts';

/** Types only grow, and not far; the bound is for the unforeseen. */
const MAX_ROUNDS = 60;

export function checkProgram(model: Model, script: Script): void {
  declareMaps(model, script);
  // What still waits for a type when all others are known is not told by one.
  if (infer(model, true)) infer(model, false);
  settleAll(model);
  for (const unit of allUnits(model)) new Checker(model, unit, 'final').run();
  checkRecursion(model);
  checkDeclarations(model);
  if (model.sink.hasErrors || model.mockSymbols) return;
  for (const diagnostic of model.doubtful) model.sink.report(diagnostic);
}

/** Walks all units until no type grows any more; true when arms of conditions were held back to the end. */
function infer(model: Model, patient: boolean): boolean {
  let postponed = false;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    let changed = false;
    postponed = false;
    for (const unit of allUnits(model)) {
      const checker = new Checker(model, unit, 'infer', patient);
      checker.run();
      changed ||= checker.changed;
      postponed ||= checker.postponed;
    }
    if (!changed) break;
  }
  return postponed;
}

function settleAll(model: Model): void {
  for (const symbol of model.maps.values()) {
    if (symbol.key !== undefined) symbol.key = settle(symbol.key);
    if (symbol.value !== undefined) symbol.value = settle(symbol.value);
  }
  for (const unit of allUnits(model)) {
    for (const symbol of unit.variables.values())
      if (symbol.type !== undefined) symbol.type = settle(symbol.type);
  }
}
