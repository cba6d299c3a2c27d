/**
 * The records beside the samples that tell what runs and what is mapped: MMAP, MMAP2, COMM, FORK, EXIT, KSYMBOL. Each is
 * measured before it is read, and one that is too short tells nothing.
 *
 *     COMM     pid:4 tid:4 comm            FORK, EXIT  pid:4 ppid:4 tid:4 ptid:4 time:8
 *     MMAP     pid:4 tid:4 addr:8 len:8 pgoff:8 file
 *     MMAP2    pid:4 tid:4 addr:8 len:8 pgoff:8 (maj:4 min:4 ino:8 gen:8 | size:1 .:3 buildId:20) prot:4 flags:4 file
 *     KSYMBOL  addr:8 len:4 type:2 flags:2 name
 */
import { hexOf, parseBuildId } from './build-ids.ts';
import { type PerfRecord, textIn } from './perf-record.ts';
import type { ProcessTable } from './process-table.ts';
import { CPU_MODE, MISC, RECORD, RECORD_HEADER_SIZE } from './record-types.ts';

const COMM_TEXT = 16;
const FORK_SIZE = 32;
const MMAP_TEXT = 40;
const MMAP2_TEXT = 72;
const KSYMBOL_TEXT = 24;
const BUILD_ID_AT = 44;
const MAX_BUILD_ID = 20;
/** Of a BUILD_ID record without its path. */
const BUILD_ID_SIZE = 36;

export function applySideRecord(record: PerfRecord, table: ProcessTable): void {
  switch (record.type) {
    case RECORD.comm:
      if (record.size > COMM_TEXT) applyComm(record, table);
      break;
    case RECORD.fork:
      if (record.size >= FORK_SIZE) applyFork(record, table);
      break;
    case RECORD.exit:
      if (record.size >= FORK_SIZE) table.exit(i32(record, 16));
      break;
    case RECORD.mmap:
      if (record.size > MMAP_TEXT) applyMmap(record, table, MMAP_TEXT);
      break;
    case RECORD.mmap2:
      if (record.size > MMAP2_TEXT) applyMmap(record, table, MMAP2_TEXT);
      break;
    case RECORD.buildId:
      if (record.size >= BUILD_ID_SIZE) applyBuildId(record, table);
      break;
    case RECORD.ksymbol:
      if (record.size > KSYMBOL_TEXT) applyKernelSymbol(record, table);
      break;
  }
}

function applyComm(record: PerfRecord, table: ProcessTable): void {
  const comm = textIn(record, COMM_TEXT, record.size);
  table.setComm(i32(record, 8), i32(record, 12), comm);
}

function applyFork(record: PerfRecord, table: ProcessTable): void {
  const child = { pid: i32(record, 8), tid: i32(record, 16) };
  const parent = { pid: i32(record, 12), tid: i32(record, 20) };
  table.fork(child, parent, (record.misc & MISC.forkExec) === 0);
}

function applyMmap(record: PerfRecord, table: ProcessTable, textAt: number): void {
  const start = u64(record, 16);
  const path = textIn(record, textAt, record.size);
  const buildId = textAt === MMAP2_TEXT ? buildIdIn(record) : undefined;
  const mapping = {
    start,
    end: start + u64(record, 24),
    fileOffset: u64(record, 32),
    path,
    ...(buildId === undefined ? {} : { buildId }),
  };
  const mode = record.misc & MISC.cpuModeMask;
  // A guest's mappings are of another machine.
  if (mode === CPU_MODE.guestKernel || mode === CPU_MODE.guestUser) return;
  if (mode === CPU_MODE.kernel) table.kernel.add(mapping);
  else table.map(i32(record, 8), i32(record, 12), mapping);
}

/** `perf inject -b` puts them before the first sample of their file. */
function applyBuildId(record: PerfRecord, table: ProcessTable): void {
  const body = record.bytes.subarray(record.offset + RECORD_HEADER_SIZE, record.offset + record.size);
  const { path, id } = parseBuildId(body, record.misc);
  table.setBuildId(path, id);
}

function buildIdIn(record: PerfRecord): string | undefined {
  if ((record.misc & MISC.mmapBuildId) === 0) return undefined;
  const size = Math.min(record.bytes[record.offset + 40]!, MAX_BUILD_ID);
  const start = record.offset + BUILD_ID_AT;
  return hexOf(record.bytes.subarray(start, start + size));
}

/** Code the kernel made at run time: BPF programs, trampolines. */
function applyKernelSymbol(record: PerfRecord, table: ProcessTable): void {
  const start = u64(record, 8);
  const flags = record.view.getUint16(record.offset + 22, record.littleEndian);
  if ((flags & MISC.ksymbolUnregister) !== 0) {
    table.kernel.remove(start);
    return;
  }
  const length = record.view.getUint32(record.offset + 16, record.littleEndian);
  const name = textIn(record, KSYMBOL_TEXT, record.size);
  table.kernel.add({ start, end: start + BigInt(length), fileOffset: 0n, path: `[${name}]` });
}

function i32(record: PerfRecord, at: number): number {
  return record.view.getInt32(record.offset + at, record.littleEndian);
}

function u64(record: PerfRecord, at: number): bigint {
  return record.view.getBigUint64(record.offset + at, record.littleEndian);
}
