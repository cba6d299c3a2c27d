/** Grammar of types: `uint64`, `string[16]`, `struct task_struct *`, `int32[4]`, `typeof(…)`. */
import type { IToken } from 'chevrotain';
import type { Expression, NamedType, TypeSyntax } from './ast.ts';
import { EXPRESSION_STARTS, isTypeWord, isValueWord } from './lookahead.ts';
import { endOf, ParserBase, type Rule } from './parser-base.ts';
import { Enum, Identifier, LParen, LSquare, RParen, RSquare, Star, Struct, Typeof, Union } from './tokens.ts';

/** Types whose first bracket is a size in bytes and part of the name. */
const SIZED_WORDS: ReadonlySet<string> = new Set(['string', 'buffer', 'inet']);

interface TypeSuffix {
  readonly pointer: boolean;
  readonly count?: Expression;
  readonly end: number;
}

export abstract class TypeRules extends ParserBase {
  abstract readonly expression: Rule<Expression, [(Expression | undefined)?]>;

  readonly type: Rule<TypeSyntax> = this.RULE(
    'type',
    (): TypeSyntax =>
      this.nested(() => {
        const base = this.OR({
          ERR_MSG: 'type name',
          DEF: [{ ALT: () => this.SUBRULE(this.typeofType) }, { ALT: () => this.SUBRULE(this.namedType) }],
        });
        const suffixes: TypeSuffix[] = [];
        this.MANY(() => {
          const suffix = this.OR1([
            {
              ALT: () => {
                const star = this.CONSUME(Star);
                return { pointer: true, end: endOf(star) };
              },
            },
            { ALT: () => this.SUBRULE(this.arraySuffix) },
          ]);
          suffixes.push(suffix);
        });
        return this.ACTION(() => this.withSuffixes(base, suffixes));
      }),
  );

  private readonly arraySuffix: Rule<TypeSuffix> = this.RULE('arraySuffix', (): TypeSuffix => {
    this.CONSUME(LSquare);
    const count = this.OPTION(() => this.SUBRULE(this.expression));
    const close = this.CONSUME(RSquare);
    return { pointer: false, end: endOf(close), ...(count && { count }) };
  });

  private readonly namedType: Rule<NamedType> = this.RULE('namedType', (): NamedType => {
    const tag = this.OPTION(() =>
      this.OR([
        { ALT: () => this.CONSUME(Struct) },
        { ALT: () => this.CONSUME(Union) },
        { ALT: () => this.CONSUME(Enum) },
      ]),
    );
    const name = this.CONSUME(Identifier, { ERR_MSG: 'type name' });
    return this.ACTION(() => ({
      kind: 'named-type',
      span: this.spanFrom((tag ?? name).startOffset),
      ...(tag && { tag: tag.image as 'struct' | 'union' | 'enum' }),
      name: name.image,
    }));
  });

  private readonly typeofType: Rule<TypeSyntax> = this.RULE('typeofType', (): TypeSyntax => {
    const word = this.CONSUME(Typeof);
    this.CONSUME(LParen);
    const operand = this.SUBRULE(this.typeOrExpression);
    this.CONSUME(RParen);
    return this.ACTION(() => ({ kind: 'typeof-type', span: this.spanFrom(word.startOffset), operand }));
  });

  /** The operand of `sizeof`, `typeof`, `typeinfo` and `offsetof`. */
  readonly typeOrExpression: Rule<Expression | TypeSyntax> = this.RULE('typeOrExpression', () => {
    if (!this.RECORDING_PHASE && !this.atTag() && !this.atAny(EXPRESSION_STARTS))
      return this.errorExpression();
    return this.OR({
      IGNORE_AMBIGUITIES: true,
      DEF: [
        { GATE: () => this.typeAhead(), ALT: () => this.SUBRULE(this.type) },
        { ALT: () => this.SUBRULE(this.expression) },
      ],
    });
  });

  /** Whether a type, not a value, begins here; `typeof(…)` is left to the expressions, where it may be both. */
  private typeAhead(): boolean {
    if (this.atTag()) return true;
    const word = this.LA(1);
    if (word.tokenType !== Identifier || isValueWord(word.image)) return false;
    if (isTypeWord(word.image)) return !this.at(LParen, 2);
    return this.at(Star, 2);
  }

  protected atTag(ahead = 1): boolean {
    return this.at(Struct, ahead) || this.at(Union, ahead) || this.at(Enum, ahead);
  }

  private withSuffixes(base: TypeSyntax, suffixes: readonly TypeSuffix[]): TypeSyntax {
    let type = base;
    for (const { pointer, count, end } of suffixes) {
      const span = { ...base.span, end };
      if (pointer) type = { kind: 'pointer-type', span, target: type };
      else if (
        count &&
        type === base &&
        base.kind === 'named-type' &&
        !base.tag &&
        SIZED_WORDS.has(base.name)
      )
        type = { ...base, span, size: count };
      else type = { kind: 'array-type', span, element: type, ...(count && { count }) };
    }
    return type;
  }

  protected identifier(token: IToken): { readonly span: TypeSyntax['span']; readonly name: string } {
    return { span: this.spanOf(token), name: token.image };
  }
}
