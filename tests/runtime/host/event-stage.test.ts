import { describe, expect, test } from 'vitest';
import { encodeComm } from '../../../runtime/helpers/execution-context.ts';
import { EventStage, type StagedRecord } from '../../../runtime/host/event-stage.ts';
import { Memory } from '../../../vm/memory.ts';

const task = { tid: 7, tgid: 7, uid: 0, gid: 0, comm: encodeComm('x'), cgroupId: 1, object: 0 };

function record(length: number, fill: number, offset = 0): StagedRecord {
  const bytes = new Uint8Array(offset + length).fill(fill);
  const view = new DataView(bytes.buffer);
  return { eventId: 3, timeLow: 1, timeHigh: 2, view, offset, length };
}

describe('EventStage', () => {
  test('puts a record and its moment into the columns', () => {
    const memory = new Memory(1 << 20);
    const stage = new EventStage(memory);
    stage.add(record(12, 0xab, 2), 5, task);
    const { batch } = stage;
    const row = [batch.point, batch.cpu, batch.timeLow, batch.timeHigh, batch.tid, batch.length].map(
      (c) => c[0],
    );
    expect(row).toEqual([3, 5, 1, 2, 7, 12]);
    expect([...memory.bytes(batch.address[0]!, 12)]).toEqual(Array(12).fill(0xab));
    expect(memory.regions.at(batch.address[0]!)?.kind).toBe('context');
    expect(stage.waiting).toBe(1);
  });

  test('is full by rows and by bytes, and has room for the longest record when it is empty', () => {
    for (const length of [8, 65536]) {
      const memory = new Memory(1 << 20);
      const stage = new EventStage(memory);
      expect(stage.full).toBe(false);
      while (!stage.full) stage.add(record(length, 1), 0, task);
      const last = stage.batch.count - 1;
      const region = memory.regions.at(stage.batch.address[0]!)!;
      expect(stage.batch.address[last]! + stage.batch.length[last]!).toBeLessThanOrEqual(region.end);
      expect(stage.batch.count).toBeLessThanOrEqual(stage.batch.capacity);
      stage.clear();
      expect([stage.full, stage.waiting]).toEqual([false, 0]);
    }
  });

  test('shows zeros behind a record, also where a longer one was before', () => {
    const memory = new Memory(1 << 20);
    const stage = new EventStage(memory);
    stage.add(record(400, 0xff), 0, task);
    stage.clear();
    stage.add(record(16, 0xee), 0, task);
    stage.add(record(16, 0xdd), 0, task);
    expect([...memory.bytes(stage.batch.address[0]! + 16, 256)]).toEqual(Array(256).fill(0));
  });
});
