/** `for` over maps and ranges: the loop variable, and what cannot be iterated. */
import { supports } from '../../bpf/profiles/index.ts';
import {
  loopBounds,
  loopRounds,
  loopTooLong,
  mapLoop,
  shadowedVariable,
} from '../diagnostics/messages.gen.ts';
import type { ForStatement, RangeExpression } from '../syntax/ast.ts';
import { INT64, tuple } from '../types/make.ts';
import { typeName } from '../types/name.ts';
import { isInteger } from '../types/predicates.ts';
import type { Type } from '../types/type.ts';
import { unifyIntegers } from '../types/unify.ts';
import type { Checker } from './checker.ts';
import { type Constant, mapSymbol } from './model.ts';
import { assignVariable, bindVariable, newVariable, ownerOf } from './variables.ts';

/** Rounds of a loop that is written out: no kernel before 5.3 takes a jump backwards. */
const UNROLLED_ROUNDS = 100n;
/** Copies of one body that loops written out may make together. */
export const MOST_COPIES = 4096n;
/** Rounds of nested loops the verifier walks one by one, well inside its million instructions. */
const WALKED_ROUNDS = 2048n;

/** How a range loop is generated: a callback of bpf_loop (5.17), a loop in the program (5.3), or its rounds one by one. */
export function rangeLoopForm(profile: Parameters<typeof supports>[0]): 'callback' | 'inline' | 'unrolled' {
  if (supports(profile, 'bpf_loop') && supports(profile, 'callbacks')) return 'callback';
  return supports(profile, 'bounded_loops') ? 'inline' : 'unrolled';
}

/** Rounds of a range with constant ends; undefined when an end is not constant. */
export function constantRounds(start: Constant | undefined, end: Constant | undefined): bigint | undefined {
  if (start?.kind !== 'integer' || end?.kind !== 'integer') return undefined;
  return end.value > start.value ? end.value - start.value : 0n;
}

export function checkFor(checker: Checker, statement: ForStatement): void {
  const element = elementType(checker, statement);
  const callback = statement.over.kind !== 'range' || rangeLoopForm(checker.model.target) === 'callback';
  if (callback) checker.unit.loopOwners.add(ownerOf(checker));
  checker.loop(
    statement,
    callback,
    () => {
      checker.scopes.enter();
      const { variable } = statement;
      const visible = checker.scopes.find(variable.name);
      if (visible !== undefined) {
        const related = [{ message: 'This is the initial declaration.', span: visible.declaredAt }];
        checker.report(shadowedVariable(variable.span, { name: variable.name }, { related }));
      }
      const symbol = newVariable(checker, variable);
      symbol.assigned = true;
      // What the body assigns tells nothing of the elements.
      symbol.annotated = statement.over.kind === 'map' && element === undefined;
      checker.written.add(symbol);
      bindVariable(checker, variable, symbol);
      if (element !== undefined) assignVariable(checker, symbol, element, statement.variable);
      checker.block(statement.body, false);
      checker.scopes.leave();
    },
    statement.over.kind === 'map',
  );
}

function elementType(checker: Checker, { over }: ForStatement): Type | undefined {
  if (over.kind === 'map') return mapElement(checker, over.name, over);
  if (over.kind === 'range') {
    const [start, end] = [checker.valueType(over.start), checker.valueType(over.end)];
    if (start === undefined || end === undefined) return undefined;
    if (!isInteger(start) || !isInteger(end)) {
      const wrong = isInteger(start) ? over.end : over.start;
      checker.report(
        mapLoop(wrong.span, { what: `A range of '${typeName(isInteger(start) ? end : start)}'` }),
      );
      return undefined;
    }
    requireRounds(checker, over);
    return unifyIntegers(unifyIntegers(start, end), INT64);
  }
  checker.type(over);
  checker.report(mapLoop(over.span, { what: 'This value' }));
  return undefined;
}

function mapElement(checker: Checker, name: string, over: ForStatement['over']): Type | undefined {
  const symbol = mapSymbol(checker.model, name, over.span);
  if (symbol.keyed === false) {
    checker.report(mapLoop(over.span, { what: `The scalar map @${name}` }));
    return undefined;
  }
  if (symbol.key === undefined || symbol.value === undefined) {
    checker.undefinedMap(name, over.span);
    return undefined;
  }
  switch (symbol.value.kind) {
    case 'hist':
    case 'lhist':
    case 'tseries':
    case 'stats':
      checker.report(mapLoop(over.span, { what: `@${name} of type '${typeName(symbol.value)}'` }));
      return undefined;
  }
  checker.require(over.span, 'a loop over a map', 'for_each_map_elem');
  return tuple([{ type: symbol.key }, { type: readType(symbol.value) }]);
}

/** What an aggregation's value is in expressions: the number that printing shows. */
export function readType(type: Type): Type {
  switch (type.kind) {
    case 'count':
      return { kind: 'integer', size: 8, signed: false };
    case 'sum':
    case 'min':
    case 'max':
    case 'avg':
      return { kind: 'integer', size: 8, signed: type.signed };
    default:
      return type;
  }
}

/** BPF_MAX_LOOPS: bpf_loop refuses more. */
export const MAX_ROUNDS: bigint = 1n << 23n;

/** Kernels without bpf_loop take loops whose rounds the verifier can count, and walks all of them. */
function requireRounds(checker: Checker, over: RangeExpression): void {
  const form = rangeLoopForm(checker.model.target);
  const rounds = constantRounds(checker.constant(over.start), checker.constant(over.end));
  if (form === 'callback') {
    if (rounds !== undefined && rounds > MAX_ROUNDS) checker.report(loopTooLong(over.span, { rounds }));
    return;
  }
  const { release } = checker.model.target;
  if (rounds === undefined) {
    checker.report(loopBounds(over.span, { release }));
    return;
  }
  const outer = checker.loops.reduce((product, loop) => product * roundsOf(checker, loop.node), 1n);
  const limit = form === 'inline' ? WALKED_ROUNDS : UNROLLED_ROUNDS;
  if (rounds * outer > limit) {
    checker.report(loopRounds(over.span, { rounds: rounds * outer, release, limit }));
  }
}

/** How many copies the loops around the current place make of it. */
export function copiesAround(checker: Checker): bigint {
  const writtenOut = rangeLoopForm(checker.model.target) === 'unrolled';
  return checker.loops.reduce(
    (product, { node }) =>
      node.kind === 'unroll' || writtenOut ? product * roundsOf(checker, node) : product,
    1n,
  );
}

function roundsOf(checker: Checker, node: Checker['loops'][number]['node']): bigint {
  if (node.kind === 'unroll')
    return constantRounds({ kind: 'integer', value: 0n }, checker.constant(node.count)) ?? 1n;
  if (node.kind !== 'for' || node.over.kind !== 'range') return 1n;
  return constantRounds(checker.constant(node.over.start), checker.constant(node.over.end)) ?? 1n;
}
