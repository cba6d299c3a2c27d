import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RecordingClock } from '../../../runtime/recording/recording-clock.ts';

const MASK = 0xffff_ffff_ffff_ffffn;
const u64 = fc.bigInt({ min: 0n, max: MASK });
const u32 = fc.integer({ min: 0, max: 0xffff_ffff });

function convert(clock: RecordingClock, time: bigint): bigint {
  clock.convert(Number(time >> 32n) | 0, Number(time & 0xffff_ffffn) | 0);
  return (BigInt(clock.high >>> 0) << 32n) | BigInt(clock.low >>> 0);
}

describe('RecordingClock', () => {
  it('is 64-bit arithmetic', () => {
    fc.assert(
      fc.property(
        u64,
        u32,
        fc.integer({ min: 0, max: 63 }),
        u64,
        u64,
        (time, mult, shift, date, timeOffset) => {
          const clock = new RecordingClock({ tscConversion: { mult, shift, offset: 0n }, date, timeOffset });
          const scaled = mult === 0 ? time : (time * BigInt(mult)) >> BigInt(shift);
          expect(convert(clock, time)).toBe((scaled + date * 1000n + timeOffset) & MASK);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('adds negative offsets', () => {
    const clock = new RecordingClock({ tscConversion: undefined, date: 0n, timeOffset: -5n });
    expect(convert(clock, 3n)).toBe(MASK - 1n);
    expect(convert(clock, 0x1_0000_0000n)).toBe(0xffff_fffbn);
  });

  it('knows when there is nothing to do', () => {
    expect(new RecordingClock({ tscConversion: undefined, date: 0n, timeOffset: 0n }).identity).toBe(true);
    expect(new RecordingClock({ tscConversion: undefined, date: 1n, timeOffset: 0n }).identity).toBe(false);
  });
});
