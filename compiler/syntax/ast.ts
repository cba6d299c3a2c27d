/**
 * The syntax tree of the whole language (bpftrace master of August 2026). The parser always gives a tree; where it
 * recovered from an error there are `error` nodes. Nodes are plain data, never changed after parsing: later passes keep
 * what they learn in tables keyed by node.
 */
import type { Span } from '../../bpf/span.ts';
import type {
  Expression,
  FieldAccess,
  IndexAccess,
  MapAccess,
  MapName,
  TupleAccess,
  TypeSyntax,
  UnaryExpression,
  VariableName,
} from './expression.ts';

export type * from './expression.ts';

export interface Node {
  readonly span: Span;
}

export interface Identifier extends Node {
  readonly name: string;
}

/* ---- program ---- */

export interface Script extends Node {
  readonly kind: 'script';
  readonly shebang?: string;
  readonly preamble: readonly CDefinition[];
  readonly config?: ConfigBlock;
  readonly imports: readonly ImportDeclaration[];
  /** Probes, macros, functions and map declarations in source order. */
  readonly items: readonly Item[];
  /** Every comment in source order, for the formatter. */
  readonly comments: readonly Comment[];
}

export interface Comment extends Node {
  readonly style: 'line' | 'block';
  readonly text: string;
}

/** Raw C text: a `#` line or one balanced struct/union/enum/typedef definition. */
export interface CDefinition extends Node {
  readonly kind: 'c-directive' | 'c-type';
  readonly text: string;
}

export interface ConfigBlock extends Node {
  readonly kind: 'config';
  readonly entries: readonly ConfigEntry[];
}

export interface ConfigEntry extends Node {
  readonly key: Identifier;
  readonly value: { readonly span: Span; readonly value: string | bigint | boolean; readonly bare: boolean };
}

export interface ImportDeclaration extends Node {
  readonly kind: 'import';
  readonly path: string;
  readonly pathSpan: Span;
}

export type Item = Probe | MacroDefinition | FunctionDefinition | MapDeclaration | ErrorItem;

export interface ErrorItem extends Node {
  readonly kind: 'error-item';
}

export interface Probe extends Node {
  readonly kind: 'probe';
  readonly attachPoints: readonly AttachPointSyntax[];
  readonly predicate?: Expression;
  readonly body: Block;
}

/** One comma-separated attach point, split on `:` with quoted parts joined; unresolved. */
export interface AttachPointSyntax extends Node {
  readonly kind: 'attach-point';
  /** The `name=` prefix. */
  readonly name?: Identifier;
  /** Text as written, without comments and outer blanks. */
  readonly raw: string;
  readonly parts: readonly AttachPointPart[];
}

export interface AttachPointPart extends Node {
  readonly text: string;
  readonly quoted: boolean;
}

export interface MacroDefinition extends Node {
  readonly kind: 'macro';
  readonly name: Identifier;
  readonly parameters: readonly MacroParameter[];
  readonly body: Block;
}

/** `$v` takes a scratch variable, `@m` a map, a bare name any expression. */
export interface MacroParameter extends Node {
  readonly passing: 'variable' | 'map' | 'expression';
  readonly name: string;
}

export interface FunctionDefinition extends Node {
  readonly kind: 'function';
  readonly name: Identifier;
  readonly parameters: readonly { readonly name: VariableName; readonly type: TypeSyntax }[];
  readonly result: TypeSyntax;
  readonly body: Block;
}

/** `let @m = hash(N);` */
export interface MapDeclaration extends Node {
  readonly kind: 'map-declaration';
  readonly map: MapName;
  readonly mapType: Identifier;
  readonly maxEntries: Expression;
}

/* ---- statements ---- */

/** `{ s; s; e }`; `result` is the last expression when no `;` follows it. */
export interface Block extends Node {
  readonly kind: 'block';
  readonly statements: readonly Statement[];
  readonly result?: Expression;
}

export type AssignOperator = '=' | '+=' | '-=' | '*=' | '/=' | '%=' | '&=' | '|=' | '^=' | '<<=' | '>>=';

export type Statement =
  | ExpressionStatement
  | AssignStatement
  | DiscardStatement
  | LetStatement
  | ForStatement
  | WhileStatement
  | UnrollStatement
  | JumpStatement
  | ImportStatement
  | ErrorStatement;

/** Calls, `++`/`--`, `if` and blocks in statement position are expression statements. */
export interface ExpressionStatement extends Node {
  readonly kind: 'expression-statement';
  readonly expression: Expression;
}

export interface AssignStatement extends Node {
  readonly kind: 'assign';
  readonly target:
    | VariableName
    | MapName
    | MapAccess
    | FieldAccess
    | IndexAccess
    | TupleAccess
    | UnaryExpression;
  readonly operator: AssignOperator;
  readonly operatorSpan: Span;
  readonly value: Expression;
}

/** `_ = e;` */
export interface DiscardStatement extends Node {
  readonly kind: 'discard';
  readonly value: Expression;
}

export interface LetStatement extends Node {
  readonly kind: 'let';
  readonly variable: VariableName;
  readonly type?: TypeSyntax;
  readonly value?: Expression;
}

/** `for $kv : @m { }` and `for $i : a..b { }`. */
export interface ForStatement extends Node {
  readonly kind: 'for';
  readonly variable: VariableName;
  readonly over: MapName | RangeExpression | Expression;
  readonly body: Block;
}

export interface RangeExpression extends Node {
  readonly kind: 'range';
  readonly start: Expression;
  readonly end: Expression;
}

export interface WhileStatement extends Node {
  readonly kind: 'while';
  readonly condition: Expression;
  readonly body: Block;
}

export interface UnrollStatement extends Node {
  readonly kind: 'unroll';
  readonly count: Expression;
  readonly body: Block;
}

export interface JumpStatement extends Node {
  readonly kind: 'return' | 'break' | 'continue';
  readonly value?: Expression;
}

export interface ImportStatement extends Node {
  readonly kind: 'import-statement';
  readonly path: string;
}

export interface ErrorStatement extends Node {
  readonly kind: 'error-statement';
}
