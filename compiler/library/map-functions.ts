/** delete, has_key, find, len. */

import type { Checker } from '../check/checker.ts';
import { readType } from '../check/loops.ts';
import { useKey, useMap } from '../check/maps.ts';
import { mapSymbol } from '../check/model.ts';
import { assignVariable } from '../check/variables.ts';
import { argumentLiteral, argumentType, wrongArity } from '../diagnostics/messages.gen.ts';
import { FunctionBuilder } from '../ir/builder.ts';
import type { Operand, Value } from '../ir/ir.ts';
import { sumOverCpus } from '../lower/aggregate-read.ts';
import { address, placeOf, storeVariable } from '../lower/expressions.ts';
import type { Lowering } from '../lower/lowering.ts';
import { bpfName, keyPlace, lookup, withValue } from '../lower/maps.ts';
import { copyValue } from '../lower/memory.ts';
import { emitHelperError } from '../lower/output.ts';
import type { Expression } from '../syntax/ast.ts';
import { BOOL, UINT64 } from '../types/make.ts';
import { typeName } from '../types/name.ts';
import { isAggregate, isScalar } from '../types/predicates.ts';
import type { Type } from '../types/type.ts';
import { settle } from '../types/unify.ts';
import type { CallSite, LibraryEntry } from './entry.ts';
import { checkStackLength, stackLength } from './stacks.ts';

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

const find: LibraryEntry = {
  name: 'find',
  kind: 'function',
  signature: 'find(@map, key, $variable)',
  doc: `True when the map has the key, and the variable has its value then; one lookup. Without the key the variable keeps
what it had. Aggregations give the number they print as.`,
  arguments: { min: 3, max: 3 },
  check: (call, checker) => {
    const [map, , variable] = call.args;
    checkTarget({ ...call, args: call.args.slice(0, 2) }, checker);
    if (map!.kind !== 'map') return BOOL;
    if (variable!.kind !== 'variable') {
      checker.report(
        argumentLiteral(variable!.span, { name: 'find', wanted: 'a variable as last argument' }),
      );
      return BOOL;
    }
    const symbol = checker.model.maps.get(map!.name);
    if (symbol?.value === undefined) {
      checker.undefinedMap(map!.name, map!.span);
      return BOOL;
    }
    const type = readType(symbol.value);
    if (isAggregate(type)) {
      checker.report(argumentType(map!.span, { name: 'find', wanted: 'number', found: typeName(type) }));
      return BOOL;
    }
    const written = checker.scopes.find(variable!.name);
    if (written !== undefined) {
      assignVariable(checker, written, type, variable!);
      checker.written.add(written);
    }
    checker.valueType(variable!);
    return BOOL;
  },
  scalar: (call, low) => {
    const { b } = low;
    const found = b.local('found');
    const variable = call.args[2]!;
    b.setLocal(found, 0n);
    low.temporaries(() => {
      const { symbol, key } = target(call, low);
      const type = settle(symbol.value!);
      withValue(
        low,
        lookup(low, symbol, key),
        (place) => {
          b.setLocal(found, 1n);
          if (variable.kind !== 'variable') return;
          const wanted = low.type(variable);
          if (isAggregate(type))
            storeVariable(low, variable, sumOverCpus(low, symbol, type, address(low, key)).number);
          else if (isScalar(wanted)) storeVariable(low, variable, low.loadScalar(place, type));
          else copyValue(low, place, type, placeOf(low, variable), wanted);
        },
        () => undefined,
      );
    });
    return b.getLocal(found);
  },
};

/** A callback that sees every element and goes on; the helper returns how many it saw. */
const COUNTER = 'count_elements';

/** A scalar map with a stack in it: `len(@stack)` is about the stack. */
function isStackMap(checker: Checker, name: string): boolean {
  const symbol = checker.model.maps.get(name);
  return symbol?.keyed === false && (symbol.value?.kind === 'kstack' || symbol.value?.kind === 'ustack');
}

function checkLength(checker: Checker, argument: Expression): Type | undefined {
  const type = checker.valueType(argument);
  if (type === undefined) return undefined;
  if (type.kind === 'kstack' || type.kind === 'ustack') {
    checkStackLength(checker, argument);
    return UINT64;
  }
  checker.report(argumentType(argument.span, { name: 'len', wanted: 'map or stack', found: typeName(type) }));
  return undefined;
}

const len: LibraryEntry = {
  name: 'len',
  kind: 'function',
  signature: 'len(@map) or len(stack)',
  doc: 'Number of elements of a map (of histograms: buckets in use; of time series: slots in use), or of frames of a stack.',
  arguments: { min: 1, max: 1 },
  check: ({ args: [map] }, checker) => {
    if (map!.kind !== 'map' || isStackMap(checker, map!.name)) return checkLength(checker, map!);
    const symbol = checker.model.maps.get(map!.name);
    if (checker.phase === 'final' && symbol?.value === undefined) {
      checker.undefinedMap(map!.name, map!.span);
    }
    checker.require(map!.span, 'len() of a map', 'for_each_map_elem');
    return UINT64;
  },
  scalar: ({ args: [map] }, low) => {
    const { b, module } = low;
    if (map!.kind !== 'map' || low.module.model.maps.get(map!.name)?.value?.kind.endsWith('stack'))
      return stackLength(low, map!);
    if (!module.functions.some(({ name }) => name === COUNTER)) {
      const counter = new FunctionBuilder(COUNTER, 4);
      counter.return(0n);
      module.functions.push(counter.finish());
    }
    const name = map!.kind === 'map' ? `@${map!.name}` : '';
    return b.callHelper('for_each_map_elem', [b.mapAddress(name), b.functionAddress(COUNTER), 0n, 0n]);
  },
};

export const MAP_ENTRIES: readonly LibraryEntry[] = [deleteEntry, hasKey, find, len];
