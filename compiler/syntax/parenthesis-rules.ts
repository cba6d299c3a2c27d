/**
 * Grammar of what may stand in parentheses, in this order of attempt: `()`, record, cast, tuple, grouping. Which of
 * them it is shows by looking ahead over the tokens, never by parsing twice.
 */
import { duplicateField } from '../diagnostics/messages.gen.ts';
import type { Expression, RecordExpression } from './ast.ts';
import { CAST_OPERAND_STARTS, isValueWord } from './lookahead.ts';
import type { Rule } from './parser-base.ts';
import { Assign, Comma, Identifier, LParen, LSquare, RParen, RSquare, Star, Typeof } from './tokens.ts';
import { TypeRules } from './type-rules.ts';

export abstract class ParenthesisRules extends TypeRules {
  abstract readonly unary: Rule<Expression>;

  readonly parenthesised: Rule<Expression> = this.RULE(
    'parenthesised',
    (): Expression =>
      this.OR({
        IGNORE_AMBIGUITIES: true,
        DEF: [
          { GATE: () => this.recordAhead(), ALT: () => this.SUBRULE(this.record) },
          { GATE: () => this.castAhead(), ALT: () => this.SUBRULE(this.cast) },
          { ALT: () => this.SUBRULE(this.tupleOrGroup) },
        ],
      }),
  );

  private recordAhead(): boolean {
    return this.at(Identifier, 2) && this.at(Assign, 3) && !isValueWord(this.LA(2).image);
  }

  /** `(type)` and then something that begins an expression; a lone builtin such as `(pid)` is a value. */
  private castAhead(): boolean {
    const end = this.castTypeEnd();
    return end !== undefined && this.at(RParen, end) && this.atAny(CAST_OPERAND_STARTS, end + 1);
  }

  /** How far ahead the token behind a type is, or undefined when no type begins behind the `(`. */
  private castTypeEnd(): number | undefined {
    if (this.at(Typeof, 2)) return this.suffixEnd(this.balancedEnd(3));
    if (this.atTag(2)) return this.suffixEnd(4);
    if (!this.at(Identifier, 2)) return undefined;
    const end = this.suffixEnd(3);
    return end === 3 && isValueWord(this.LA(2).image) ? undefined : end;
  }

  private suffixEnd(from: number): number {
    let ahead = from;
    for (;;) {
      if (this.at(Star, ahead)) ahead++;
      else if (this.at(LSquare, ahead)) ahead = this.balancedEnd(ahead);
      else return ahead;
    }
  }

  /** Behind the bracket that closes the one `ahead`; at the end of the text when none does. */
  private balancedEnd(from: number): number {
    let depth = 0;
    for (let ahead = from; ; ahead++) {
      const { tokenType } = this.LA(ahead);
      if (tokenType === LParen || tokenType === LSquare) depth++;
      if (tokenType === RParen || tokenType === RSquare) depth--;
      if (depth <= 0 || this.isEnd(ahead)) return ahead + 1;
    }
  }

  private readonly cast: Rule<Expression> = this.RULE('cast', (): Expression => {
    const open = this.CONSUME(LParen);
    const type = this.SUBRULE(this.type);
    this.CONSUME(RParen);
    const value = this.SUBRULE(this.unary);
    return this.ACTION(() => ({ kind: 'cast', span: this.spanFrom(open.startOffset), type, value }));
  });

  private readonly record: Rule<Expression> = this.RULE('record', (): Expression => {
    const fields: RecordExpression['fields'][number][] = [];
    const open = this.CONSUME(LParen);
    this.AT_LEAST_ONE_SEP({
      SEP: Comma,
      ERR_MSG: 'identifier',
      DEF: () => {
        const word = this.CONSUME(Identifier);
        this.CONSUME(Assign);
        const value = this.SUBRULE(this.expression);
        this.ACTION(() => {
          const name = this.identifier(word);
          if (fields.some((field) => field.name.name === name.name)) {
            this.report(duplicateField(this.spanFrom(word.startOffset), { name: name.name }));
          }
          fields.push({ name, value });
        });
      },
    });
    this.CONSUME(RParen);
    return this.ACTION(() => ({ kind: 'record', span: this.spanFrom(open.startOffset), fields }));
  });

  private readonly tupleOrGroup: Rule<Expression> = this.RULE('tupleOrGroup', (): Expression => {
    const open = this.CONSUME(LParen);
    const elements: Expression[] = [];
    let commas = 0;
    this.OPTION1({ GATE: () => !this.at(RParen), DEF: () => elements.push(this.SUBRULE1(this.expression)) });
    this.MANY({
      // `(,` is no tuple, and a comma only follows an element.
      GATE: () => elements.length > commas,
      DEF: () => {
        this.CONSUME(Comma);
        commas++;
        this.OPTION2({
          GATE: () => !this.at(RParen),
          DEF: () => elements.push(this.SUBRULE2(this.expression)),
        });
      },
    });
    const close = this.OPTION3(() => this.CONSUME(RParen));
    return this.ACTION(() => {
      this.softly(RParen, close, elements.length === commas ? 'expression' : "')'");
      const [only] = elements;
      if (only && commas === 0) return only;
      return { kind: 'tuple', span: this.spanFrom(open.startOffset), elements };
    });
  });
}
