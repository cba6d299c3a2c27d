import { describe, expect, it } from 'vitest';
import { readEventAttr } from '../../../../runtime/recording/perf-data/event-attr.ts';
import { type PerfSample, readSample } from '../../../../runtime/recording/perf-data/sample.ts';
import { open, readPart } from './recordings.ts';
import { attrBytes, body, record, type TestEvent } from './writer.ts';

/** Every field a kernel can record, each with a number of its own. */
const EVERYTHING: TestEvent = {
  sampleType: 0x1ff_ffff & ~(1 << 14),
  readFormat: 31,
  branchSampleType: (1 << 17) | (1 << 19),
  userRegisters: 0b1011n,
  interruptRegisters: 0b1n,
};

function everything(littleEndian: boolean): Uint8Array {
  return body((w) => {
    w.u64(1).u64(2).u32(3).u32(4).u64(5).u64(6).u64(7).u64(8).u32(9).u32(0).u64(10);
    // READ of a group of two: value, id, lost each.
    w.u64(2).u64(11).u64(12).u64(13).u64(14).u64(15).u64(16).u64(17).u64(18);
    w.u64(2).u64(19).u64(20);
    w.u32(4).u32(21);
    w.u64(1).u64(22).u64(23).u64(24).u64(25).u64(26);
    w.u64(2).u64(27).u64(28).u64(29);
    w.u64(8).u64(30).u64(8);
    w.u64(31).u64(32).u64(33);
    w.u64(2).u64(34);
    return w.u64(35).u64(36).u64(37).u64(38).u64(8).u64(39);
  }, littleEndian);
}

function sampleOf(bytes: Uint8Array, event: TestEvent, littleEndian = true): PerfSample {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const attr = readEventAttr(attrBytes(event, littleEndian), littleEndian);
  return readSample({ type: 9, misc: 0, size: bytes.length, bytes, view, offset: 0, littleEndian }, attr);
}

describe('a sample', () => {
  it.each([true, false])('has all its fields in the kernel’s order (little: %s)', (littleEndian) => {
    const sample = sampleOf(record(9, 0, everything(littleEndian), littleEndian), EVERYTHING, littleEndian);
    expect(sample).toMatchObject({
      identifier: 1n,
      ip: 2n,
      pid: 3,
      tid: 4,
      time: 5n,
      address: 6n,
      id: 7n,
      streamId: 8n,
      cpu: 9,
      period: 10n,
      timeEnabled: 11n,
      timeRunning: 12n,
      read: [
        { value: 13n, id: 14n, lost: 15n },
        { value: 16n, id: 17n, lost: 18n },
      ],
      callChain: [19n, 20n],
      branchIndex: 22n,
      branches: [{ from: 23n, to: 24n, flags: 25n }],
      userRegisters: { abi: 2n, values: [27n, 28n, 29n] },
      weight: 31n,
      dataSource: 32n,
      transaction: 33n,
      interruptRegisters: { abi: 2n, values: [34n] },
      physicalAddress: 35n,
      cgroup: 36n,
      dataPageSize: 37n,
      codePageSize: 38n,
    });
    expect([sample.raw?.length, sample.userStack?.length, sample.aux?.length]).toEqual([4, 8, 8]);
    expect(sample.damaged).toBeUndefined();
  });

  it('cut anywhere has the fields before the cut and tells of the first one missing', () => {
    const whole = record(9, 0, everything(true));
    for (let size = 8; size < whole.length; size += 4) {
      const sample = sampleOf(whole.slice(0, size), EVERYTHING);
      expect(sample.damaged).toBeTypeOf('string');
    }
  });

  it.each([
    ['counters', 8 * 10, 'counters'],
    ['call chain', 8 * 19, 'call chain'],
    ['branches', 8 * 23, 'branches'],
  ])('with a lying count of %s is damaged there', (_, at, field) => {
    const bytes = record(9, 0, everything(true));
    new DataView(bytes.buffer).setBigUint64(at, 1n << 62n, true);
    expect(sampleOf(bytes, EVERYTHING).damaged).toBe(field);
  });

  it.each(['everything', 'group', 'zstd', 'pipe'])('of the recording %s is whole', (name) => {
    const cursor = open(readPart(`${name}.data`)).cursor();
    let stacks = 0;
    while (cursor.next()) {
      const sample = cursor.sample()!;
      expect(sample.damaged).toBeUndefined();
      expect([sample.tid ?? cursor.tid, sample.pid]).toContain(cursor.tgid);
      if ((sample.userStack?.length ?? 0) > 0) stacks++;
      if (name !== 'everything') continue;
      // The last fixed field: pages of 4 KiB or, in the kernel's text, of 2 MiB.
      expect([4096n, 2097152n]).toContain(sample.codePageSize);
      expect(sample.interruptRegisters?.values.length).toBe(sample.interruptRegisters?.abi === 0n ? 0 : 20);
    }
    expect(stacks > 0).toBe(name === 'everything');
  });
});
