/**
 * Turns a record's stored time into nanoseconds as trace-cmd shows it: TSC ticks by the file's multiplier and shift,
 * then the offsets of `--date` and `--ts-offset`. 64 bits as two int32 halves: it runs once per record.
 */
import type { RecordingOptions } from './options.ts';

/** Clocks that count nanoseconds (kernel `trace_clocks`, `in_ns`). */
const NANOSECOND_CLOCKS: ReadonlySet<string> = new Set([
  'local',
  'global',
  'uptime',
  'perf',
  'mono',
  'mono_raw',
  'boot',
  'tai',
  'tsc2nsec',
]);

const HIGH = 2 ** 32;

export class RecordingClock {
  /** Nothing to convert: stored times are shown times. */
  readonly identity: boolean;
  /** Result of the last {@link convert}, halves of a 64-bit number as int32. */
  high = 0;
  low = 0;
  private readonly mult: number;
  private readonly shift: number;
  private readonly offsetHigh: number;
  private readonly offsetLow: number;

  constructor(options: Pick<RecordingOptions, 'tscConversion' | 'date' | 'timeOffset'>) {
    this.mult = options.tscConversion?.mult ?? 0;
    this.shift = options.tscConversion?.shift ?? 0;
    const offset = BigInt.asUintN(64, options.date * 1000n + options.timeOffset);
    this.offsetHigh = Number(offset >> 32n) | 0;
    this.offsetLow = Number(offset & 0xffff_ffffn) | 0;
    this.identity = this.mult === 0 && offset === 0n;
  }

  convert(high: number, low: number): void {
    this.high = high;
    this.low = low;
    if (this.mult !== 0) this.scale();
    const sum = (this.low >>> 0) + (this.offsetLow >>> 0);
    this.high = (this.high + this.offsetHigh + (sum >= HIGH ? 1 : 0)) | 0;
    this.low = sum | 0;
  }

  /** time * mult >> shift: a 96-bit product in 32-bit digits, each partial product below 2^53. */
  private scale(): void {
    const [low0, low1] = product(this.low >>> 0, this.mult);
    const [high0, high1] = product(this.high >>> 0, this.mult);
    const middle = low1 + high0;
    const digits = [low0, middle % HIGH, high1 + (middle >= HIGH ? 1 : 0), 0, 0];
    const skip = Math.floor(this.shift / 32);
    const bits = this.shift % 32;
    this.low = funnel(digits[skip]!, digits[skip + 1]!, bits);
    this.high = funnel(digits[skip + 1]!, digits[skip + 2]!, bits);
  }
}

/** Does this clock count nanoseconds? Other clocks (`counter`, `x86-tsc`) count something else. */
export function countsNanoseconds(clock: string, options: Pick<RecordingOptions, 'tscConversion'>): boolean {
  return NANOSECOND_CLOCKS.has(clock) || (options.tscConversion?.mult ?? 0) !== 0;
}

/** a * b of two u32 as low and high u32. */
function product(a: number, b: number): [number, number] {
  const high = (a >>> 16) * b;
  const low = (a & 0xffff) * b + (high % 65536) * 65536;
  return [low % HIGH, Math.floor(high / 65536) + Math.floor(low / HIGH)];
}

/** 32 bits of the pair from bit `bits` on. */
function funnel(low: number, high: number, bits: number): number {
  return bits === 0 ? low | 0 : (low >>> bits) | (high << (32 - bits));
}
