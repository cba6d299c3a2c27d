/** Programs whose section headers tell of the same bytes again and again. */
import { describe, expect, it } from 'vitest';
import { memorySource } from '../../../../bpf/byte-source.ts';
import { EM, SHT } from '../../../../bpf/elf/constants.ts';
import { openElf } from '../../../../bpf/elf/file.ts';
import { openBinary } from '../../../../bpf/elf/user/index.ts';
import { ByteWriter } from '../../../../bpf/elf/write/byte-writer.ts';
import { elfImage, type ImageSection } from './elf-image.ts';

/** The last `count` sections are where the one before them is. */
function overlapping(sections: readonly ImageSection[], repeated: ImageSection, count: number): Uint8Array {
  const empty = { ...repeated, data: new Uint8Array(0) };
  const bytes = elfImage({
    is64: true,
    littleEndian: true,
    machine: EM.X86_64,
    sections: [...sections, repeated, ...Array.from({ length: count }, () => empty)],
  });
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const header = (index: number): number => Number(view.getBigUint64(40, true)) + index * 64;
  const first = header(sections.length + 1);
  for (let index = 1; index <= count; index++) {
    const at = header(sections.length + 1 + index);
    for (const field of [24, 32]) view.setBigUint64(at + field, view.getBigUint64(first + field, true), true);
  }
  return bytes;
}

function notes(count: number, owner: string, type: number): Uint8Array {
  const out = new ByteWriter(true);
  for (let index = 0; index < count; index++) {
    for (const word of [4, 4, type]) out.u32(word);
    out.bytes(new TextEncoder().encode(`${owner}\0`));
    out.u32(index);
  }
  return out.finish();
}

describe('sections that overlap', () => {
  it('reads one symbol table of each kind', () => {
    const out = new ByteWriter(true);
    out.zeros(24);
    for (let index = 0; index < 2000; index++) {
      out.u32(1);
      out.u32(0x0001_0002);
      out.u64(BigInt(0x1_0000 + index));
      out.u64(1n);
    }
    const names = { name: '.strtab', type: SHT.STRTAB, data: new TextEncoder().encode('\0f\0') };
    const table = { name: '.symtab', type: SHT.SYMTAB, data: out.finish(), link: 1 };
    const bytes = overlapping([names], table, 5000);
    expect(openBinary(memorySource(bytes)).functions.all.length).toBe(2000);
  });

  it('looks for a build id in each byte a few times', { timeout: 60_000 }, () => {
    const make = (owner: string, type: number): Uint8Array =>
      overlapping([], { name: '.note', type: SHT.NOTE, data: notes(2000, owner, type) }, 5000);
    let reads = 0;
    const memory = memorySource(make('XYZ', 1));
    const source = {
      size: memory.size,
      read: (offset: number, length: number): Uint8Array => {
        reads++;
        return memory.read(offset, length);
      },
    };
    expect(openBinary(source).buildId).toBeUndefined();
    expect(reads).toBeLessThan(200);
    expect(openElf(make('XYZ', 1)).sections.length).toBeGreaterThan(5000);
    expect(openBinary(memorySource(make('GNU', 3))).buildId).toBe('00000000');
  });
});
