/** Grammar of the outermost level: preamble, `config`, imports, and the items. */
import type { IToken } from 'chevrotain';
import {
  builtinParameter,
  duplicateConfig,
  lateDefinition,
  rootLet,
  unexpectedInput,
} from '../diagnostics/messages.gen.ts';
import type {
  AttachPointSyntax,
  CDefinition,
  ConfigBlock,
  ConfigEntry,
  Expression,
  FunctionDefinition,
  ImportDeclaration,
  Item,
  MacroDefinition,
  MacroParameter,
  MapDeclaration,
  Probe,
} from './ast.ts';
import { attachPoint } from './attach-text.ts';
import { integerValue } from './literals.ts';
import { isValueWord } from './lookahead.ts';
import type { Rule } from './parser-base.ts';
import { StatementRules, textOf } from './statement-rules.ts';
import {
  Assign,
  AttachText,
  Comma,
  Config,
  CType,
  Directive,
  False,
  Fn,
  Identifier,
  Integer,
  Junk,
  LCurly,
  LParen,
  Macro,
  MapText,
  PredicateClose,
  PredicateOpen,
  RCurly,
  RootImport,
  RootLet,
  RParen,
  Semicolon,
  Shebang,
  StringText,
  True,
  VariableText,
} from './tokens.ts';

/** What the root rule fills while it runs, so that nothing is lost when it has to stop early. */
export interface ScriptParts {
  shebang?: string;
  config?: ConfigBlock;
  readonly preamble: CDefinition[];
  readonly imports: ImportDeclaration[];
  readonly items: Item[];
}

const ITEM_STARTS = new Set([AttachText, CType, Directive, Config, RootImport, Macro, Fn, RootLet]);

export class ScriptRules extends StatementRules {
  constructor(validate: boolean) {
    super(validate);
    this.performSelfAnalysis();
  }

  readonly script: Rule<void, [ScriptParts?]> = this.RULE('script', (given?: ScriptParts): void => {
    const parts: ScriptParts = given ?? { preamble: [], imports: [], items: [] };
    this.OPTION(() => {
      const line = this.CONSUME(Shebang);
      this.ACTION(() => {
        parts.shebang = line.image.trimEnd();
      });
    });
    this.MANY(() => {
      const start = this.position();
      this.unmute();
      const done = this.attempt(() => {
        this.SUBRULE(this.rootItem, { ARGS: [parts] });
        return true;
      });
      this.ACTION(() => {
        if (!done || this.position() === start) this.errorItem(parts, start);
      });
    });
  });

  /** An expression and nothing behind it. */
  readonly wholeExpression: Rule<Expression | undefined> = this.RULE('wholeExpression', () => {
    const value = this.attempt(() => this.SUBRULE(this.expression));
    this.ACTION(() => {
      if (value && !this.isEnd() && !this.failed) this.report(unexpectedInput(this.spanOf(this.LA(1))));
    });
    return value;
  });

  private errorItem(parts: ScriptParts, start: number): void {
    const from = this.LA(start - this.position() + 1).startOffset;
    this.skipItem(start, ITEM_STARTS);
    parts.items.push({ kind: 'error-item', span: this.spanFrom(from) });
  }

  private readonly rootItem: Rule<void, [ScriptParts]> = this.RULE('rootItem', (parts: ScriptParts): void => {
    const late = this.ACTION(() => parts.items.length > 0);
    this.OR([
      { ALT: () => this.SUBRULE(this.cDefinition, { ARGS: [parts, late] }) },
      { ALT: () => this.SUBRULE(this.configBlock, { ARGS: [parts, late] }) },
      { ALT: () => this.SUBRULE(this.rootImport, { ARGS: [parts, late] }) },
      { ALT: () => this.addItem(parts, this.SUBRULE(this.macro)) },
      { ALT: () => this.addItem(parts, this.SUBRULE(this.fn)) },
      { ALT: () => this.addItem(parts, this.SUBRULE(this.mapDeclaration)) },
      { ALT: () => this.addItem(parts, this.SUBRULE(this.probe)) },
      {
        ALT: () => {
          const token = this.OR1([{ ALT: () => this.CONSUME(Junk) }, { ALT: () => this.CONSUME2(Shebang) }]);
          this.ACTION(() => this.report(unexpectedInput(this.spanOf(token))));
        },
      },
    ]);
  });

  private addItem(parts: ScriptParts, item: Item): void {
    this.ACTION(() => parts.items.push(item));
  }

  /* ---- before the items ---- */

  private readonly cDefinition: Rule<void, [ScriptParts, boolean]> = this.RULE(
    'cDefinition',
    (parts: ScriptParts, late: boolean): void => {
      const token = this.OR([{ ALT: () => this.CONSUME(Directive) }, { ALT: () => this.CONSUME(CType) }]);
      this.ACTION(() => {
        const span = this.spanOf(token);
        const kind = token.tokenType === Directive ? 'c-directive' : 'c-type';
        parts.preamble.push({ kind, span, text: token.image.trimEnd() });
        if (late) this.report(lateDefinition(span, { what: 'C definitions' }));
        else if (!(token.payload as { closed: boolean }).closed) this.expected("'}'");
      });
    },
  );

  private readonly configBlock: Rule<void, [ScriptParts, boolean]> = this.RULE(
    'configBlock',
    (parts: ScriptParts, late: boolean): void => {
      const word = this.CONSUME(Config);
      this.CONSUME(Assign);
      this.CONSUME(LCurly);
      const entries: ConfigEntry[] = [];
      this.MANY(() => {
        const entry = this.SUBRULE(this.configEntry);
        entries.push(entry);
      });
      this.CONSUME(RCurly, { ERR_MSG: 'config key' });
      this.ACTION(() => {
        const block: ConfigBlock = { kind: 'config', span: this.spanFrom(word.startOffset), entries };
        if (late) this.report(lateDefinition(this.spanOf(word), { what: 'config' }));
        else if (parts.config) this.report(duplicateConfig(this.spanOf(word)));
        parts.config ??= block;
      });
    },
  );

  private readonly configEntry: Rule<ConfigEntry> = this.RULE('configEntry', (): ConfigEntry => {
    const key = this.CONSUME(Identifier, { ERR_MSG: 'config key' });
    this.CONSUME(Assign);
    const token = this.OR({
      ERR_MSG: 'config value',
      DEF: [
        { ALT: () => this.CONSUME(StringText) },
        { ALT: () => this.CONSUME(Integer) },
        { ALT: () => this.CONSUME(True) },
        { ALT: () => this.CONSUME(False) },
        { ALT: () => this.CONSUME2(Identifier) },
      ],
    });
    const span = this.ACTION(() => this.spanFrom(key.startOffset));
    this.OPTION({ GATE: () => !this.at(RCurly), DEF: () => this.CONSUME(Semicolon) });
    this.ACTION(() => {
      if (!this.at(RCurly) && !this.at(Semicolon, 0)) this.expected("';'");
    });
    return this.ACTION(() => {
      const value = {
        span: this.spanOf(token),
        value: this.configValue(token),
        bare: token.tokenType === Identifier,
      };
      return { span, key: this.identifier(key), value };
    });
  });

  private configValue(token: IToken): string | bigint | boolean {
    switch (token.tokenType) {
      case StringText:
        return textOf(this.stringNode(token));
      case Integer:
        return integerValue(token.image, this.spanOf(token), this.sink).value;
      case Identifier:
        return token.image;
      default:
        return token.tokenType === True;
    }
  }

  private readonly rootImport: Rule<void, [ScriptParts, boolean]> = this.RULE(
    'rootImport',
    (parts: ScriptParts, late: boolean): void => {
      const word = this.CONSUME(RootImport);
      const path = this.CONSUME(StringText, { ERR_MSG: "string after 'import'" });
      const span = this.ACTION(() => this.spanFrom(word.startOffset));
      this.CONSUME(Semicolon, { ERR_MSG: "';' after import" });
      this.ACTION(() => {
        if (late) this.report(lateDefinition(this.spanOf(word), { what: 'root imports' }));
        const literal = this.stringNode(path);
        parts.imports.push({ kind: 'import', span, path: textOf(literal), pathSpan: literal.span });
      });
    },
  );

  /* ---- macro, fn, let ---- */

  private readonly macro: Rule<MacroDefinition> = this.RULE('macro', (): MacroDefinition => {
    const word = this.CONSUME(Macro);
    const name = this.CONSUME(Identifier, { ERR_MSG: 'macro name' });
    const parameters: MacroParameter[] = [];
    this.OPTION1(() => {
      this.CONSUME(LParen);
      this.OPTION2({
        GATE: () => !this.at(RParen),
        DEF: () =>
          this.AT_LEAST_ONE_SEP({
            SEP: Comma,
            ERR_MSG: MACRO_PARAMETER,
            DEF: () => {
              const parameter = this.SUBRULE(this.macroParameter);
              parameters.push(parameter);
            },
          }),
      });
      this.CONSUME(RParen);
    });
    const body = this.SUBRULE(this.block);
    return this.ACTION(() => ({
      kind: 'macro',
      span: this.spanFrom(word.startOffset),
      name: this.identifier(name),
      parameters,
      body,
    }));
  });

  private readonly macroParameter: Rule<MacroParameter> = this.RULE('macroParameter', (): MacroParameter => {
    const token = this.OR({
      ERR_MSG: MACRO_PARAMETER,
      DEF: [
        { ALT: () => this.CONSUME(VariableText) },
        { ALT: () => this.CONSUME(MapText) },
        { ALT: () => this.CONSUME(Identifier) },
      ],
    });
    return this.ACTION((): MacroParameter => {
      const span = this.spanOf(token);
      if (token.tokenType === VariableText) return { span, passing: 'variable', name: token.image.slice(1) };
      if (token.tokenType === MapText) return { span, passing: 'map', name: token.image.slice(1) };
      if (isValueWord(token.image)) this.report(builtinParameter(span, { name: token.image }));
      return { span, passing: 'expression', name: token.image };
    });
  });

  private readonly fn: Rule<FunctionDefinition> = this.RULE('fn', (): FunctionDefinition => {
    const word = this.CONSUME(Fn);
    const name = this.CONSUME(Identifier, { ERR_MSG: 'function name' });
    const parameters: FunctionDefinition['parameters'][number][] = [];
    this.CONSUME(LParen);
    this.OPTION({
      GATE: () => !this.at(RParen),
      DEF: () =>
        this.AT_LEAST_ONE_SEP({
          SEP: Comma,
          DEF: () => {
            const parameter = this.CONSUME(VariableText, { ERR_MSG: 'variable in function argument' });
            const type = this.SUBRULE1(this.annotation);
            this.ACTION(() => parameters.push({ name: this.variable(parameter), type }));
          },
        }),
    });
    this.CONSUME(RParen);
    const result = this.SUBRULE2(this.annotation);
    const body = this.SUBRULE(this.block);
    return this.ACTION(() => {
      const span = this.spanFrom(word.startOffset);
      return { kind: 'function', span, name: this.identifier(name), parameters, result, body };
    });
  });

  private readonly mapDeclaration: Rule<MapDeclaration> = this.RULE('mapDeclaration', (): MapDeclaration => {
    const word = this.CONSUME(RootLet);
    this.ACTION(() => {
      if (this.at(MapText)) return;
      this.report(rootLet(this.at(VariableText) ? this.spanOf(this.LA(1)) : this.spanOf(word)));
      this.mute();
    });
    const map = this.CONSUME(MapText);
    this.CONSUME(Assign);
    const type = this.CONSUME(Identifier, { ERR_MSG: 'map type name' });
    this.CONSUME(LParen);
    const count = this.CONSUME(Integer, { ERR_MSG: 'positive integer for map declaration max entries' });
    this.CONSUME(RParen);
    this.OPTION(() => this.CONSUME(Semicolon));
    return this.ACTION((): MapDeclaration => {
      const countSpan = this.spanOf(count);
      const { value } = integerValue(count.image, countSpan, this.sink);
      const maxEntries: Expression = { kind: 'integer', span: countSpan, value };
      const name = { kind: 'map', span: this.spanOf(map), name: map.image.slice(1) } as const;
      const span = this.spanFrom(word.startOffset);
      return { kind: 'map-declaration', span, map: name, mapType: this.identifier(type), maxEntries };
    });
  });

  /* ---- probes ---- */

  private readonly probe: Rule<Probe> = this.RULE('probe', (): Probe => {
    const points: AttachPointSyntax[] = [];
    points.push(this.SUBRULE1(this.attachPoint));
    this.MANY(() => {
      const before = points.length;
      this.CONSUME(Comma);
      this.OPTION1({
        // A comma may end the list.
        GATE: () => !this.at(LCurly) && !this.at(PredicateOpen),
        DEF: () => points.push(this.SUBRULE2(this.attachPoint)),
      });
      this.ACTION(() => {
        const bare = points.length === before;
        if (bare && !this.at(LCurly) && !this.at(PredicateOpen)) this.expected('attach point');
      });
    });
    const predicate = this.OPTION2(() => {
      this.CONSUME(PredicateOpen);
      const value = this.SUBRULE(this.expression);
      this.CONSUME(PredicateClose);
      return value;
    });
    const body = this.SUBRULE(this.block);
    return this.ACTION(() => {
      const span = this.spanFrom(points[0]!.span.start);
      return { kind: 'probe', span, attachPoints: points, ...(predicate && { predicate }), body };
    });
  });

  private readonly attachPoint: Rule<AttachPointSyntax> = this.RULE('attachPoint', (): AttachPointSyntax => {
    const token = this.CONSUME(AttachText);
    return this.ACTION(() => attachPoint(token.image, this.spanOf(token), this.params, this.mutingSink()));
  });
}

const MACRO_PARAMETER = 'macro argument ($var, @map, or identifier)';
