/** Ring buffers and perf buffers: order, wrap, busy and discarded records, loss. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { E2BIG, EEXIST, ENOENT, ENOMEM, ENOSPC } from '../../../vm/errno.ts';
import { createMachine, PerfEventArrayMap, type RecordRing, StackTraceMap } from '../../../vm/index.ts';
import { map } from '../support.ts';

const machine = createMachine({ memoryLimit: 64 << 20, cpus: 2 });

function ring(): RecordRing {
  machine.createMap(map('ringbuf', 0, 0, 4096));
  return machine.rings.at(-1)!;
}

test('records come out in order, whole, across the end of the ring, and what does not fit is counted', () => {
  const operations = fc.array(
    fc.oneof(fc.record({ length: fc.nat(1500), discard: fc.boolean() }), fc.constant('drain' as const)),
    { maxLength: 60 },
  );
  fc.assert(
    fc.property(operations, (all) => {
      const tested = ring();
      let waiting: { length: number; mark: number }[] = [];
      let bytes = 0;
      let lost = 0;
      let mark = 0;
      const drain = (): void => {
        const got: { length: number; mark: number }[] = [];
        tested.drain((address, length) => {
          const content = machine.memory.bytes(address, length);
          expect(content.every((byte) => byte === content[0])).toBe(true);
          got.push({ length, mark: content[0] ?? -1 });
        });
        expect(got).toEqual(waiting);
        waiting = [];
        bytes = 0;
      };
      for (const one of all) {
        if (one === 'drain') {
          drain();
          continue;
        }
        const total = Math.ceil((one.length + 8) / 8) * 8;
        const room = tested.reserve(one.length);
        expect(room !== 0).toBe(bytes + total <= 4095);
        if (room === 0) {
          lost++;
          continue;
        }
        mark = (mark + 1) & 255;
        machine.memory.u8.fill(mark, room, room + one.length);
        expect(tested.commit(room, one.discard)).toBe(true);
        bytes += total;
        if (!one.discard) waiting.push({ length: one.length, mark: one.length === 0 ? -1 : mark });
      }
      drain();
      expect(tested.lost).toBe(lost);
    }),
    { numRuns: 100 },
  );
});

test('a busy record holds back those after it', () => {
  const tested = ring();
  const first = tested.reserve(8);
  const second = tested.reserve(8);
  tested.commit(second, false);
  expect(tested.drain(() => {})).toBe(0);
  tested.commit(first, false);
  expect(tested.drain(() => {})).toBe(2);
  expect(tested.commit(first, false)).toBe(false);
});

test('perf buffers: one a CPU, errors, loss', () => {
  const perf = machine.createMap(map('perf_event_array', 4, 4, 2, { name: 'p' })).map;
  if (!(perf instanceof PerfEventArrayMap)) throw new Error('no perf event array');
  const data = machine.memory.allocate(65000, 'data');
  machine.memory.u8[data] = 77;
  expect(perf.output(2, data, 8)).toBe(E2BIG);
  expect(perf.output(1, data, 8)).toBe(0);
  while (perf.output(0, data, 60000) === 0);
  expect(perf.output(0, data, 60000)).toBe(ENOSPC);
  expect(perf.rings[0]!.takeLost()).toBe(2);
  const seen: number[] = [];
  perf.drain((cpu, address) => seen.push(cpu * 1000 + machine.memory.u8[address]!));
  expect(seen).toEqual([77, 77, 77, 77, 1077]);
});

test('stacks: the same stack has the same id, another in its place is refused unless replaced', () => {
  const stacks = machine.createMap(map('stack_trace', 4, 24, 2, { name: 's' }));
  if (!(stacks.map instanceof StackTraceMap)) throw new Error('no stack map');
  const { map: tested } = stacks;
  const first = Int32Array.of(1, 0, 2, 0);
  const id = tested.store(first, 0);
  expect(tested.store(first, 0)).toBe(id);
  const number = Array.from({ length: 64 }, (_, i) => i + 3).find(
    (i) => tested.store(Int32Array.of(i, 0), 0) < 0,
  )!;
  stacks.delete(Uint8Array.of(1 - id, 0, 0, 0));
  const other = Int32Array.of(number, 0);
  expect(tested.store(other, 0)).toBe(EEXIST);
  expect(tested.store(other, 0x400)).toBe(id);
  expect(stacks.lookup(Uint8Array.of(id, 0, 0, 0))?.[0]).toBe(number);
  expect(stacks.delete(Uint8Array.of(id, 0, 0, 0))).toBe(0);
  expect(stacks.delete(Uint8Array.of(id, 0, 0, 0))).toBe(ENOENT);
  expect(stacks.delete(Uint8Array.of(2, 0, 0, 0))).toBe(E2BIG);
});

test('stacks: a full map has no place for one more, not even in place of another', () => {
  const { map: stacks } = machine.createMap(map('stack_trace', 4, 24, 1, { name: 's' }));
  if (!(stacks instanceof StackTraceMap)) throw new Error('no stack map');
  expect(stacks.store(Int32Array.of(1, 0), 0)).toBe(0);
  expect(stacks.store(Int32Array.of(2, 0), 0)).toBe(EEXIST);
  expect(stacks.store(Int32Array.of(2, 0), 0x400)).toBe(ENOMEM);
});
