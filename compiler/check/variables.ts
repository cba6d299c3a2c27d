/** Scratch variables: their symbols, and the types that assignments give them. */
import { readBeforeAssign, undefinedVariable } from '../diagnostics/messages.gen.ts';
import { didYouMean } from '../resolve/suggest.ts';
import type { Expression, ForStatement, VariableName } from '../syntax/ast.ts';
import { equalTypes } from '../types/predicates.ts';
import type { Type } from '../types/type.ts';
import { pointsElsewhere, unify } from '../types/unify.ts';
import { checkAssignable, reportMismatch, type Target } from './assignable.ts';
import type { Checker } from './checker.ts';
import { warnImplicitCast } from './implicit-casts.ts';
import type { VariableSymbol } from './model.ts';

/** The symbol declared by this node; the same one in every round. */
export function newVariable(checker: Checker, node: VariableName): VariableSymbol {
  const known = checker.unit.variables.get(node);
  const symbol: VariableSymbol = known ?? {
    name: node.name,
    declaredAt: node.span,
    owner: ownerOf(checker),
    assigned: false,
    captured: false,
  };
  checker.scopes.declare(symbol);
  return symbol;
}

/** The annotated type, which may follow from others that are still inferred. */
export function declareType(checker: Checker, symbol: VariableSymbol, declared: Type | undefined): void {
  symbol.annotated = true;
  if (declared === undefined || (symbol.type !== undefined && equalTypes(symbol.type, declared))) return;
  symbol.declared = declared;
  symbol.type = declared;
  checker.changed = true;
}

export function ownerOf(checker: Checker): ForStatement | undefined {
  return checker.loops.findLast(({ callback }) => callback)?.node as ForStatement | undefined;
}

export function bindVariable(checker: Checker, node: VariableName, symbol: VariableSymbol): void {
  checker.unit.variables.set(node, symbol);
  if (symbol.owner !== ownerOf(checker)) symbol.captured = true;
}

export function variableType(checker: Checker, node: VariableName): Type | undefined {
  const symbol = checker.scopes.find(node.name);
  if (symbol === undefined) return reportUndefined(checker, node);
  bindVariable(checker, node, symbol);
  // What a loop's later part assigns may be there in its next round.
  if (!checker.written.has(symbol) && checker.loops.length === 0) {
    checker.written.add(symbol);
    checker.report(readBeforeAssign(node.span, { name: node.name }));
  }
  if (symbol.type === undefined && checker.phase === 'final' && !symbol.assigned)
    return { kind: 'integer', size: 8, signed: true };
  return symbol.type;
}

export function reportUndefined(checker: Checker, node: VariableName): undefined {
  checker.report(
    undefinedVariable(node.span, { name: node.name }, didYouMean(node.name, checker.scopes.names(), '$')),
  );
  return undefined;
}

export function assignVariable(
  checker: Checker,
  symbol: VariableSymbol,
  type: Type,
  value: Expression,
): void {
  symbol.assigned = true;
  if (symbol.declared !== undefined) {
    checkAssignable(checker, targetOf(symbol, symbol.declared), type, value);
    return;
  }
  if (symbol.annotated) return;
  if (symbol.type === undefined) {
    symbol.type = type;
    checker.changed = true;
    return;
  }
  const unified = unify(symbol.type, type);
  if (unified === undefined || (checker.phase === 'final' && pointsElsewhere(symbol.type, type))) {
    reportMismatch(checker, targetOf(symbol, symbol.type), type, value);
    return;
  }
  if (checker.phase === 'final') {
    warnImplicitCast(checker, value, type, symbol.type);
    return;
  }
  if (equalTypes(unified, symbol.type)) return;
  symbol.type = unified;
  checker.changed = true;
}

function targetOf({ name, declaredAt }: VariableSymbol, type: Type): Target {
  return { type, what: `$${name}`, kind: 'variable', at: declaredAt };
}
