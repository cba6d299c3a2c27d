/** `sizeof` and `offsetof`: known while compiling, their operands are not evaluated. */
import { bitfieldOffset, noSuchField, offsetOfValue, typeWithoutSize } from '../diagnostics/messages.gen.ts';
import { didYouMean } from '../resolve/suggest.ts';
import type { Expression, OffsetofExpression, SizeofExpression } from '../syntax/ast.ts';
import { typeName } from '../types/name.ts';
import type { Type } from '../types/type.ts';
import type { Checker } from './checker.ts';
import { literal } from './expressions.ts';
import { operandType } from './type-operand.ts';
import { isTypeSyntax } from './type-syntax.ts';

export function checkSizeof(checker: Checker, expression: SizeofExpression): Type | undefined {
  const type = operandType(checker, expression.operand);
  if (type === undefined) return undefined;
  if (type.kind === 'struct' && type.size === 0 && type.origin === undefined) {
    checker.report(typeWithoutSize(expression.operand.span, { type: typeName(type) }));
    return undefined;
  }
  if (type.kind === 'struct') checker.unit.layouts.set(expression, type);
  return literal(checker, expression, { kind: 'integer', value: BigInt(type.size) });
}

export function checkOffsetof(checker: Checker, expression: OffsetofExpression): Type | undefined {
  const { operand, path } = expression;
  const whole = operandType(checker, operand);
  if (whole === undefined) return undefined;
  let type: Type = whole.kind === 'pointer' && !isTypeSyntax(operand) ? whole.target : whole;
  let offset = 0;
  if (type.kind === 'struct') checker.unit.layouts.set(expression, type);
  for (const { name, span } of path) {
    if (type.kind === 'tuple') {
      const element: (typeof type.elements)[number] | undefined = type.elements.find(
        (one) => one.name === name,
      );
      if (element === undefined) return unknown(checker, type, name, span);
      offset += element.offset;
      type = element.type;
      continue;
    }
    if (type.kind !== 'struct') {
      checker.report(offsetOfValue(span, { type: typeName(type) }));
      return undefined;
    }
    const member = type.members.find(name);
    if (member === undefined) return unknown(checker, type, name, span);
    if (member.bitfield !== undefined) {
      checker.report(bitfieldOffset(span, { field: name }));
      return undefined;
    }
    offset += member.offset;
    type = member.type;
  }
  return literal(checker, expression, { kind: 'integer', value: BigInt(offset) });
}

function unknown(checker: Checker, type: Type, field: string, span: Expression['span']): undefined {
  if (checker.model.mockSymbols && type.kind === 'struct' && type.origin?.relocatable) return undefined;
  const names = type.kind === 'struct' ? type.members.names() : [];
  checker.report(noSuchField(span, { type: typeName(type), field }, didYouMean(field, names)));
  return undefined;
}
