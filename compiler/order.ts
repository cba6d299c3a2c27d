/**
 * Does it matter in which order a script sees the events of different CPUs? Not when each event only adds to aggregations,
 * which are kept apart by CPU, what the event's own record, CPU and time say. Only what is known to be of that kind is
 * taken for it: recordings are then replayed CPU by CPU, and the result must be the same.
 */
import type { Model, Unit } from './check/model.ts';
import type { AssignStatement, Block, CallExpression, Expression, Statement } from './syntax/ast.ts';
import { walk } from './syntax/walk.ts';

const AGGREGATIONS: ReadonlySet<string> = new Set([
  'count',
  'sum',
  'min',
  'max',
  'avg',
  'stats',
  'hist',
  'lhist',
]);

/** They tell of the event, or of the thread by its number; a thread's process is learnt from other CPUs' events. */
const BUILTINS: ReadonlySet<string> = new Set(['args', 'comm', 'cpu', 'nsecs', 'probe', 'tid']);

/** They compute of what they are given, which is part of the record here. */
const FUNCTIONS: ReadonlySet<string> = new Set(['str', 'strncmp', 'nsecs']);

/** True only where it is proven. */
export function isOrderInsensitive(model: Model): boolean {
  return model.units.every((unit) => isUnitInsensitive(unit, model));
}

function isUnitInsensitive(unit: Unit, model: Model): boolean {
  const { probe, points } = unit;
  const kinds = new Set(points.map(({ point }) => point.kind));
  const isOnly = (kind: string): boolean => kinds.size === 1 && kinds.has(kind as never);
  // Before the first event, and after the last, there is one order.
  if (isOnly('begin')) return !uses(probe.body, ['map', 'map-access']);
  // A loop over a map goes by the order its keys came in.
  if (isOnly('end')) return !uses(probe.body, ['for']);
  if (!isOnly('tracepoint')) return false;
  const { predicate, body } = probe;
  return (predicate === undefined || isPure(predicate)) && isHarmlessBlock(body, model);
}

function uses(body: Block, kinds: readonly string[]): boolean {
  let found = false;
  walk(body, ({ kind }) => {
    found ||= kinds.includes(kind);
  });
  return found;
}

function isHarmlessBlock({ statements, result }: Block, model: Model): boolean {
  const isResultHarmless = result === undefined || isBranch(result, model) || isPure(result);
  return isResultHarmless && statements.every((one) => isHarmless(one, model));
}

/** A statement of a probe on events. */
function isHarmless(statement: Statement, model: Model): boolean {
  switch (statement.kind) {
    case 'expression-statement': {
      const { expression } = statement;
      return isBranch(expression, model) || isPure(expression);
    }
    case 'let':
      return statement.value === undefined || isPure(statement.value);
    case 'discard':
      return isPure(statement.value);
    case 'assign':
      return statement.target.kind === 'variable' ? isPure(statement.value) : isAggregation(statement, model);
    default:
      return false;
  }
}

/** `if` and blocks in the place of statements. */
function isBranch(expression: Expression, model: Model): boolean {
  if (expression.kind === 'block') return isHarmlessBlock(expression, model);
  if (expression.kind !== 'if') return false;
  const { condition, then, otherwise } = expression;
  return (
    isPure(condition) &&
    isHarmlessBlock(then, model) &&
    (otherwise === undefined || isBranch(otherwise, model))
  );
}

/** `@m[k] = count()` and its like. */
function isAggregation({ target, operator, value }: AssignStatement, model: Model): boolean {
  if (operator !== '=' || value.kind !== 'call' || !AGGREGATIONS.has(value.callee.name)) return false;
  if (target.kind !== 'map' && target.kind !== 'map-access') return false;
  const name = target.kind === 'map' ? target.name : target.map.name;
  const type = model.maps.get(name)?.value;
  const isApart = type !== undefined && AGGREGATIONS.has(type.kind);
  return isApart && (target.kind === 'map' || isPure(target.key)) && areArgumentsPure(value);
}

function areArgumentsPure({ arguments: given }: CallExpression): boolean {
  return given.every((one) => isPure(one as Expression));
}

/** Its value depends on the event alone, and it does nothing. */
function isPure(expression: Expression): boolean {
  switch (expression.kind) {
    case 'integer':
    case 'string':
    case 'boolean':
    case 'positional':
    case 'positional-count':
    case 'variable':
      return true;
    case 'identifier':
      return BUILTINS.has(expression.name);
    case 'field':
    case 'tuple-field':
      return isPure(expression.object);
    case 'index':
      return isPure(expression.object) && isPure(expression.index);
    case 'call':
      return FUNCTIONS.has(expression.callee.name) && areArgumentsPure(expression);
    case 'unary':
      return expression.operator !== '*' && expression.operator !== '&' && isPure(expression.operand);
    case 'binary':
      return isPure(expression.left) && isPure(expression.right);
    case 'ternary': {
      const { condition, then, otherwise } = expression;
      return isPure(condition) && (then === undefined || isPure(then)) && isPure(otherwise);
    }
    case 'cast':
      return isPure(expression.value);
    case 'tuple':
      return expression.elements.every(isPure);
    default:
      return false;
  }
}
