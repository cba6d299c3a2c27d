/** Expressions and types of the syntax tree; `ast.ts` has the whole of it. */
import type { Span } from '../../bpf/span.ts';
import type { Block, Identifier, Node } from './ast.ts';

export type Expression =
  | IntegerLiteral
  | StringLiteral
  | BooleanLiteral
  | PositionalParameter
  | ParameterCount
  | IdentifierExpression
  | VariableName
  | MapName
  | MapAccess
  | FieldAccess
  | TupleAccess
  | IndexAccess
  | CallExpression
  | UnaryExpression
  | UpdateExpression
  | BinaryExpression
  | TernaryExpression
  | IfExpression
  | Block
  | ComptimeExpression
  | CastExpression
  | TupleExpression
  | RecordExpression
  | SizeofExpression
  | OffsetofExpression
  | TypeofExpression
  | ErrorExpression;

export interface IntegerLiteral extends Node {
  readonly kind: 'integer';
  /** 0 … 2^64-1; a sign is a unary operator. */
  readonly value: bigint;
  /** The literal had a duration suffix and `value` is in nanoseconds. */
  readonly duration?: boolean;
}

export interface StringLiteral extends Node {
  readonly kind: 'string';
  /** Decoded; one character a byte (0…255), since escapes may name any byte. Source text is UTF-8 encoded. */
  readonly bytes: Uint8Array;
}

export interface BooleanLiteral extends Node {
  readonly kind: 'boolean';
  readonly value: boolean;
}

/** `$1` … */
export interface PositionalParameter extends Node {
  readonly kind: 'positional';
  readonly index: number;
}

/** `$#` */
export interface ParameterCount extends Node {
  readonly kind: 'positional-count';
}

/** A bare word: a builtin, an enum constant, a macro without parentheses, a macro parameter. */
export interface IdentifierExpression extends Node {
  readonly kind: 'identifier';
  readonly name: string;
}

/** `$x`; `name` without the `$`. */
export interface VariableName extends Node {
  readonly kind: 'variable';
  readonly name: string;
}

/** `@` or `@x` without a key; `name` without the `@`. */
export interface MapName extends Node {
  readonly kind: 'map';
  readonly name: string;
}

/** `@x[k]`; `@x[a, b]` has its keys in a tuple expression whose span covers both. */
export interface MapAccess extends Node {
  readonly kind: 'map-access';
  readonly map: MapName;
  readonly key: Expression;
}

/** `e.f` and `e->f`, which mean the same. */
export interface FieldAccess extends Node {
  readonly kind: 'field';
  readonly object: Expression;
  readonly field: Identifier;
  readonly arrow: boolean;
}

/** `e.0` */
export interface TupleAccess extends Node {
  readonly kind: 'tuple-field';
  readonly object: Expression;
  readonly index: number;
}

export interface IndexAccess extends Node {
  readonly kind: 'index';
  readonly object: Expression;
  readonly index: Expression;
}

export interface CallExpression extends Node {
  readonly kind: 'call';
  readonly callee: Identifier;
  readonly arguments: readonly (Expression | TypeSyntax)[];
}

export type UnaryOperator = '-' | '!' | '~' | '*' | '&';

export interface UnaryExpression extends Node {
  readonly kind: 'unary';
  readonly operator: UnaryOperator;
  readonly operand: Expression;
}

/** `++x`, `x--`. */
export interface UpdateExpression extends Node {
  readonly kind: 'update';
  readonly operator: '++' | '--';
  readonly prefix: boolean;
  readonly target: Expression;
}

export type BinaryOperator =
  | '||'
  | '&&'
  | '|'
  | '^'
  | '&'
  | '=='
  | '!='
  | '<'
  | '>'
  | '<='
  | '>='
  | '<<'
  | '>>'
  | '+'
  | '-'
  | '*'
  | '/'
  | '%';

export interface BinaryExpression extends Node {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly operatorSpan: Span;
  readonly left: Expression;
  readonly right: Expression;
}

/** `c ? a : b`; without `then` it is `c ?: b`. */
export interface TernaryExpression extends Node {
  readonly kind: 'ternary';
  readonly condition: Expression;
  readonly then?: Expression;
  readonly otherwise: Expression;
}

export interface IfExpression extends Node {
  readonly kind: 'if';
  readonly condition: Expression;
  readonly then: Block;
  readonly otherwise?: Block | IfExpression;
}

export interface ComptimeExpression extends Node {
  readonly kind: 'comptime';
  readonly value: Expression;
}

export interface CastExpression extends Node {
  readonly kind: 'cast';
  readonly type: TypeSyntax;
  readonly value: Expression;
}

/** `()`, `(a,)`, `(a, b)`. */
export interface TupleExpression extends Node {
  readonly kind: 'tuple';
  readonly elements: readonly Expression[];
}

/** `(a = 1, b = 2)` */
export interface RecordExpression extends Node {
  readonly kind: 'record';
  readonly fields: readonly { readonly name: Identifier; readonly value: Expression }[];
}

export interface SizeofExpression extends Node {
  readonly kind: 'sizeof';
  readonly operand: Expression | TypeSyntax;
}

export interface OffsetofExpression extends Node {
  readonly kind: 'offsetof';
  readonly operand: Expression | TypeSyntax;
  readonly path: readonly Identifier[];
}

/** `typeof(…)` and `typeinfo(…)` where an expression is expected. */
export interface TypeofExpression extends Node {
  readonly kind: 'typeof' | 'typeinfo';
  readonly operand: Expression | TypeSyntax;
}

export interface ErrorExpression extends Node {
  readonly kind: 'error-expression';
}

/* ---- types ---- */

export type TypeSyntax = NamedType | PointerType | ArrayType | TypeofType;

/** `uint64`, `string[16]` (the size of string, buffer and inet is part of the name), `struct task_struct`, `(a, b)` tuples do not exist as syntax. */
export interface NamedType extends Node {
  readonly kind: 'named-type';
  readonly tag?: 'struct' | 'union' | 'enum';
  readonly name: string;
  /** The bracketed size of `string[N]`, `buffer[N]`, `inet[N]`. */
  readonly size?: Expression;
}

export interface PointerType extends Node {
  readonly kind: 'pointer-type';
  readonly target: TypeSyntax;
}

/** `T[N]`, or `T[]` in a cast. */
export interface ArrayType extends Node {
  readonly kind: 'array-type';
  readonly element: TypeSyntax;
  readonly count?: Expression;
}

export interface TypeofType extends Node {
  readonly kind: 'typeof-type';
  readonly operand: Expression | TypeSyntax;
}
