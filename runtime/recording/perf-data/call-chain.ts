/**
 * A sample's call chain split by where its addresses belong. The kernel puts markers between them (`enum
 * perf_callchain_context`), which are addresses no code can have:
 *
 *     CONTEXT_KERNEL  k k k  CONTEXT_USER  u u
 */
import type { CallChain } from '../event-recording.ts';
import type { PerfRecord } from './perf-record.ts';
import { CPU_MODE, MISC } from './record-types.ts';

const MARKER = {
  hypervisor: 0xffff_ffff_ffff_ffe0n,
  kernel: 0xffff_ffff_ffff_ff80n,
  user: 0xffff_ffff_ffff_fe00n,
  /** Its one number is a cookie: the addresses come in a record of their own. */
  userDeferred: 0xffff_ffff_ffff_fd80n,
  guest: 0xffff_ffff_ffff_f800n,
  guestKernel: 0xffff_ffff_ffff_f780n,
  guestUser: 0xffff_ffff_ffff_f600n,
} as const;
/** `PERF_CONTEXT_MAX`: nothing from here on is an address. */
const FIRST_MARKER = 0xffff_ffff_ffff_f001n;

/** The chain of `count` numbers from `at`, which the caller has checked to lie within the record. */
export function splitCallChain(record: PerfRecord, at: number, count: number): CallChain {
  const kernel: bigint[] = [];
  const user: bigint[] = [];
  let part: bigint[] | undefined = startOf(record.misc, kernel, user);
  for (let index = 0; index < count; index++) {
    const address = record.view.getBigUint64(at + index * 8, record.littleEndian);
    if (address >= FIRST_MARKER) part = partOf(address, kernel, user);
    else part?.push(address);
  }
  return { kernel, user };
}

/** Before the first marker the addresses are of the mode the CPU was in. */
function startOf(misc: number, kernel: bigint[], user: bigint[]): bigint[] | undefined {
  const mode = misc & MISC.cpuModeMask;
  if (mode === CPU_MODE.kernel) return kernel;
  return mode === CPU_MODE.user ? user : undefined;
}

/** A guest's addresses are of another machine: they belong to neither. */
function partOf(marker: bigint, kernel: bigint[], user: bigint[]): bigint[] | undefined {
  if (marker === MARKER.kernel || marker === MARKER.hypervisor) return kernel;
  return marker === MARKER.user ? user : undefined;
}
