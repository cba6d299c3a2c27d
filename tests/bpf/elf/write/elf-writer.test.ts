import { describe, expect, test } from 'vitest';
import { SHF, SHN, SHT, STB, STT } from '../../../../bpf/elf/constants.ts';
import { openElf } from '../../../../bpf/elf/file.ts';
import { ElfWriter } from '../../../../bpf/elf/write/elf-writer.ts';

function sample(is64: boolean, littleEndian: boolean): Uint8Array {
  const writer = new ElfWriter({ is64, littleEndian });
  const code = writer.addSection({
    name: 'xdp',
    type: SHT.PROGBITS,
    flags: SHF.ALLOC | SHF.EXECINSTR,
    alignment: 8,
    data: new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]),
  });
  const bss = writer.addSection({
    name: '.bss',
    type: SHT.NOBITS,
    flags: SHF.ALLOC | SHF.WRITE,
    alignment: 4,
    size: 100,
  });
  const outside = writer.addSymbol({
    name: 'outside',
    value: 0n,
    size: 0,
    type: STT.NOTYPE,
    binding: STB.GLOBAL,
    section: SHN.UNDEF,
  });
  const inside = writer.addSymbol({
    name: 'inside',
    value: 8n,
    size: 4,
    type: STT.OBJECT,
    binding: STB.LOCAL,
    section: bss,
  });
  writer.addRelocation(code, { offset: 0, symbol: outside, type: 10 });
  writer.addRelocation(code, { offset: 4, symbol: inside, type: 1 });
  return writer.finish();
}

describe.each([
  [true, true],
  [true, false],
  [false, true],
  [false, false],
])('an ELF file, 64-bit %s, little-endian %s', (is64, littleEndian) => {
  test('has its sections, symbols and relocations', () => {
    const elf = openElf(sample(is64, littleEndian));
    expect(elf.header).toMatchObject({ is64, littleEndian, type: 1, machine: 247 });
    expect(elf.sections.map(({ name }) => name)).toEqual([
      '',
      'xdp',
      '.bss',
      '.relxdp',
      '.symtab',
      '.strtab',
    ]);
    expect([...elf.data(elf.section('xdp')!)]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(elf.section('.bss')).toMatchObject({ type: SHT.NOBITS, size: 100, alignment: 4 });
    const symtab = elf.section('.symtab')!;
    expect(symtab.info).toBe(2);
    const symbols = elf.symbols(symtab);
    expect(symbols.map(({ name, section, binding }) => [name, section, binding])).toEqual([
      ['', 0, 0],
      ['inside', 2, STB.LOCAL],
      ['outside', SHN.UNDEF, STB.GLOBAL],
    ]);
    expect(symbols[1]).toMatchObject({ value: 8n, size: 4, type: STT.OBJECT });
    const relocations = elf.relocations(elf.section('.relxdp')!);
    expect(relocations.map(({ offset, symbol, type }) => [Number(offset), symbol, type])).toEqual([
      [0, 2, 10],
      [4, 1, 1],
    ]);
    expect(elf.section('.relxdp')).toMatchObject({ info: 1, link: symtab.index });
  });
});
