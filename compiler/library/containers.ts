/** container_of: from a member to the struct around it. */
import type { Checker } from '../check/checker.ts';
import { isTypeSyntax } from '../check/type-syntax.ts';
import { argumentType, containerPath } from '../diagnostics/messages.gen.ts';
import { scalar } from '../lower/expressions.ts';
import type { CallExpression, CastExpression, Expression, Identifier, TypeSyntax } from '../syntax/ast.ts';
import { typeName } from '../types/name.ts';
import type { Type } from '../types/type.ts';
import type { CallSite, LibraryEntry } from './entry.ts';

const containerOf: LibraryEntry = {
  name: 'container_of',
  kind: 'function',
  signature: 'container_of(pointer, type, member)',
  doc: 'Pointer to the struct of that type whose member the pointer is to; the member may be nested: `a.b`.',
  arguments: { min: 3, max: 3 },
  takesTypes: true,
  check: (call, checker) => {
    const known = checker.unit.rewritten.get(call.node) ?? rewrite(call, checker);
    if (known === undefined) return undefined;
    checker.unit.rewritten.set(call.node, known);
    return checker.type(known);
  },
  scalar: ({ node }, low) => scalar(low, low.unit.rewritten.get(node)!),
};

/** `(T *)((int8 *)p - offsetof(T, m))`: the pointer keeps the memory it is to. */
function rewrite({ node, name, span }: CallSite, checker: Checker): CastExpression | undefined {
  const [pointer, type, member] = (node as CallExpression).arguments;
  if (pointer === undefined || type === undefined || member === undefined || isTypeSyntax(pointer))
    return undefined;
  const struct = asType(type);
  if (struct === undefined) {
    checker.report(argumentType(type.span, { name, wanted: 'type', found: 'value' }));
    return undefined;
  }
  const path = isTypeSyntax(member) ? undefined : pathOf(member);
  if (path === undefined) {
    checker.report(containerPath(member.span));
    return undefined;
  }
  if (!isPointer(checker, pointer, name)) return undefined;
  const bytes: TypeSyntax = {
    kind: 'pointer-type',
    span,
    target: { kind: 'named-type', span, name: 'int8' },
  };
  return {
    kind: 'cast',
    span,
    type: { kind: 'pointer-type', span, target: struct },
    value: {
      kind: 'binary',
      span,
      operator: '-',
      operatorSpan: span,
      left: { kind: 'cast', span: pointer.span, type: bytes, value: pointer },
      right: { kind: 'offsetof', span: member.span, operand: struct, path },
    },
  };
}

function isPointer(checker: Checker, pointer: Expression, name: string): boolean {
  const type: Type | undefined = checker.valueType(pointer);
  if (type === undefined || type.kind === 'pointer' || type.kind === 'integer') return type !== undefined;
  checker.report(argumentType(pointer.span, { name, wanted: 'pointer', found: typeName(type) }));
  return false;
}

/** A typedef's name reads as a word. */
function asType(argument: Expression | TypeSyntax): TypeSyntax | undefined {
  if (isTypeSyntax(argument)) return argument;
  if (argument.kind !== 'identifier') return undefined;
  return { kind: 'named-type', span: argument.span, name: argument.name };
}

function pathOf(member: Expression): readonly Identifier[] | undefined {
  if (member.kind === 'identifier') return [{ name: member.name, span: member.span }];
  if (member.kind !== 'field') return undefined;
  const outer = pathOf(member.object);
  return outer && [...outer, member.field];
}

export const CONTAINER_ENTRIES: readonly LibraryEntry[] = [containerOf];
