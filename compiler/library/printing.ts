/** print, exit and the whole-map functions of user space. */

import type { Checker } from '../check/checker.ts';
import { readType } from '../check/loops.ts';
import { argumentLiteral, argumentType } from '../diagnostics/messages.gen.ts';
import { sumOverCpus } from '../lower/aggregate-read.ts';
import { address, scalar } from '../lower/expressions.ts';
import type { Lowering } from '../lower/lowering.ts';
import { keyPlace, keyTypeOf, symbolOf } from '../lower/maps.ts';
import { into } from '../lower/memory.ts';
import { emitAction, emitRecord, type RecordPart } from '../lower/output.ts';
import type { Expression, MapAccess, MapName } from '../syntax/ast.ts';
import { NONE } from '../types/make.ts';
import { isAggregate, isBucketed, isReadableAggregate } from '../types/predicates.ts';
import type { Type } from '../types/type.ts';
import { settle } from '../types/unify.ts';
import { integerArgument } from './arguments.ts';
import type { CallSite, LibraryEntry } from './entry.ts';
import { emitExit } from './formats.ts';

function valuePart(low: Lowering, value: Expression, type: Type): RecordPart {
  return { type, fill: (place) => into(low, value, place, type) };
}

const print: LibraryEntry = {
  name: 'print',
  kind: 'function',
  signature: 'print(value) or print(@map[, top[, div]])',
  doc: 'Prints a value, or a map as it is when the output is read.',
  arguments: { min: 1, max: 3 },
  asynchronous: true,
  check: ({ args: [value, ...rest] }, checker) => {
    if (value!.kind === 'map') {
      requireMap(checker, value!);
      checkMapPrint(checker, rest);
      return NONE;
    }
    checker.valueType(value!);
    for (const extra of rest) {
      checker.report(
        argumentType(extra.span, {
          name: 'print',
          wanted: 'one value or a map with top and div',
          found: 'more',
        }),
      );
    }
    return NONE;
  },
  effect: ({ args, span }, low) => {
    const [value, ...rest] = args;
    if (value!.kind === 'map') {
      const [top, div] = rest.map((one) => {
        const constant = low.constant(one);
        return constant?.kind === 'integer' ? Number(constant.value) : 0;
      });
      emitAction(low, {
        kind: 'print-map',
        span,
        map: `@${value!.name}`,
        ...(top !== undefined && top > 0 && { top }),
        ...(div !== undefined && div > 0 && { div }),
      });
      return;
    }
    if (
      value!.kind === 'map-access' &&
      isAggregate(low.type(value!)) &&
      !isReadableAggregate(low.type(value!))
    ) {
      printEntry(low, value!, span);
      return;
    }
    const type = settle(readType(low.type(value!)));
    emitRecord(low, [valuePart(low, value!, type)], ([field]) => ({
      kind: 'print-value',
      span,
      value: field!,
    }));
  },
};

/** A whole map, keyed or not: this use says nothing of its shape. */
function requireMap(checker: Checker, { name, span }: MapName): void {
  if (checker.phase === 'infer' || checker.model.maps.get(name)?.value !== undefined) return;
  checker.undefinedMap(name, span);
}

function checkMapPrint(checker: Checker, rest: readonly Expression[]): void {
  for (const argument of rest) {
    checker.valueType(argument);
    if (checker.constant(argument)?.kind === 'integer') continue;
    checker.report(argumentLiteral(argument.span, { name: 'print', wanted: 'a literal number' }));
  }
}

/** Key and value as they are now; of histograms the key alone. */
function printEntry(low: Lowering, use: MapAccess, span: CallSite['span']): void {
  const symbol = symbolOf(low, use);
  const keyType = keyTypeOf(symbol);
  const type = settle(symbol.value!);
  const key: RecordPart = {
    type: keyType,
    fill: (place) => into(low, use.key, { ...place, loose: false }, keyType),
  };
  const entry = { kind: 'print-map-entry', span, map: `@${symbol.name}` } as const;
  if (isBucketed(type)) {
    emitRecord(low, [key], ([keyField]) => ({ ...entry, key: keyField! }));
    return;
  }
  const value: RecordPart = {
    type,
    fill: (place) => {
      if (!isAggregate(type)) {
        into(low, use, place, type);
        return;
      }
      const at = keyPlace(low, symbol, use.key);
      const { first, second } = sumOverCpus(low, symbol, type, address(low, at));
      low.b.store(place.base, place.offset, 8, first);
      if (type.size === 16) low.b.store(place.base, place.offset + 8, 8, second);
    },
  };
  emitRecord(low, [key, value], ([keyField, valueField]) => ({
    ...entry,
    key: keyField!,
    value: valueField!,
  }));
}

function wholeMap(name: 'clear' | 'zero', doc: string): LibraryEntry {
  return {
    name,
    kind: 'function',
    signature: `${name}(@map)`,
    doc,
    arguments: { min: 1, max: 1 },
    asynchronous: true,
    check: ({ args: [map] }, checker) => {
      if (map!.kind !== 'map') checker.report(argumentLiteral(map!.span, { name, wanted: 'a map' }));
      else requireMap(checker, map!);
      return NONE;
    },
    effect: ({ args: [map], span }, low) => {
      if (map!.kind === 'map') emitAction(low, { kind: `${name}-map`, span, map: `@${map!.name}` });
    },
  };
}

const exit: LibraryEntry = {
  name: 'exit',
  kind: 'function',
  signature: 'exit([code])',
  doc: 'Leaves the probe and ends tracing; end probes still run.',
  arguments: { min: 0, max: 1 },
  asynchronous: true,
  check: ({ args: [code] }, checker) => {
    if (code !== undefined) integerArgument(checker, code, 'exit');
    return NONE;
  },
  effect: ({ args: [code], span }, low) => {
    emitExit(low, span, code === undefined ? low.constantValue(0n) : scalar(low, code));
  },
};

export const PRINT_ENTRIES: readonly LibraryEntry[] = [
  print,
  wholeMap('clear', 'Removes all elements of a map, in user space.'),
  wholeMap('zero', 'Sets all values of a map to zero, in user space.'),
  exit,
];
