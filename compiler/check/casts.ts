/** Explicit casts. Pointers keep the memory they lead to, whatever their new type (language.md 2.6). */
import { castSize, invalidCast, noVariant, unnecessaryCast } from '../diagnostics/messages.gen.ts';
import type { CastExpression, TypeSyntax } from '../syntax/ast.ts';
import { inSpace } from '../types/from-btf.ts';
import { array } from '../types/make.ts';
import { typeName } from '../types/name.ts';
import { equalTypes, isReadableAggregate } from '../types/predicates.ts';
import type { Type } from '../types/type.ts';
import type { Checker } from './checker.ts';
import { isTyped } from './fold-typed.ts';
import { probeSpace } from './spaces.ts';

export function checkCast(checker: Checker, expression: CastExpression): Type | undefined {
  const from = checker.valueType(expression.value);
  const to = targetType(checker, expression.type, from);
  if (to === undefined) return undefined;
  // Whatever it is cast from, and whatever was said of that: this is what it is from here on.
  if (from === undefined) return inSpace(to, probeSpace(checker.unit));
  if (!castable(from, to)) {
    checker.report(invalidCast(expression.span, { from: typeName(from), to: typeName(to) }));
    return undefined;
  }
  // A literal is as long as it must be.
  const isLiteral = checker.constant(expression.value)?.kind === 'integer' && from.size <= to.size;
  if (isResized(from, to) && !(isLiteral && to.size <= 8)) {
    const sizes = { fromSize: from.size, toSize: to.size };
    checker.report(castSize(expression.span, { from: typeName(from), to: typeName(to), ...sizes }));
    return undefined;
  }
  warnUnnecessary(checker, expression, from, to);
  checkVariant(checker, expression, to);
  foldCast(checker, expression, to);
  return inSpace(
    to,
    from.kind === 'pointer' && from.space !== 'none' ? from.space : probeSpace(checker.unit),
  );
}

/**
 * A literal has no type that it must keep: a cast says which, even where it would have been the same. Arguments and fields
 * have the type that this machine's kernel or program gives them.
 */
function warnUnnecessary(checker: Checker, { span, value }: CastExpression, from: Type, to: Type): void {
  const constant = checker.constant(value);
  if (to.kind === 'pointer' || (constant !== undefined && !isTyped(constant))) return;
  if (value.kind === 'field' || (value.kind === 'identifier' && OF_MACHINE.test(value.name))) return;
  if (equalTypes(from, to)) checker.report(unnecessaryCast(span, { type: typeName(to) }));
}

/** A literal cast to an enum is one of its values. */
function checkVariant(checker: Checker, { value, span }: CastExpression, to: Type): void {
  const constant = checker.constant(value);
  if (to.kind !== 'integer' || to.enum === undefined || constant?.kind !== 'integer') return;
  if (to.enum.values.has(constant.value)) return;
  checker.report(noVariant(span, { name: to.enum.name, value: constant.value }));
}

const OF_MACHINE = /^(s?arg\d+|retval)$/;

/** `T[]` has as many elements as what is cast has bytes for. */
function targetType(checker: Checker, syntax: TypeSyntax, from: Type | undefined): Type | undefined {
  if (syntax.kind !== 'array-type' || syntax.count !== undefined) return checker.typeSyntax(syntax);
  const element = checker.typeSyntax(syntax.element);
  if (element === undefined || from === undefined || element.size === 0) return undefined;
  return array(element, Math.floor(from.size / element.size));
}

function castable(from: Type, to: Type): boolean {
  switch (to.kind) {
    case 'integer':
      return (
        from.kind === 'integer' ||
        from.kind === 'boolean' ||
        from.kind === 'pointer' ||
        isIntegers(from) ||
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
    case 'array':
      if (!isIntegers(to)) return false;
      if (from.kind === 'string') return to.element.size === 1;
      return from.kind === 'integer' || from.kind === 'boolean' || isIntegers(from);
    default:
      return false;
  }
}

function isIntegers(type: Type): type is Type & { readonly kind: 'array' } {
  return type.kind === 'array' && (type.element.kind === 'integer' || type.element.kind === 'boolean');
}

/** Bytes are taken as they are: there must be as many. Text is cut or filled with zeros. */
function isResized(from: Type, to: Type): boolean {
  if (from.kind === 'string' || (from.kind !== 'array' && to.kind !== 'array')) return false;
  return from.size !== to.size;
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
