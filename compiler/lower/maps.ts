/** Maps: keys, reads (a missing key is zero), updates in place, aggregations of all CPUs. */

import type { MapSymbol } from '../check/model.ts';
import type { Operand, Value } from '../ir/ir.ts';
import type { Expression, MapAccess, MapName } from '../syntax/ast.ts';
import { alignOf, UINT64 } from '../types/make.ts';
import { isAggregate } from '../types/predicates.ts';
import type { AggregateType, Type } from '../types/type.ts';
import { settle } from '../types/unify.ts';
import { sumOverCpus } from './aggregate-read.ts';
import { constantText } from './constant-texts.ts';
import { address } from './expressions.ts';
import type { Lowering } from './lowering.ts';
import { copyValue, into, zeroValue } from './memory.ts';
import { emitHelperError } from './output.ts';
import { alignAt, type Place } from './place.ts';

export type MapUse = MapName | MapAccess;

/** BPF_ANY. */
const ANY = 0n;

const MAP_FULL =
  "Map full; can't update element. Try increasing max_map_keys config or manually setting the max entries in a map declaration e.g. `let @a = hash(5000)`";

const MISSING_KEY = "Can't lookup map element because it does not exist.";

export function symbolOf(low: Lowering, use: MapUse): MapSymbol {
  return low.module.model.maps.get(use.kind === 'map' ? use.name : use.map.name)!;
}

export function bpfName(symbol: MapSymbol): string {
  return `@${symbol.name}`;
}

export function keyTypeOf(symbol: MapSymbol): Type {
  return symbol.key === undefined ? UINT64 : settle(symbol.key);
}

/** Writes the key to memory and gives its address; `extra` bytes follow it. */
export function keyPlace(low: Lowering, symbol: MapSymbol, key: Expression | undefined, extra = 0): Place {
  const type = keyTypeOf(symbol);
  const literal = key === undefined || extra > 0 ? undefined : literalKey(low, key, type);
  if (literal !== undefined) return literal;
  const place = low.allocate(type.size + extra, alignOf(type), KEY_ON_STACK);
  if (key === undefined) low.b.store(place.base, place.offset, 8, 0n);
  else into(low, key, place, type);
  return place;
}

function literalKey(low: Lowering, key: Expression, type: Type): Place | undefined {
  const constant = low.constant(key);
  if (type.kind !== 'string' || constant?.kind !== 'string') return undefined;
  return constantText(low, constant.bytes, type.size);
}

/** Keys are passed by address at once: a little stack for them saves a lookup of scratch memory. */
const KEY_ON_STACK = 64;

export function keyOf(use: MapUse): Expression | undefined {
  return use.kind === 'map' ? undefined : use.key;
}

export function lookup(low: Lowering, symbol: MapSymbol, key: Place): Value {
  const { b } = low;
  return b.callHelper('map_lookup_elem', [b.mapAddress(bpfName(symbol)), address(low, key)], {
    kind: 'map-value-or-null',
  });
}

/** `found` runs with the value's place, `missing` without; both ways meet again. */
export function withValue(
  low: Lowering,
  value: Value,
  found: (place: Place) => void,
  missing: () => void,
): void {
  const { b } = low;
  const [yes, no, after] = [b.block(), b.block(), b.block()];
  b.branch({ op: 'ne', left: value, right: 0n }, yes, no, 'otherwise');
  b.enter(yes);
  found({ base: value, offset: 0, align: 8, stack: false });
  b.jump(after);
  b.enter(no);
  missing();
  b.jump(after);
  b.enter(after);
}

/** A number read from a map; aggregations are summed over all CPUs. */
export function readScalar(low: Lowering, use: MapUse): Operand {
  const { b } = low;
  const symbol = symbolOf(low, use);
  return low.temporaries(() => {
    const key = keyPlace(low, symbol, keyOf(use));
    const type = settle(symbol.value!);
    if (isAggregate(type)) return readAggregate(low, use, symbol, type, key);
    const result = b.local('read');
    const value = lookup(low, symbol, key);
    withValue(
      low,
      value,
      (place) => b.setLocal(result, low.loadScalar(place, type)),
      () => {
        tellMissing(low, use, symbol);
        b.setLocal(result, 0n);
      },
    );
    return b.getLocal(result);
  });
}

function readAggregate(
  low: Lowering,
  use: MapUse,
  symbol: MapSymbol,
  type: AggregateType,
  key: Place,
): Operand {
  const { number, cpus } = sumOverCpus(low, symbol, type, address(low, key));
  if (low.module.model.warnReads)
    low.rarely({ op: 'eq', left: cpus, right: 0n }, () => tellMissing(low, use, symbol));
  return number;
}

/** A value of any type read from a map into memory. */
export function readInto(low: Lowering, use: MapUse, place: Place, type: Type): void {
  const symbol = symbolOf(low, use);
  const own = settle(symbol.value!);
  low.temporaries(() => {
    const value = lookup(low, symbol, keyPlace(low, symbol, keyOf(use)));
    withValue(
      low,
      value,
      (from) => copyValue(low, from, own, place, type),
      () => {
        tellMissing(low, use, symbol);
        zeroValue(low, place, type);
      },
    );
  });
}

/** With `-k`; a scalar map that nobody wrote yet is no mistake. */
export function tellMissing(low: Lowering, use: MapUse, symbol: MapSymbol): void {
  if (!low.module.model.warnReads || symbol.key === undefined) return;
  emitHelperError(low, use.span, 'map_lookup_elem', low.constantValue(0n), MISSING_KEY);
}

/** `@m[k] = v`. */
export function assignMapValue(low: Lowering, use: MapUse, value: Expression): void {
  const symbol = symbolOf(low, use);
  const type = settle(symbol.value!);
  low.temporaries(() => {
    const place = low.allocate(type.size, alignOf(type), KEY_ON_STACK);
    into(low, value, place, type);
    const key = keyPlace(low, symbol, keyOf(use));
    update(low, symbol, key, place, use);
  });
}

export function update(low: Lowering, symbol: MapSymbol, key: Place, value: Place, use: MapUse): void {
  const { b } = low;
  const map = b.mapAddress(bpfName(symbol));
  const result = b.callHelper('map_update_elem', [map, address(low, key), address(low, value), ANY]);
  // A scalar map has room for its one key.
  if (symbol.key === undefined) return;
  low.rarely({ op: 'ne', left: result, right: 0n }, () => {
    emitHelperError(low, use.span, 'map_update_elem', result, MAP_FULL);
  });
}

/** Reads a number, changes it, writes it back: in place when the key exists. */
export function updateMap(
  low: Lowering,
  use: MapUse,
  change: (old: Operand) => Operand,
): { readonly before: Operand; readonly after: Operand } {
  const { b } = low;
  const symbol = symbolOf(low, use);
  const type = settle(symbol.value!);
  const [before, after] = [b.local('before'), b.local('after')];
  low.temporaries(() => {
    const key = keyPlace(low, symbol, keyOf(use));
    const value = lookup(low, symbol, key);
    withValue(
      low,
      value,
      (place) => {
        const old = low.loadScalar(place, type);
        const changed = change(old);
        low.storeScalar(place, type, changed);
        b.setLocal(before, old);
        b.setLocal(after, changed);
      },
      () => {
        const changed = change(low.constantValue(0n));
        const place = low.allocate(8);
        low.storeScalar(place, type, changed);
        b.setLocal(before, 0n);
        b.setLocal(after, changed);
        update(low, symbol, key, place, use);
      },
    );
  });
  return { before: b.getLocal(before), after: b.getLocal(after) };
}

/** The 16 or 8 bytes of an aggregation: changed in place, or made and inserted. */
export function aggregateUpdate(
  low: Lowering,
  use: MapUse,
  key: Place,
  size: number,
  found: (place: Place) => void,
  fresh: (place: Place) => void,
): void {
  const symbol = symbolOf(low, use);
  const value = lookup(low, symbol, key);
  withValue(low, value, found, () => {
    const place = low.allocate(size);
    fresh(place);
    update(low, symbol, key, place, use);
  });
}

/** Stores a u64 where alignment is not known to be eight. */
export function storeWord(low: Lowering, place: Place, value: Operand): void {
  low.storeScalar({ ...place, align: alignAt(place.align, 0) }, UINT64, value);
}
