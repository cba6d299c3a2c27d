/**
 * Decides alternatives and options by the next token alone. Chevrotain's own strategy walks all paths of the grammar for
 * every decision, which is most of a cold parser's start-up; one token of lookahead needs only the FIRST set of each rule,
 * found once. Where a token begins several alternatives, gates and then order decide.
 */
import {
  Alternation,
  type ILookaheadStrategy,
  type IOrAlt,
  type IProduction,
  LLkLookaheadStrategy,
  NonTerminal,
  Option,
  Repetition,
  RepetitionMandatory,
  RepetitionMandatoryWithSeparator,
  RepetitionWithSeparator,
  type Rule,
  Terminal,
  type TokenType,
} from 'chevrotain';

type AlternationOptions = Parameters<ILookaheadStrategy['buildLookaheadForAlternation']>[0];
type OptionalOptions = Parameters<ILookaheadStrategy['buildLookaheadForOptional']>[0];
type Optional =
  | Option
  | Repetition
  | RepetitionMandatory
  | RepetitionMandatoryWithSeparator
  | RepetitionWithSeparator;

/** What the lookahead functions need of the parser they are called on. */
interface TokenStream {
  LA(howMuch: number): { readonly tokenTypeIdx: number };
}

/** Index of a token type → indexes of the alternatives it begins. */
type Choices = ReadonlyMap<number, readonly number[]>;

const OPTIONAL_KINDS = {
  Option,
  Repetition,
  RepetitionMandatory,
  RepetitionMandatoryWithSeparator,
  RepetitionWithSeparator,
} as const;

interface First {
  readonly tokens: ReadonlySet<TokenType>;
  readonly empty: boolean;
}

/** Validation, which tests ask for, is chevrotain's. */
export class FirstLookahead extends LLkLookaheadStrategy implements ILookaheadStrategy {
  private readonly rules: Map<Rule, First> = new Map();

  constructor() {
    super({ maxLookahead: 1 });
  }

  override buildLookaheadForAlternation(
    options: AlternationOptions,
  ): (orAlts?: IOrAlt<unknown>[]) => number | undefined {
    const found = findProduction(options.rule.definition, options.prodOccurrence, Alternation) as Alternation;
    const choices = this.choicesOf(found);
    if (options.hasPredicates) return gatedChoice(choices);
    return function (this: TokenStream) {
      return choices.get(this.LA(1).tokenTypeIdx)?.[0];
    } as () => number | undefined;
  }

  override buildLookaheadForOptional(options: OptionalOptions): () => boolean {
    const kind = OPTIONAL_KINDS[options.prodType];
    const found = findProduction(options.rule.definition, options.prodOccurrence, kind) as Optional;
    const starts = new Set(this.startsOf(found.definition));
    return function (this: TokenStream) {
      return starts.has(this.LA(1).tokenTypeIdx);
    } as () => boolean;
  }

  private choicesOf(production: Alternation): Choices {
    const choices = new Map<number, number[]>();
    alternativesOf(production).forEach((alternative, index) => {
      for (const type of this.startsOf(alternative)) {
        const list = choices.get(type);
        if (!list) choices.set(type, [index]);
        else if (list.at(-1) !== index) list.push(index);
      }
    });
    return choices;
  }

  /** What is chosen by its first token must have one. */
  private startsOf(sequence: readonly IProduction[]): number[] {
    const { tokens, empty } = this.firstOf(sequence);
    if (empty)
      throw new TypeError('a part of the grammar that may be left out, or is one of several, may be empty');
    return [...tokens].flatMap(indexesOf);
  }

  private firstOf(sequence: readonly IProduction[]): First {
    const tokens = new Set<TokenType>();
    for (const production of sequence) {
      const first = this.firstOfOne(production);
      for (const type of first.tokens) tokens.add(type);
      if (!first.empty) return { tokens, empty: false };
    }
    return { tokens, empty: true };
  }

  private firstOfOne(production: IProduction): First {
    if (production instanceof Terminal) return { tokens: new Set([production.terminalType]), empty: false };
    if (production instanceof NonTerminal) return this.firstOfRule(production.referencedRule);
    if (production instanceof Alternation) {
      const all = alternativesOf(production).map((alternative) => this.firstOf(alternative));
      return {
        tokens: new Set(all.flatMap(({ tokens }) => [...tokens])),
        empty: all.some(({ empty }) => empty),
      };
    }
    const { tokens, empty } = this.firstOf((production as Optional).definition);
    const mandatory =
      production instanceof RepetitionMandatory || production instanceof RepetitionMandatoryWithSeparator;
    return { tokens, empty: empty || !mandatory };
  }

  private firstOfRule(rule: Rule): First {
    const known = this.rules.get(rule);
    if (known) return known;
    const first = this.firstOf(rule.definition);
    this.rules.set(rule, first);
    return first;
  }
}

function alternativesOf(production: Alternation): IProduction[][] {
  return production.definition.map((alternative) => (alternative as unknown as Optional).definition);
}

function gatedChoice(choices: Choices): (orAlts?: IOrAlt<unknown>[]) => number | undefined {
  return function (this: TokenStream, orAlts: IOrAlt<unknown>[] = []) {
    return choices.get(this.LA(1).tokenTypeIdx)?.find((index) => orAlts[index]?.GATE?.call(this) !== false);
  } as (orAlts?: IOrAlt<unknown>[]) => number | undefined;
}

/** The type's own index and, when it is a category, those of its members. */
function indexesOf(type: TokenType): number[] {
  return [type.tokenTypeIdx!, ...(type.categoryMatches ?? [])];
}

type ProductionClass = (typeof OPTIONAL_KINDS)[keyof typeof OPTIONAL_KINDS] | typeof Alternation;

function findProduction(
  definition: readonly IProduction[],
  occurrence: number,
  kind: ProductionClass,
): IProduction | undefined {
  for (const production of definition) {
    if (production instanceof kind && production.idx === occurrence) return production;
    const inner = (production as { readonly definition?: IProduction[] }).definition;
    // A reference to a rule shows that rule's productions, which are not of this one.
    if (!inner || production instanceof NonTerminal) continue;
    const found = findProduction(inner, occurrence, kind);
    if (found) return found;
  }
  return undefined;
}
