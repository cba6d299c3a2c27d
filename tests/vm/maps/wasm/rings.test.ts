/** Rings written by JavaScript and by compiled operations in turn, beside rings that JavaScript alone writes. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { helper } from '../../../../bpf/helpers/lookup.ts';
import { EINVAL } from '../../../../vm/errno.ts';
import {
  createMachine,
  type Machine,
  type PerfEventArrayMap,
  type RecordRing,
  type RingBufferMap,
} from '../../../../vm/index.ts';
import { Current, REGISTERS, RunState } from '../../../../vm/layout.ts';
import { map } from '../../support.ts';
import { commits, ownOperations, sharedOperations } from './compiled.ts';

const CPUS = 3;
const MACHINE = createMachine({ memoryLimit: 64 << 20, cpus: CPUS, mode: 'trusted' });
const { u8, i32 } = MACHINE.memory;
const DATA = MACHINE.memory.allocate(70000, 'data');
for (let i = 0; i < 70000; i++) u8[DATA + i] = i * 7;
const COMMITS = commits(MACHINE);

/** What the helper of this name answers: the low half of r0. */
function helped(
  machine: Machine,
  name: Parameters<typeof helper>[0],
  args: readonly (number | bigint)[],
): number {
  const { view } = machine.memory;
  for (const [index, arg] of args.entries()) {
    view.setBigUint64(REGISTERS + 8 + index * 8, BigInt.asUintN(64, BigInt(arg)), true);
  }
  machine.callHelper(helper(name).id);
  return machine.registers[0]!;
}

const pointer = (address: number): bigint => 0xffff8881_0000_0000n | BigInt(address);

/** Header and data of a ring; the bytes of a record's padding are no part of it, and stay what they were. */
function content(ring: RecordRing): Uint8Array {
  const header = MACHINE.memory.bytes(ring.header, 12);
  return Uint8Array.of(...header, ...MACHINE.memory.bytes(ring.data, Math.min(ring.size * 2, 16384)));
}

function drained(ring: RecordRing): string[] {
  const all: string[] = [];
  ring.drain((address, length) => all.push(MACHINE.memory.bytes(address, length).toHex()));
  return all;
}

/** Records written to rings since the last call. */
function outputs(): number {
  const count = i32[RunState.output >> 2]!;
  i32[RunState.output >> 2] = 0;
  return count;
}

const step = fc.record({
  kind: fc.constantFrom('record', 'record', 'output', 'output', 'drain' as const),
  way: fc.constantFrom('script', 'own', 'shared' as const),
  size: fc.oneof(fc.nat(40), fc.nat(600), fc.constantFrom(0, 8, 4080, 4096, 0x3fff_ffff, 0x4000_0000)),
  flags: fc.constantFrom(0n, 0n, 0n, 1n, 2n, 3n, 4n, 1n << 32n),
  discard: fc.boolean(),
});

test('ring buffers hold the same records, whoever wrote them', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 50 }), (steps) => {
      const [plain, mixed] = [0, 1].map(
        () => MACHINE.createMap(map('ringbuf', 0, 0, 4096)).map as RingBufferMap,
      ) as [RingBufferMap, RingBufferMap];
      const compiled = {
        own: ownOperations(MACHINE, mixed),
        shared: sharedOperations(MACHINE, plain, mixed),
      };
      const scripted = (target: RingBufferMap, size: number, flags: bigint): number =>
        helped(MACHINE, 'ringbuf_output', [pointer(target.layout.base), pointer(DATA), size, flags]);
      const reserve = (target: RingBufferMap, size: number, flags: bigint): number =>
        helped(MACHINE, 'ringbuf_reserve', [pointer(target.layout.base), size, flags]);
      for (const { kind, way, size, flags, discard } of steps) {
        outputs();
        if (kind === 'drain') expect(drained(mixed.ring)).toEqual(drained(plain.ring));
        else if (size > MACHINE.memory.limit) continue;
        else if (kind === 'output') {
          if (size > 60000) continue;
          const wanted = scripted(plain, size, flags);
          const counted = outputs();
          const got =
            way === 'script' ? scripted(mixed, size, flags) : compiled[way].output!(DATA, size, flags);
          expect([got, outputs()]).toEqual([wanted, counted]);
        } else {
          const wanted = reserve(plain, size, flags);
          const got = way === 'script' ? reserve(mixed, size, flags) : compiled[way].reserve!(size, flags);
          expect(got === 0 ? 0 : got - mixed.ring.data).toBe(wanted === 0 ? 0 : wanted - plain.ring.data);
          if (got === 0) continue;
          for (const at of [got, wanted]) u8.copyWithin(at, DATA + 3, DATA + 3 + size);
          expect(plain.ring.commit(wanted, discard)).toBe(true);
          const counted = outputs();
          if (way === 'script') expect(mixed.ring.commit(got, discard)).toBe(true);
          else expect(COMMITS[discard ? 'discard' : 'submit'](got)).toBe(1);
          expect(outputs()).toBe(counted);
          expect(COMMITS.submit(got)).toBe(0);
        }
      }
      expect(content(mixed.ring)).toEqual(content(plain.ring));
    }),
    { numRuns: 40 },
  );
});

test('perf buffers hold the same samples, whoever wrote them', () => {
  const index = fc.constantFrom(0n, 1n, 2n, 3n, 4n, 0xffff_ffffn, 0xffff_fffen, 1n << 40n);
  const sample = fc.record({
    way: fc.constantFrom('script', 'own', 'shared' as const),
    size: fc.oneof(fc.nat(300), fc.constantFrom(65519, 65520, 60000)),
    flags: index,
    cpu: fc.nat(CPUS - 1),
    close: fc.option(fc.nat(CPUS - 1), { freq: 20 }),
  });
  const make = (entries: number): PerfEventArrayMap =>
    MACHINE.createMap(map('perf_event_array', 4, 4, entries)).map as PerfEventArrayMap;
  for (const entries of [2, CPUS, 8]) {
    const [plain, mixed] = [make(entries), make(entries)];
    const compiled = { own: ownOperations(MACHINE, mixed), shared: sharedOperations(MACHINE, plain, mixed) };
    const scripted = (target: PerfEventArrayMap, size: number, flags: bigint): number =>
      helped(MACHINE, 'perf_event_output', [0, pointer(target.layout.base), flags, pointer(DATA), size]);
    fc.assert(
      fc.property(fc.array(sample, { maxLength: 40 }), (samples) => {
        for (const { way, size, flags, cpu, close } of samples) {
          i32[Current.cpu >> 2] = cpu;
          if (close !== null) {
            i32[DATA >> 2] = close;
            expect(mixed.delete(DATA)).toBe(plain.delete(DATA));
          }
          outputs();
          const wanted = scripted(plain, size, flags);
          const counted = outputs();
          const got =
            way === 'script' ? scripted(mixed, size, flags) : compiled[way].output!(DATA, size, flags);
          expect([got, outputs()]).toEqual([wanted, counted]);
        }
        for (const [cpu, ring] of plain.rings.entries()) {
          expect(content(mixed.rings[cpu]!)).toEqual(content(ring));
          expect(drained(mixed.rings[cpu]!)).toEqual(drained(ring));
        }
      }),
      { numRuns: 15 },
    );
  }
});

test('flags that ask for bytes of a packet are refused where there is none', () => {
  const perf = MACHINE.createMap(map('perf_event_array', 4, 4, CPUS)).map;
  expect(ownOperations(MACHINE, perf).output!(DATA, 8, (4n << 32n) | 0xffff_ffffn)).toBe(EINVAL);
});
