/** `for` over maps and ranges: the loop variable, and what cannot be iterated. */
import { mapLoop, needsKernel, shadowedVariable, undefinedMap } from '../diagnostics/messages.gen.ts';
import type { ForStatement } from '../syntax/ast.ts';
import { INT64, tuple } from '../types/make.ts';
import { typeName } from '../types/name.ts';
import { isInteger } from '../types/predicates.ts';
import type { Type } from '../types/type.ts';
import { unifyIntegers } from '../types/unify.ts';
import type { Checker } from './checker.ts';
import { mapSymbol } from './model.ts';

export function checkFor(checker: Checker, statement: ForStatement): void {
  const element = elementType(checker, statement);
  checker.unit.loopOwners.add(checker.owner());
  checker.loop(
    statement,
    true,
    () => {
      checker.scopes.enter();
      const { variable } = statement;
      const visible = checker.scopes.find(variable.name);
      if (visible !== undefined) {
        const related = [{ message: 'This is the initial declaration.', span: visible.declaredAt }];
        checker.report(shadowedVariable(variable.span, { name: variable.name }, { related }));
      }
      const symbol = checker.newVariable(variable, undefined);
      symbol.assigned = true;
      checker.bind(variable, symbol);
      if (element !== undefined) checker.assignVariable(symbol, element, statement.variable);
      checker.block(statement.body, false);
      checker.scopes.leave();
    },
    statement.over.kind === 'map',
  );
}

function elementType(checker: Checker, { over }: ForStatement): Type | undefined {
  if (over.kind === 'map') return mapElement(checker, over.name, over);
  if (over.kind === 'range') {
    const [start, end] = [checker.valueType(over.start), checker.valueType(over.end)];
    if (start === undefined || end === undefined) return undefined;
    if (!isInteger(start) || !isInteger(end)) {
      const wrong = isInteger(start) ? over.end : over.start;
      checker.report(
        mapLoop(wrong.span, { what: `A range of '${typeName(isInteger(start) ? end : start)}'` }),
      );
      return undefined;
    }
    requireHelper(checker, over.span, 'a loop over a range', 5, 17);
    return unifyIntegers(unifyIntegers(start, end).type as typeof start, INT64).type;
  }
  checker.type(over);
  checker.report(mapLoop(over.span, { what: 'This value' }));
  return undefined;
}

function mapElement(checker: Checker, name: string, over: ForStatement['over']): Type | undefined {
  const symbol = mapSymbol(checker.model, name, over.span);
  if (symbol.keyed === false) {
    checker.report(mapLoop(over.span, { what: `The scalar map @${name}` }));
    return undefined;
  }
  if (symbol.key === undefined || symbol.value === undefined) {
    checker.report(undefinedMap(over.span, { name }));
    return undefined;
  }
  switch (symbol.value.kind) {
    case 'hist':
    case 'lhist':
    case 'stats':
      checker.report(mapLoop(over.span, { what: `@${name} of type '${typeName(symbol.value)}'` }));
      return undefined;
  }
  requireHelper(checker, over.span, 'a loop over a map', 5, 13);
  return tuple([{ type: symbol.key }, { type: readType(symbol.value) }]);
}

/** What an aggregation's value is in expressions: the number that printing shows. */
export function readType(type: Type): Type {
  switch (type.kind) {
    case 'count':
      return { kind: 'integer', size: 8, signed: false };
    case 'sum':
    case 'min':
    case 'max':
    case 'avg':
      return { kind: 'integer', size: 8, signed: type.signed };
    default:
      return type;
  }
}

function requireHelper(
  checker: Checker,
  span: ForStatement['span'],
  what: string,
  major: number,
  minor: number,
): void {
  const { version } = checker.model.kernel;
  if (version === undefined || version.major > major) return;
  if (version.major === major && version.minor >= minor) return;
  checker.report(needsKernel(span, { what, version: `${major}.${minor}` }));
}
