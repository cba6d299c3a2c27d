/** Grammar of blocks and statements. A statement that cannot be read becomes an `error-statement`; the next is tried. */
import type { IToken } from 'chevrotain';
import { immutableTarget, invalidAssignmentTarget, invalidLoopTarget } from '../diagnostics/messages.gen.ts';
import type {
  AssignOperator,
  AssignStatement,
  Block,
  Expression,
  ForStatement,
  Statement,
  StringLiteral,
  TypeSyntax,
  VariableName,
} from './ast.ts';
import { ExpressionRules } from './expression-rules.ts';
import { EXPRESSION_STARTS } from './lookahead.ts';
import type { Rule } from './parser-base.ts';
import {
  Assign,
  Break,
  Colon,
  CompoundAssign,
  Continue,
  DotDot,
  For,
  If,
  Import,
  Junk,
  LCurly,
  Let,
  LParen,
  Minus,
  RCurly,
  Return,
  RParen,
  Semicolon,
  StringText,
  Unroll,
  VariableText,
  While,
} from './tokens.ts';

/** `open`: an expression statement without its `;`, which is the block's result when the block ends there. */
interface StatementParse {
  readonly node: Statement;
  readonly open: boolean;
}

type LoopHead = Pick<ForStatement, 'variable' | 'over'>;

/** What a block weighs against the nesting limit. */
const BLOCK_LEVELS = 3;
const LOOP_VARIABLE = 'variable in for loop';

const STATEMENT_WORDS = new Set([Let, For, While, Unroll, Break, Continue, Return, Import]);

export abstract class StatementRules extends ExpressionRules {
  readonly block: Rule<Block> = this.RULE(
    'block',
    (): Block =>
      this.nested(() => {
        const open = this.CONSUME(LCurly);
        const { statements, result } = this.SUBRULE(this.statements);
        const close = this.OPTION(() => this.CONSUME(RCurly));
        return this.ACTION(() => {
          this.softly(RCurly, close);
          const span = this.spanFrom(open.startOffset);
          return { kind: 'block', span, statements, ...(result && { result }) };
        });
      }, BLOCK_LEVELS),
  );

  readonly statements: Rule<Pick<Block, 'statements' | 'result'>> = this.RULE('statements', () => {
    const statements: Statement[] = [];
    let last: StatementParse | undefined;
    this.MANY(() => {
      const start = this.position();
      this.unmute();
      last = this.OR([
        { ALT: () => this.attempt(() => this.SUBRULE(this.statement)) },
        {
          ALT: () => {
            const token = this.CONSUME(Junk);
            this.ACTION(() => this.expectedAt(token, 'expression'));
            return undefined;
          },
        },
      ]);
      this.ACTION(() => statements.push(last?.node ?? this.errorStatement(start)));
    });
    return this.ACTION(() => {
      const final = statements.at(-1);
      if (!last?.open || final?.kind !== 'expression-statement') return { statements };
      return { statements: statements.slice(0, -1), result: final.expression };
    });
  });

  private errorStatement(start: number): Statement {
    const from = this.LA(start - this.position() + 1).startOffset;
    // A stray `;` is all of what is wrong.
    if (!(this.position() === start + 1 && this.at(Semicolon, 0))) this.skipStatement(start);
    return { kind: 'error-statement', span: this.spanFrom(from) };
  }

  private readonly statement: Rule<StatementParse> = this.RULE(
    'statement',
    (): StatementParse =>
      this.OR([
        { ALT: () => closed(this.SUBRULE(this.importStatement)) },
        { ALT: () => closed(this.SUBRULE(this.letStatement)) },
        { ALT: () => closed(this.SUBRULE(this.forStatement)) },
        { ALT: () => closed(this.SUBRULE(this.loopStatement)) },
        { ALT: () => closed(this.SUBRULE(this.jumpStatement)) },
        { ALT: () => this.SUBRULE(this.simpleStatement) },
      ]),
  );

  private readonly importStatement: Rule<Statement> = this.RULE('importStatement', (): Statement => {
    const word = this.CONSUME(Import);
    const path = this.CONSUME(StringText, { ERR_MSG: "string after 'import'" });
    const span = this.ACTION(() => this.spanFrom(word.startOffset));
    this.CONSUME(Semicolon, { ERR_MSG: "';' after import" });
    return this.ACTION(() => ({ kind: 'import-statement', span, path: textOf(this.stringNode(path)) }));
  });

  private readonly letStatement: Rule<Statement> = this.RULE('letStatement', (): Statement => {
    const word = this.CONSUME(Let);
    const name = this.CONSUME(VariableText, { ERR_MSG: "variable after 'let'" });
    const type = this.OPTION1(() => this.SUBRULE(this.annotation));
    const value = this.OPTION2(() => {
      this.CONSUME(Assign);
      return this.SUBRULE(this.expression);
    });
    const span = this.ACTION(() => this.spanFrom(word.startOffset));
    this.SUBRULE(this.statementEnd);
    return this.ACTION(() => {
      const variable = this.variable(name);
      return { kind: 'let', span, variable, ...(type && { type }), ...(value && { value }) };
    });
  });

  /** `: type` */
  readonly annotation: Rule<TypeSyntax> = this.RULE('annotation', (): TypeSyntax => {
    this.CONSUME(Colon);
    return this.SUBRULE(this.type);
  });

  private readonly forStatement: Rule<Statement> = this.RULE('forStatement', (): Statement => {
    const word = this.CONSUME(For);
    const head = this.OR({
      ERR_MSG: LOOP_VARIABLE,
      DEF: [
        {
          ALT: () => {
            this.CONSUME(LParen);
            const inner = this.SUBRULE1(this.loopHead);
            this.CONSUME(RParen);
            return inner;
          },
        },
        { ALT: () => this.SUBRULE2(this.loopHead) },
      ],
    });
    const body = this.SUBRULE(this.block);
    return this.ACTION(() => ({ kind: 'for', span: this.spanFrom(word.startOffset), ...head, body }));
  });

  /** A primary expression, or a negative number. */
  private readonly rangeEnd: Rule<Expression> = this.RULE('rangeEnd', (): Expression => {
    const minus = this.OPTION(() => this.CONSUME(Minus));
    const operand = this.SUBRULE(this.primary);
    return this.ACTION((): Expression => {
      if (minus === undefined) return operand;
      return { kind: 'unary', span: this.spanFrom(minus.startOffset), operator: '-', operand };
    });
  });

  /** `$kv : @map` or `$i : a..b`. */
  private readonly loopHead: Rule<LoopHead> = this.RULE('loopHead', (): LoopHead => {
    const name = this.CONSUME(VariableText, { ERR_MSG: LOOP_VARIABLE });
    this.CONSUME(Colon);
    const start = this.SUBRULE1(this.rangeEnd);
    const end = this.OPTION(() => {
      this.CONSUME(DotDot);
      return this.SUBRULE2(this.rangeEnd);
    });
    return this.ACTION((): LoopHead => {
      const variable = this.variable(name);
      if (end)
        return { variable, over: { kind: 'range', span: this.spanFrom(start.span.start), start, end } };
      if (!this.failed && start.kind !== 'map') this.report(invalidLoopTarget(start.span));
      return { variable, over: start };
    });
  });

  private readonly loopStatement: Rule<Statement> = this.RULE('loopStatement', (): Statement => {
    const word = this.OR([{ ALT: () => this.CONSUME(While) }, { ALT: () => this.CONSUME(Unroll) }]);
    const condition = this.SUBRULE(this.expression);
    const body = this.SUBRULE(this.block);
    return this.ACTION((): Statement => {
      const span = this.spanFrom(word.startOffset);
      if (word.tokenType === While) return { kind: 'while', span, condition, body };
      return { kind: 'unroll', span, count: condition, body };
    });
  });

  private readonly jumpStatement: Rule<Statement> = this.RULE('jumpStatement', (): Statement => {
    const word = this.OR([
      { ALT: () => this.CONSUME(Break) },
      { ALT: () => this.CONSUME(Continue) },
      { ALT: () => this.CONSUME(Return) },
    ]);
    const value = this.OPTION({
      GATE: () => word.tokenType === Return,
      DEF: () => this.SUBRULE(this.expression),
    });
    const span = this.ACTION(() => this.spanFrom(word.startOffset));
    this.SUBRULE(this.statementEnd);
    return this.ACTION(() => {
      const kind = word.image as 'return' | 'break' | 'continue';
      return { kind, span, ...(value && { value }) };
    });
  });

  /** Assignments, `_ = e` and expressions. */
  private readonly simpleStatement: Rule<StatementParse> = this.RULE(
    'simpleStatement',
    (): StatementParse => {
      const left = this.SUBRULE(this.statementExpression);
      const assignment = this.OPTION(() => {
        const operator = this.OR([
          { ALT: () => this.CONSUME(Assign) },
          { ALT: () => this.CONSUME(CompoundAssign) },
        ]);
        return { operator, value: this.SUBRULE(this.expression) };
      });
      const span = this.ACTION(() => this.spanFrom(left.span.start));
      const needsEnd = this.ACTION(
        () => assignment !== undefined || !isBlockLike(left) || this.at(Semicolon),
      );
      const ended = this.RECORDING_PHASE || needsEnd ? this.SUBRULE(this.statementEnd) : false;
      return this.ACTION((): StatementParse => {
        if (assignment) return closed(this.assignment(left, assignment.operator, assignment.value, span));
        const node: Statement = { kind: 'expression-statement', span, expression: left };
        return { node, open: !ended };
      });
    },
  );

  /**
   * An expression where a statement begins. `if` and blocks end there unless the next token begins no statement: in
   * `if $x { } *$p;` the star does not multiply.
   */
  private readonly statementExpression: Rule<Expression> = this.RULE(
    'statementExpression',
    (): Expression =>
      this.OR({
        IGNORE_AMBIGUITIES: true,
        DEF: [
          {
            GATE: () => this.at(If) || this.at(LCurly),
            ALT: () => {
              const value = this.SUBRULE(this.primary);
              if (this.RECORDING_PHASE || this.endsBlockLike()) return value;
              return this.SUBRULE1(this.expression, { ARGS: [value] });
            },
          },
          { ALT: () => this.SUBRULE2(this.expression) },
        ],
      }),
  );

  private endsBlockLike(): boolean {
    return (
      [RCurly, Semicolon].some((type) => this.at(type)) ||
      this.atAny(EXPRESSION_STARTS) ||
      this.atStatementWord()
    );
  }

  private atStatementWord(): boolean {
    return this.atAny(STATEMENT_WORDS) || this.isEnd();
  }

  /** `;`, or nothing before `}`; gives whether there was a `;`. */
  private readonly statementEnd: Rule<boolean> = this.RULE('statementEnd', (): boolean => {
    const semicolon = this.OPTION(() => this.CONSUME(Semicolon));
    this.ACTION(() => {
      if (!semicolon) this.missingEnd();
    });
    return semicolon !== undefined;
  });

  /** A missing `;` before what may be a statement is only that; before anything else the rest is skipped. */
  private missingEnd(): void {
    if (this.at(RCurly) || this.isEnd()) return;
    const readable = !this.failed && (this.atAny(EXPRESSION_STARTS) || this.atStatementWord());
    this.expected("';'");
    if (!readable) this.skipStatement(this.position());
  }

  private assignment(
    target: Expression,
    token: IToken,
    value: Expression,
    span: Statement['span'],
  ): Statement {
    const operator = token.image as AssignOperator;
    if (operator === '=' && target.kind === 'identifier' && target.name === '_')
      return { kind: 'discard', span, value };
    switch (target.kind) {
      case 'variable':
      case 'map':
      case 'map-access':
        break;
      case 'field':
      case 'tuple-field':
        this.report(immutableTarget(span));
        break;
      case 'error-expression':
        return { kind: 'error-statement', span };
      default:
        this.report(invalidAssignmentTarget(span));
        if (target.kind !== 'index' && target.kind !== 'unary') return { kind: 'error-statement', span };
    }
    const assign: AssignStatement = {
      kind: 'assign',
      span,
      target,
      operator,
      operatorSpan: this.spanOf(token),
      value,
    };
    return assign;
  }

  protected variable(token: IToken): VariableName {
    return { kind: 'variable', span: this.spanOf(token), name: token.image.slice(1) };
  }
}

function closed(node: Statement): StatementParse {
  return { node, open: false };
}

function isBlockLike(value: Expression): boolean {
  return value.kind === 'if' || value.kind === 'block';
}

/** Paths are text: their bytes are read as UTF-8. */
export function textOf(literal: StringLiteral): string {
  return new TextDecoder().decode(literal.bytes);
}
