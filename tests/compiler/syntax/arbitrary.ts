/** Random trees of the language that the parser can make; spans are all the same, since printing loses them. */
import fc from 'fast-check';
import type {
  BinaryOperator,
  Block,
  Expression,
  Statement,
  TypeSyntax,
} from '../../../compiler/syntax/ast.ts';
import { BINARY_STRENGTH } from '../../../compiler/syntax/precedence.ts';

export const SPAN = { source: 0, start: 0, end: 0 } as const;

const word = fc.constantFrom('a', 'foo', '_b1', 'pid', 'arg0', 'comm', 'int32', 'string');
const fieldWord = fc.constantFrom('x', 'f', 'if', 'struct', 'config');
const identifier = (names: fc.Arbitrary<string>) => names.map((name) => ({ span: SPAN, name }));
const operators = Object.keys(BINARY_STRENGTH) as BinaryOperator[];

interface Trees {
  readonly expression: Expression;
  readonly type: TypeSyntax;
  readonly block: Block;
  readonly statement: Statement;
}

export const trees: fc.LetrecValue<Trees> = fc.letrec<Trees>((tie) => {
  const expression = tie('expression') as fc.Arbitrary<Expression>;
  const type = tie('type') as fc.Arbitrary<TypeSyntax>;
  const block = tie('block') as fc.Arbitrary<Block>;
  const variable = fc.record({ kind: fc.constant('variable' as const), span: fc.constant(SPAN), name: word });
  const map = fc.record({
    kind: fc.constant('map' as const),
    span: fc.constant(SPAN),
    name: fc.constantFrom('', 'm', 'x1'),
  });
  const mapAccess = fc
    .record({ map, key: expression })
    .map(({ map, key }) => ({ kind: 'map-access' as const, span: SPAN, map, key }));
  const target = fc.oneof(variable, map, mapAccess);
  const leaf: fc.Arbitrary<Expression> = fc.oneof(
    fc.bigInt(0n, 2n ** 64n - 1n).map((value) => ({ kind: 'integer' as const, span: SPAN, value })),
    fc
      .bigInt(0n, 10n ** 9n)
      .map((value) => ({ kind: 'integer' as const, span: SPAN, value, duration: true })),
    fc
      .uint8Array({ maxLength: 6 })
      .map((bytes) => ({ kind: 'string' as const, span: SPAN, bytes: Uint8Array.from(bytes) })),
    fc.boolean().map((value) => ({ kind: 'boolean' as const, span: SPAN, value })),
    fc.integer({ min: 1, max: 99 }).map((index) => ({ kind: 'positional' as const, span: SPAN, index })),
    fc.constant({ kind: 'positional-count' as const, span: SPAN }),
    word.map((name) => ({ kind: 'identifier' as const, span: SPAN, name })),
    variable,
    map,
  );
  const grown: fc.Arbitrary<Expression> = fc.oneof(
    fc.tuple(fc.constantFrom(...operators), expression, expression).map(([operator, left, right]) => ({
      kind: 'binary' as const,
      span: SPAN,
      operator,
      operatorSpan: SPAN,
      left,
      right,
    })),
    fc
      .tuple(fc.constantFrom('-' as const, '!' as const, '~' as const, '*' as const), expression)
      .map(([operator, operand]) => ({ kind: 'unary' as const, span: SPAN, operator, operand })),
    fc
      .oneof(variable, map)
      .map((operand) => ({ kind: 'unary' as const, span: SPAN, operator: '&' as const, operand })),
    fc
      .tuple(fc.constantFrom('++' as const, '--' as const), fc.boolean(), target)
      .map(([operator, prefix, value]) => ({
        kind: 'update' as const,
        span: SPAN,
        operator,
        prefix,
        target: value,
      })),
    fc
      .tuple(expression, fc.option(expression, { nil: undefined }), expression)
      .map(([condition, then, otherwise]) => ({
        kind: 'ternary' as const,
        span: SPAN,
        condition,
        ...(then && { then }),
        otherwise,
      })),
    fc
      .tuple(expression, identifier(fieldWord), fc.boolean())
      .map(([object, field, arrow]) => ({ kind: 'field' as const, span: SPAN, object, field, arrow })),
    fc
      .tuple(expression, fc.nat(9))
      .map(([object, index]) => ({ kind: 'tuple-field' as const, span: SPAN, object, index })),
    fc
      .tuple(expression, expression)
      .map(([object, index]) => ({ kind: 'index' as const, span: SPAN, object, index })),
    mapAccess,
    fc
      .tuple(identifier(word), fc.array(expression, { maxLength: 3 }))
      .map(([callee, list]) => ({ kind: 'call' as const, span: SPAN, callee, arguments: list })),
    fc
      .array(expression, { maxLength: 3 })
      .map((elements) => ({ kind: 'tuple' as const, span: SPAN, elements })),
    fc
      .uniqueArray(fc.tuple(identifier(fc.constantFrom('a', 'b', 'c')), expression), {
        minLength: 1,
        maxLength: 3,
        selector: ([name]) => name.name,
      })
      .map((fields) => ({
        kind: 'record' as const,
        span: SPAN,
        fields: fields.map(([name, value]) => ({ name, value })),
      })),
    fc
      .tuple(type, expression)
      .map(([castType, value]) => ({ kind: 'cast' as const, span: SPAN, type: castType, value })),
    expression.map((value) => ({ kind: 'comptime' as const, span: SPAN, value })),
    fc.tuple(expression, block, fc.option(block, { nil: undefined })).map(([condition, then, otherwise]) => ({
      kind: 'if' as const,
      span: SPAN,
      condition,
      then,
      ...(otherwise && { otherwise }),
    })),
    block,
    type
      .filter((operand) => operand.kind === 'named-type' && operand.tag !== undefined)
      .map((operand) => ({ kind: 'sizeof' as const, span: SPAN, operand })),
  );
  return {
    expression: fc.oneof({ depthSize: 'small', withCrossShrink: true }, leaf, grown),
    type: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc
        .tuple(
          fc.option(fc.constantFrom('struct' as const, 'union' as const, 'enum' as const), {
            nil: undefined,
          }),
          word,
        )
        .map(([tag, name]) => ({
          kind: 'named-type' as const,
          span: SPAN,
          ...(tag && { tag }),
          // A lone builtin in parentheses is a value.
          name: tag || (name !== 'pid' && name !== 'arg0') ? name : 'foo',
        })),
      type.map((inner) => ({ kind: 'pointer-type' as const, span: SPAN, target: inner })),
      fc
        .tuple(type, fc.option(expression, { nil: undefined }))
        // The first bracket of `string` is part of its name.
        .filter(([element]) => element.kind !== 'named-type' || element.name !== 'string')
        .map(([element, count]) => ({
          kind: 'array-type' as const,
          span: SPAN,
          element,
          ...(count && { count }),
        })),
    ),
    block: fc
      .tuple(
        fc.array(tie('statement') as fc.Arbitrary<Statement>, { maxLength: 3 }),
        fc.option(expression, { nil: undefined }),
      )
      .map(([statements, result]) => ({
        kind: 'block' as const,
        span: SPAN,
        statements,
        ...(result && { result }),
      })),
    statement: fc.oneof(
      { depthSize: 'small' },
      expression.map((value) => ({ kind: 'expression-statement' as const, span: SPAN, expression: value })),
      fc
        .tuple(
          target,
          fc.constantFrom('=' as const, '+=' as const, '<<=' as const, '/=' as const),
          expression,
        )
        .map(([left, operator, value]) => ({
          kind: 'assign' as const,
          span: SPAN,
          target: left,
          operator,
          operatorSpan: SPAN,
          value,
        })),
      fc
        .tuple(variable, fc.option(type, { nil: undefined }), fc.option(expression, { nil: undefined }))
        .map(([name, letType, value]) => ({
          kind: 'let' as const,
          span: SPAN,
          variable: name,
          ...(letType && { type: letType }),
          ...(value && { value }),
        })),
      fc.tuple(variable, expression, expression, block).map(([name, start, end, body]) => ({
        kind: 'for' as const,
        span: SPAN,
        variable: name,
        over: { kind: 'range' as const, span: SPAN, start, end },
        body,
      })),
      fc
        .tuple(expression, block)
        .map(([condition, body]) => ({ kind: 'while' as const, span: SPAN, condition, body })),
      expression.map((value) => ({ kind: 'return' as const, span: SPAN, value })),
      expression.map((value) => ({ kind: 'discard' as const, span: SPAN, value })),
    ),
  };
});
