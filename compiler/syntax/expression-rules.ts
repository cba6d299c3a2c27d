/** Grammar of expressions, from `?:` down to primaries. Operators are read flat; `precedence.ts` makes the tree. */
import type { IToken } from 'chevrotain';
import { invalidAddressOf, invalidUpdateTarget } from '../diagnostics/messages.gen.ts';
import type {
  BinaryOperator,
  Block,
  Expression,
  Identifier as IdentifierNode,
  IfExpression,
  UnaryOperator,
} from './ast.ts';
import { integerValue } from './literals.ts';
import { EXPRESSION_STARTS } from './lookahead.ts';
import type { Rule } from './parser-base.ts';
import { foldOperators, type OperatorUse } from './precedence.ts';
import { PrimaryRules } from './primary-rules.ts';
import {
  Ampersand,
  Arrow,
  Bang,
  BinaryText,
  Colon,
  Comptime,
  Dot,
  Else,
  Identifier,
  If,
  Integer,
  LSquare,
  Minus,
  Question,
  RSquare,
  Star,
  Tilde,
  Update,
} from './tokens.ts';

export abstract class ExpressionRules extends PrimaryRules {
  /** `left` is an operand that was read already; the expression goes on behind it. */
  readonly expression: Rule<Expression, [(Expression | undefined)?]> = this.RULE(
    'expression',
    (left?: Expression): Expression =>
      this.nested(() => {
        const condition = this.SUBRULE(this.binary, { ARGS: [left] });
        const branches = this.OPTION(() => this.SUBRULE(this.ternaryTail));
        return this.ACTION((): Expression => {
          if (!branches) return condition;
          return { kind: 'ternary', span: this.spanFrom(condition.span.start), condition, ...branches };
        });
      }),
  );

  private readonly ternaryTail: Rule<{ then?: Expression; otherwise: Expression }> = this.RULE(
    'ternaryTail',
    () => {
      this.CONSUME(Question);
      const then = this.OPTION({ GATE: () => !this.at(Colon), DEF: () => this.SUBRULE1(this.expression) });
      this.CONSUME(Colon);
      const otherwise = this.SUBRULE2(this.expression);
      return then ? { then, otherwise } : { otherwise };
    },
  );

  private readonly binary: Rule<Expression, [(Expression | undefined)?]> = this.RULE(
    'binary',
    (left?: Expression): Expression => {
      const first = left ? this.SUBRULE(this.postfix, { ARGS: [left] }) : this.SUBRULE1(this.unary);
      const uses: OperatorUse[] = [];
      this.MANY(() => {
        const operator = this.OR([
          { ALT: () => this.CONSUME(BinaryText) },
          { ALT: () => this.CONSUME(Minus) },
          { ALT: () => this.CONSUME(Star) },
          { ALT: () => this.CONSUME(Ampersand) },
        ]);
        const right = this.SUBRULE2(this.unary);
        this.ACTION(() => {
          uses.push({ operator: operator.image as BinaryOperator, span: this.spanOf(operator), right });
        });
      });
      return this.ACTION(() => foldOperators(first, uses));
    },
  );

  readonly unary: Rule<Expression> = this.RULE(
    'unary',
    (): Expression =>
      this.nested(() => {
        if (!this.RECORDING_PHASE && !this.atAny(EXPRESSION_STARTS)) return this.errorExpression();
        return this.OR1([
          { ALT: () => this.SUBRULE(this.prefixed) },
          { ALT: () => this.SUBRULE(this.postfix) },
        ]);
      }),
  );

  private readonly prefixed: Rule<Expression> = this.RULE('prefixed', (): Expression => {
    const operator = this.OR([
      { ALT: () => this.CONSUME(Minus) },
      { ALT: () => this.CONSUME(Bang) },
      { ALT: () => this.CONSUME(Tilde) },
      { ALT: () => this.CONSUME(Star) },
      { ALT: () => this.CONSUME(Ampersand) },
      { ALT: () => this.CONSUME(Update) },
      { ALT: () => this.CONSUME(Comptime) },
    ]);
    const operand = this.SUBRULE(this.unary);
    return this.ACTION(() => this.prefixNode(operator, operand));
  });

  private prefixNode(operator: IToken, operand: Expression): Expression {
    const span = this.spanFrom(operator.startOffset);
    if (operator.tokenType === Comptime) return { kind: 'comptime', span, value: operand };
    if (operator.tokenType === Update) {
      if (!isUpdatable(operand)) this.report(invalidUpdateTarget(operand.span));
      return { kind: 'update', span, operator: operator.image as '++' | '--', prefix: true, target: operand };
    }
    if (operator.tokenType === Ampersand && !['variable', 'map', 'error-expression'].includes(operand.kind)) {
      this.report(invalidAddressOf(operand.span));
    }
    return { kind: 'unary', span, operator: operator.image as UnaryOperator, operand };
  }

  private readonly postfix: Rule<Expression, [(Expression | undefined)?]> = this.RULE(
    'postfix',
    (left?: Expression): Expression => {
      let value = left ?? this.SUBRULE(this.primary);
      this.MANY(() => {
        value = this.OR([
          { ALT: () => this.SUBRULE(this.member, { ARGS: [value] }) },
          { ALT: () => this.SUBRULE(this.element, { ARGS: [value] }) },
          {
            ALT: () => {
              const operator = this.CONSUME(Update);
              return this.ACTION(() => this.postUpdate(value, operator));
            },
          },
        ]);
      });
      return value;
    },
  );

  private postUpdate(target: Expression, token: IToken): Expression {
    if (!isUpdatable(target)) this.report(invalidUpdateTarget(this.spanOf(token)));
    const operator = token.image as '++' | '--';
    return { kind: 'update', span: this.spanFrom(target.span.start), operator, prefix: false, target };
  }

  private readonly element: Rule<Expression, [Expression]> = this.RULE(
    'element',
    (object: Expression): Expression => {
      this.CONSUME(LSquare);
      const index = this.SUBRULE(this.expression);
      const close = this.OPTION(() => this.CONSUME(RSquare));
      return this.ACTION(() => {
        this.softly(RSquare, close);
        return { kind: 'index', span: this.spanFrom(object.span.start), object, index };
      });
    },
  );

  /** `.name`, `->name`, `.0`; a missing name is an identifier without characters. */
  private readonly member: Rule<Expression, [Expression]> = this.RULE(
    'member',
    (object: Expression): Expression => {
      const access = this.OR1([{ ALT: () => this.CONSUME(Dot) }, { ALT: () => this.CONSUME(Arrow) }]);
      const name = this.OPTION(() =>
        this.OR2([{ ALT: () => this.CONSUME(Integer) }, { ALT: () => this.CONSUME(Identifier) }]),
      );
      return this.ACTION(() => this.memberNode(object, access, name));
    },
  );

  private memberNode(object: Expression, access: IToken, name: IToken | undefined): Expression {
    const arrow = access.tokenType === Arrow;
    const span = this.spanFrom(object.span.start);
    if (name?.tokenType === Integer) {
      if (arrow) this.expectedAt(name, "field name after '->'");
      const { value } = integerValue(name.image, this.spanOf(name), this.sink);
      return { kind: 'tuple-field', span, object, index: Number(value) };
    }
    if (name) return { kind: 'field', span, object, field: this.identifier(name), arrow };
    this.expected(`field name after '${access.image}'`);
    const field: IdentifierNode = { span: this.span(span.end, span.end), name: '' };
    return { kind: 'field', span, object, field, arrow };
  }

  readonly ifExpression: Rule<IfExpression> = this.RULE('ifExpression', (): IfExpression => {
    const arms: { readonly start: number; readonly condition: Expression; readonly then: Block }[] = [];
    const first = this.CONSUME1(If);
    const condition = this.SUBRULE1(this.expression);
    const then = this.SUBRULE1(this.block);
    arms.push({ start: first.startOffset, condition, then });
    this.MANY({
      GATE: () => this.at(If, 2),
      DEF: () => {
        this.CONSUME1(Else);
        const next = this.CONSUME2(If);
        const condition = this.SUBRULE2(this.expression);
        const then = this.SUBRULE2(this.block);
        arms.push({ start: next.startOffset, condition, then });
      },
    });
    const last = this.OPTION(() => {
      this.CONSUME2(Else);
      return this.SUBRULE3(this.block);
    });
    return this.ACTION(() => {
      let otherwise: Block | IfExpression | undefined = last;
      for (const { start, ...arm } of arms.reverse()) {
        otherwise = { kind: 'if', span: this.spanFrom(start), ...arm, ...(otherwise && { otherwise }) };
      }
      return otherwise as IfExpression;
    });
  });
}

function isUpdatable(target: Expression): boolean {
  return ['variable', 'map', 'map-access', 'error-expression'].includes(target.kind);
}
