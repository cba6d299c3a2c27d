/** Whether both sides left the same: maps entry by entry, records one after the other. Ours is the reading of both. */
import type { ScriptInfo, ScriptMap } from '../../compiler/script-info.ts';
import type { Type } from '../../compiler/types/type.ts';
import type { MapHandle } from '../../runtime/kernel.ts';
import { Cursor, word } from './cursor.ts';
import type { Execution } from './execute.ts';
import { hasIndexedKey, isPerCpu } from './peer-maps.ts';
import { recordDifference } from './record-agreement.ts';

type Contents = ReadonlyMap<string, string>;

/** What their maps' keys mean where the bytes do not tell: names by number, of the maps whose key is `probe`. */
export type ProbeNames = (map: string) => readonly string[] | undefined;

/** One line for each difference; empty when they agree. */
export function differences(
  info: ScriptInfo,
  ours: Execution,
  theirs: Execution,
  probes: ProbeNames,
): readonly string[] {
  const found: string[] = [];
  for (const map of info.maps) {
    if (
      map.value.kind === 'tuple' ||
      !isReadable(map.value) ||
      (map.key !== undefined && !isReadable(map.key))
    )
      continue;
    const left = ourContents(map, ours.map(map.name));
    const right = theirContents(map, theirs.map(map.name), probes(map.name));
    const problem = mapDifference(left, right);
    if (problem !== undefined) found.push(`${map.name}: ${problem}`);
  }
  const problem = recordDifference(info, ours.records, theirs.records);
  return problem === undefined ? found : [...found, problem];
}

/** Keys and values that mean something outside of the map, as numbers of stacks do, cannot be told apart by their bytes. */
function isReadable(type: Type): boolean {
  if (type.kind === 'tuple') return type.elements.every((one) => isReadable(one.type));
  return ['integer', 'boolean', 'string', 'pointer'].includes(type.kind) || isPerCpu(type);
}

function mapDifference(ours: Contents, theirs: Contents): string | undefined {
  for (const [key, value] of ours) {
    if (theirs.get(key) !== value) return `[${key}] is ${value}, with bpftrace ${theirs.get(key)}`;
  }
  const extra = [...theirs.keys()].find((key) => !ours.has(key));
  return extra === undefined ? undefined : `[${extra}] is missing`;
}

/* ---- maps ---- */

function ourContents({ key, value }: ScriptMap, map: MapHandle): Contents {
  const contents = new Map<string, string>();
  for (const entry of map.entries()) {
    const at = new Cursor(entry.key);
    const parts = key === undefined ? [] : [at.read(key)];
    if (value.kind === 'hist' || value.kind === 'lhist')
      parts.push(at.seek(map.keySize - 8).integer(8, false));
    const copies = split(entry.value, map.copies);
    contents.set(parts.join(','), valueText(value, copies));
  }
  return contents;
}

function valueText(type: Type, copies: readonly Uint8Array[]): string {
  const numbers = (at: number): bigint[] => copies.map((bytes) => word(bytes, at));
  switch (type.kind) {
    case 'min':
    case 'max': {
      const set = copies.filter((bytes) => word(bytes, 8) !== 0n).map((bytes) => word(bytes, 0));
      return `${set.reduce((a, b) => (type.kind === 'min' ? (a < b ? a : b) : a > b ? a : b))}`;
    }
    case 'avg':
    case 'stats':
      return `${sum(numbers(0))} in ${sum(numbers(8))}`;
    default:
      return isPerCpu(type) ? `${sum(numbers(0))}` : new Cursor(copies[0]!).read(type);
  }
}

function theirContents(
  { key, value }: ScriptMap,
  map: MapHandle,
  probes: readonly string[] | undefined,
): Contents {
  const contents = new Map<string, string>();
  for (const entry of map.entries()) {
    const at = new Cursor(entry.key, true);
    const parts: string[] = [];
    if (probes !== undefined) parts.push(JSON.stringify(probes[Number(at.integer(8, false))]));
    else if (key !== undefined) parts.push(at.read(key));
    if (hasIndexedKey(value)) parts.push(at.seek(map.keySize - 8).integer(8, false));
    const text = theirValue(value, entry.value, map.copies);
    // A map of one value that was never written is there all the same.
    if (map.keySize > 4 || text !== '0') contents.set(parts.join(','), text);
  }
  return value.kind === 'avg' || value.kind === 'stats' ? joinTotals(contents) : contents;
}

function theirValue(type: Type, bytes: Uint8Array, copies: number): string {
  if (!isPerCpu(type)) return new Cursor(bytes, true).read(type);
  const numbers = split(bytes, copies).map((copy) => word(copy, 0));
  if (type.kind === 'max') return `${numbers.reduce((a, b) => (a > b ? a : b))}`;
  if (type.kind !== 'min') return `${sum(numbers)}`;
  // Kept upside down, so that the zero of a fresh element is the largest.
  const set = numbers.filter((one) => one !== 0n).map(upsideDown);
  return `${set.reduce((a, b) => (a < b ? a : b))}`;
}

/** Of two elements a key, the first counts and the second adds up. */
function joinTotals(elements: Contents): Contents {
  const joined = new Map<string, string>();
  for (const [name, total] of elements) {
    const at = name.lastIndexOf(',');
    if (name.slice(at + 1) !== '1') continue;
    const key = at < 0 ? '' : name.slice(0, at);
    joined.set(key, `${total} in ${elements.get(at < 0 ? '0' : `${key},0`)}`);
  }
  return joined;
}

function upsideDown(stored: bigint): bigint {
  return BigInt.asIntN(64, 0xffff_ffffn - stored);
}

function split(bytes: Uint8Array, copies: number): Uint8Array[] {
  const size = bytes.length / copies;
  return Array.from({ length: copies }, (_, copy) => bytes.subarray(copy * size, (copy + 1) * size));
}

function sum(values: readonly bigint[]): bigint {
  return BigInt.asIntN(
    64,
    values.reduce((a, b) => a + b, 0n),
  );
}
