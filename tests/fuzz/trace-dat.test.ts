import { describe, expect, it } from 'vitest';
import { writeFile } from '../runtime/recording/files.ts';
import { readData } from '../runtime/recording/recordings.ts';
import { record, type Shape, USUAL_SHAPE } from '../runtime/recording/writer.ts';
import { mutate, seededRandom } from './bytes.ts';
import { fuzzTraceDat, USUAL_LIMITS } from './trace-dat.ts';

/** A small file of every kind: most of their bytes are structure, so that mutations hit it. */
function smallFiles(): Uint8Array[] {
  const shapes: Shape[] = [
    USUAL_SHAPE,
    { ...USUAL_SHAPE, compression: 'none' },
    { ...USUAL_SHAPE, compression: 'zlib', littleEndian: false },
    { ...USUAL_SHAPE, version: 6, compression: 'none' },
  ];
  return shapes.map((shape) => {
    const events = Array.from({ length: 20 }, (_, value) => ({
      delta: value,
      record: record(shape, 10, value),
    }));
    const pages = [1n, 1000n, 2000n].map((time) => ({ time, events, lost: 3 }));
    return writeFile(
      {
        buffers: [
          { name: '', cpus: [pages, pages] },
          { name: 'other', cpus: [pages] },
        ],
      },
      shape,
    );
  });
}

describe('mutated trace.dat files', () => {
  it('end in an error or a partial read', { timeout: 60_000 }, async () => {
    const files = [...smallFiles(), readData('trace-v6.dat.gz'), ...smallFiles(), readData('trace.dat')];
    const summary = await fuzzTraceDat(files, 300, 1);
    expect(summary.errors + summary.partial + summary.whole).toBe(300);
    expect(summary.errors).toBeGreaterThan(20);
    expect(summary.partial).toBeGreaterThan(50);
    expect(summary.whole).toBeGreaterThan(20);
    expect(summary.slowest).toBeLessThan(USUAL_LIMITS.milliseconds);
  });

  it('fail when one takes more than it may', async () => {
    const files = [readData('trace.dat')];
    const greedy = fuzzTraceDat(files, 20, 1, { ...USUAL_LIMITS, peakBytes: (size) => size / 1000 });
    await expect(greedy).rejects.toThrow(/seed 1, run \d+: .* bytes unpacked of a file of 1137003, 1137/);
    const slow = fuzzTraceDat(files, 20, 1, { ...USUAL_LIMITS, milliseconds: 0 });
    await expect(slow).rejects.toThrow(/seed 1, run 0: .*: took \d+ ms/);
  });

  it('are the same for the same seed', () => {
    const file = smallFiles()[0]!;
    const first = mutate(file, seededRandom(7));
    expect(mutate(file, seededRandom(7))).toEqual(first);
    expect(mutate(file, seededRandom(8)).mutation).not.toBe(first.mutation);
  });
});
