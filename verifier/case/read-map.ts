/** The maps of a case, and which instructions name them. */
import { findMapType, mapType, mapTypeById } from '../../bpf/maps.ts';
import type { ByteFields } from './bytes.ts';
import type { CaseMap, MapUse } from './case.ts';
import { CaseError, describe, type JsonObject, listOf, numberOf, objectOf, optionalText } from './json.ts';

/** @throws CaseError */
export function readMaps(value: unknown, path: string, bytes: ByteFields): readonly CaseMap[] {
  const rows = listOf(value, path);
  return rows.map((_, index) => readMap(rows, index, path, bytes));
}

function readMap(rows: readonly unknown[], index: number, path: string, bytes: ByteFields): CaseMap {
  const at = `${path}[${index}]`;
  const row = objectOf(rows[index], at);
  const map = readSpec(row, at, bytes);
  const inner = readInner(row, rows, at, path, bytes);
  if (inner === undefined && mapType(map.type).mapOfMaps) {
    throw new CaseError(`${at}.inner`, `${map.type} needs an inner map`);
  }
  return inner === undefined ? map : { ...map, inner };
}

/** The inner map stands in the definition, or is another map of the case by its index. */
function readInner(
  row: JsonObject,
  rows: readonly unknown[],
  at: string,
  path: string,
  bytes: ByteFields,
): CaseMap | undefined {
  const inner = row.inner ?? row.inner_map;
  if (inner === undefined || inner === null) return undefined;
  if (typeof inner !== 'number') return readSpec(objectOf(inner, `${at}.inner`), `${at}.inner`, bytes);
  const index = numberOf(inner, `${at}.inner`, rows.length - 1);
  return readSpec(objectOf(rows[index], `${path}[${index}]`), `${path}[${index}]`, bytes);
}

function readSpec(row: JsonObject, at: string, bytes: ByteFields): CaseMap {
  const number = (name: string): number => numberOf(row[name], `${at}.${name}`, undefined, 0);
  const name = optionalText(row.name, `${at}.name`);
  const data = bytes.optional(row.data, `${at}.data`);
  const types = bytes.optional(row.btf, `${at}.btf`);
  const key = number('btf_key_type_id');
  const value = number('btf_value_type_id');
  return {
    type: readType(row.type, `${at}.type`),
    keySize: number('key_size'),
    valueSize: number('value_size'),
    maxEntries: number('max_entries'),
    flags: row.map_flags === undefined ? number('flags') : number('map_flags'),
    ...(row.map_extra === undefined ? {} : { mapExtra: readExtra(row.map_extra, `${at}.map_extra`) }),
    ...(key === 0 && value === 0 ? {} : { btf: { key, value } }),
    ...(row.numa_node === undefined ? {} : { numaNode: number('numa_node') }),
    ...(name === undefined ? {} : { name }),
    ...(types === undefined ? {} : { types }),
    ...(data === undefined ? {} : { data }),
    ...(row.frozen === true ? { frozen: true } : {}),
  };
}

function readType(value: unknown, path: string): CaseMap['type'] {
  const row =
    typeof value === 'number' ? mapTypeById(value) : findMapType(typeof value === 'string' ? value : '');
  if (row === undefined) throw new CaseError(path, `there is no map type ${describe(value)}`);
  return row.name;
}

/** 64 bits: a number, or a text where a number is not exact. */
function readExtra(value: unknown, path: string): bigint {
  try {
    if (typeof value === 'number' || typeof value === 'string') return BigInt.asUintN(64, BigInt(value));
  } catch {
    // Told below.
  }
  throw new CaseError(path, `want a whole number, found ${describe(value)}`);
}

/** `map` is an index or a map's name. */
export function readUses(
  value: unknown,
  path: string,
  maps: readonly CaseMap[],
  insns: Uint8Array,
): readonly MapUse[] {
  return listOf(value, path).map((one, index): MapUse => {
    const at = `${path}[${index}]`;
    const use = objectOf(one, at);
    const slot = numberOf(use.i, `${at}.i`, insns.length / 8 - 1);
    if (typeof use.map !== 'string') {
      if (maps.length === 0) throw new CaseError(`${at}.map`, 'the case has no maps');
      return { slot, map: numberOf(use.map, `${at}.map`, maps.length - 1) };
    }
    const map = maps.findIndex(({ name }) => name === use.map);
    if (map < 0) throw new CaseError(`${at}.map`, `there is no map ${describe(use.map)}`);
    return { slot, map };
  });
}
