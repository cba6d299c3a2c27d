/** What `sizeof`, `typeof` and `typeinfo` are asked about: its type, without evaluating it. */
import { typeofValue, unstableFeature, unstableUse } from '../diagnostics/messages.gen.ts';
import type { Expression, TupleExpression, TypeofExpression, TypeSyntax } from '../syntax/ast.ts';
import { typeName } from '../types/name.ts';
import type { Type } from '../types/type.ts';
import { settle } from '../types/unify.ts';
import type { Checker } from './checker.ts';
import { isTypeName, isTypeSyntax } from './type-syntax.ts';

/** Settled; undefined when it is not known (yet) or was complained of. */
export function operandType(checker: Checker, operand: Expression | TypeSyntax): Type | undefined {
  checker.unevaluated++;
  const type = unsettled(checker, operand);
  checker.unevaluated--;
  if (type === undefined) checker.awaits = true;
  return type && settle(type);
}

function unsettled(checker: Checker, operand: Expression | TypeSyntax): Type | undefined {
  if (isTypeSyntax(operand)) return checker.typeSyntax(operand);
  if (operand.kind === 'identifier' && isTypeName(checker, operand.name))
    return checker.typeSyntax({ kind: 'named-type', span: operand.span, name: operand.name });
  if (operand.kind === 'typeof') return operandType(checker, operand.operand);
  if (operand.kind !== 'map') return checker.type(operand);
  const symbol = checker.model.maps.get(operand.name);
  if (symbol?.value === undefined && checker.phase === 'final')
    checker.undefinedMap(operand.name, operand.span);
  // Of a keyed map without its key: the type of the key.
  return symbol?.keyed ? symbol.key : symbol?.value;
}

export function checkTypeof(checker: Checker, expression: TypeofExpression): Type | undefined {
  if (expression.kind === 'typeinfo') return typeinfo(checker, expression);
  checker.report(typeofValue(expression.span));
  return undefined;
}

/** `(id in BTF, family, name)`, a tuple of constants. */
function typeinfo(checker: Checker, expression: TypeofExpression): Type | undefined {
  requireStable(checker, expression);
  const type = operandType(checker, expression.operand);
  if (type === undefined) return undefined;
  const made = tupleOf(expression, [0n, family(type), typeName(type)]);
  checker.unit.rewritten.set(expression, made);
  return checker.type(made);
}

function requireStable(checker: Checker, { span }: TypeofExpression): void {
  const names = { feature: 'typeinfo', setting: 'unstable_typeinfo' };
  const setting = checker.model.settings.unstableTypeinfo;
  if (setting === 'error') checker.report(unstableFeature(span, names));
  if (setting === 'warn') checker.report(unstableUse(span, names));
}

function tupleOf({ span }: TypeofExpression, values: readonly (bigint | string)[]): TupleExpression {
  const elements = values.map((value): Expression => {
    if (typeof value === 'bigint') return { kind: 'integer', span, value };
    return { kind: 'string', span, bytes: new TextEncoder().encode(value) };
  });
  return { kind: 'tuple', span, elements };
}

/** What `is_integer` and its kin ask for. */
function family(type: Type): string {
  if (type.kind === 'integer') return 'int';
  if (type.kind === 'boolean') return 'bool';
  if (type.kind !== 'tuple') return type.kind;
  return type.elements.some(({ name }) => name !== undefined) ? 'record' : 'tuple';
}
