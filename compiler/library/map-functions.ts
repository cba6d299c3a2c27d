/** delete, has_key, len. */

import type { Checker } from '../check/checker.ts';
import { useKey, useMap } from '../check/maps.ts';
import { mapSymbol } from '../check/model.ts';
import { argumentLiteral, undefinedMap, wrongArity } from '../diagnostics/messages.gen.ts';
import { FunctionBuilder } from '../ir/builder.ts';
import type { Operand, Value } from '../ir/ir.ts';
import { address } from '../lower/expressions.ts';
import type { Lowering } from '../lower/lowering.ts';
import { bpfName, keyPlace, lookup } from '../lower/maps.ts';
import { emitHelperError } from '../lower/output.ts';
import { BOOL, UINT64 } from '../types/make.ts';
import type { CallSite, LibraryEntry } from './entry.ts';

const MISSING_KEY = "Can't delete map element because it does not exist.";

/** `f(@m, k)`, `f(@m[k])` and, for scalar maps, `f(@m)`. */
function checkTarget({ args: [map, key], name, span }: CallSite, checker: Checker): void {
  if (map!.kind === 'map-access' && key === undefined) {
    useMap(checker, map!);
    return;
  }
  if (map!.kind !== 'map') {
    checker.report(argumentLiteral(map!.span, { name, wanted: 'a map as first argument' }));
    return;
  }
  const symbol = mapSymbol(checker.model, map!.name, map!.span);
  if (key === undefined) {
    if (name === 'has_key' || symbol.keyed === true) {
      checker.report(wrongArity(span, { name, wanted: 'exactly 2 arguments', given: 1 }));
    } else useMap(checker, map!);
    return;
  }
  if (symbol.keyed === undefined) {
    symbol.keyed = true;
    checker.changed = true;
  }
  if (symbol.keyed) useKey(checker, symbol, key);
  else checker.type({ kind: 'map-access', span, map: map!, key });
}

function target(
  { args: [map, key] }: CallSite,
  low: Lowering,
): { readonly key: ReturnType<typeof keyPlace>; readonly symbol: ReturnType<typeof mapSymbol> } {
  const name = map!.kind === 'map-access' ? map!.map.name : map!.kind === 'map' ? map!.name : '';
  const symbol = low.module.model.maps.get(name)!;
  return { symbol, key: keyPlace(low, symbol, map!.kind === 'map-access' ? map!.key : key) };
}

function remove(call: CallSite, low: Lowering): Value {
  const { symbol, key } = target(call, low);
  return low.b.callHelper('map_delete_elem', [low.b.mapAddress(bpfName(symbol)), address(low, key)]);
}

const deleteEntry: LibraryEntry = {
  name: 'delete',
  kind: 'function',
  signature: 'delete(@map, key) or delete(@scalar)',
  doc: 'Removes one element; true when it was there.',
  arguments: { min: 1, max: 2 },
  check: (call, checker) => {
    checkTarget(call, checker);
    return BOOL;
  },
  scalar: (call, low) => low.temporaries((): Operand => low.b.compare('eq', remove(call, low), 0n)),
  effect: (call, low) => {
    const result = remove(call, low);
    low.rarely({ op: 'ne', left: result, right: 0n }, () => {
      emitHelperError(low, call.span, 'map_delete_elem', result, MISSING_KEY);
    });
  },
};

const hasKey: LibraryEntry = {
  name: 'has_key',
  kind: 'function',
  signature: 'has_key(@map, key)',
  doc: 'True when the map has the key.',
  arguments: { min: 2, max: 2 },
  check: (call, checker) => {
    checkTarget(call, checker);
    return BOOL;
  },
  scalar: (call, low) =>
    low.temporaries((): Operand => {
      const { symbol, key } = target(call, low);
      return low.b.compare('ne', lookup(low, symbol, key), 0n);
    }),
};

/** A callback that sees every element and goes on; the helper returns how many it saw. */
const COUNTER = 'count_elements';

const len: LibraryEntry = {
  name: 'len',
  kind: 'function',
  signature: 'len(@map)',
  doc: 'Number of elements of a map.',
  arguments: { min: 1, max: 1 },
  check: ({ args: [map] }, checker) => {
    if (map!.kind !== 'map') return checker.unsupported(map!.span, 'len() of anything but a map');
    const symbol = checker.model.maps.get(map!.name);
    if (checker.phase === 'final' && symbol?.value === undefined) {
      checker.undefinedMap(map!.name, undefinedMap(map!.span, { name: map!.name }));
    }
    checker.require(map!.span, 'len() of a map', 'for_each_map_elem');
    const value = symbol?.value?.kind;
    if (value === 'hist' || value === 'lhist') return checker.unsupported(map!.span, 'len() of a histogram');
    return UINT64;
  },
  scalar: ({ args: [map] }, low) => {
    const { b, module } = low;
    if (!module.functions.some(({ name }) => name === COUNTER)) {
      const counter = new FunctionBuilder(COUNTER, 4);
      counter.return(0n);
      module.functions.push(counter.finish());
    }
    const name = map!.kind === 'map' ? `@${map!.name}` : '';
    return b.callHelper('for_each_map_elem', [b.mapAddress(name), b.functionAddress(COUNTER), 0n, 0n]);
  },
};

export const MAP_ENTRIES: readonly LibraryEntry[] = [deleteEntry, hasKey, len];
