/**
 * Macro calls become the macros' bodies, on the tree, before anything is typed. Substitution is hygienic: a body sees its
 * parameters and its own variables, which are renamed, and nothing of the caller's. Expanded nodes have the span of the
 * use, with the place in the body behind it.
 */
import type { DiagnosticSink } from '../../bpf/diagnostic.ts';
import type { Span } from '../../bpf/span.ts';
import {
  macroArguments,
  macroRecursion,
  macroTooLarge,
  nestedTooDeeply,
} from '../diagnostics/messages.gen.ts';
import type {
  CallExpression,
  Expression,
  FunctionDefinition,
  IdentifierExpression,
  Probe,
  TypeSyntax,
} from '../syntax/ast.ts';
import { HEIGHT_LIMIT, tooTall } from '../syntax/depth.ts';
import { Body } from './body.ts';
import type { CConstants } from './c-constants.ts';
import { type Macro, type MacroArgument, type MacroTable, macroSignature } from './macro-table.ts';
import { type AnyNode, mapChildren } from './tree.ts';

/** Nodes that expansion may make: far more than a program has room for. */
const MOST_NODES = 100_000;

export interface ExpandOptions {
  /** The script's own macros. */
  readonly macros: MacroTable;
  /** Names of the script's functions: the standard library's macros of the same name give way. */
  readonly functions: ReadonlySet<string>;
  /** Those of the standard library, by name, or undefined. */
  readonly library: (name: string) => MacroTable | undefined;
  /** Object-like macros of the script's C text. */
  readonly constants: CConstants;
  /** A builtin or function that is no macro. */
  readonly isKnown: (name: string) => boolean;
  readonly sink: DiagnosticSink;
}

/** The macro whose body is being expanded, and those it is expanded for. */
export interface Use {
  readonly macro: Macro;
  readonly outer: Use | undefined;
}

class ExpansionLimit extends Error {}

export class Expander {
  readonly options: ExpandOptions;
  private readonly constantsAround: Set<string> = new Set();
  private expansions = 0;
  private nodes = 0;

  constructor(options: ExpandOptions) {
    this.options = options;
  }

  /** A probe or function with its macro calls expanded, itself when it has none; without a body when that is too large. */
  item<T extends Probe | FunctionDefinition>(item: T): T {
    const { sink } = this.options;
    try {
      const expanded = this.tree(item, undefined);
      if (expanded === item) return item;
      const tall = tooTall(expanded);
      if (tall === undefined) return expanded;
      sink.report(nestedTooDeeply(tall, { limit: HEIGHT_LIMIT }));
    } catch (error) {
      if (error instanceof RangeError) sink.report(nestedTooDeeply(item.span, { limit: HEIGHT_LIMIT }));
      else if (!(error instanceof ExpansionLimit)) throw error;
    }
    return { ...item, body: { kind: 'block', span: item.body.span, statements: [] } };
  }

  /** Text of a caller: only its calls change. */
  tree<T extends object>(node: T, within: Use | undefined): T {
    const mapped = mapChildren(node, (child) => this.tree(child, within));
    const { kind } = mapped as AnyNode;
    if (kind !== 'call' && kind !== 'identifier') return mapped;
    return this.call(mapped as unknown as CallExpression | IdentifierExpression, within) as unknown as T;
  }

  /** What a call with expanded arguments stands for: the call itself when it is of no macro. */
  call(node: CallExpression | IdentifierExpression, within: Use | undefined): Expression | TypeSyntax {
    const name = node.kind === 'call' ? node.callee.name : node.name;
    const args = node.kind === 'call' ? node.arguments : [];
    const tables = this.tablesFor(name, within);
    const [first] = tables;
    if (first === undefined) return this.constant(node, within) ?? node;
    const macro = tables.map((table) => table.match(name, args)).find((found) => found !== undefined);
    if (macro === undefined) {
      if (this.options.isKnown(name)) return node;
      this.reportArguments(node, name, first);
      return { kind: 'error-expression', span: node.span };
    }
    if (this.isRecursive(macro, node.span, within)) return { kind: 'error-expression', span: node.span };
    return this.expand(macro, args, node.span, within);
  }

  /** A bare word that C text defines; builtins come first, and the library's bodies see none of the script's. */
  private constant(
    node: CallExpression | IdentifierExpression,
    within: Use | undefined,
  ): Expression | undefined {
    if (node.kind !== 'identifier' || within?.macro.origin === 'library') return undefined;
    const { constants, isKnown } = this.options;
    const { name, span } = node;
    const found = isKnown(name) || this.constantsAround.has(name) ? undefined : constants.find(name, span);
    if (found === undefined) return undefined;
    // Its text may use the script's macros in its turn, and never itself.
    this.constantsAround.add(name);
    const expanded = this.tree(found, within);
    this.constantsAround.delete(name);
    return expanded;
  }

  /** Script macros come first in script text; the library's bodies do not see them. */
  private tablesFor(name: string, within: Use | undefined): readonly MacroTable[] {
    const { macros, functions, library } = this.options;
    const isLibrary = within?.macro.origin === 'library';
    const own = !isLibrary && macros.has(name) ? [macros] : [];
    const theirs = isLibrary || !functions.has(name) ? library(name) : undefined;
    return theirs === undefined ? own : [...own, theirs];
  }

  private expand(
    macro: Macro,
    args: readonly MacroArgument[],
    span: Span,
    within: Use | undefined,
  ): Expression {
    const body = new Body(this, { macro, outer: within }, args, span, ++this.expansions);
    const block = body.expand();
    // Without statements the body is its value, so that a literal stays one and an aggregation stays where it may be.
    return block.statements.length === 0 && block.result !== undefined ? block.result : block;
  }

  /** Counts a node made. */
  count(span: Span): void {
    if (++this.nodes <= MOST_NODES) return;
    this.options.sink.report(macroTooLarge(span, { limit: MOST_NODES }));
    throw new ExpansionLimit();
  }

  private isRecursive(macro: Macro, span: Span, within: Use | undefined): boolean {
    const chain: string[] = [macro.definition.name.name];
    for (let use = within; use !== undefined; use = use.outer) {
      chain.unshift(use.macro.definition.name.name);
      if (use.macro !== macro) continue;
      this.options.sink.report(macroRecursion(span, { chain: chain.join(' > ') }));
      return true;
    }
    return false;
  }

  private reportArguments(
    node: CallExpression | IdentifierExpression,
    name: string,
    table: MacroTable,
  ): void {
    const overloads = table.overloads(name);
    const hints = overloads.map(({ definition }) => `there is ${macroSignature(definition)}`);
    const related = overloads
      .filter(({ origin }) => origin === 'script')
      .map(({ definition }) => ({ message: 'This is the definition.', span: definition.name.span }));
    const given = node.kind === 'call' ? node.arguments.map(kindOf).join(', ') : '';
    this.options.sink.report(
      macroArguments(node.span, { name, given: given || 'nothing' }, { related, hints }),
    );
  }
}

function kindOf(argument: MacroArgument): string {
  switch (argument.kind) {
    case 'variable':
      return 'a variable';
    case 'map':
      return 'a map';
    case 'named-type':
    case 'pointer-type':
    case 'array-type':
    case 'typeof-type':
    case 'typeof':
      return 'a type';
    default:
      return 'an expression';
  }
}
