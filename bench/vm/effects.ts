/** Have the runs done to the maps what they must have? */
import { fromHex, toHex } from '../../bpf/hex.ts';
import { type MapDefinition, mapType } from '../../bpf/maps.ts';
import type { Drained, Dump } from './contestant.ts';
import { type Effect, PERIOD } from './subject.ts';

/** What is wrong with a map after `runs` runs; undefined: nothing. */
export function dumpProblem(
  effect: Exclude<Effect, { readonly kind: 'records' }>,
  map: MapDefinition,
  runs: number,
  dump: Dump,
): string | undefined {
  if (effect.kind === 'value') {
    const wanted = toHex(effect.value());
    return dump.values().next().value === wanted ? undefined : `map ${map.name} has another value`;
  }
  const wanted = countsAfter(effect, runs);
  for (let key = 0; key < (effect.entries ?? 0); key++) if (!wanted.has(key)) wanted.set(key, 0);
  if (dump.size !== wanted.size) return `map ${map.name} has ${dump.size} entries, not ${wanted.size}`;
  for (const [key, count] of wanted) {
    const found = sumOfWords(dump.get(keyText(key, map.keySize)) ?? '');
    if (found !== BigInt(count)) return `map ${map.name} has ${found} at ${key}, not ${count}`;
  }
  return undefined;
}

function countsAfter(
  effect: Extract<Effect, { readonly kind: 'counts' }>,
  runs: number,
): Map<number, number> {
  const counts = new Map<number, number>();
  const [full, rest] = [Math.floor(runs / PERIOD), runs % PERIOD];
  for (let sequence = 0; sequence < PERIOD; sequence++) {
    const times = full + (sequence < rest ? 1 : 0);
    if (times === 0) break;
    const key = effect.key(sequence);
    counts.set(key, (counts.get(key) ?? 0) + times);
  }
  return counts;
}

function keyText(key: number, size: number): string {
  const bytes = new Uint8Array(size);
  new DataView(bytes.buffer).setUint32(0, key, true);
  return toHex(bytes);
}

/** Per-CPU values count together. */
function sumOfWords(text: string): bigint {
  const view = new DataView(fromHex(text).buffer);
  let sum = 0n;
  for (let at = 0; at < view.byteLength; at += 8) sum += view.getBigUint64(at, true);
  return sum;
}

/** What is wrong with the records of runs `from` up to `to`. */
export function recordsProblem(
  effect: Extract<Effect, { readonly kind: 'records' }>,
  from: number,
  to: number,
  { count, words }: Drained,
): string | undefined {
  if (count !== to - from) return `${count} records of ${to - from} runs`;
  // Whole periods twice leave nothing: what is left is the difference of two beginnings.
  const wanted = xorBefore(effect, to).map((word, index) => word ^ xorBefore(effect, from)[index]!);
  const same = wanted.length === words.length && wanted.every((word, index) => word === words[index]);
  return same ? undefined : 'records have other words';
}

function xorBefore(effect: Extract<Effect, { readonly kind: 'records' }>, runs: number): readonly number[] {
  const size = effect.words(0).length;
  const words = new Array<number>(size).fill(0);
  const isOdd = Math.floor(runs / PERIOD) % 2 === 1;
  for (let sequence = 0; sequence < PERIOD; sequence++) {
    if (isOdd === sequence < runs % PERIOD) continue;
    effect.words(sequence).forEach((word, index) => {
      words[index]! ^= word;
    });
  }
  return words;
}

/** Are two dumps of one map alike? Per-CPU copies are added up word by word. */
export function sameDump(a: Dump, b: Dump, map: MapDefinition): boolean {
  const isPerCpu = mapType(map.type).perCpu;
  if (a.size !== b.size) return false;
  for (const [key, value] of a) {
    const other = b.get(key);
    if (other === undefined) return false;
    if (isPerCpu ? addedUp(value, map) !== addedUp(other, map) : value !== other) return false;
  }
  return true;
}

function addedUp(text: string, { valueSize }: MapDefinition): string {
  const words = Math.ceil(valueSize / 8);
  const all = new BigUint64Array(fromHex(text).buffer);
  const sums = new BigUint64Array(words);
  all.forEach((word, index) => {
    sums[index % words] = sums[index % words]! + word;
  });
  return sums.join();
}
