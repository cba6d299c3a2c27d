/** Makes small programs of any class and byte order: sections, and one segment that loads the whole file. */
import { ByteWriter } from '../../../../bpf/elf/write/byte-writer.ts';

export interface ImageSection {
  readonly name: string;
  readonly type: number;
  readonly data: Uint8Array;
  readonly link?: number;
}

export interface ImageOptions {
  readonly is64: boolean;
  readonly littleEndian: boolean;
  readonly machine: number;
  readonly sections: readonly ImageSection[];
}

/** Where byte 0 of the file is loaded. */
export const IMAGE_BASE = 0x10000;

/** Addresses of sections are {@link IMAGE_BASE} and their offsets. The first section given has index 1. */
export function elfImage({ is64, littleEndian, machine, sections }: ImageOptions): Uint8Array {
  const out = new ByteWriter(littleEndian);
  const word = (value: number): void => (is64 ? out.u64(BigInt(value)) : out.u32(value));
  const headerSize = is64 ? 64 : 52;
  const segmentSize = is64 ? 56 : 32;
  const all = [...sections, namesOf(sections)];
  const offsets: number[] = [];
  let end = (headerSize + segmentSize + 7) & ~7;
  for (const { data } of all) {
    offsets.push(end);
    end += (data.length + 7) & ~7;
  }
  out.bytes(Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, is64 ? 2 : 1, littleEndian ? 1 : 2, 1));
  out.zeros(9);
  out.u16(3);
  out.u16(machine);
  out.u32(1);
  word(0);
  word(headerSize);
  word(end);
  out.u32(0);
  for (const value of [headerSize, segmentSize, 1, is64 ? 64 : 40, all.length + 1, all.length])
    out.u16(value);
  // PT_LOAD, readable and executable.
  out.u32(1);
  if (is64) out.u32(5);
  for (const value of [0, IMAGE_BASE, IMAGE_BASE, end, end]) word(value);
  if (!is64) out.u32(5);
  word(8);
  out.align(8);
  for (const { data } of all) {
    out.bytes(data);
    out.align(8);
  }
  out.zeros(is64 ? 64 : 40);
  all.forEach(({ name, type, data, link = 0 }, index) => {
    const nameAt = Buffer.from(namesOf(sections).data).indexOf(`\0${name}\0`) + 1;
    const offset = offsets[index] ?? 0;
    out.u32(nameAt);
    out.u32(type);
    for (const value of [2, IMAGE_BASE + offset, offset, data.length]) word(value);
    out.u32(link);
    out.u32(0);
    word(4);
    word(0);
  });
  return out.finish();
}

function namesOf(sections: readonly ImageSection[]): ImageSection {
  const text = ['', ...sections.map(({ name }) => name), '.shstrtab', ''].join('\0');
  return { name: '.shstrtab', type: 3, data: new TextEncoder().encode(text) };
}
