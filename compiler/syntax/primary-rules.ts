/** Grammar of primary expressions: literals, names, calls, maps, `sizeof` and its kin. */
import type { IToken } from 'chevrotain';
import { joinSpans } from '../../bpf/span.ts';
import { parameterRange } from '../diagnostics/messages.gen.ts';
import type {
  Block,
  CallExpression,
  Expression,
  Identifier as IdentifierNode,
  IfExpression,
  StringLiteral,
  TypeSyntax,
} from './ast.ts';
import { integerValue, stringBytes } from './literals.ts';
import { EXPRESSION_STARTS, PRIMARY_STARTS } from './lookahead.ts';
import { ParenthesisRules } from './parenthesis-rules.ts';
import type { Rule } from './parser-base.ts';
import type { ScanNote } from './scan.ts';
import {
  Comma,
  Dot,
  False,
  Identifier,
  Integer,
  LParen,
  LSquare,
  MapText,
  Offsetof,
  Positional,
  PositionalCount,
  RParen,
  RSquare,
  Sizeof,
  StringText,
  True,
  Typeinfo,
  Typeof,
  VariableText,
} from './tokens.ts';

const INT64_MAX = 2n ** 63n - 1n;

export abstract class PrimaryRules extends ParenthesisRules {
  abstract readonly block: Rule<Block>;
  abstract readonly ifExpression: Rule<IfExpression>;

  readonly primary: Rule<Expression> = this.RULE('primary', (): Expression => {
    if (!this.RECORDING_PHASE && !this.atAny(PRIMARY_STARTS)) return this.errorExpression();
    return this.OR([
      { ALT: () => this.SUBRULE(this.parenthesised) },
      { ALT: () => this.SUBRULE(this.block) },
      { ALT: () => this.SUBRULE(this.ifExpression) },
      { ALT: () => this.SUBRULE(this.name) },
      { ALT: () => this.SUBRULE(this.map) },
      { ALT: () => this.SUBRULE(this.literal) },
      { ALT: () => this.SUBRULE(this.sizeofExpression) },
      { ALT: () => this.SUBRULE(this.offsetofExpression) },
      { ALT: () => this.SUBRULE(this.typeofExpression) },
    ]);
  });

  private readonly literal: Rule<Expression> = this.RULE('literal', (): Expression => {
    const token = this.OR([
      { ALT: () => this.CONSUME(Integer) },
      { ALT: () => this.CONSUME(StringText) },
      { ALT: () => this.CONSUME(VariableText) },
      { ALT: () => this.CONSUME(Positional) },
      { ALT: () => this.CONSUME(PositionalCount) },
      { ALT: () => this.CONSUME(True) },
      { ALT: () => this.CONSUME(False) },
    ]);
    return this.ACTION(() => this.literalNode(token));
  });

  private literalNode(token: IToken): Expression {
    const span = this.spanOf(token);
    switch (token.tokenType) {
      case VariableText:
        return { kind: 'variable', span, name: token.image.slice(1) };
      case Integer: {
        const { value, duration } = integerValue(token.image, span, this.sink);
        return { kind: 'integer', span, value, ...(duration && { duration }) };
      }
      case StringText:
        return this.stringNode(token);
      case Positional:
        return this.positionalNode(token);
      case PositionalCount:
        return { kind: 'positional-count', span };
      default:
        return { kind: 'boolean', span, value: token.tokenType === True };
    }
  }

  protected stringNode(token: IToken): StringLiteral {
    const span = this.spanOf(token);
    const { closed } = token.payload as ScanNote;
    return {
      kind: 'string',
      span,
      bytes: stringBytes(token.image, closed, span, closed ? this.sink : this.mutingSink()),
    };
  }

  private positionalNode(token: IToken): Expression {
    const span = this.spanOf(token);
    const digits = token.image.slice(1);
    const value = digits.length > 19 ? INT64_MAX + 1n : BigInt(digits);
    if (value < 1n || value > INT64_MAX) {
      this.report(parameterRange(span, { digits }));
      return { kind: 'error-expression', span };
    }
    return { kind: 'positional', span, index: Number(value) };
  }

  /** A bare word or a call. */
  private readonly name: Rule<Expression> = this.RULE('name', (): Expression => {
    const word = this.CONSUME(Identifier);
    const call = this.OPTION(() => this.SUBRULE(this.argumentList));
    return this.ACTION((): Expression => {
      if (!call) return { kind: 'identifier', span: this.spanOf(word), name: word.image };
      return {
        kind: 'call',
        span: this.spanFrom(word.startOffset),
        callee: this.identifier(word),
        arguments: call,
      };
    });
  });

  private readonly argumentList: Rule<CallExpression['arguments']> = this.RULE('argumentList', () => {
    const list: (Expression | TypeSyntax)[] = [];
    this.CONSUME(LParen);
    this.OPTION1({
      GATE: () => !this.at(RParen),
      DEF: () => {
        list.push(this.SUBRULE1(this.argument));
        this.MANY(() => {
          this.CONSUME(Comma);
          list.push(this.SUBRULE2(this.argument));
        });
      },
    });
    const close = this.OPTION2(() => this.CONSUME(RParen));
    this.ACTION(() => this.softly(RParen, close));
    return list;
  });

  /** Types may be arguments where their tag says that they are types: `container_of($p, struct file, f_path)`. */
  private readonly argument: Rule<Expression | TypeSyntax> = this.RULE(
    'argument',
    (): Expression | TypeSyntax => {
      if (!this.RECORDING_PHASE && !this.atTag() && !this.atAny(EXPRESSION_STARTS))
        return this.errorExpression();
      return this.OR({
        IGNORE_AMBIGUITIES: true,
        DEF: [
          { GATE: () => this.atTag(), ALT: () => this.SUBRULE(this.type) },
          { ALT: () => this.SUBRULE(this.expression) },
        ],
      });
    },
  );

  private readonly map: Rule<Expression> = this.RULE('map', (): Expression => {
    const word = this.CONSUME(MapText);
    const keys: Expression[] = [];
    let close: IToken | undefined;
    this.OPTION1(() => {
      this.CONSUME(LSquare);
      keys.push(this.SUBRULE1(this.expression));
      this.MANY(() => {
        this.CONSUME(Comma);
        keys.push(this.SUBRULE2(this.expression));
      });
      close = this.OPTION2(() => this.CONSUME(RSquare));
      this.ACTION(() => this.softly(RSquare, close));
    });
    return this.ACTION(() => this.mapNode(word, keys));
  });

  private mapNode(word: IToken, keys: readonly Expression[]): Expression {
    const map = { kind: 'map', span: this.spanOf(word), name: word.image.slice(1) } as const;
    const [first] = keys;
    if (!first) return map;
    const keySpan = joinSpans(first.span, keys.at(-1)!.span);
    const key: Expression = keys.length === 1 ? first : { kind: 'tuple', span: keySpan, elements: keys };
    return { kind: 'map-access', span: this.spanFrom(word.startOffset), map, key };
  }

  private readonly sizeofExpression: Rule<Expression> = this.RULE('sizeofExpression', (): Expression => {
    const word = this.CONSUME(Sizeof);
    this.CONSUME(LParen);
    const operand = this.SUBRULE(this.typeOrExpression);
    this.CONSUME(RParen);
    return this.ACTION(() => ({ kind: 'sizeof', span: this.spanFrom(word.startOffset), operand }));
  });

  private readonly typeofExpression: Rule<Expression> = this.RULE('typeofExpression', (): Expression => {
    const word = this.OR([{ ALT: () => this.CONSUME(Typeof) }, { ALT: () => this.CONSUME(Typeinfo) }]);
    this.CONSUME(LParen);
    const operand = this.SUBRULE(this.typeOrExpression);
    this.CONSUME(RParen);
    return this.ACTION(() => {
      const kind = word.tokenType === Typeof ? 'typeof' : 'typeinfo';
      return { kind, span: this.spanFrom(word.startOffset), operand };
    });
  });

  private readonly offsetofExpression: Rule<Expression> = this.RULE('offsetofExpression', (): Expression => {
    const word = this.CONSUME(Offsetof);
    this.CONSUME(LParen);
    const operand = this.SUBRULE(this.typeOrExpression);
    this.CONSUME(Comma);
    const path: IdentifierNode[] = [];
    this.AT_LEAST_ONE_SEP({
      SEP: Dot,
      ERR_MSG: 'field name',
      DEF: () => {
        const field = this.CONSUME(Identifier, { ERR_MSG: 'field name' });
        this.ACTION(() => path.push(this.identifier(field)));
      },
    });
    this.CONSUME(RParen);
    return this.ACTION(() => ({ kind: 'offsetof', span: this.spanFrom(word.startOffset), operand, path }));
  });
}
