/** A small object and a consumer for tests of kernels: each run of `copy` puts what it sees into the ring buffer. */
import { assembleInstructions } from '../../bpf/asm/index.ts';
import type { AttachPoint } from '../../bpf/attach-point.ts';
import type { Instruction } from '../../bpf/instruction.ts';
import type { BpfObject, BpfProgram } from '../../bpf/object.ts';
import type { Kernel, LoadedObject, OutputConsumer } from '../../runtime/kernel.ts';

/** Bytes of context that `copy` shows. */
export const SHOWN = 24;

function instructions(text: string): readonly Instruction[] {
  const { instructions, diagnostics } = assembleInstructions(text);
  if (diagnostics.length > 0) throw new Error(diagnostics.map((each) => each.message).join('\n'));
  return instructions;
}

/** Output record: time, pid_tgid, cpu, the context's first bytes, comm. */
const COPY = `
  r6 = r1
  call bpf_ktime_get_ns
  *(u64 *)(r10 - 64) = r0
  call bpf_get_current_pid_tgid
  *(u64 *)(r10 - 56) = r0
  call bpf_get_smp_processor_id
  *(u64 *)(r10 - 48) = r0
  r1 = *(u64 *)(r6 + 0)
  *(u64 *)(r10 - 40) = r1
  r1 = *(u64 *)(r6 + 8)
  *(u64 *)(r10 - 32) = r1
  r1 = *(u64 *)(r6 + 16)
  *(u64 *)(r10 - 24) = r1
  r1 = r10
  r1 += -16
  r2 = 16
  call bpf_get_current_comm
  r1 = map[out]
  r2 = r10
  r2 += -64
  r3 = 64
  r4 = 0
  call bpf_ringbuf_output
  r0 = 0
  exit`;

/** Adds one to the counter map's only element. */
const COUNT = `
  *(u32 *)(r10 - 4) = 0
  r1 = map[counter]
  r2 = r10
  r2 += -4
  call bpf_map_lookup_elem
  if r0 == 0 goto +2
  r1 = 1
  lock *(u64 *)(r0 + 0) += r1
  r0 = 0
  exit`;

function program(name: string, text: string): BpfProgram {
  return { name, type: 'tracepoint', section: 'tracepoint', attach: [], instructions: instructions(text) };
}

export function testObject(): BpfObject {
  return {
    name: 'test',
    endian: 'little',
    license: 'GPL',
    programs: [program('copy', COPY), program('count', COUNT)],
    functions: [],
    maps: [
      { name: 'out', type: 'ringbuf', keySize: 0, valueSize: 0, maxEntries: 65536, flags: 0 },
      { name: 'counter', type: 'array', keySize: 4, valueSize: 8, maxEntries: 1, flags: 0 },
    ],
    data: new Map(),
    sources: [],
  };
}

export interface Seen {
  readonly time: bigint;
  readonly tid: number;
  readonly tgid: number;
  readonly cpu: number;
  readonly context: Uint8Array;
  readonly comm: string;
}

export interface Collector extends OutputConsumer {
  readonly seen: Seen[];
  readonly warnings: string[];
  stopAfter: number;
}

export function collector(): Collector {
  const seen: Seen[] = [];
  const warnings: string[] = [];
  return {
    seen,
    warnings,
    stopAfter: Number.POSITIVE_INFINITY,
    record(bytes) {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      seen.push({
        time: view.getBigUint64(0, true),
        tid: view.getInt32(8, true),
        tgid: view.getInt32(12, true),
        cpu: view.getInt32(16, true),
        context: bytes.slice(24, 24 + SHOWN),
        comm: new TextDecoder().decode(bytes.slice(48, 64)).replace(/\0.*$/s, ''),
      });
    },
    lost() {},
    warning: (message) => {
      if (!warnings.includes(message)) warnings.push(message);
    },
    get stopped(): boolean {
      return seen.length >= this.stopAfter;
    },
  };
}

export interface Run {
  readonly loaded: LoadedObject;
  readonly output: Collector;
  readonly count: number;
}

/** Attaches one of the programs to points and pumps until the world ends. */
export async function runKernel(
  kernel: Kernel,
  name: 'copy' | 'count',
  points: readonly AttachPoint[],
  output: Collector = collector(),
): Promise<Run> {
  const object = testObject();
  const loaded = await kernel.load(object);
  const found = object.programs.find((each) => each.name === name)!;
  for (const point of points) await kernel.attach(found, point, 'out');
  while (!output.stopped && (await kernel.pump(output)) !== 'ended');
  const value = loaded.map('counter').lookup(new Uint8Array(4))!;
  const count = Number(new DataView(value.buffer, value.byteOffset).getBigUint64(0, true));
  return { loaded, output, count };
}

export function tracepoint(system: string, event: string): AttachPoint {
  return { kind: 'tracepoint', system, event };
}
