/** Whole trace.dat files out of the parts that {@link FileContent} gives. */
import {
  ByteWriter,
  chunksOf,
  compress,
  type FileContent,
  metadataSections,
  PAGE_SIZE,
  pagesOf,
  type Shape,
} from './writer.ts';

const SECTION_NAMES = ['headers', 'ftrace events', 'event formats', 'kallsyms', 'printk', 'cmdlines'];

export function writeFile(content: FileContent, shape: Shape): Uint8Array {
  return shape.version === 6 ? writeV6(content, shape) : writeV7(content, shape);
}

function start(shape: Shape): ByteWriter {
  return new ByteWriter(shape.littleEndian)
    .bytes(Uint8Array.of(0x17, 0x08, 0x44))
    .text('tracing')
    .string(String(shape.version))
    .u8(shape.littleEndian ? 0 : 1)
    .u8(shape.longSize)
    .u32(PAGE_SIZE);
}

function option(writer: ByteWriter, id: number, data: Uint8Array): void {
  writer.u16(id).u32(data.length).bytes(data);
}

/** Event data is appended page-aligned; the offsets in the tables are known only after the metadata's size is. */
function writeV6(content: FileContent, shape: Shape): Uint8Array {
  const build = (base: number): { head: Uint8Array; data: Uint8Array } => {
    const data = new ByteWriter(shape.littleEndian);
    const table = (cpus: FileContent['buffers'][number]['cpus']): Uint8Array => {
      const writer = new ByteWriter(shape.littleEndian).text('flyrecord').u8(0);
      for (const pages of cpus) {
        const bytes = pagesOf(pages, shape);
        writer.u64(base + data.size).u64(bytes.length);
        data.bytes(bytes).pad(PAGE_SIZE);
      }
      return writer.done();
    };
    const [top, ...instances] = content.buffers;
    const head = start(shape);
    for (const section of metadataSections(content, shape)) head.bytes(section);
    head.u32(top!.cpus.length).text('options  ').u8(0);
    for (const { id, data: bytes } of content.options ?? []) option(head, id, bytes);
    const topTable = table(top!.cpus);
    const tables = instances.map((instance) => table(instance.cpus));
    const optionsSize = instances.reduce((sum, instance) => sum + 6 + 8 + instance.name.length + 1, 0);
    let tableOffset = head.size + optionsSize + 2 + topTable.length;
    instances.forEach((instance, index) => {
      const bytes = new ByteWriter(shape.littleEndian).u64(tableOffset).string(instance.name).done();
      option(head, 3, bytes);
      tableOffset += tables[index]!.length;
    });
    head.u16(0).bytes(topTable);
    for (const bytes of tables) head.bytes(bytes);
    return { head: head.pad(PAGE_SIZE).done(), data: data.done() };
  };
  const { head, data } = build(build(0).head.length);
  return new Uint8Array(Buffer.concat([head, data]));
}

function writeV7(content: FileContent, shape: Shape): Uint8Array {
  const isCompressed = shape.compression !== 'none';
  const build = (optionsOffset: number): { bytes: Uint8Array; options: number } => {
    const file = start(shape)
      .string(shape.compression)
      .string(isCompressed ? '1' : '')
      .u64(optionsOffset);
    const section = (id: number, description: number, bytes: Uint8Array): number => {
      const offset = file.size;
      const packed = isCompressed ? compress(bytes, shape) : bytes;
      file
        .u16(id)
        .u16(isCompressed ? 1 : 0)
        .u32(description);
      file.u64(packed.length + (isCompressed ? 8 : 0));
      if (isCompressed) file.u32(packed.length).u32(bytes.length);
      file.bytes(packed);
      return offset;
    };
    const strings = new ByteWriter(shape.littleEndian);
    const offsets = metadataSections(content, shape).map((bytes, index) => {
      const description = strings.size;
      strings.string(SECTION_NAMES[index]!);
      return section(16 + index, description, bytes);
    });
    const buffers = content.buffers.map((buffer) => writeBuffer(file, buffer, shape));
    section(15, 0, strings.done());
    const options = new ByteWriter(shape.littleEndian);
    offsets.forEach((offset, index) => {
      option(options, 16 + index, new ByteWriter(shape.littleEndian).u64(offset).done());
    });
    for (const { id, data } of content.options ?? []) option(options, id, data);
    for (const buffer of buffers) option(options, 3, buffer);
    option(options, 0, new ByteWriter(shape.littleEndian).u64(0).done());
    return { options: section(0, 0, options.done()), bytes: file.done() };
  };
  return build(build(0).options).bytes;
}

/** Writes the buffer's section and gives its option. */
function writeBuffer(file: ByteWriter, buffer: FileContent['buffers'][number], shape: Shape): Uint8Array {
  const isCompressed = shape.compression !== 'none';
  const offset = file.size;
  const table = new ByteWriter(shape.littleEndian);
  const body = new ByteWriter(shape.littleEndian);
  // As the section's own content comes page-aligned after its header of 16 bytes.
  const first = Math.ceil((offset + 16) / PAGE_SIZE) * PAGE_SIZE;
  buffer.cpus.forEach((pages, cpu) => {
    const plain = pagesOf(pages, shape);
    const bytes = isCompressed ? chunksOf(plain, shape) : plain;
    const size = bytes.length - (isCompressed ? 4 : 0);
    table
      .u32(cpu)
      .u64(plain.length === 0 ? 0 : first + body.size)
      .u64(plain.length === 0 ? 0 : size);
    if (plain.length > 0) body.bytes(bytes).pad(PAGE_SIZE);
  });
  file
    .u16(3)
    .u16(isCompressed ? 1 : 0)
    .u32(0)
    .u64(first - offset - 16 + body.size);
  file.pad(PAGE_SIZE).bytes(body.done());
  return new ByteWriter(shape.littleEndian)
    .u64(offset)
    .string(buffer.name)
    .string(buffer.clock ?? 'local')
    .u32(PAGE_SIZE)
    .u32(buffer.cpus.length)
    .bytes(table.done())
    .done();
}
