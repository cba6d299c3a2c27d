/** Explicit casts. */
import { invalidCast } from '../diagnostics/messages.gen.ts';
import type { CastExpression } from '../syntax/ast.ts';
import { typeName } from '../types/name.ts';
import { isReadableAggregate } from '../types/predicates.ts';
import type { Type } from '../types/type.ts';
import type { Checker } from './checker.ts';

export function checkCast(checker: Checker, expression: CastExpression): Type | undefined {
  const [to, from] = [checker.typeSyntax(expression.type), checker.valueType(expression.value)];
  if (to === undefined || from === undefined) return undefined;
  if (!castable(from, to)) {
    checker.report(invalidCast(expression.span, { from: typeName(from), to: typeName(to) }));
    return undefined;
  }
  foldCast(checker, expression, to);
  return to;
}

function castable(from: Type, to: Type): boolean {
  switch (to.kind) {
    case 'integer':
      return (
        from.kind === 'integer' ||
        from.kind === 'boolean' ||
        from.kind === 'pointer' ||
        isReadableAggregate(from)
      );
    case 'boolean':
      return (
        from.kind === 'integer' ||
        from.kind === 'boolean' ||
        from.kind === 'pointer' ||
        from.kind === 'string'
      );
    case 'pointer':
      return from.kind === 'integer' || from.kind === 'pointer';
    case 'string':
      return from.kind === 'string' && to.size >= from.size;
    default:
      return false;
  }
}

function foldCast(checker: Checker, expression: CastExpression, to: Type): void {
  const constant = checker.constant(expression.value);
  checker.setConstant(expression, undefined);
  if (constant === undefined || constant.kind === 'string') return;
  const value = constant.kind === 'integer' ? constant.value : constant.value ? 1n : 0n;
  if (to.kind === 'boolean') checker.setConstant(expression, { kind: 'boolean', value: value !== 0n });
  if (to.kind !== 'integer') return;
  const wrapped = to.signed ? BigInt.asIntN(to.size * 8, value) : BigInt.asUintN(to.size * 8, value);
  checker.setConstant(expression, { kind: 'integer', value: wrapped, cast: true });
}
