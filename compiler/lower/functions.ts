/**
 * `fn`: one BPF function each, called by programs, loops and one another. In registers stand the arguments (those in
 * memory by address), the address of a result in memory, then the context and scratch memory where the function needs them;
 * more than three of the first kind are in a frame of the caller's, whose address stands in their place.
 */
import type { Subprogram } from '../check/model.ts';
import type { Operand, Value } from '../ir/ir.ts';
import type { CallExpression, Expression } from '../syntax/ast.ts';
import { isScalar } from '../types/predicates.ts';
import type { Type } from '../types/type.ts';
import { address, convert, effect, scalar, storeVariable } from './expressions.ts';
import { type FunctionShape, isFramed, parameterTypes, resultType } from './function-shape.ts';
import { FRAME, Lowering } from './lowering.ts';
import { copyValue, into, zeroValue } from './memory.ts';
import type { ModuleLowering } from './module.ts';
import type { Place } from './place.ts';
import { leaveProbe, lowerStatement } from './statements.ts';

/** Lowers a function when it is first called: one that nobody calls is no part of the object. */
function lowerFunction(module: ModuleLowering, subprogram: Subprogram): FunctionShape {
  const known = module.shapes.get(subprogram);
  if (known !== undefined) return known;
  const { definition, unit } = subprogram;
  const name = functionName(definition.name.name);
  const low = new Lowering(module, unit, name);
  const parameters = parameterTypes(subprogram);
  const result = resultType(subprogram);
  low.b.span = definition.span;
  const words = low.argumentWords();
  for (const [index, { name: node }] of definition.parameters.entries())
    bindParameter(low, node, parameters[index]!, words[index]!);
  const { statements, result: last } = definition.body;
  for (const statement of statements) lowerStatement(low, statement);
  if (last !== undefined && result.kind === 'none') low.temporaries(() => effect(low, last));
  else if (last !== undefined) returnFromFunction(low, last);
  if (result.kind !== 'none' && !isScalar(result)) zeroValue(low, low.resultPlace(), result);
  low.finish(0n);
  const shape: FunctionShape = { name, parameters, result, framed: isFramed(subprogram), ...low.needs() };
  module.shapes.set(subprogram, shape);
  return shape;
}

/** Programs and callbacks are called something and a number. */
function functionName(name: string): string {
  return /_\d+$/.test(name) ? `fn_${name}_` : name;
}

function bindParameter(
  low: Lowering,
  node: Expression & { kind: 'variable' },
  type: Type,
  word: Value,
): void {
  const symbol = low.unit.variables.get(node)!;
  if (isScalar(type)) {
    low.declare(symbol, type);
    storeVariable(low, node, word);
    return;
  }
  const given: Place = { base: word, offset: 0, align: 8, stack: true };
  if (!symbol.captured) {
    low.bindPlace(symbol, given);
    return;
  }
  low.declare(symbol, type);
  copyValue(low, given, type, low.placeOf(symbol), type);
}

/** Leaves the function with a value. */
export function returnFromFunction(low: Lowering, value: Expression | undefined): void {
  const { b } = low;
  const result = resultType(low.unit.subprogram!);
  let word: Operand = low.constantValue(0n);
  if (value !== undefined && isScalar(result))
    word = low.temporaries(() => convert(low, scalar(low, value), result));
  else if (value !== undefined && result.kind !== 'none')
    low.temporaries(() => into(low, value, low.resultPlace(), result));
  else if (value !== undefined) low.temporaries(() => effect(low, value));
  if (low.parent === undefined) {
    b.return(word);
    return;
  }
  const frame = low.parentFrame();
  if (isScalar(result)) b.store(frame, FRAME.result, 8, word);
  b.store(frame, FRAME.returned, 8, 1n);
  low.parent.returnsThrough = true;
  b.return(1n);
}

/** A call; a result in memory is written to `place`. */
export function callFunction(low: Lowering, expression: CallExpression, place?: Place): Operand {
  const { b, module } = low;
  const subprogram = module.model.functions.get(expression.callee.name)!;
  const shape = lowerFunction(module, subprogram);
  const result = b.local('result');
  low.temporaries(() => {
    const words = shape.parameters.map((type, index) =>
      argumentWord(low, expression.arguments[index] as Expression, type),
    );
    const target = resultTarget(low, shape, place);
    if (target !== undefined) words.push(address(low, target));
    const args = shape.framed ? [frameOf(low, words)] : words;
    if (shape.context || shape.scratch > 0) args.push(shape.context ? low.context() : low.constantValue(0n));
    const scratch = shape.scratch > 0 ? low.scratchForCall(shape.scratch) : undefined;
    if (scratch !== undefined) args.push(scratch);
    if (scratch !== undefined && shape.exits) b.store(scratch, 0, 8, 0n);
    b.setLocal(result, b.callFunction(shape.name, args));
    if (scratch !== undefined && shape.exits)
      low.rarely({ op: 'ne', left: b.load(scratch, 0, 8), right: 0n }, () => leaveProbe(low));
    if (target !== undefined && target !== place && place !== undefined)
      copyValue(low, target, shape.result, place, shape.result);
  });
  return b.getLocal(result);
}

function argumentWord(low: Lowering, argument: Expression, type: Type): Operand {
  if (isScalar(type)) return convert(low, scalar(low, argument), type);
  const place = low.allocate(type.size);
  into(low, argument, place, type);
  return address(low, place);
}

/** Where the function writes its result: functions take all memory to be aligned. */
function resultTarget(low: Lowering, { result }: FunctionShape, place: Place | undefined): Place | undefined {
  if (result.kind === 'none' || isScalar(result)) return undefined;
  return place === undefined || place.align < 8 ? low.allocate(result.size) : place;
}

/** Addresses of the stack may only be kept on the stack. */
function frameOf(low: Lowering, words: readonly Operand[]): Value {
  const frame = low.stackSlot('arguments', words.length * 8);
  for (const [index, word] of words.entries()) low.b.store(frame, index * 8, 8, word);
  return frame;
}
