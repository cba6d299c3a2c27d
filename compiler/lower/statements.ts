/** Statements. */
import { findEntry } from '../library/index.ts';
import type { AssignStatement, Block, Expression, Statement } from '../syntax/ast.ts';
import { isScalar } from '../types/predicates.ts';
import type { Type } from '../types/type.ts';
import { settle } from '../types/unify.ts';
import { callSite } from './calls.ts';
import { branchOn } from './conditions.ts';
import { effect, scalar, storeVariable } from './expressions.ts';
import { returnFromFunction } from './functions.ts';
import { lowerFor } from './loops.ts';
import { FRAME, type Lowering } from './lowering.ts';
import { assignMapValue, updateMap } from './maps.ts';
import { copyValue, into, zeroValue } from './memory.ts';

export function lowerBlock(low: Lowering, block: Block): void {
  for (const statement of block.statements) lowerStatement(low, statement);
  if (block.result !== undefined) low.temporaries(() => effect(low, block.result!));
}

export function lowerBlockInto(low: Lowering, block: Block, use: (value: Expression) => void): void {
  for (const statement of block.statements) lowerStatement(low, statement);
  if (block.result !== undefined) use(block.result);
}

export function lowerStatement(low: Lowering, statement: Statement): void {
  low.at(statement.span, () => statementHere(low, statement));
}

function statementHere(low: Lowering, statement: Statement): void {
  switch (statement.kind) {
    case 'expression-statement':
      low.temporaries(() => effect(low, statement.expression));
      return;
    case 'discard':
      low.temporaries(() => discard(low, statement.value));
      return;
    case 'assign':
      assign(low, statement);
      return;
    case 'let': {
      const symbol = low.unit.variables.get(statement.variable)!;
      declareVariable(
        low,
        statement.variable,
        statement.value === undefined || !isScalar(typeOf(low, statement.variable)),
      );
      if (statement.value !== undefined && symbol.type !== undefined)
        assignVariable(low, statement.variable, statement.value);
      return;
    }
    case 'for':
      lowerFor(low, statement);
      return;
    case 'while':
      lowerWhile(low, statement);
      return;
    case 'unroll':
      lowerUnroll(low, statement);
      return;
    case 'return':
      lowerReturn(low, statement.value);
      return;
    case 'break':
    case 'continue':
      jump(low, statement.kind);
      return;
    case 'import-statement':
    case 'error-statement':
      return;
  }
}

/** As a value that is used: `_ = delete(@m, k)` says that the key may be missing. */
function discard(low: Lowering, value: Expression): void {
  if (isScalar(low.type(value))) scalar(low, value);
  else effect(low, value);
}

function typeOf(low: Lowering, node: Expression & { kind: 'variable' }): Type {
  return settle(low.unit.variables.get(node)!.type ?? { kind: 'integer', size: 8, signed: true });
}

function declareVariable(low: Lowering, node: Expression & { kind: 'variable' }, clear: boolean): void {
  const symbol = low.unit.variables.get(node)!;
  const type = typeOf(low, node);
  if (symbol.type === undefined) symbol.type = type;
  low.declare(symbol, type);
  const local = low.localOf(symbol);
  if (!clear) return;
  if (local !== undefined) low.b.setLocal(local, 0n);
  else zeroValue(low, low.placeOf(symbol), type);
}

export function assignVariable(
  low: Lowering,
  node: Expression & { kind: 'variable' },
  value: Expression,
): void {
  const symbol = low.unit.variables.get(node)!;
  const type = typeOf(low, node);
  if (isScalar(type)) {
    const result = low.temporaries(() => scalar(low, value));
    if (!low.isDeclared(symbol)) low.declare(symbol, type);
    storeVariable(low, node, result);
    return;
  }
  if (!low.isDeclared(symbol)) low.declare(symbol, type);
  low.temporaries(() => {
    if (!mentions(value)) {
      into(low, value, low.placeOf(symbol), type);
      return;
    }
    // The value may read the variable it replaces.
    const place = low.allocate(type.size);
    into(low, value, place, type);
    copyValue(low, place, type, low.placeOf(symbol), type);
  });
}

/** Whether parts of the value could be read after parts of the target were written. */
function mentions(value: Expression): boolean {
  return (
    value.kind === 'tuple' ||
    value.kind === 'record' ||
    value.kind === 'ternary' ||
    value.kind === 'if' ||
    value.kind === 'block' ||
    value.kind === 'variable'
  );
}

function assign(low: Lowering, statement: AssignStatement): void {
  const { target, value } = statement;
  if (target.kind === 'variable') {
    assignVariable(low, target, low.unit.compounds.get(statement) ?? value);
    return;
  }
  if (target.kind !== 'map' && target.kind !== 'map-access') low.unsupportedHere('assignment target');
  if (statement.operator !== '=') {
    compound(low, statement, target);
    return;
  }
  if (value.kind === 'call') {
    const site = callSite(value);
    const entry = findEntry(site.name);
    if (entry?.aggregate !== undefined) {
      low.temporaries(() => entry.aggregate!(site, low, target));
      return;
    }
  }
  assignMapValue(low, target, value);
}

function compound(low: Lowering, statement: AssignStatement, target: AssignStatement['target']): void {
  if (target.kind !== 'map' && target.kind !== 'map-access') return;
  const expression = low.unit.compounds.get(statement)!;
  const { operator } = statement;
  // Only operators that cannot fail change the element in place; the rest goes the long way.
  const op = (
    {
      '+=': 'add',
      '-=': 'sub',
      '*=': 'mul',
      '&=': 'and',
      '|=': 'or',
      '^=': 'xor',
      '<<=': 'shl',
      '>>=': 'lshr',
    } as const
  )[operator as '+='];
  if (op === undefined || low.type(target).kind !== 'integer') {
    assignMapValue(low, target, expression);
    return;
  }
  low.temporaries(() => {
    const right = scalar(low, statement.value);
    updateMap(low, target, (old) => low.b.binary(op, old, right));
  });
}

function lowerWhile(low: Lowering, statement: Statement & { kind: 'while' }): void {
  const { b } = low;
  const [head, body, after] = [b.block(), b.block(), b.block()];
  b.jump(head);
  b.enter(head);
  low.temporaries(() => branchOn(low, statement.condition, body, after));
  b.enter(body);
  low.jumps.push({ onBreak: after, onContinue: head });
  lowerBlock(low, statement.body);
  low.jumps.pop();
  b.jump(head);
  b.enter(after);
}

function lowerUnroll(low: Lowering, statement: Statement & { kind: 'unroll' }): void {
  const { b } = low;
  const count = low.constant(statement.count);
  const times = count?.kind === 'integer' ? Number(count.value) : 0;
  const after = b.block();
  for (let round = 0; round < times; round++) {
    const next = b.block();
    low.jumps.push({ onBreak: after, onContinue: next });
    lowerBlock(low, statement.body);
    low.jumps.pop();
    b.jump(next);
    b.enter(next);
  }
  b.jump(after);
  b.enter(after);
}

function jump(low: Lowering, kind: 'break' | 'continue'): void {
  const target = low.jumps.at(-1);
  if (target !== undefined) low.b.jump(kind === 'break' ? target.onBreak : target.onContinue);
  else low.b.return(kind === 'break' ? 1n : 0n);
}

/** Leaves the probe. In a loop's callback the frame tells the callers to leave as well. */
function lowerReturn(low: Lowering, value?: Expression): void {
  const { b } = low;
  if (low.unit.subprogram !== undefined) {
    returnFromFunction(low, value);
    return;
  }
  const result = value === undefined ? undefined : low.temporaries(() => scalar(low, value));
  if (low.parent === undefined) {
    b.return(result ?? low.constantValue(programResult(low)));
    return;
  }
  const frame = low.parentFrame();
  b.store(frame, FRAME.result, 8, result ?? low.constantValue(programResult(low)));
  b.store(frame, FRAME.returned, 8, 1n);
  low.parent.returnsThrough = true;
  b.return(1n);
}

/** Leaves the probe, also out of a function. */
export function leaveProbe(low: Lowering): void {
  if (low.unit.subprogram !== undefined) low.markExit();
  lowerReturn(low);
}

/** Tracepoint programs return 1, others 0. */
export function programResult(low: Lowering): bigint {
  return low.unit.points[0]?.point.kind === 'tracepoint' ? 1n : 0n;
}
