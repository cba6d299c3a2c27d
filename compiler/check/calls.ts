/** Builtins and function calls: found in the library, arity checked here, the rest by their own entries. */

import {
  aggregateMisplaced,
  argumentType,
  unknownFunction,
  unknownIdentifier,
  unsafeCall,
  wrongArity,
} from '../diagnostics/messages.gen.ts';
import { findEntry, LIBRARY } from '../library/index.ts';
import { didYouMean } from '../resolve/suggest.ts';
import { stdlibPart } from '../stdlib/stdlib.ts';
import type { CallExpression, Expression, IdentifierExpression } from '../syntax/ast.ts';
import type { Type } from '../types/type.ts';
import type { Checker } from './checker.ts';
import { checkFunctionCall, refusedInFunction } from './functions.ts';
import { isTypeSyntax } from './type-syntax.ts';

export function checkIdentifier(checker: Checker, expression: IdentifierExpression): Type | undefined {
  const { name, span } = expression;
  if (refusedInFunction(checker, name, expression)) return undefined;
  const entry = findEntry(name);
  if (entry !== undefined && entry.arguments.min === 0) {
    return entry.check({ node: expression, name, span, args: [] }, checker);
  }
  if (entry !== undefined) {
    checker.report(wrongArity(span, { name, wanted: requirement(entry.arguments), given: 0 }));
    return undefined;
  }
  const constant = checker.model.typeTable.constant(name);
  if (constant !== undefined) {
    checker.setConstant(expression, { kind: 'integer', value: constant.value });
    return constant.type;
  }
  checker.unknownName(
    unknownIdentifier(
      span,
      { name },
      didYouMean(
        name,
        LIBRARY.map((one) => one.name),
      ),
    ),
  );
  return undefined;
}

export function checkCall(checker: Checker, expression: CallExpression): Type | undefined {
  const { name, span } = expression.callee;
  const isTarget = checker.aggregateTarget === expression;
  checker.aggregateTarget = undefined;
  const subprogram = checker.model.functions.get(name);
  if (subprogram !== undefined) return checkFunctionCall(checker, expression, subprogram);
  if (refusedInFunction(checker, name, expression)) return undefined;
  const entry = findEntry(name);
  if (entry === undefined) {
    const names = [...LIBRARY.map((one) => one.name), ...checker.model.callables];
    const part = stdlibPart(name);
    const hints = part === undefined ? didYouMean(name, names) : { hints: [`import "${part}"; brings it`] };
    checker.unknownName(unknownFunction(span, { name }, hints));
    return undefined;
  }
  const args: Expression[] = [];
  for (const argument of expression.arguments) {
    if (!isTypeSyntax(argument)) args.push(argument);
    else if (entry.takesTypes !== true)
      checker.report(argumentType(argument.span, { name, wanted: 'value', found: 'type' }));
  }
  const given = expression.arguments.length;
  if (args.length !== given && entry.takesTypes !== true) return undefined;
  const { min, max } = entry.arguments;
  if (given < min || given > max) {
    checker.report(wrongArity(expression.span, { name, wanted: requirement(entry.arguments), given }));
    return undefined;
  }
  if (entry.unsafe && !checker.model.unsafe) checker.report(unsafeCall(expression.span, { name }));
  if (entry.kind === 'aggregation' && !isTarget) {
    checker.report(aggregateMisplaced(expression.span, { name }));
    return undefined;
  }
  return entry.check({ node: expression, name, span: expression.span, args }, checker);
}

function requirement({ min, max }: { readonly min: number; readonly max: number }): string {
  if (max === 0) return 'no arguments';
  if (min === max) return min === 1 ? 'exactly one argument' : `exactly ${min} arguments`;
  if (max >= 128) return min === 1 ? 'at least one argument' : `at least ${min} arguments`;
  return `between ${min} and ${max} arguments`;
}
