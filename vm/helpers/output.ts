/** Output to user space: ring buffers (kernel/bpf/ringbuf.c) and perf event arrays (`bpf_perf_event_output`). */
import type { LinearAddress } from '../address.ts';
import { EAGAIN, EFAULT, EINVAL, EOPNOTSUPP } from '../errno.ts';
import { hex64 } from '../fault.ts';
import { setResult, setResultPair } from '../helper-port.ts';
import type { Machine } from '../machine.ts';
import { PerfEventArrayMap } from '../maps/perf-event-array-map.ts';
import type { RecordRing } from '../maps/record-ring.ts';
import { RingBufferMap } from '../maps/ring-buffer-map.ts';
import {
  entry,
  flagsArgument,
  type HelperEntry,
  mapArgument,
  memoryArgument,
  setPointer,
  sizeArgument,
} from './arguments.ts';

/** BPF_RB_NO_WAKEUP and BPF_RB_FORCE_WAKEUP. */
export const WAKEUP_FLAGS = 3;
/** BPF_F_CURRENT_CPU: the low half of the flags all ones. */
const CURRENT_CPU = 0xffff_ffff;

export function outputHelpers(machine: Machine): readonly HelperEntry[] {
  return [
    entry('ringbuf_output', (r) => setResult(r, ringOutput(machine, r))),
    entry('ringbuf_reserve', (r) => {
      const ring = ringArgument(machine, r);
      const size = sizeArgument(machine, r, 2);
      setPointer(r, flagsArgument(r, 3) === 0 ? ring.reserve(size) : 0);
    }),
    entry('ringbuf_submit', (r) => commit(machine, r, false)),
    entry('ringbuf_discard', (r) => commit(machine, r, true)),
    entry('ringbuf_query', (r) => setResultPair(r, query(ringArgument(machine, r), flagsArgument(r, 2)), 0)),
    entry('perf_event_output', (r) => setResult(r, perfOutput(machine, r))),
  ];
}

/** The ring of the map that argument 1 points to. */
export function ringArgument(machine: Machine, r: Int32Array): RecordRing {
  const map = mapArgument(machine, r, 1);
  if (map instanceof RingBufferMap) return map.ring;
  throw machine.fault('target', `map ${map.definition.name} is no ring buffer`);
}

function ringOutput(machine: Machine, r: Int32Array): number {
  const ring = ringArgument(machine, r);
  const size = sizeArgument(machine, r, 3);
  const data = memoryArgument(machine, r, 2, size);
  const flags = flagsArgument(r, 4);
  if (flags < 0 || flags > WAKEUP_FLAGS) return EINVAL;
  const room = ring.reserve(size);
  if (room === 0) return EAGAIN;
  machine.memory.u8.copyWithin(room, data, data + size);
  ring.commit(room, false);
  return 0;
}

function commit(machine: Machine, r: Int32Array, discard: boolean): void {
  const address = r[2]!;
  if (!commitRecord(machine, address, discard)) {
    throw machine.fault('target', `argument 1 is ${hex64(address, r[3]!)}, which is no reserved record`);
  }
}

/** A record belongs to the ring whose data region it lies in. False when it is none that is reserved. */
export function commitRecord(machine: Machine, address: LinearAddress, discard: boolean): boolean {
  const ring = machine.rings.find(({ data, size }) => address >= data && address < data + size * 2);
  return ring?.commit(address, discard) === true;
}

/** BPF_RB_AVAIL_DATA, _RING_SIZE, _CONS_POS, _PROD_POS. */
function query(ring: RecordRing, what: number): number {
  switch (what) {
    case 0:
      return ring.available;
    case 1:
      return ring.size;
    case 2:
      return ring.consumer;
    case 3:
      return ring.producer;
    default:
      return 0;
  }
}

/** Bytes of the packet that a program runs at: the address of so many, or 0 when it has fewer. */
export type PacketBytes = (length: number) => LinearAddress;

/** BPF_F_CTXLEN_MASK, of the upper half: bytes of the packet that follow the record. */
const PACKET_LENGTH = 0xfffff;

/** r1 context, r2 map, r3 flags (low half: the CPU), r4 data, r5 size (`bpf_skb_event_output` with a packet). */
export function perfOutput(machine: Machine, r: Int32Array, packet?: PacketBytes): number {
  const map = mapArgument(machine, r, 2);
  const size = sizeArgument(machine, r, 5);
  const data = memoryArgument(machine, r, 4, size);
  if (!(map instanceof PerfEventArrayMap)) return EINVAL;
  const length = r[7]!;
  if ((length & ~PACKET_LENGTH) !== 0 || (length !== 0 && packet === undefined)) return EINVAL;
  const bytes = length === 0 ? 0 : packet!(length);
  if (length !== 0 && bytes === 0) return EFAULT;
  const slot = r[6]! >>> 0;
  const index = slot === CURRENT_CPU ? machine.cpu : slot;
  // The kernel writes only to the buffer of the CPU it runs on.
  if (index !== machine.cpu && index < machine.cpus) return EOPNOTSUPP;
  return map.output(index, data, size, bytes, length);
}
