/** A member or element of what a map holds, read where it is: the rest of the value is not copied. */
import type { Operand } from '../ir/ir.ts';
import type { Expression } from '../syntax/ast.ts';
import { isAggregate, isScalar } from '../types/predicates.ts';
import type { Bitfield } from '../types/type.ts';
import { extractBits, loadBytes } from './bitfields.ts';
import type { Lowering } from './lowering.ts';
import { keyOf, keyPlace, lookup, type MapUse, symbolOf, tellMissing, withValue } from './maps.ts';
import { within } from './place.ts';

interface MapPart {
  readonly use: MapUse;
  readonly offset: number;
  readonly bitfield?: Bitfield;
}

/** The part as a number, 0 where the map has no such key; undefined for what is no part of a map's value. */
export function partOfMap(low: Lowering, expression: Expression): Operand | undefined {
  const part = findPart(low, expression);
  if (part === undefined || part.use === expression) return undefined;
  const { use, offset, bitfield } = part;
  const type = low.type(expression);
  const result = low.b.local('part');
  low.temporaries(() => {
    const symbol = symbolOf(low, use);
    const value = lookup(low, symbol, keyPlace(low, symbol, keyOf(use)));
    withValue(
      low,
      value,
      (whole) => {
        const place = within(whole, offset);
        const signed = type.kind === 'integer' && type.signed;
        if (bitfield === undefined) low.b.setLocal(result, low.loadScalar(place, type));
        else {
          const word = loadBytes(low, place, bitfield.storage);
          low.b.setLocal(result, extractBits(low, word, bitfield, signed));
        }
      },
      () => {
        tellMissing(low, use, symbol);
        low.b.setLocal(result, 0n);
      },
    );
  });
  return low.b.getLocal(result);
}

function findPart(low: Lowering, expression: Expression): MapPart | undefined {
  switch (expression.kind) {
    case 'map':
    case 'map-access': {
      const type = low.type(expression);
      return isAggregate(type) || isScalar(type) ? undefined : { use: expression, offset: 0 };
    }
    case 'field':
    case 'tuple-field':
    case 'index':
      return step(low, expression);
    default:
      return undefined;
  }
}

function step(
  low: Lowering,
  expression: Expression & { readonly kind: 'field' | 'tuple-field' | 'index' },
): MapPart | undefined {
  const outer = findPart(low, expression.object);
  if (outer === undefined) return undefined;
  const holder = low.type(expression.object);
  if (expression.kind === 'index') {
    const constant = low.constant(expression.index);
    if (holder.kind !== 'array' || constant?.kind !== 'integer') return undefined;
    return { ...outer, offset: outer.offset + Number(constant.value) * holder.element.size };
  }
  if (holder.kind === 'struct' && expression.kind === 'field') {
    const { offset, bitfield } = holder.members.find(expression.field.name)!;
    return { ...outer, offset: outer.offset + offset, ...(bitfield && { bitfield }) };
  }
  if (holder.kind !== 'tuple') return undefined;
  const element =
    expression.kind === 'field'
      ? holder.elements.find(({ name }) => name === expression.field.name)!
      : holder.elements[expression.index]!;
  return { ...outer, offset: outer.offset + element.offset };
}
