/** Tables of texts by number: a read-only map of one value, rows of equal size, the last one for all other numbers. */
import { MapFlags } from '../../bpf/maps.ts';
import type { Operand } from '../ir/ir.ts';
import { roundUp } from '../types/make.ts';
import type { Lowering } from './lowering.ts';
import { zeroAfter } from './memory.ts';
import type { Place } from './place.ts';

export interface TextTable {
  /** Name of the map, `.rodata.errors`. */
  readonly map: string;
  /** By number; absent ones are answered as unknown ones. */
  readonly texts: readonly (string | undefined)[];
  readonly unknown: string;
}

/** Bytes of a row. */
export function rowSize({ texts, unknown }: TextTable): number {
  const longest = texts.reduce((most, text) => Math.max(most, text?.length ?? 0), unknown.length);
  return roundUp(longest + 1, 8);
}

/** The row of `number` (unsigned), as a string of `size` bytes. */
export function tableText(
  low: Lowering,
  table: TextTable,
  number: Operand,
  place: Place,
  size: number,
): void {
  const { b } = low;
  const row = rowSize(table);
  const last = table.texts.length;
  define(low, table, row);
  const index = b.local('row');
  b.setLocal(index, number);
  low.rarely({ op: 'ugt', left: number, right: BigInt(last) }, () => b.setLocal(index, BigInt(last)));
  const at = b.binary('mul', b.getLocal(index), BigInt(row));
  const from = b.binary('add', b.mapValueAddress(table.map), at);
  const length = Math.min(row, size);
  b.copy(place.base, place.offset, from, 0, length, place.align);
  zeroAfter(low, place, length, size);
}

function define({ module }: Lowering, table: TextTable, row: number): void {
  if (module.internalMaps.has(table.map)) return;
  const valueSize = row * (table.texts.length + 1);
  const bytes = new Uint8Array(valueSize);
  const encoder = new TextEncoder();
  for (const [index, text] of [...table.texts, undefined].entries())
    bytes.set(encoder.encode(text ?? table.unknown), index * row);
  const shape = { type: 'array', keySize: 4, maxEntries: 1, flags: MapFlags.RDONLY_PROG } as const;
  module.internalMaps.set(table.map, { ...shape, name: table.map, valueSize });
  module.data.set(table.map, bytes);
}
