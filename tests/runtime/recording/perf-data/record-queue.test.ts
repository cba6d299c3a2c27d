import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RecordQueue } from '../../../../runtime/recording/perf-data/record-queue.ts';

const TIMES = fc.array(
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((time) => time - (time % 2n ** 60n) + (time % 4n)),
  {
    maxLength: 200,
  },
);

describe('the queue of records', () => {
  it('gives them by time, and in order of arrival at equal times', () => {
    fc.assert(
      fc.property(TIMES, fc.nat(), (times, seed) => {
        const queue = new RecordQueue();
        const waiting: { readonly time: bigint; readonly position: number }[] = [];
        const popped: number[] = [];
        const expected: number[] = [];
        const pop = (): void => {
          const least = waiting.reduce((a, b) => (b.time < a.time ? b : a));
          waiting.splice(waiting.indexOf(least), 1);
          queue.pop();
          popped.push(queue.position);
          expected.push(least.position);
        };
        times.forEach((time, position) => {
          queue.push(Number(time >> 32n), Number(time & 0xffff_ffffn), position, 8, undefined);
          waiting.push({ time, position });
          if ((position + seed) % 3 === 0) pop();
        });
        while (queue.count > 0) pop();
        expect(popped).toEqual(expected);
      }),
    );
  });

  it('counts the memory that waits, each piece once', () => {
    const piece = (size: number): { bytes: Uint8Array; view: DataView } => {
      const bytes = new Uint8Array(size);
      return { bytes, view: new DataView(bytes.buffer) };
    };
    const [first, second] = [piece(100), piece(30)];
    const queue = new RecordQueue();
    queue.push(0, 1, 0, 8, first);
    queue.push(0, 2, 8, 8, first);
    queue.push(0, 3, 0, 8, second);
    const held: number[] = [queue.held];
    while (queue.count > 0) {
      queue.pop();
      held.push(queue.held);
    }
    expect(held).toEqual([130, 130, 30, 0]);
  });
});
