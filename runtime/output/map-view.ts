/**
 * A map as it is printed: per-CPU copies merged, histogram buckets gathered under their key, rows in bpftrace's order
 * (ascending by value for numbers, by total for histograms, by key for the rest; ties by key), cut to `top`, divided
 * by `div`.
 */
import type { ScriptMap } from '../../compiler/script-info.ts';
import type { AggregateType, Type } from '../../compiler/types/type.ts';
import type { MapHandle } from '../kernel.ts';
import { RecordFault } from '../record-fault.ts';
import { type Bucket, bucketsOf } from './histogram.ts';
import { compareBytes, compareCells } from './order.ts';
import { type Cell, readInteger, viewOf } from './read.ts';
import { type Series, seriesOf } from './time-series.ts';

export type RowValue =
  | { readonly kind: 'cell'; readonly cell: Cell }
  | { readonly kind: 'number'; readonly value: bigint }
  | { readonly kind: 'stats'; readonly count: bigint; readonly average: bigint; readonly total: bigint }
  | { readonly kind: 'histogram'; readonly buckets: readonly Bucket[]; readonly total: bigint }
  | { readonly kind: 'series'; readonly series: Series };

export interface MapRow {
  /** Absent for scalar maps. */
  readonly key?: Cell;
  readonly value: RowValue;
}

export interface MapView {
  readonly name: string;
  readonly keyed: boolean;
  readonly valueType: Type;
  readonly rows: readonly MapRow[];
}

export interface MapViewOptions {
  readonly top?: number;
  readonly div?: number;
  /** `print(@x)` of a scalar that was never written shows a zero; at exit nothing is shown. */
  readonly zeroWhenEmpty?: boolean;
}

const U64 = { size: 8, signed: false } as const;

/** Reads and orders a map's content. */
export function viewMap(map: ScriptMap, handle: MapHandle, options: MapViewOptions = {}): MapView {
  const rows = isBucketed(map.value) ? bucketRows(map, handle) : plainRows(map, handle);
  if (
    rows.length === 0 &&
    map.key === undefined &&
    options.zeroWhenEmpty === true &&
    !isBucketed(map.value)
  ) {
    rows.push({ value: rowValue(map, new Uint8Array(handle.valueSize * handle.copies)) });
  }
  rows.sort((a, b) => compareRows(map.value, a, b));
  const kept = options.top === undefined || options.top === 0 ? rows : rows.slice(-options.top);
  const div = BigInt(options.div ?? 1);
  return {
    name: map.name,
    keyed: map.key !== undefined,
    valueType: map.value,
    rows: div > 1n ? kept.map((row) => ({ ...row, value: divide(row.value, div, map.value) })) : kept,
  };
}

/** The value of one element from the bytes of all its copies. */
export function rowValue(map: ScriptMap, copies: Uint8Array): RowValue {
  const type = map.value;
  switch (type.kind) {
    case 'count':
      return { kind: 'number', value: BigInt.asIntN(64, sumCopies(copies, type.size, 0, false)) };
    case 'sum': {
      const total = sumCopies(copies, type.size, 0, type.signed);
      return { kind: 'number', value: type.signed ? BigInt.asIntN(64, total) : BigInt.asUintN(64, total) };
    }
    case 'min':
    case 'max':
      return { kind: 'number', value: extreme(type, copies) };
    case 'avg':
      return { kind: 'number', value: averageOf(type, copies).average };
    case 'stats':
      return { kind: 'stats', ...averageOf(type, copies) };
    default:
      return { kind: 'cell', cell: { type, bytes: copies, offset: 0 } };
  }
}

/** Aggregations of many elements a key, the bucket or slot behind the user's. */
function isBucketed(
  type: Type,
): type is Extract<AggregateType, { readonly kind: 'hist' | 'lhist' | 'tseries' }> {
  return type.kind === 'hist' || type.kind === 'lhist' || type.kind === 'tseries';
}

function plainRows(map: ScriptMap, handle: MapHandle): MapRow[] {
  const rows: MapRow[] = [];
  for (const { key, value } of handle.entries()) {
    const bytes = value.slice();
    rows.push({ ...keyOf(map, key.slice()), value: rowValue(map, bytes) });
  }
  return rows;
}

function keyOf(map: ScriptMap, bytes: Uint8Array): { readonly key?: Cell } {
  return map.key === undefined ? {} : { key: { type: map.key, bytes, offset: 0 } };
}

/** Elements by what stands before their bucket: nothing for scalars, or a hidden zero key. */
function bucketRows(map: ScriptMap, handle: MapHandle): MapRow[] {
  const groups = new Map<string, { readonly key: Uint8Array; readonly elements: Element[] }>();
  const bucketAt = map.keySize - 8;
  for (const { key, value } of handle.entries()) {
    const user = key.slice(0, bucketAt);
    const id = user.join();
    const group = groups.get(id) ?? { key: user, elements: [] };
    group.elements.push({ index: bucketIndex(map, key), copies: value.slice() });
    groups.set(id, group);
  }
  return [...groups.values()].map(({ key, elements }) => ({
    ...keyOf(map, key),
    value: bucketedValue(map, elements),
  }));
}

/** One bucket or slot. */
interface Element {
  readonly index: number;
  readonly copies: Uint8Array;
}

function bucketedValue({ name, value: type }: ScriptMap, elements: readonly Element[]): RowValue {
  if (!isBucketed(type)) throw new TypeError(`${name} has no buckets`);
  if (type.kind === 'tseries') {
    return {
      kind: 'series',
      series: seriesOf(
        type,
        elements.map(({ copies }) => copies),
      ),
    };
  }
  const counts = new Map(elements.map(({ index, copies }) => [index, sumCopies(copies, 8, 0, false)]));
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0n);
  return { kind: 'histogram', buckets: bucketsOf(type, counts), total };
}

/** More than any histogram has: 64 powers of two, each in 32 parts, or what lhist takes. */
const MAX_BUCKETS = 4096;

function bucketIndex({ name, keySize, value }: ScriptMap, key: Uint8Array): number {
  const index = viewOf(key).getBigUint64(keySize - 8, true);
  const most = value.kind === 'tseries' ? value.count : MAX_BUCKETS;
  if (index > most) throw new RecordFault(`map ${name} has a bucket ${index}`);
  return Number(index);
}

/** The histogram or series under one key as it is now; an empty one when the key is not there. */
export function bucketsAt(map: ScriptMap, handle: MapHandle, key: Cell): RowValue {
  const wanted = key.bytes.subarray(key.offset, key.offset + key.type.size);
  const elements: Element[] = [];
  for (const { key: found, value } of handle.entries()) {
    if (!wanted.every((byte, index) => found[index] === byte)) continue;
    elements.push({ index: bucketIndex(map, found), copies: value.slice() });
  }
  return bucketedValue(map, elements);
}

function sumCopies(copies: Uint8Array, stride: number, offset: number, signed: boolean): bigint {
  let total = 0n;
  for (let at = offset; at < copies.length; at += stride)
    total += readInteger({ size: 8, signed }, copies, at);
  return total;
}

function extreme(type: Extract<AggregateType, { readonly signed: boolean }>, copies: Uint8Array): bigint {
  let best: bigint | undefined;
  for (let at = 0; at < copies.length; at += type.size) {
    if (readInteger(U64, copies, at + 8) === 0n) continue;
    const value = readInteger({ size: 8, signed: type.signed }, copies, at);
    const better = best === undefined || (type.kind === 'min' ? value < best : value > best);
    if (better) best = value;
  }
  return best ?? 0n;
}

function averageOf(
  type: Extract<AggregateType, { readonly signed: boolean }>,
  copies: Uint8Array,
): { readonly count: bigint; readonly average: bigint; readonly total: bigint } {
  const total = sumCopies(copies, type.size, 0, type.signed);
  const count = sumCopies(copies, type.size, 8, false);
  return { count, total, average: count === 0n ? 0n : total / count };
}

function compareRows(type: Type, a: MapRow, b: MapRow): number {
  const byValue = compareValues(type, a.value, b.value);
  if (byValue !== 0 || a.key === undefined || b.key === undefined) return byValue;
  // bpftrace leaves series in the order of their keys' bytes.
  if (type.kind === 'tseries') return compareBytes(contentOf(a.key), contentOf(b.key));
  return compareCells(a.key, b.key);
}

function contentOf({ bytes, offset, type }: Cell): Uint8Array {
  return bytes.subarray(offset, offset + type.size);
}

function compareValues(type: Type, a: RowValue, b: RowValue): number {
  const left = sortNumber(type, a);
  const right = sortNumber(type, b);
  if (left === undefined || right === undefined || left === right) return 0;
  return left < right ? -1 : 1;
}

/** The number rows are ordered by, or undefined where the key decides. */
function sortNumber(type: Type, value: RowValue): bigint | undefined {
  switch (value.kind) {
    case 'number':
      return type.kind === 'min' || type.kind === 'max' ? BigInt.asUintN(64, value.value) : value.value;
    case 'stats':
      return value.average;
    case 'histogram':
      return value.total;
    case 'series':
      return undefined;
    case 'cell':
      return type.kind === 'integer' ? readInteger(type, value.cell.bytes, value.cell.offset) : undefined;
  }
}

function divide(value: RowValue, div: bigint, type: Type): RowValue {
  switch (value.kind) {
    case 'number':
      return { kind: 'number', value: value.value / div };
    case 'stats':
      return { ...value, average: value.average / div };
    case 'histogram':
      // lhist ignores the divisor, as upstream documents.
      if (type.kind === 'lhist') return value;
      return { ...value, buckets: value.buckets.map((bucket) => ({ ...bucket, count: bucket.count / div })) };
    case 'series':
      return value;
    case 'cell':
      if (type.kind !== 'integer') return value;
      return { kind: 'number', value: readInteger(type, value.cell.bytes, value.cell.offset) / div };
  }
}
