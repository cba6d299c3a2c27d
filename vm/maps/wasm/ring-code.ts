/** Rings of records in generated code: what `record-ring.ts` does, for RINGBUF and PERF_EVENT_ARRAY. */
import { E2BIG, EAGAIN, EINVAL, ENOENT, ENOSPC, EOPNOTSUPP } from '../../errno.ts';
import { Current, RunState } from '../../layout.ts';
import type { FunctionBuilder, Local, Value } from '../../wasm/builder.ts';
import { I32, I64 } from '../../wasm/opcodes.ts';
import { LONGEST_SAMPLE, type PerfEventArrayMap } from '../perf-event-array-map.ts';
import { BUSY, DISCARDED, RECORD_HEADER, type RecordRing, RingHeader } from '../record-ring.ts';
import type { RingBufferMap } from '../ring-buffer-map.ts';
import { copyAny } from './bytes.ts';
import type { BodyWriter, MapBody } from './map-body.ts';
import type { MapOperation } from './operation.ts';

/** BPF_RB_NO_WAKEUP | BPF_RB_FORCE_WAKEUP. */
const WAKEUP_FLAGS = 3;

/** Bytes from the map's header to a ring; from the first of several where they are one behind the other. */
interface RingPlace {
  readonly header: number;
  readonly data: number;
  readonly size: number;
}

/** Starts a record of `size` bytes: its address is in a local, or `full` was run, which leaves. */
function reserve(
  body: MapBody,
  ring: RingPlace,
  distance: () => Value,
  size: Local,
  full: () => void,
): Local {
  const { f } = body;
  const total = f.local('i32');
  const producer = f.local('i32');
  const record = f.local('i32');
  const word = (index: number): Value =>
    body.load(I32.load, body.within(distance()), ring.header + index * 4);
  const setWord = (index: number, value: () => Value): void =>
    body.store(I32.store, body.within(distance()), value(), ring.header + index * 4);
  const padded = f.binary(I32.add, f.get(size), f.i32(RECORD_HEADER + 7));
  f.set(total, f.binary(I32.and, padded, f.i32(-8)));
  f.set(producer, word(RingHeader.producer));
  const used = f.binary(I32.sub, f.get(producer), word(RingHeader.consumer));
  f.if(f.binary(I32.gt_u, f.binary(I32.add, used, f.get(total)), f.i32(ring.size - 1)));
  setWord(RingHeader.lost, () => f.binary(I32.add, word(RingHeader.lost), f.i32(1)));
  full();
  f.end();
  const start = f.binary(I32.add, distance(), f.binary(I32.and, f.get(producer), f.i32(ring.size - 1)));
  f.set(record, body.address(body.within(start), ring.data + RECORD_HEADER));
  f.store(I32.store, before(f, record), f.binary(I32.or, f.get(size), f.i32(BUSY)), 0);
  f.store(I32.store, before(f, record), f.i32(0), 4);
  setWord(RingHeader.producer, () => f.binary(I32.add, f.get(producer), f.get(total)));
  return record;
}

/** Address of a record's header. */
function before(f: FunctionBuilder, record: Local): Value {
  return f.binary(I32.sub, f.get(record), f.i32(RECORD_HEADER));
}

/** Ends a record that has all its bytes. */
function submit(f: FunctionBuilder, record: Local, size: Local): void {
  f.store(I32.store, before(f, record), f.get(size), 0);
  countOutput(f);
}

function countOutput(f: FunctionBuilder): void {
  const base = f.i32(0);
  f.store(
    I32.store,
    base,
    f.binary(I32.add, f.load(I32.load, f.i32(0), RunState.output), f.i32(1)),
    RunState.output,
  );
}

export function ringBufferOperations(map: RingBufferMap): Partial<Record<MapOperation, BodyWriter>> {
  const ring = placeOf(map.layout.base, map.ring);
  return {
    reserve: (body) => {
      const { f } = body;
      body.returnIf(f.binary(I64.ne, f.get(body.arg(1)), f.i64(0, 0)), 0);
      const record = reserve(
        body,
        ring,
        () => f.i32(0),
        body.arg(0),
        () => f.return(f.i32(0)),
      );
      f.return(f.get(record));
    },
    output: (body) => {
      const { f } = body;
      const [data, size, flags] = [body.arg(0), body.arg(1), body.arg(2)];
      body.returnIf(f.binary(I64.gt_u, f.get(flags), f.i64(WAKEUP_FLAGS, 0)), EINVAL);
      const record = reserve(
        body,
        ring,
        () => f.i32(0),
        size,
        () => f.return(f.i32(EAGAIN)),
      );
      copyAny(f, record, data, size);
      submit(f, record, size);
      f.return(f.i32(0));
    },
  };
}

/** `output`: the flags' upper half is 0 but where a packet is to follow, which the helper does. */
export function perfOperations(map: PerfEventArrayMap): Partial<Record<MapOperation, BodyWriter>> {
  const { rings, definition, layout } = map;
  const ring = placeOf(layout.base, rings[0]!);
  const stride = rings.length > 1 ? rings[1]!.header - rings[0]!.header : 0;
  return {
    output: (body) => {
      const { f } = body;
      const [data, size, flags] = [body.arg(0), body.arg(1), body.arg(2)];
      const index = f.local('i32');
      const cpu = f.local('i32');
      const cell = f.local('i32');
      const distance = f.local('i32');
      body.returnIf(f.unary(I32.eqz, f.unary(I64.eqz, upperHalf(f, flags))), EINVAL);
      f.set(cpu, f.load(I32.load, f.i32(0), Current.cpu));
      f.set(index, f.unary(I32.wrap_i64, f.get(flags)));
      const named = [f.get(cpu), f.get(index)] as const;
      f.set(index, f.select(...named, f.binary(I32.eq, f.get(index), f.i32(-1))));
      const other = f.binary(I32.ne, f.get(index), f.get(cpu));
      const exists = f.binary(I32.lt_u, f.get(index), f.i32(rings.length));
      body.returnIf(f.binary(I32.and, other, exists), EOPNOTSUPP);
      body.returnIf(f.binary(I32.ge_u, f.get(index), f.i32(definition.maxEntries)), E2BIG);
      const cellAt = body.within(f.binary(I32.shl, f.get(index), f.i32(2)));
      f.set(cell, body.load(I32.load, cellAt, layout.elements));
      body.returnIf(f.unary(I32.eqz, f.get(cell)), ENOENT);
      body.returnIf(f.binary(I32.gt_u, f.get(size), f.i32(LONGEST_SAMPLE)), E2BIG);
      const number = f.binary(I32.sub, f.get(cell), f.i32(1));
      f.set(distance, f.binary(I32.mul, number, f.i32(stride)));
      const record = reserve(
        body,
        ring,
        () => f.get(distance),
        size,
        () => f.return(f.i32(ENOSPC)),
      );
      copyAny(f, record, data, size);
      submit(f, record, size);
      f.return(f.i32(0));
    },
  };
}

function upperHalf(f: FunctionBuilder, flags: Local): Value {
  return f.binary(I64.shr_u, f.get(flags), f.i64(32, 0));
}

function placeOf(base: number, { header, data, size }: RecordRing): RingPlace {
  return { header: header - base, data: data - base, size };
}

/**
 * Ends a reservation whose record is at the first parameter: 1, or 0 when there is none. Only where a verifier has
 * followed the address from the reservation.
 */
export function writeCommit(f: FunctionBuilder, discard: boolean): void {
  const record = f.param(0);
  const word = f.local('i32');
  f.set(word, f.load(I32.load, before(f, record), 0));
  f.if(f.binary(I32.ge_s, f.get(word), f.i32(0)));
  f.return(f.i32(0));
  f.end();
  const header = before(f, record);
  f.store(I32.store, header, f.binary(I32.xor, f.get(word), f.i32(discard ? BUSY | DISCARDED : BUSY)), 0);
  if (!discard) countOutput(f);
  f.return(f.i32(1));
}
