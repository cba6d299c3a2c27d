/** `for`: the body becomes a callback of bpf_loop or bpf_for_each_map_elem, which shares the frame of its function. */
import { constantRounds, MAX_ROUNDS, rangeLoopForm } from '../check/loops.ts';
import type { BlockId, Operand } from '../ir/ir.ts';
import type { ForStatement, RangeExpression } from '../syntax/ast.ts';
import { isAggregate } from '../types/predicates.ts';
import type { TupleType } from '../types/type.ts';
import { settle } from '../types/unify.ts';
import { sumOverCpus } from './aggregate-read.ts';
import { scalar, storeVariable } from './expressions.ts';
import { hasResultInMemory } from './function-shape.ts';
import { FRAME, Lowering } from './lowering.ts';
import { bpfName, keyTypeOf } from './maps.ts';
import { copyValue } from './memory.ts';
import { emitHelperError } from './output.ts';
import { within } from './place.ts';
import { lowerBlock } from './statements.ts';

const E2BIG = 7n;
const TOO_LONG = 'The loop was not run: it has more than 8388608 rounds.';

export function lowerFor(low: Lowering, statement: ForStatement): void {
  if (statement.over.kind === 'range') overRange(low, statement, statement.over);
  else overMap(low, statement);
}

function overRange(low: Lowering, statement: ForStatement, range: RangeExpression): void {
  const { b } = low;
  const form = rangeLoopForm(low.module.model.target);
  if (form === 'inline') {
    inlineRange(low, statement, range);
    return;
  }
  if (form === 'unrolled') {
    low.temporaries(() => unrolledRange(low, statement, range));
    return;
  }
  const name = low.module.callbackName(low.unit);
  const start = scalar(low, range.start);
  const end = scalar(low, range.end);
  const [run, after] = [b.block(), b.block()];
  b.branch({ op: 'slt', left: start, right: end }, run, after);
  b.enter(run);
  callback(low, statement, name, (inner) => {
    const [index] = inner.loopArguments();
    const first = inner.b.load(inner.parentFrame(), FRAME.start, 8);
    const symbol = inner.unit.variables.get(statement.variable)!;
    inner.declare(symbol, settle(symbol.type!));
    storeVariable(inner, statement.variable, inner.b.binary('add', first, index!));
  });
  const frame = low.fillFrame();
  b.store(frame, FRAME.start, 8, start);
  const count = b.binary('sub', end, start);
  const rounds = constantRounds(low.constant(range.start), low.constant(range.end));
  if (rounds === undefined) refuseLongLoop(low, statement, count, after);
  b.callHelper('loop', [count, b.functionAddress(name), frame, 0n]);
  afterLoop(low);
  b.jump(after);
  b.enter(after);
}

/** Says what bpf_loop would, before it sees only the low 32 bits of the count. */
function refuseLongLoop(low: Lowering, statement: ForStatement, count: Operand, after: BlockId): void {
  const { b } = low;
  const [refuse, run] = [b.block(), b.block()];
  b.branch({ op: 'ugt', left: count, right: MAX_ROUNDS }, refuse, run, 'then');
  b.enter(refuse);
  emitHelperError(low, statement.over.span, 'loop', low.constantValue(-E2BIG), TOO_LONG);
  b.jump(after);
  b.enter(run);
}

/** A loop in the program. Its ends are constants, so that the verifier sees it end. */
function inlineRange(low: Lowering, statement: ForStatement, range: RangeExpression): void {
  const { b } = low;
  // A counter of its own: the loop's variable is a copy that the body may change.
  const counter = b.local('round');
  b.setLocal(counter, scalar(low, range.start));
  const [head, body, next, after] = [b.block(), b.block(), b.block(), b.block()];
  b.jump(head);
  b.enter(head);
  b.branch({ op: 'slt', left: b.getLocal(counter), right: scalar(low, range.end) }, body, after);
  b.enter(body);
  low.temporaries(() => round(low, statement, b.getLocal(counter), next, after));
  b.enter(next);
  b.setLocal(counter, b.binary('add', b.getLocal(counter), 1n));
  b.jump(head);
  b.enter(after);
}

/** The rounds one after another. */
function unrolledRange(low: Lowering, statement: ForStatement, range: RangeExpression): void {
  const { b } = low;
  const [start, end] = [low.constant(range.start), low.constant(range.end)];
  const rounds = constantRounds(start, end) ?? 0n;
  const first = start?.kind === 'integer' ? start.value : 0n;
  const after = b.block();
  for (let done = 0n; done < rounds; done++) {
    const next = b.block();
    round(low, statement, low.constantValue(first + done), next, after);
    b.enter(next);
  }
  b.jump(after);
  b.enter(after);
}

function round(
  low: Lowering,
  statement: ForStatement,
  value: Operand,
  onContinue: BlockId,
  onBreak: BlockId,
): void {
  const symbol = low.unit.variables.get(statement.variable)!;
  low.declare(symbol, settle(symbol.type!));
  storeVariable(low, statement.variable, value);
  low.jumps.push({ onBreak, onContinue });
  lowerBlock(low, statement.body);
  low.jumps.pop();
  low.b.jump(onContinue);
}

function overMap(low: Lowering, statement: ForStatement): void {
  const { b } = low;
  if (statement.over.kind !== 'map') return;
  const map = low.module.model.maps.get(statement.over.name)!;
  const name = low.module.callbackName(low.unit);
  callback(low, statement, name, (inner) => {
    const [key, value] = inner.loopArguments();
    const symbol = inner.unit.variables.get(statement.variable)!;
    const type = settle(symbol.type!) as TupleType;
    inner.declare(symbol, type);
    const place = inner.placeOf(symbol);
    const [keyElement, valueElement] = type.elements;
    const used = keyElement!.type.size + valueElement!.type.size;
    if (used < type.size) inner.b.zero(place.base, place.offset, type.size, place.align);
    const own = settle(map.value!);
    copyValue(
      inner,
      { base: key!, offset: 0, align: 8, stack: false },
      keyTypeOf(map),
      within(place, 0),
      keyElement!.type,
    );
    const target = within(place, valueElement!.offset);
    if (isAggregate(own))
      inner.storeScalar(target, valueElement!.type, sumOverCpus(inner, map, own, key!).number);
    else
      copyValue(inner, { base: value!, offset: 0, align: 8, stack: false }, own, target, valueElement!.type);
  });
  const frame = low.fillFrame();
  b.callHelper('for_each_map_elem', [b.mapAddress(bpfName(map)), b.functionAddress(name), frame, 0n]);
  afterLoop(low);
}

function callback(
  low: Lowering,
  statement: ForStatement,
  name: string,
  bind: (inner: Lowering) => void,
): void {
  const inner = new Lowering(low.module, low.unit, name, low, statement);
  inner.b.span = statement.span;
  inner.temporaries(() => {
    bind(inner);
    lowerBlock(inner, statement.body);
  });
  inner.finish(0n);
}

/** Passes a `return` of the body on. */
function afterLoop(low: Lowering): void {
  if (!low.returnsThrough) return;
  const { b } = low;
  const frame = low.ownFrame();
  low.rarely({ op: 'ne', left: b.load(frame, FRAME.returned, 8), right: 0n }, () => {
    const { subprogram } = low.unit;
    // A result in memory is written already; its address is no value to give back.
    const inMemory = subprogram !== undefined && hasResultInMemory(subprogram);
    const result = inMemory ? low.constantValue(0n) : b.load(frame, FRAME.result, 8);
    if (low.parent === undefined) {
      b.return(result);
      return;
    }
    if (!inMemory) b.store(low.parentFrame(), FRAME.result, 8, result);
    b.store(low.parentFrame(), FRAME.returned, 8, 1n);
    low.parent.returnsThrough = true;
    b.return(1n);
  });
}
