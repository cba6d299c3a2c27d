/**
 * Buckets of `hist` and `lhist`: what each bucket index means and how bpftrace labels it.
 *
 *     hist(n, bits)        index 0: n < 0 · 1 … 2^bits: exactly index-1 · then 2^bits buckets a power of two
 *     lhist(n, min, max, step)  index 0: n < min · then one a step · last: the rest
 */
import type { AggregateType } from '../../compiler/types/type.ts';

type HistType = Extract<AggregateType, { readonly kind: 'hist' }>;
type LhistType = Extract<AggregateType, { readonly kind: 'lhist' }>;

/** A bucket holds `low <= n < high`; an absent bound is open. `label` is the row's header. */
export interface Bucket {
  readonly low?: bigint;
  readonly high?: bigint;
  readonly label: string;
  readonly count: bigint;
}

/** Counts by bucket index. */
export type BucketCounts = ReadonlyMap<number, bigint>;

const SUFFIXES = ['', 'K', 'M', 'G', 'T', 'P', 'E'] as const;

/** The buckets from the first to the last that counted something, empty ones between included. */
export function bucketsOf(type: HistType | LhistType, counts: BucketCounts): readonly Bucket[] {
  const used = [...counts].filter(([, count]) => count !== 0n).map(([index]) => index);
  if (used.length === 0) return [];
  const first = used.reduce((least, index) => Math.min(least, index));
  const last = used.reduce((most, index) => Math.max(most, index));
  const buckets: Bucket[] = [];
  for (let index = first; index <= last; index++) {
    const count = counts.get(index) ?? 0n;
    buckets.push(
      type.kind === 'hist' ? histBucket(type.bits, index, count) : lhistBucket(type, index, count),
    );
  }
  return buckets;
}

/** Lowest value of bucket `index` (1 …). The bound's power of two also chooses its unit. */
function histBound(bits: number, index: number): { readonly value: bigint; readonly label: string } {
  const step = index - 1;
  const plain = 1 << bits;
  if (step < plain) return { value: BigInt(step), label: String(step) };
  const power = (step >> bits) - 1;
  const value = BigInt(plain + (step & (plain - 1))) << BigInt(power);
  const decade = Math.floor(power / 10);
  return { value, label: `${value >> BigInt(10 * decade)}${SUFFIXES[decade] ?? ''}` };
}

function histBucket(bits: number, index: number, count: bigint): Bucket {
  if (index === 0) return { high: 0n, label: '(..., 0)', count };
  const low = histBound(bits, index);
  const high = histBound(bits, index + 1);
  // A step past the plain ones may also be one wide; both bounds then carry no unit.
  const single = high.value - low.value === 1n && index <= 2 << bits;
  return {
    low: low.value,
    high: high.value,
    label: single ? `[${low.label}]` : `[${low.label}, ${high.label})`,
    count,
  };
}

function lhistBucket(type: LhistType, index: number, count: bigint): Bucket {
  const { min, max, step } = type;
  const label = (value: number): string => lhistLabel(value, step);
  if (index === 0) return { high: BigInt(min), label: `(..., ${label(min)})`, count };
  if (index > Math.floor((max - min) / step)) {
    const partial = index === 1 + Math.floor((max - min) / step);
    if (partial) return { low: BigInt(max), label: `[${label(max)}, ...)`, count };
  }
  const low = min + (index - 1) * step;
  const high = low + step;
  return {
    low: BigInt(low),
    high: BigInt(high),
    label: step === 1 ? `[${label(low)}]` : `[${label(low)}, ${label(high)})`,
    count,
  };
}

function lhistLabel(value: number, step: number): string {
  if (step % 1024 !== 0) return String(value);
  if (value % (1024 * 1024) === 0 && value !== 0) return `${value / (1024 * 1024)}M`;
  if (value % 1024 === 0 && value !== 0) return `${value / 1024}K`;
  return String(value);
}

const BAR_WIDTH = 52;

/** The rows of a histogram as bpftrace draws them, a newline after each. */
export function drawHistogram(buckets: readonly Bucket[]): string {
  const max = buckets.reduce((most, bucket) => (bucket.count > most ? bucket.count : most), 0n);
  return buckets.map((bucket) => `${row(bucket, max)}\n`).join('');
}

function row(bucket: Bucket, max: bigint): string {
  // bpftrace computes the bar in single precision and truncates; doubles would draw another length at times.
  const share = Math.fround(Math.fround(Number(bucket.count)) / Math.fround(Number(max)));
  const bar = '@'.repeat(Math.trunc(Math.fround(share * BAR_WIDTH)));
  return `${bucket.label.padEnd(16)}${bucket.count.toString().padStart(8)} |${bar.padEnd(BAR_WIDTH)}|`;
}
