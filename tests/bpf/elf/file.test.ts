import { describe, expect, test } from 'vitest';
import { ELFCOMPRESS, PT, SHF, SHN, SHT, STB, STT } from '../../../bpf/elf/constants.ts';
import { openElf } from '../../../bpf/elf/file.ts';
import { StringTable } from '../../../bpf/elf/string-table.ts';
import { ElfWriter } from '../../../bpf/elf/write/elf-writer.ts';
import { FormatError } from '../../../bpf/format-error.ts';
import { libraryBytes, objectBytes, patched } from './support.ts';

const E_SHOFF = 0x28;
const E_SHENTSIZE = 0x3a;
const E_SHNUM = 0x3c;
const E_SHSTRNDX = 0x3e;

/** Offset of a field of a section header. */
function header(bytes: Uint8Array, index: number, field: number): number {
  return openElf(bytes).header.sectionTable.offset + index * 64 + field;
}

function failure(bytes: Uint8Array): FormatError {
  try {
    openElf(bytes);
  } catch (error) {
    if (error instanceof FormatError) return error;
    throw error;
  }
  throw new Error('it was read');
}

describe('an ELF file', () => {
  const library = libraryBytes('sample-gcc-v5.so');

  test('has segments, and addresses in them', () => {
    const elf = openElf(library);
    const code = elf.segments.find(({ type, flags }) => type === PT.LOAD && (flags & 1) !== 0)!;
    expect(elf.fileOffset(code.address + 1n)).toBe(code.offset + 1);
    expect(elf.address(code.offset + 1)).toBe(code.address + 1n);
    expect(elf.fileOffset(0xffff_ffff_0000_0000n)).toBeUndefined();
    expect(elf.address(2 ** 40)).toBeUndefined();
  });

  test('has notes, in a section and in a segment', () => {
    const elf = openElf(library);
    const [note] = elf.notes(elf.section('.note.gnu.build-id')!);
    expect(note).toMatchObject({ owner: 'GNU', type: 3 });
    expect(note!.descriptor.length).toBe(20);
    expect([...note!.descriptor]).toEqual([...library.subarray(note!.offset, note!.offset + 20)]);
    const all = elf.segments.filter(({ type }) => type === PT.NOTE).flatMap((one) => elf.notes(one));
    expect(all).toContainEqual(note);
  });

  test('reads only what is asked for', () => {
    const reads: [number, number][] = [];
    const elf = openElf({
      size: library.length,
      read: (offset, length) => {
        reads.push([offset, length]);
        return library.subarray(offset, offset + length);
      },
    });
    const before = reads.reduce((sum, [, length]) => sum + length, 0);
    expect(before).toBeLessThan(5000);
    const section = elf.section('.dynsym')!;
    reads.length = 0;
    elf.symbols(section);
    expect(reads).toContainEqual([section.offset, section.size]);
  });

  test('tells that a section is compressed', () => {
    const writer = new ElfWriter({ littleEndian: true });
    const data = new Uint8Array(30);
    new DataView(data.buffer).setUint32(0, ELFCOMPRESS.ZSTD, true);
    new DataView(data.buffer).setBigUint64(8, 1000n, true);
    data.fill(7, 24);
    writer.addSection({ name: '.debug_info', type: SHT.PROGBITS, flags: SHF.COMPRESSED, data });
    const elf = openElf(writer.finish());
    const section = elf.section('.debug_info')!;
    expect(elf.compression(section)).toEqual({
      type: ELFCOMPRESS.ZSTD,
      size: 1000,
      alignment: 0,
      headerSize: 24,
    });
    expect([...elf.data(section)]).toEqual([7, 7, 7, 7, 7, 7]);
  });

  test('may count its sections in section 0', () => {
    const bytes = objectBytes('data.o');
    const elf = openElf(bytes);
    const extended = patched(
      bytes,
      [E_SHNUM, 2, 0],
      [E_SHSTRNDX, 2, SHN.XINDEX],
      [header(bytes, 0, 32), 8, elf.sections.length],
      [header(bytes, 0, 40), 4, elf.header.nameSection],
    );
    expect(openElf(extended).sections.map(({ name }) => name)).toEqual(elf.sections.map(({ name }) => name));
  });

  test('may keep large section indexes beside the symbols', () => {
    const writer = new ElfWriter({ littleEndian: true });
    const data = writer.addSection({ name: 'data', type: SHT.PROGBITS, data: new Uint8Array(8) });
    const symbol = { name: 's', value: 0n, size: 1, type: STT.OBJECT, binding: STB.GLOBAL };
    writer.addSymbol({ ...symbol, section: data });
    const indexes = new Uint8Array(8);
    new DataView(indexes.buffer).setUint32(4, data, true);
    writer.addSection({ name: 'indexes', type: SHT.PROGBITS, data: indexes });
    const plain = writer.finish();
    const elf = openElf(plain);
    const table = elf.section('.symtab')!;
    const place = elf.section('indexes')!.index;
    const extended = patched(
      plain,
      [table.offset + 24 + 6, 2, SHN.XINDEX],
      [header(plain, place, 4), 4, SHT.SYMTAB_SHNDX],
      [header(plain, place, 40), 4, table.index],
    );
    expect(elf.symbols(table)[1]).toMatchObject({ section: data, special: false });
    expect(openElf(extended).symbols(table)[1]).toMatchObject({ section: data, special: false });
  });
});

describe('a broken ELF file is refused with the offset', () => {
  const bytes = objectBytes('data.o');

  test.each<readonly [string, Uint8Array, number, RegExp]>([
    ['empty', new Uint8Array(0), 0, /magic/],
    ['another magic', patched(bytes, [1, 1, 0x46]), 0, /magic/],
    ['cut in e_ident', bytes.subarray(0, 9), 9, /cut off/],
    ['cut in the header', bytes.subarray(0, 40), 0, /the header takes 64 bytes, and 40 are left/],
    ['no class', patched(bytes, [4, 1, 3]), 4, /class is 3/],
    ['no byte order', patched(bytes, [5, 1, 0]), 5, /byte order is 0/],
    [
      'small section headers',
      patched(bytes, [E_SHENTSIZE, 2, 40]),
      openElf(bytes).header.sectionTable.offset,
      /takes 40 bytes/,
    ],
    [
      'too many sections',
      patched(bytes, [E_SHNUM, 2, 0xfeff]),
      openElf(bytes).header.sectionTable.offset,
      /65279 section headers/,
    ],
    ['names nowhere', patched(bytes, [E_SHSTRNDX, 2, 99]), 0, /section names are in section 99/],
    [
      'a table beyond the end',
      patched(bytes, [E_SHOFF, 8, 2 ** 50]),
      2 ** 50,
      /section header 0 takes 64 bytes, and 0/,
    ],
  ])('%s', (_, broken, offset, problem) => {
    const error = failure(broken);
    expect(error.offset).toBe(offset);
    expect(error.message).toMatch(problem);
  });

  test('a count of sections that would be larger than memory', () => {
    const huge = patched(bytes, [E_SHNUM, 2, 0], [header(bytes, 0, 32), 8, 2 ** 47]);
    expect(failure(huge).message).toMatch(/140737488355328 section headers/);
  });

  test('a section beyond the end is an error when it is read', () => {
    const section = openElf(bytes).section('.data')!;
    const elf = openElf(patched(bytes, [header(bytes, section.index, 32), 8, 1 << 30]));
    expect(() => elf.data(elf.section('.data')!)).toThrow(`section .data takes ${1 << 30} bytes`);
  });

  test('symbols of a wrong size', () => {
    const { index } = openElf(bytes).section('.symtab')!;
    const elf = openElf(patched(bytes, [header(bytes, index, 56), 8, 3]));
    expect(() => elf.symbols(elf.section('.symtab')!)).toThrow('take 3 bytes, not 24');
  });
});

describe('names', () => {
  test('may share their tails, not everything', () => {
    const text = new Uint8Array(1 << 17).fill(0x61);
    text[text.length - 1] = 0;
    const table = new StringTable(text, 100);
    expect(table.at(text.length - 4, 'a name')).toBe('aaa');
    expect(table.at(text.length - 3, 'a name')).toBe('aa');
    expect(() => {
      for (let at = 0; at < 100; at++) table.at(at, 'a name');
    }).toThrow(/byte 102: a name: names overlap too much/);
  });

  test('must end', () => {
    const table = new StringTable(new Uint8Array([0x61, 0x62]), 7);
    expect(() => table.at(0, 'a name')).toThrow('byte 9: a name at 0 of its table has no end');
    expect(() => table.at(5, 'a name')).toThrow('a name at 5');
  });
});
