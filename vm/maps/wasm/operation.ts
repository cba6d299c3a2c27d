/**
 * The map operations that exist as WebAssembly functions. Addresses, sizes and results are i32, flags the whole u64.
 * Sizes are 0 … the memory's limit: their upper half has been looked at. The CPU is that of the current block.
 *
 *     lookup(key) → the value's address (of a map of maps: the inner map's), or 0
 *     update(key, value, flags), delete(key), push(value, flags), pop(target), peek(target) → 0 or a negative errno
 *     reserve(size, flags) → the record's address, or 0            output(data, size, flags) → 0 or a negative errno
 */
import type { FunctionType, ValueType } from '../../wasm/builder.ts';

export type MapOperation = 'lookup' | 'update' | 'delete' | 'push' | 'pop' | 'peek' | 'reserve' | 'output';

interface OperationRow {
  readonly params: readonly ValueType[];
}

export const MAP_OPERATIONS: Readonly<Record<MapOperation, OperationRow>> = {
  lookup: { params: ['i32'] },
  update: { params: ['i32', 'i32', 'i64'] },
  delete: { params: ['i32'] },
  push: { params: ['i32', 'i64'] },
  pop: { params: ['i32'] },
  peek: { params: ['i32'] },
  reserve: { params: ['i32', 'i64'] },
  output: { params: ['i32', 'i32', 'i64'] },
};

export const MAP_OPERATION_NAMES: readonly MapOperation[] = Object.keys(MAP_OPERATIONS) as MapOperation[];

/** Of the function for one map. */
export function ownType(operation: MapOperation): FunctionType {
  return { params: MAP_OPERATIONS[operation].params, result: 'i32' };
}

/** Of the function for all maps of one shape: the map's header comes first. */
export function sharedType(operation: MapOperation): FunctionType {
  return { params: ['i32', ...MAP_OPERATIONS[operation].params], result: 'i32' };
}
