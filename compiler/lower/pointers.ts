/** Values in the script's own memory by index, and the addresses of its variables and map values. */
import { InternalCompilerError } from '../fault.ts';
import type { Operand } from '../ir/ir.ts';
import type { FieldAccess, IndexAccess, UnaryExpression } from '../syntax/ast.ts';
import type { StructType } from '../types/type.ts';
import { extractBits, loadBytes } from './bitfields.ts';
import { address, placeOf, scalar } from './expressions.ts';
import type { Lowering } from './lowering.ts';
import { keyOf, keyPlace, lookup, symbolOf, withValue } from './maps.ts';
import { into } from './memory.ts';
import { emitRuntimeError } from './output.ts';
import { type Place, within } from './place.ts';

/** `&$x`, `&@m`: the address as a number; 0 where the map has no such key. */
export function addressOfOwn(low: Lowering, { operand }: UnaryExpression): Operand {
  if (operand.kind === 'variable') return address(low, low.placeOf(low.unit.variables.get(operand)!));
  if (operand.kind !== 'map' && operand.kind !== 'map-access')
    throw new InternalCompilerError('no address', operand.span);
  const symbol = symbolOf(low, operand);
  const result = low.b.local('address');
  low.temporaries(() => {
    const value = lookup(low, symbol, keyPlace(low, symbol, keyOf(operand)));
    withValue(
      low,
      value,
      () => low.b.setLocal(result, value),
      () => low.b.setLocal(result, 0n),
    );
  });
  return low.b.getLocal(result);
}

/** A member of a struct in the script's own memory, as a number. */
export function localMember(low: Lowering, expression: FieldAccess): Operand {
  const type = low.type(expression);
  const holder = low.type(expression.object);
  const bitfield =
    holder.kind === 'struct' ? holder.members.find(expression.field.name)?.bitfield : undefined;
  const place = placeOf(low, expression);
  if (bitfield === undefined) return low.loadScalar(place, type);
  const word = loadBytes(low, place, bitfield.storage);
  return extractBits(low, word, bitfield, type.kind === 'integer' && type.signed);
}

/** Where a member is in the struct's own place. */
export function memberPlace(low: Lowering, { object, field }: FieldAccess, holder: StructType): Place {
  return within(placeOf(low, object), holder.members.find(field.name)!.offset);
}

/** An index known at run time: from scratch memory, where the verifier allows such reads; 0 and a warning beyond the end. */
export function indexed(low: Lowering, expression: IndexAccess): Operand {
  const result = low.b.local('element');
  low.temporaries(() => {
    withElement(
      low,
      expression,
      (place) => low.b.setLocal(result, low.loadScalar(place, low.type(expression))),
      () => low.b.setLocal(result, 0n),
    );
  });
  return low.b.getLocal(result);
}

/** `found` runs with the element's place, `outside` where there is none; both ways meet again. */
export function withElement(
  low: Lowering,
  expression: IndexAccess,
  found: (place: Place) => void,
  outside: () => void,
): void {
  const { b } = low;
  const { object } = expression;
  const [whole, type] = [low.type(object), low.type(expression)];
  const place = low.allocate(whole.size, 8, 0);
  into(low, object, place, whole);
  const at = scalar(low, expression.index);
  const [inside, beyond, after] = [b.block(), b.block(), b.block()];
  const count = BigInt(Math.floor(whole.size / type.size));
  b.branch({ op: 'ult', left: at, right: count }, inside, beyond, 'otherwise');
  b.enter(beyond);
  emitRuntimeError(low, expression.span, 'Array access out of bounds. 0 is being used as the result.');
  outside();
  b.jump(after);
  b.enter(inside);
  const base = b.binary('add', place.base, b.binary('mul', at, BigInt(type.size)));
  found({ ...place, base });
  b.jump(after);
  b.enter(after);
}
