/** Statements: what each may say, what is never run and what nobody takes. */
import {
  neverRuns,
  outsideLoop,
  returnType,
  unrollCopies,
  unrollMaximum,
  unrollMinimum,
  unrollValue,
  valueDiscarded,
} from '../diagnostics/messages.gen.ts';
import type { Block, Expression, Statement, UnrollStatement } from '../syntax/ast.ts';
import { typeName } from '../types/name.ts';
import { isIntegral } from '../types/predicates.ts';
import type { Type } from '../types/type.ts';
import { assign, letStatement } from './assignments.ts';
import type { Checker } from './checker.ts';
import { checkReturn } from './functions.ts';
import { checkFor, copiesAround, MOST_COPIES } from './loops.ts';

export function checkStatement(checker: Checker, statement: Statement): void {
  switch (statement.kind) {
    case 'expression-statement':
      warnDiscarded(checker, statement.expression, checker.type(statement.expression));
      return;
    case 'discard':
      checker.type(statement.value);
      return;
    case 'assign':
      assign(checker, statement);
      return;
    case 'let':
      letStatement(checker, statement);
      return;
    case 'for':
      checkFor(checker, statement);
      return;
    case 'while':
      checker.require(statement.span, 'a `while` loop', 'bounded_loops');
      checker.condition(statement.condition);
      checker.loop(statement, false, () => checker.block(statement.body, false));
      return;
    case 'unroll':
      unroll(checker, statement);
      return;
    case 'return':
      if (checker.unit.subprogram === undefined) returnValue(checker, statement.value);
      else checkReturn(checker, checker.unit.subprogram, statement);
      return;
    case 'break':
    case 'continue':
      if (checker.loops.length === 0)
        checker.report(outsideLoop(statement.span, { statement: statement.kind }));
      return;
    case 'import-statement':
    case 'error-statement':
      return;
  }
}

/** Calls are made for what they do; all else that stands alone is for its value, which nobody takes. */
function warnDiscarded(checker: Checker, expression: Expression, type: Type | undefined): void {
  if (type === undefined || type.kind === 'none') return;
  switch (expression.kind) {
    case 'call':
    case 'update':
    case 'if':
    case 'ternary':
    case 'block':
      return;
    default:
      checker.report(valueDiscarded(expression.span));
  }
}

function returnValue(checker: Checker, value: Expression | undefined): void {
  const type = value && checker.valueType(value);
  if (type === undefined || isIntegral(type)) return;
  checker.report(returnType(value!.span, { type: typeName(type) }));
}

function unroll(checker: Checker, statement: UnrollStatement): void {
  checker.valueType(statement.count);
  const count = checker.constant(statement.count);
  if (count?.kind !== 'integer' || count.value < 0n) checker.report(unrollValue(statement.count.span));
  else if (count.value === 0n) checker.report(unrollMinimum(statement.count.span));
  else if (count.value > 100n) checker.report(unrollMaximum(statement.count.span));
  else {
    const copies = count.value * copiesAround(checker);
    if (copies > MOST_COPIES)
      checker.report(unrollCopies(statement.count.span, { copies, limit: MOST_COPIES }));
  }
  checker.loop(statement, false, () => checker.block(statement.body, false));
}

/** Said once a block, of the first statement that never runs. */
export function warnUnreachable(checker: Checker, { statements, result }: Block): void {
  const last = statements.findIndex((statement) => leaves(statement, checker.loops.length > 0));
  const next = last === -1 ? undefined : (statements[last + 1] ?? result);
  if (next !== undefined) checker.report(neverRuns(next.span));
}

/** Whether what follows the statement in its block is never run. */
function leaves(statement: Statement, inLoop: boolean): boolean {
  switch (statement.kind) {
    case 'return':
      return true;
    case 'break':
    case 'continue':
      return inLoop;
    case 'expression-statement':
      return statement.expression.kind === 'call' && statement.expression.callee.name === 'exit';
    default:
      return false;
  }
}
