/**
 * Writes small trace.dat files for tests: both versions, byte orders, long sizes and compressions. Sections hold what
 * a test gives them, so that a test can also give lies.
 */
import { deflateSync, zstdCompressSync } from 'node:zlib';

export interface Shape {
  readonly version: 6 | 7;
  readonly littleEndian: boolean;
  readonly longSize: 4 | 8;
  readonly compression: 'none' | 'zlib' | 'zstd';
}

export const USUAL_SHAPE: Shape = { version: 7, littleEndian: true, longSize: 8, compression: 'zstd' };
export const PAGE_SIZE = 4096;

/** Growing bytes in one byte order. */
export class ByteWriter {
  readonly littleEndian: boolean;
  private readonly chunks: Uint8Array[] = [];
  size = 0;

  constructor(littleEndian: boolean) {
    this.littleEndian = littleEndian;
  }

  bytes(bytes: Uint8Array): this {
    this.chunks.push(bytes);
    this.size += bytes.length;
    return this;
  }

  private number(size: number, put: (view: DataView) => void): this {
    const bytes = new Uint8Array(size);
    put(new DataView(bytes.buffer));
    return this.bytes(bytes);
  }

  u8(value: number): this {
    return this.number(1, (view) => view.setUint8(0, value));
  }

  u16(value: number): this {
    return this.number(2, (view) => view.setUint16(0, value, this.littleEndian));
  }

  u32(value: number): this {
    return this.number(4, (view) => view.setUint32(0, value, this.littleEndian));
  }

  u64(value: bigint | number): this {
    return this.number(8, (view) =>
      view.setBigUint64(0, BigInt.asUintN(64, BigInt(value)), this.littleEndian),
    );
  }

  text(text: string): this {
    return this.bytes(new TextEncoder().encode(text));
  }

  string(text: string): this {
    return this.text(`${text}\0`);
  }

  pad(alignment: number): this {
    return this.bytes(new Uint8Array((alignment - (this.size % alignment)) % alignment));
  }

  done(): Uint8Array {
    return new Uint8Array(Buffer.concat(this.chunks));
  }
}

/** One ring-buffer event: a record, or raw words. */
export type Event =
  | { readonly delta: number; readonly record: Uint8Array; readonly long?: boolean }
  | { readonly type: number; readonly delta: number; readonly words: readonly number[] };

export interface Page {
  readonly time: bigint;
  readonly events: readonly Event[];
  /** Lost before this page: a count, or -1 for "some". */
  readonly lost?: number;
  /** Overrides the fill level. */
  readonly commit?: number;
}

export function writePage(page: Page, shape: Shape): Uint8Array {
  const body = new ByteWriter(shape.littleEndian);
  for (const event of page.events) writeEvent(body, event, shape.littleEndian);
  const lost = page.lost ?? 0;
  const flags = lost === 0 ? 0 : lost < 0 ? 0x8000_0000 : 0xc000_0000;
  const commit = (page.commit ?? body.size) + flags;
  const result = new ByteWriter(shape.littleEndian).u64(page.time);
  if (shape.longSize === 8) result.u64(commit);
  else result.u32(commit);
  result.bytes(body.done());
  if (lost > 0) shape.longSize === 8 ? result.u64(lost) : result.u32(lost);
  return result.pad(PAGE_SIZE).done();
}

function writeEvent(body: ByteWriter, event: Event, littleEndian: boolean): void {
  const header = (type: number, delta: number): number =>
    littleEndian ? type + delta * 32 : type * 0x800_0000 + delta;
  if ('words' in event) {
    body.u32(header(event.type, event.delta));
    for (const word of event.words) body.u32(word);
    return;
  }
  const words = Math.ceil(event.record.length / 4);
  const isLong = event.long === true || words > 28;
  body.u32(header(isLong ? 0 : words, event.delta));
  if (isLong) body.u32(event.record.length + 4);
  body.bytes(event.record).pad(4);
}

/** The record of an event of {@link FORMAT}: common fields, then `value`. */
export function record(shape: Shape, tid: number, value: number, id = 7): Uint8Array {
  return new ByteWriter(shape.littleEndian).u16(id).u8(0).u8(0).u32(tid).u32(value).done();
}

const COMMON_FIELDS = `	field:unsigned short common_type;	offset:0;	size:2;	signed:0;
	field:unsigned char common_flags;	offset:2;	size:1;	signed:0;
	field:unsigned char common_preempt_count;	offset:3;	size:1;	signed:0;
	field:int common_pid;	offset:4;	size:4;	signed:1;
`;

export function formatText(name: string, id: number, fields: string): string {
  return `name: ${name}\nID: ${id}\nformat:\n${COMMON_FIELDS}\n${fields}\nprint fmt: "value=%d", REC->value\n`;
}

export const FORMAT: string = formatText('tick', 7, '\tfield:int value;\toffset:8;\tsize:4;\tsigned:1;\n');

export interface FileContent {
  readonly formats?: Readonly<Record<string, readonly string[]>>;
  readonly cmdlines?: string;
  readonly kallsyms?: string;
  readonly printk?: string;
  readonly options?: readonly { readonly id: number; readonly data: Uint8Array }[];
  /** The first is the top instance. For each CPU its pages. */
  readonly buffers: readonly {
    readonly name: string;
    readonly clock?: string;
    readonly cpus: readonly (readonly (Page | Uint8Array)[])[];
  }[];
}

export function headerPage(longSize: 4 | 8): string {
  const data = 8 + longSize;
  return `	field: u64 timestamp;	offset:0;	size:8;	signed:0;
	field: local_t commit;	offset:8;	size:${longSize};	signed:1;
	field: int overwrite;	offset:8;	size:1;	signed:1;
	field: char data;	offset:${data};	size:${PAGE_SIZE - data};	signed:1;
`;
}

export const HEADER_EVENT = `# compressed entry header
	type_len    :    5 bits
	time_delta  :   27 bits
	array       :   32 bits

	padding     : type == 29
	time_extend : type == 30
	time_stamp : type == 31
	data max type_len  == 28
`;

/** Contents of the sections that both versions have. */
export function metadataSections(content: FileContent, shape: Shape): readonly Uint8Array[] {
  const writer = (): ByteWriter => new ByteWriter(shape.littleEndian);
  const text64 = (text: string): Uint8Array => writer().u64(text.length).text(text).done();
  const text32 = (text: string): Uint8Array => writer().u32(text.length).text(text).done();
  const page = headerPage(shape.longSize);
  const headers = writer()
    .string('header_page')
    .bytes(text64(page))
    .string('header_event')
    .bytes(text64(HEADER_EVENT));
  const systems = Object.entries(content.formats ?? { test: [FORMAT] });
  const events = writer().u32(systems.length);
  for (const [system, formats] of systems) {
    events.string(system).u32(formats.length);
    for (const format of formats) events.bytes(text64(format));
  }
  return [
    headers.done(),
    writer().u32(0).done(),
    events.done(),
    text32(content.kallsyms ?? ''),
    text32(content.printk ?? ''),
    text64(content.cmdlines ?? '10 ten\n20 two words\n'),
  ];
}

export function pagesOf(pages: readonly (Page | Uint8Array)[], shape: Shape): Uint8Array {
  const bytes = pages.map((page) => (page instanceof Uint8Array ? page : writePage(page, shape)));
  return new Uint8Array(Buffer.concat(bytes));
}

/** Pages two to a chunk, so that few pages make several chunks. */
export function chunksOf(pages: Uint8Array, shape: Shape): Uint8Array {
  const writer = new ByteWriter(shape.littleEndian);
  const size = 2 * PAGE_SIZE;
  writer.u32(Math.ceil(pages.length / size));
  for (let start = 0; start < pages.length; start += size) {
    const chunk = pages.subarray(start, start + size);
    const packed = compress(chunk, shape);
    writer.u32(packed.length).u32(chunk.length).bytes(packed);
  }
  return writer.done();
}

export function compress(bytes: Uint8Array, shape: Shape): Uint8Array {
  return new Uint8Array(shape.compression === 'zlib' ? deflateSync(bytes) : zstdCompressSync(bytes));
}
