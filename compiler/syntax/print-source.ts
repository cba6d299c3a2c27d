/**
 * Tree → source text on one line, with no more parentheses than precedence asks for. Reading the text again gives the
 * same tree (but for spans), which the property tests hold it to.
 */
import type {
  AssignStatement,
  Block,
  Expression,
  ForStatement,
  IfExpression,
  Statement,
  TypeSyntax,
} from './ast.ts';
import { BINARY_STRENGTH } from './precedence.ts';

/** How tightly an expression holds together; binary operators lie between `TERNARY` and `UNARY`. */
export const TERNARY = 0;
export const UNARY = 11;
export const POSTFIX = 12;
export const PRIMARY = 13;

export function printExpression(node: Expression): string {
  switch (node.kind) {
    case 'integer':
      return node.duration ? `${node.value}ns` : `${node.value}`;
    case 'string':
      return printString(node.bytes);
    case 'boolean':
      return `${node.value}`;
    case 'positional':
      return `$${node.index}`;
    case 'positional-count':
      return '$#';
    case 'identifier':
      return node.name;
    case 'variable':
      return `$${node.name}`;
    case 'map':
      return `@${node.name}`;
    case 'map-access':
      return `@${node.map.name}[${printExpression(node.key)}]`;
    case 'field':
      return `${held(node.object, POSTFIX)}${node.arrow ? '->' : '.'}${node.field.name}`;
    case 'tuple-field':
      return `${held(node.object, POSTFIX)}.${node.index}`;
    case 'index':
      return `${indexed(node.object)}[${printExpression(node.index)}]`;
    case 'call':
      return `${node.callee.name}(${node.arguments.map(printTypeOrExpression).join(', ')})`;
    case 'unary':
      return prefixed(node.operator, held(node.operand, UNARY));
    case 'update':
      return node.prefix
        ? prefixed(node.operator, held(node.target, UNARY))
        : `${held(node.target, POSTFIX)}${node.operator}`;
    case 'binary': {
      const strength = BINARY_STRENGTH[node.operator];
      return `${held(node.left, strength)} ${node.operator} ${held(node.right, strength + 1)}`;
    }
    case 'ternary': {
      const then = node.then ? ` ${printExpression(node.then)} ` : '';
      return `${held(node.condition, TERNARY + 1)} ?${then}: ${printExpression(node.otherwise)}`;
    }
    case 'if':
      return printIf(node);
    case 'block':
      return printBlock(node);
    case 'comptime':
      return `comptime ${held(node.value, UNARY)}`;
    case 'cast':
      return `(${printType(node.type)})${castOperand(node.value)}`;
    case 'tuple':
      return `(${node.elements.map(printExpression).join(', ')}${node.elements.length === 1 ? ',' : ''})`;
    case 'record':
      return `(${node.fields.map(({ name, value }) => `${name.name} = ${printExpression(value)}`).join(', ')})`;
    case 'sizeof':
    case 'typeof':
    case 'typeinfo':
      return `${node.kind}(${printTypeOrExpression(node.operand)})`;
    case 'offsetof': {
      const path = node.path.map((field) => field.name).join('.');
      return `offsetof(${printTypeOrExpression(node.operand)}, ${path})`;
    }
    case 'error-expression':
      return '<error>';
    default:
      return unreachable(node);
  }
}

export function strengthOf(node: Expression): number {
  switch (node.kind) {
    case 'ternary':
      return TERNARY;
    case 'binary':
      return BINARY_STRENGTH[node.operator];
    case 'unary':
    case 'cast':
    case 'comptime':
      return UNARY;
    case 'update':
      return node.prefix ? UNARY : POSTFIX;
    case 'field':
    case 'tuple-field':
    case 'index':
      return POSTFIX;
    default:
      return PRIMARY;
  }
}

/** The expression's text, in parentheses when it holds together less than `strength` asks. */
function held(node: Expression, strength: number): string {
  const text = printExpression(node);
  return strengthOf(node) < strength ? `(${text})` : text;
}

/** `@m[1]` reads a map element, so indexing the map itself cannot be written without parentheses. */
function indexed(object: Expression): string {
  return object.kind === 'map' ? `(@${object.name})` : held(object, POSTFIX);
}

/** A cast does not reach over a bare block. */
function castOperand(value: Expression): string {
  const text = held(value, UNARY);
  return text.startsWith('{') ? `(${text})` : text;
}

/** Keeps `- -x` from reading as `--x` and `& &x` as `&&x`. */
function prefixed(operator: string, operand: string): string {
  return operand.startsWith(operator.at(-1)!) ? `${operator} ${operand}` : `${operator}${operand}`;
}

function printIf(node: IfExpression): string {
  const head = `if ${held(node.condition, UNARY)} ${printBlock(node.then)}`;
  return node.otherwise ? `${head} else ${printExpression(node.otherwise)}` : head;
}

function printString(bytes: Uint8Array): string {
  const escapes: Readonly<Record<number, string>> = { 10: '\\n', 9: '\\t', 13: '\\r', 34: '\\"', 92: '\\\\' };
  const plain = (byte: number): boolean => byte >= 32 && byte < 127;
  const text = Array.from(bytes, (byte) => {
    const short = escapes[byte];
    if (short !== undefined) return short;
    return plain(byte) ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`;
  });
  return `"${text.join('')}"`;
}

function printTypeOrExpression(node: Expression | TypeSyntax): string {
  return isType(node) ? printType(node) : printExpression(node);
}

export function isType(node: Expression | TypeSyntax): node is TypeSyntax {
  return ['named-type', 'pointer-type', 'array-type', 'typeof-type'].includes(node.kind);
}

export function printType(type: TypeSyntax): string {
  switch (type.kind) {
    case 'named-type': {
      const name = type.tag ? `${type.tag} ${type.name}` : type.name;
      return type.size ? `${name}[${printExpression(type.size)}]` : name;
    }
    case 'pointer-type':
      return `${printType(type.target)}*`;
    case 'array-type':
      return `${printType(type.element)}[${type.count ? printExpression(type.count) : ''}]`;
    case 'typeof-type':
      return `typeof(${printTypeOrExpression(type.operand)})`;
    default:
      return unreachable(type);
  }
}

export function printBlock(block: Block): string {
  const parts = block.statements.map(printStatement);
  if (block.result) parts.push(statementExpression(block.result));
  return parts.length === 0 ? '{ }' : `{ ${parts.join(' ')} }`;
}

function printStatement(node: Statement): string {
  switch (node.kind) {
    case 'expression-statement':
      return `${statementExpression(node.expression)};`;
    case 'assign':
      return `${printTarget(node)} ${node.operator} ${printExpression(node.value)};`;
    case 'discard':
      return `_ = ${printExpression(node.value)};`;
    case 'let': {
      const type = node.type ? `: ${printType(node.type)}` : '';
      return `let $${node.variable.name}${type}${node.value ? ` = ${printExpression(node.value)}` : ''};`;
    }
    case 'for':
      return `for $${node.variable.name} : ${printOver(node.over)} ${printBlock(node.body)}`;
    case 'while':
      return `while ${held(node.condition, UNARY)} ${printBlock(node.body)}`;
    case 'unroll':
      return `unroll ${held(node.count, UNARY)} ${printBlock(node.body)}`;
    case 'return':
    case 'break':
    case 'continue':
      return node.value ? `${node.kind} ${printExpression(node.value)};` : `${node.kind};`;
    case 'import-statement':
      return `import ${printString(new TextEncoder().encode(node.path))};`;
    case 'error-statement':
      return '<error>;';
    default:
      return unreachable(node);
  }
}

function printTarget(node: AssignStatement): string {
  return statementExpression(node.target);
}

function printOver(over: ForStatement['over']): string {
  if (over.kind !== 'range') return held(over, PRIMARY);
  return `${held(over.start, PRIMARY)}..${held(over.end, PRIMARY)}`;
}

/** At the start of a statement an `if` or block ends the statement; one that is only an operand needs parentheses. */
function statementExpression(node: Expression): string {
  const text = printExpression(node);
  if (node.kind === 'if' || node.kind === 'block') return text;
  return /^(?:\{|if\b)/.test(text) ? `(${text})` : text;
}

function unreachable(node: never): never {
  throw new TypeError(`unknown node ${JSON.stringify(node)}`);
}
