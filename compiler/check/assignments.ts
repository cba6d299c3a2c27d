/** Assignments and declarations of variables; of maps they are in maps.ts. */
import { neverAssigned, shadowedVariable, undeterminedType } from '../diagnostics/messages.gen.ts';
import type { AssignStatement, BinaryOperator, Expression, LetStatement } from '../syntax/ast.ts';
import { COUNTER } from '../types/make.ts';
import type { Type } from '../types/type.ts';
import type { Checker } from './checker.ts';
import { assignMap, checkMapTarget, plainType } from './maps.ts';
import { assignVariable, bindVariable, declareType, newVariable, reportUndefined } from './variables.ts';

export function assign(checker: Checker, statement: AssignStatement): void {
  const { target } = statement;
  if (target.kind === 'map' || target.kind === 'map-access') {
    assignMap(checker, statement, target);
    return;
  }
  if (target.kind !== 'variable') {
    // The parser has refused it: nothing is written through pointers.
    checker.valueType(statement.value);
    return;
  }
  const compound = statement.operator !== '=';
  const before = checker.scopes.find(target.name);
  if (compound && before === undefined) reportUndefined(checker, target);
  if (compound && before !== undefined) checker.written.add(before);
  const type = plainType(checker, statement.value, compoundType(checker, statement));
  const symbol = checker.scopes.find(target.name) ?? newVariable(checker, target);
  bindVariable(checker, target, symbol);
  checker.written.add(symbol);
  symbol.assigned = true;
  if (type !== undefined) assignVariable(checker, symbol, type, statement.value);
}

/** Type of the new value: of `a op b` for `a op= b`. */
export function compoundType(checker: Checker, statement: AssignStatement): Type | undefined {
  if (statement.operator === '=') return checker.valueType(statement.value);
  const operator = statement.operator.slice(0, -1) as BinaryOperator;
  return checker.type(compoundExpression(checker, statement, operator));
}

/** The binary expression that a compound assignment stands for; one node per statement, for lowering. */
function compoundExpression(
  checker: Checker,
  statement: AssignStatement,
  operator: BinaryOperator,
): Expression {
  const known = checker.unit.compounds.get(statement);
  if (known !== undefined) return known;
  const made: Expression = {
    kind: 'binary',
    span: statement.span,
    operator,
    operatorSpan: statement.operatorSpan,
    left: statement.target as Expression,
    right: statement.value,
  };
  checker.unit.compounds.set(statement, made);
  return made;
}

export function letStatement(checker: Checker, statement: LetStatement): void {
  const { variable, value } = statement;
  const declared = statement.type === undefined ? undefined : checker.typeSyntax(statement.type);
  const type = value && plainType(checker, value, checker.valueType(value));
  const visible = checker.scopes.find(variable.name);
  if (visible !== undefined) {
    const related = [{ message: 'This is the initial declaration.', span: visible.declaredAt }];
    checker.report(shadowedVariable(variable.span, { name: variable.name }, { related }));
  }
  const symbol = newVariable(checker, variable);
  if (statement.type !== undefined) declareType(checker, symbol, declared);
  bindVariable(checker, variable, symbol);
  if (value !== undefined) {
    checker.written.add(symbol);
    symbol.assigned = true;
  }
  if (value !== undefined && type !== undefined) assignVariable(checker, symbol, type, value);
  if (checker.phase !== 'final') return;
  if (!symbol.assigned) checker.report(neverAssigned(variable.span, { name: variable.name }));
  if (symbol.type === undefined && symbol.assigned && value === undefined) {
    checker.doubt(undeterminedType(variable.span, { what: `$${variable.name}` }));
  }
}

/** `++` and `--` of maps and variables. */
export function updateTarget(checker: Checker, target: Expression): Type | undefined {
  if (target.kind === 'variable') {
    const symbol = checker.scopes.find(target.name);
    if (symbol !== undefined) checker.written.add(symbol);
    // Counting is an assignment of a number.
    if (symbol !== undefined && symbol.type === undefined) assignVariable(checker, symbol, COUNTER, target);
    return checker.type(target);
  }
  if (target.kind === 'map' || target.kind === 'map-access') return checkMapTarget(checker, target);
  return checker.valueType(target);
}
