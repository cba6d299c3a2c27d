/**
 * `if` and `?:`. An arm that a constant condition excludes is neither typed nor complained of: the predicates of types
 * (`is_str` and its kin) choose arms by that.
 */
import { armTypes } from '../diagnostics/messages.gen.ts';
import type { Block, Expression, IfExpression } from '../syntax/ast.ts';
import { NONE } from '../types/make.ts';
import { typeName } from '../types/name.ts';
import type { Type } from '../types/type.ts';
import { unify } from '../types/unify.ts';
import type { Checker } from './checker.ts';
import { truth } from './fold.ts';
import { warnImplicitCast } from './implicit-casts.ts';

type Arm = 'then' | 'otherwise' | 'both' | 'neither';

export function checkTernary(
  checker: Checker,
  expression: Expression & { kind: 'ternary' },
): Type | undefined {
  const then = expression.then ?? expression.condition;
  return either(checker, expression, then, expression.otherwise);
}

export function checkIf(checker: Checker, expression: IfExpression): Type | undefined {
  return either(checker, expression, expression.then, expression.otherwise);
}

/** The value of a block: constant when it is nothing but a constant. */
export function checkBlock(checker: Checker, block: Block): Type | undefined {
  const type = checker.block(block, true);
  const constant = block.statements.length > 0 ? undefined : block.result && checker.constant(block.result);
  checker.setConstant(block, constant);
  return type;
}

function either(
  checker: Checker,
  expression: Expression & { kind: 'ternary' | 'if' },
  then: Expression,
  otherwise: Expression | undefined,
): Type | undefined {
  const arm = decide(checker, expression.condition);
  checker.setConstant(expression, undefined);
  if (arm === 'neither') return undefined;
  if (arm !== 'both') return only(checker, expression, arm === 'then' ? then : otherwise);
  const [left, right] = [checker.type(then), otherwise && checker.type(otherwise)];
  if (otherwise === undefined || left?.kind === 'none' || right?.kind === 'none') return NONE;
  const type = common(checker, expression, left, right);
  warnImplicitCast(checker, then, left, type);
  warnImplicitCast(checker, otherwise, right, type);
  return type;
}

/** The arms to look at; neither while the condition waits for a type that is not inferred yet. */
function decide(checker: Checker, condition: Expression): Arm {
  const around = checker.awaits;
  checker.awaits = false;
  checker.condition(condition);
  const awaits = checker.awaits;
  checker.awaits ||= around;
  const constant = checker.constant(condition);
  if (constant !== undefined) return truth(constant) ? 'then' : 'otherwise';
  if (!awaits || !checker.patient) return 'both';
  checker.postponed = true;
  return 'neither';
}

function only(checker: Checker, expression: Expression, arm: Expression | undefined): Type | undefined {
  if (arm === undefined) return NONE;
  const type = checker.type(arm);
  checker.setConstant(expression, checker.constant(arm));
  return type;
}

function common(
  checker: Checker,
  expression: Expression,
  then: Type | undefined,
  otherwise: Type | undefined,
): Type | undefined {
  if (then === undefined || otherwise === undefined) return then ?? otherwise;
  const unified = unify(then, otherwise);
  if (unified === undefined) {
    checker.report(armTypes(expression.span, { left: typeName(then), right: typeName(otherwise) }));
    return undefined;
  }
  return unified;
}
