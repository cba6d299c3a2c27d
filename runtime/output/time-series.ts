/**
 * `tseries`: the values of the last intervals, merged over CPUs, and their graph.
 *
 *              0                                                 5      the least and the most
 *     hh:mm:ss |___________________________________________________|
 *     12:00:01 |    *                                              | 1
 *     12:00:02 |                                                   | -  nothing came
 *              v___________________________________________________v
 *              0                                                 5
 */
import type { AggregateType } from '../../compiler/types/type.ts';
import type { PrintContext } from './context.ts';
import { readInteger } from './read.ts';
import { strftime } from './strftime.ts';

type SeriesType = Extract<AggregateType, { readonly kind: 'tseries' }>;

export interface SeriesPoint {
  /** Number of the interval since the beginning of the clock. */
  readonly epoch: bigint;
  readonly value: bigint;
}

export interface Series {
  readonly type: SeriesType;
  /** Ascending, intervals without a value left out. */
  readonly points: readonly SeriesPoint[];
}

const SIZE = 24;
const U64 = { size: 8, signed: false } as const;

/** `slots`: of each all CPUs' copies. */
export function seriesOf(type: SeriesType, slots: readonly Uint8Array[]): Series {
  const merged = slots.flatMap((copies) => mergeCopies(type, copies) ?? []);
  const last = merged.reduce((most, { epoch }) => (epoch > most ? epoch : most), 0n);
  // A slot that was not come to again holds what is longer ago than the series reaches.
  const points = merged.filter(({ epoch }) => epoch > last - BigInt(type.count));
  points.sort((a, b) => (a.epoch < b.epoch ? -1 : 1));
  return { type, points };
}

interface Copy {
  readonly value: bigint;
  readonly meta: bigint;
  readonly epoch: bigint;
}

/** Of the copies those of the newest epoch count; undefined when no CPU wrote the slot. */
function mergeCopies(type: SeriesType, bytes: Uint8Array): SeriesPoint | undefined {
  const copies: Copy[] = [];
  for (let at = 0; at + SIZE <= bytes.length; at += SIZE) {
    const epoch = readInteger(U64, bytes, at + 16);
    const value = readInteger({ size: 8, signed: type.signed }, bytes, at);
    if (epoch !== 0n) copies.push({ value, meta: readInteger(U64, bytes, at + 8), epoch });
  }
  const epoch = copies.reduce((most, copy) => (copy.epoch > most ? copy.epoch : most), 0n);
  const newest = copies.filter((copy) => copy.epoch === epoch);
  return newest.length === 0 ? undefined : { epoch, value: combine(type, newest) };
}

function combine({ merge }: SeriesType, copies: readonly Copy[]): bigint {
  const total = (of: (copy: Copy) => bigint): bigint => copies.reduce((sum, copy) => sum + of(copy), 0n);
  const best = (better: (a: Copy, b: Copy) => boolean): bigint =>
    copies.reduce((most, copy) => (better(copy, most) ? copy : most)).value;
  switch (merge) {
    case 'sum':
      return total(({ value }) => value);
    case 'avg': {
      const count = total(({ meta }) => meta);
      return count === 0n ? 0n : total(({ value }) => value) / count;
    }
    case 'min':
      return best((a, b) => a.value < b.value);
    case 'max':
      return best((a, b) => a.value > b.value);
    case undefined:
      return best((a, b) => a.meta > b.meta);
    default:
      return merge satisfies never;
  }
}

/** Nanoseconds since the Unix epoch at which an interval begins. */
export function intervalStart(
  { type }: Series,
  { epoch }: Pick<SeriesPoint, 'epoch'>,
  context: PrintContext,
): bigint {
  return context.epochNs(epoch * BigInt(type.interval), 'sw_tai');
}

/** Columns between the bars, and with them. */
const INSIDE = 51;
const WIDTH: number = INSIDE + 2;
const LEAST_WIDTH = 21;

interface TimeForm {
  readonly head: string;
  readonly format: string;
}

/** As many digits as the interval needs. */
function timeForm(interval: number): TimeForm {
  if (interval >= 1e9) return { head: 'hh:mm:ss', format: '%H:%M:%S' };
  if (interval >= 1e6) return { head: 'hh:mm:ss.ms ', format: '%H:%M:%S.%l' };
  if (interval >= 1e3) return { head: 'hh:mm:ss.us    ', format: '%H:%M:%S.%f' };
  return { head: 'hh:mm:ss.ns       ', format: '%H:%M:%S.%k' };
}

/** The graph, a newline after each line. */
export function drawSeries(series: Series, context: PrintContext): string {
  const { points, type } = series;
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return '<no data>\n';
  const values = points.map(({ value }) => value);
  const scale = scaleOf(values);
  const { head, format } = timeForm(type.interval);
  const margin = ' '.repeat(head.length + 1);
  const least = String(scale.min).padEnd(LEAST_WIDTH);
  const limits = `${margin}${least}${String(scale.max).padStart(WIDTH - LEAST_WIDTH)}\n`;
  const known = new Map(points.map(({ epoch, value }) => [epoch, value]));
  const lines: string[] = [];
  for (let { epoch } = first; epoch <= last.epoch; epoch++) {
    const time = strftime(format, intervalStart(series, { epoch }, context));
    const value = known.get(epoch);
    lines.push(`${time} |${plot(value, scale)}| ${value ?? '-'}\n`);
  }
  const line = '_'.repeat(INSIDE);
  return `${limits}${head} |${line}|\n${lines.join('')}${margin}v${line}v\n${limits}`;
}

interface Scale {
  readonly min: bigint;
  readonly max: bigint;
}

function scaleOf(values: readonly bigint[]): Scale {
  const min = values.reduce((least, value) => (value < least ? value : least));
  const max = values.reduce((most, value) => (value > most ? value : most));
  return min === max ? { min: min - 1n, max: max + 1n } : { min, max };
}

/** A star at the value, a point on the axis of zero when the range has both signs. */
function plot(value: bigint | undefined, scale: Scale): string {
  const columns = new Array<string>(INSIDE).fill(' ');
  if (scale.min < 0n && scale.max > 0n) columns[columnOf(0n, scale)] = '.';
  if (value !== undefined) columns[columnOf(value, scale)] = '*';
  return columns.join('');
}

function columnOf(value: bigint, { min, max }: Scale): number {
  return Math.round((Number(value - min) / Number(max - min)) * (INSIDE - 1));
}
