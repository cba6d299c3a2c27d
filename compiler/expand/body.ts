/** One expansion of a macro: a copy of its body with arguments in place of parameters and locals renamed. */
import { expandSpan, type Span } from '../../bpf/span.ts';
import { macroArgumentUse, unhygienicMap, unhygienicVariable } from '../diagnostics/messages.gen.ts';
import type {
  AssignStatement,
  Block,
  CallExpression,
  CastExpression,
  ErrorStatement,
  Expression,
  ForStatement,
  Identifier,
  IdentifierExpression,
  IndexAccess,
  LetStatement,
  MapAccess,
  MapName,
  NamedType,
  OffsetofExpression,
  TypeSyntax,
  VariableName,
} from '../syntax/ast.ts';
import { isTypeWord } from '../syntax/lookahead.ts';
import { isType } from '../syntax/print-source.ts';
import type { Expander, Use } from './expand.ts';
import { Locals } from './locals.ts';
import type { MacroArgument } from './macro-table.ts';
import { type AnyNode, copyTree, mapChildren } from './tree.ts';

type ErrorExpression = Expression & { kind: 'error-expression' };

export class Body {
  private readonly expander: Expander;
  private readonly use: Use;
  private readonly span: Span;
  private readonly locals: Locals;
  private readonly variables: Map<string, VariableName> = new Map();
  private readonly maps: Map<string, MapName> = new Map();
  private readonly expressions: Map<string, MacroArgument> = new Map();

  /** `span`: the use; `number` tells the locals of one expansion from those of others. */
  constructor(expander: Expander, use: Use, args: readonly MacroArgument[], span: Span, number: number) {
    this.expander = expander;
    this.use = use;
    this.span = span;
    this.locals = new Locals(number);
    for (const [index, { passing, name }] of use.macro.definition.parameters.entries()) {
      const argument = args[index]!;
      if (passing === 'variable') this.variables.set(name, argument as VariableName);
      else if (passing === 'map') this.maps.set(name, argument as MapName);
      else this.expressions.set(name, argument);
    }
  }

  expand(): Block {
    return this.node(this.use.macro.definition.body);
  }

  private at(span: Span): Span {
    return expandSpan(this.span, span);
  }

  private node<T extends object>(node: T): T {
    if (Array.isArray(node)) return node.map((child) => this.child(child)) as unknown as T;
    return this.byKind(node) as T;
  }

  private child(value: unknown): unknown {
    if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
    return this.node(value);
  }

  private byKind(node: object): object {
    switch ((node as AnyNode).kind) {
      case 'variable':
        return this.variable(node as VariableName);
      case 'map':
        return this.map(node as MapName);
      case 'identifier':
        return this.identifier(node as IdentifierExpression);
      case 'call':
        return this.call(node as CallExpression);
      case 'named-type':
        return this.namedType(node as NamedType);
      case 'cast':
        return this.cast(node as CastExpression);
      case 'offsetof':
        return this.offsetof(node as OffsetofExpression);
      case 'sizeof':
      case 'typeof':
      case 'typeinfo':
      case 'typeof-type':
        return this.typed(node as { readonly operand: Expression | TypeSyntax });
      case 'index':
        return this.index(node as IndexAccess);
      case 'map-access':
        return this.mapAccess(node as MapAccess);
      case 'block':
        return this.scoped(() => this.plain(node));
      case 'let':
        return this.letStatement(node as LetStatement);
      case 'assign':
        return this.assign(node as AssignStatement);
      case 'for':
        return this.forStatement(node as ForStatement);
      default:
        return this.plain(node);
    }
  }

  /** The same node with its children substituted. */
  private plain<T extends object>(node: T): T {
    const { span } = node as { span?: Span };
    if (span !== undefined) this.expander.count(this.span);
    const copy: Record<string, unknown> = {};
    for (const [key, value] of Object.entries(node)) {
      const isSpan = key === 'span' || key.endsWith('Span');
      copy[key] = isSpan ? this.at(value as Span) : this.child(value);
    }
    return copy as T;
  }

  private scoped<T>(make: () => T): T {
    this.locals.enter();
    const made = make();
    this.locals.leave();
    return made;
  }

  private get sink(): Expander['options']['sink'] {
    return this.expander.options.sink;
  }

  /* ---- names ---- */

  private variable(node: VariableName): VariableName | ErrorExpression {
    const argument = this.variables.get(node.name);
    if (argument !== undefined) return { ...argument, span: expandSpan(argument.span, node.span) };
    const local = this.locals.find(node.name);
    const span = this.at(node.span);
    if (local !== undefined) return { ...node, span, name: local };
    this.sink.report(unhygienicVariable(span, { name: node.name }));
    return { kind: 'error-expression', span };
  }

  private map(node: MapName): MapName | ErrorExpression {
    const argument = this.maps.get(node.name);
    if (argument !== undefined) return { ...argument, span: expandSpan(argument.span, node.span) };
    const span = this.at(node.span);
    this.sink.report(unhygienicMap(span, { name: node.name }));
    return { kind: 'error-expression', span };
  }

  private identifier(node: IdentifierExpression): Expression | TypeSyntax {
    const argument = this.expressions.get(node.name);
    if (argument !== undefined && !isType(argument)) return this.copy(argument);
    if (argument !== undefined) {
      this.sink.report(macroArgumentUse(argument.span, { name: node.name, wanted: 'a value' }));
      return { kind: 'error-expression', span: argument.span };
    }
    return this.expander.call({ ...node, span: this.at(node.span) }, this.use);
  }

  /** Each use of a parameter evaluates its argument anew. */
  private copy(argument: MacroArgument): MacroArgument {
    const copied = copyTree(argument);
    const count = (node: object): object => {
      this.expander.count(argument.span);
      return mapChildren(node, count);
    };
    count(copied);
    return copied;
  }

  private call(node: CallExpression): Expression | TypeSyntax {
    const { callee } = node;
    const substituted: CallExpression = {
      kind: 'call',
      span: this.at(node.span),
      callee: { ...callee, span: this.at(callee.span) },
      arguments: node.arguments.map((argument) => this.operand(argument)),
    };
    return this.expander.call(substituted, this.use);
  }

  /* ---- types and fields as arguments ---- */

  private namedType(node: NamedType): TypeSyntax {
    const argument = node.tag === undefined ? this.expressions.get(node.name) : undefined;
    return argument === undefined ? this.plain(node) : this.typeOf(this.copy(argument));
  }

  /** The type an argument names: itself, `typeof(T)`, a bare word, or that of an expression. */
  private typeOf(argument: MacroArgument): TypeSyntax {
    const { span } = argument;
    switch (argument.kind) {
      case 'named-type':
      case 'pointer-type':
      case 'array-type':
      case 'typeof-type':
        return argument;
      case 'typeof':
        return { kind: 'typeof-type', span, operand: argument.operand };
      case 'identifier':
        return { kind: 'named-type', span, name: argument.name };
      default:
        return { kind: 'typeof-type', span, operand: argument };
    }
  }

  /** Where types may stand as well as values. */
  private operand(node: Expression | TypeSyntax): Expression | TypeSyntax {
    const argument = node.kind === 'identifier' ? this.expressions.get(node.name) : undefined;
    return argument === undefined ? this.node(node) : this.copy(argument);
  }

  private typed<T extends { readonly operand: Expression | TypeSyntax }>(node: T): T {
    const { operand } = node;
    const argument = operand.kind === 'identifier' ? this.expressions.get(operand.name) : undefined;
    if (argument === undefined) return this.plain(node);
    const own = this.copy(argument);
    const given = namesType(own) ? this.typeOf(own) : own;
    // The argument is the caller's text, and no part of the body.
    const outer: object = this.plain({ ...node, operand: undefined });
    return { ...outer, operand: given } as T;
  }

  /** `(e) - 1` where `e` is a value: the grammar reads a cast of `-1`, which is never meant. */
  private cast(node: CastExpression): Expression {
    const { type } = node;
    const argument =
      type.kind === 'named-type' && type.tag === undefined ? this.expressions.get(type.name) : undefined;
    if (type.kind !== 'named-type' || argument === undefined || mayNameType(argument))
      return this.plain(node);
    const { name } = type;
    const hints = [`(${name}) in front of a value is a cast: write ${name} without parentheses`];
    this.sink.report(macroArgumentUse(this.at(node.span), { name, wanted: 'a type' }, { hints }));
    return { kind: 'error-expression', span: this.at(node.span) };
  }

  private offsetof(node: OffsetofExpression): OffsetofExpression {
    const path = node.path.flatMap((part): Identifier[] => {
      const argument = this.expressions.get(part.name);
      const names = argument && fieldPath(argument);
      if (argument !== undefined && names === undefined) {
        const name = part.name;
        this.sink.report(macroArgumentUse(argument.span, { name, wanted: 'the name of a field' }));
      }
      return names === undefined ? [{ ...part, span: this.at(part.span) }] : [...names];
    });
    const { operand } = this.typed({ operand: node.operand });
    return { ...node, span: this.at(node.span), operand, path };
  }

  private mapAccess(node: MapAccess): MapAccess | ErrorExpression {
    const plain = this.plain(node);
    const { kind, span } = plain.map as MapName | ErrorExpression;
    return kind === 'map' ? plain : { kind, span };
  }

  /** `m[k]` where `m` was given a map. */
  private index(node: IndexAccess): Expression {
    const plain = this.plain(node);
    const { object, index, span } = plain;
    return object.kind === 'map' ? { kind: 'map-access', span, map: object, key: index } : plain;
  }

  /* ---- what declares variables ---- */

  private letStatement(node: LetStatement): LetStatement {
    // The variable begins behind its value.
    const rest = this.plain({ ...node, variable: undefined });
    return { ...rest, variable: this.declared(node.variable) };
  }

  private declared(node: VariableName): VariableName {
    return { ...node, span: this.at(node.span), name: this.locals.declare(node.name) };
  }

  private assign(node: AssignStatement): AssignStatement | ErrorStatement {
    const { target, operator } = node;
    const declares =
      target.kind === 'variable' &&
      operator === '=' &&
      !this.variables.has(target.name) &&
      this.locals.find(target.name) === undefined;
    if (!declares) return this.withTarget(this.plain(node));
    const value = this.node(node.value);
    const operatorSpan = this.at(node.operatorSpan);
    return { ...node, span: this.at(node.span), operatorSpan, value, target: this.declared(target) };
  }

  /** A target that is not the macro's to write was complained of. */
  private withTarget(node: AssignStatement): AssignStatement | ErrorStatement {
    const { kind } = node.target as Expression;
    return kind === 'error-expression' ? { kind: 'error-statement', span: node.span } : node;
  }

  private forStatement(node: ForStatement): ForStatement | ErrorStatement {
    const span = this.at(node.span);
    const over = this.node(node.over);
    if (over.kind === 'error-expression') return { kind: 'error-statement', span };
    return this.scoped(() => {
      const variable = this.declared(node.variable);
      return { kind: 'for', span, variable, over, body: this.node(node.body) };
    });
  }
}

function mayNameType(argument: MacroArgument): boolean {
  return isType(argument) || argument.kind === 'typeof' || argument.kind === 'identifier';
}

function namesType(argument: MacroArgument): boolean {
  return argument.kind === 'typeof' || (argument.kind === 'identifier' && isTypeWord(argument.name));
}

/** `a` and `a.b` as the names of fields. */
function fieldPath(argument: MacroArgument): readonly Identifier[] | undefined {
  if (argument.kind === 'identifier') return [{ span: argument.span, name: argument.name }];
  if (argument.kind !== 'field') return undefined;
  const outer = fieldPath(argument.object);
  return outer && [...outer, argument.field];
}
