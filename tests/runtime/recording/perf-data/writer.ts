/** Writes small perf.data files for tests: both byte orders, with sections or as a pipe, any sample type, and lies. */
import { ByteWriter } from '../writer.ts';

export interface TestEvent {
  readonly type?: number;
  readonly config?: bigint;
  readonly period?: bigint;
  readonly sampleType: number;
  readonly readFormat?: number;
  /** Numbers of flag bits, such as 18 for sample_id_all. */
  readonly flags?: readonly number[];
  readonly clockId?: number;
  readonly branchSampleType?: number;
  readonly userRegisters?: bigint;
  readonly interruptRegisters?: bigint;
  readonly ids?: readonly bigint[];
}

export interface TestFile {
  readonly littleEndian?: boolean;
  readonly events: readonly TestEvent[];
  readonly records: readonly Uint8Array[];
  /** By number, ascending. */
  readonly features?: ReadonlyMap<number, Uint8Array>;
  /** Bytes the attribute takes: as old or new as a kernel. */
  readonly attrSize?: number;
}

const HEADER_SIZE = 104;
const SAMPLE_ID_ALL = 18;
/** Every file perf writes has a host name. */
export const HOSTNAME = 3;

export function attrBytes(event: TestEvent, littleEndian: boolean, size = 128): Uint8Array {
  let flags = 0n;
  for (const bit of event.flags ?? [SAMPLE_ID_ALL]) flags |= 1n << BigInt(littleEndian ? bit : 63 - bit);
  const writer = new ByteWriter(littleEndian)
    .u32(event.type ?? 2)
    .u32(size)
    .u64(event.config ?? 1n)
    .u64(event.period ?? 1n)
    .u64(event.sampleType)
    .u64(event.readFormat ?? 0)
    .u64(flags)
    .u32(0)
    .u32(0)
    .u64(0)
    .u64(0)
    .u64(event.branchSampleType ?? 0)
    .u64(event.userRegisters ?? 0n)
    .u32(0)
    .u32(event.clockId ?? 0)
    .u64(event.interruptRegisters ?? 0n)
    .bytes(new Uint8Array(Math.max(0, size)));
  return writer.done().slice(0, size);
}

export function record(type: number, misc: number, body: Uint8Array, littleEndian = true): Uint8Array {
  const writer = new ByteWriter(littleEndian).u32(type).u16(misc);
  return writer
    .u16(8 + body.length)
    .bytes(body)
    .done();
}

/** A record's body, written by `write`. */
export function body(write: (writer: ByteWriter) => ByteWriter, littleEndian = true): Uint8Array {
  return write(new ByteWriter(littleEndian)).done();
}

/** NUL-padded to eight bytes. */
export function padded(text: string): Uint8Array {
  const bytes = new TextEncoder().encode(text);
  const out = new Uint8Array((bytes.length + 8) & ~7);
  out.set(bytes);
  return out;
}

/** As the sections hold strings: a size, and the text with its NUL. */
export function sectionString(text: string, littleEndian = true): Uint8Array {
  const bytes = padded(text);
  return new ByteWriter(littleEndian).u32(bytes.length).bytes(bytes).done();
}

export function writePerfData(file: TestFile): Uint8Array {
  const { littleEndian = true, attrSize = 128 } = file;
  const ids = new ByteWriter(littleEndian);
  const attrs = new ByteWriter(littleEndian);
  for (const event of file.events) {
    const start = HEADER_SIZE + ids.size;
    for (const id of event.ids ?? []) ids.u64(id);
    attrs.bytes(attrBytes(event, littleEndian, attrSize));
    attrs.u64(start).u64((event.ids ?? []).length * 8);
  }
  const features = new Map([[HOSTNAME, sectionString('test', littleEndian)], ...(file.features ?? [])]);
  const numbers = [...features.keys()].sort((a, b) => a - b);
  let bits = 0n;
  for (const number of numbers) bits |= 1n << BigInt(number);
  const dataSize = file.records.reduce((sum, bytes) => sum + bytes.length, 0);
  const dataStart = HEADER_SIZE + ids.size + attrs.size;
  const writer = new ByteWriter(littleEndian)
    .text(littleEndian ? 'PERFILE2' : '2ELIFREP')
    .u64(HEADER_SIZE)
    .u64(attrSize + 16);
  writer
    .u64(HEADER_SIZE + ids.size)
    .u64(attrs.size)
    .u64(dataStart)
    .u64(dataSize)
    .u64(0)
    .u64(0);
  for (let word = 0n; word < 4n; word++) writer.u64(BigInt.asUintN(64, bits >> (word * 64n)));
  writer.bytes(ids.done()).bytes(attrs.done());
  for (const bytes of file.records) writer.bytes(bytes);
  let at = dataStart + dataSize + numbers.length * 16;
  for (const number of numbers) {
    const { length } = features.get(number)!;
    writer.u64(at).u64(length);
    at += length;
  }
  for (const number of numbers) writer.bytes(features.get(number)!);
  return writer.done();
}

/** As `perf record -o -` writes it: attributes and features are records. */
export function writePipe(file: TestFile): Uint8Array {
  const { littleEndian = true, attrSize = 128 } = file;
  const writer = new ByteWriter(littleEndian).text(littleEndian ? 'PERFILE2' : '2ELIFREP').u64(16);
  for (const event of file.events) {
    const content = new ByteWriter(littleEndian).bytes(attrBytes(event, littleEndian, attrSize));
    for (const id of event.ids ?? []) content.u64(id);
    writer.bytes(record(64, 0, content.done(), littleEndian));
  }
  for (const [number, bytes] of file.features ?? []) {
    if (number === 1) {
      writer
        .bytes(
          record(
            66,
            0,
            body((one) => one.u32(bytes.length), littleEndian),
            littleEndian,
          ),
        )
        .bytes(bytes);
      continue;
    }
    const content = new ByteWriter(littleEndian).u64(number).bytes(bytes).done();
    writer.bytes(record(80, 0, content, littleEndian));
  }
  for (const bytes of file.records) writer.bytes(bytes);
  return writer.done();
}

const FORMAT = `name: tick
ID: 7
format:
\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;
\tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;
\tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;
\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;

\tfield:unsigned long value;\toffset:8;\tsize:8;\tsigned:0;

print fmt: "value=%lu", REC->value
`;

/** TRACING_DATA with one event, `test:tick` of id 7. */
export function tracingData(littleEndian = true): Uint8Array {
  const text = new TextEncoder().encode(FORMAT);
  const writer = new ByteWriter(littleEndian).bytes(new Uint8Array([0x17, 8, 0x44])).text('tracing0.6\0');
  writer
    .u8(littleEndian ? 0 : 1)
    .u8(8)
    .u32(4096)
    .text('header_page\0')
    .u64(0)
    .text('header_event\0')
    .u64(0);
  writer.u32(0).u32(1).text('test\0').u32(1).u64(text.length).bytes(text);
  return writer.u32(0).u32(0).u64(0).done();
}

/** The raw bytes of a `test:tick`, and its size before them. */
export function tick(writer: ByteWriter, tid: number, value: bigint): ByteWriter {
  return writer.u32(20).u16(7).u8(0).u8(0).u32(tid).u64(value).u32(0);
}
