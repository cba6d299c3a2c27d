import { describe, expect, it } from 'vitest';
import { memorySource } from '../../../../bpf/byte-source.ts';
import { describeBinary, openBinary } from '../../../../bpf/elf/user/index.ts';
import { openSample, readSample, ZLIB } from './files.ts';

describe('openBinary', () => {
  it('finds functions by name, pattern and address', () => {
    const { functions } = openSample('sample-gcc-v5.so');
    expect(functions.all.map((one) => one.name)).toEqual(['hidden.constprop.0', 'walk', 'move', 'loop']);
    const [walk] = functions.named('walk');
    expect(walk).toMatchObject({ kind: 'function', binding: 'global', size: 117 });
    expect(functions.named('hidden.constprop.0')[0]?.binding).toBe('local');
    expect(functions.matching('?o*').map((one) => one.name)).toEqual(['move', 'loop']);
    expect(functions.at((walk?.address ?? 0n) + 116n)?.name).toBe('walk');
    expect(functions.at((walk?.address ?? 0n) + 117n)).toBeUndefined();
    expect(functions.at(0n)).toBeUndefined();
  });

  it('turns addresses into offsets of the file through the loaded segments', () => {
    const binary = openSample('sample-gcc-v5.so');
    expect(binary.fileOffset(0x410n)).toBe(0x410);
    // The data segment is loaded one page behind where it is in the file.
    expect(binary.fileOffset(0x2000n)).toBe(0x1000);
    expect(binary.fileOffset(0x100000n)).toBeUndefined();
  });

  it('refuses what is no program', () => {
    const bytes = readSample('sample-gcc-v5.so');
    bytes[16] = 1;
    expect(() => openBinary(memorySource(bytes))).toThrow(
      'ELF: byte 16: type 1 is no program and no shared library',
    );
  });

  it('describes itself', () => {
    expect(describeBinary(openSample('sample-gcc-v5.so'))).toEqual({
      machine: 'x86-64',
      bits: 64,
      littleEndian: true,
      kind: 'library',
      buildId: expect.stringMatching(/^[0-9a-f]{40}$/),
      debugLink: undefined,
      debugPaths: [],
      functions: 4,
      functionCounts: [
        { from: '.symtab', count: 4 },
        { from: '.dynsym', count: 3 },
      ],
      usdt: [
        { probe: 'sample:loop', places: 1, arguments: '' },
        { probe: 'sample:move', places: 1, arguments: '-4@%edi -4@4(%rsi)' },
        { probe: 'sample:step', places: 2, arguments: '8@%rbx 8@%r15 -2@%r12w' },
      ],
      dwarfUnits: 1,
      dwarfPath: undefined,
      warnings: [],
    });
  });

  it('knows a position-independent program by its flag', () => {
    const bytes = readSample('sample-gcc-v5.so');
    const { offset } = openSample('sample-gcc-v5.so').elf.section('.dynamic')!;
    const view = new DataView(bytes.buffer);
    view.setBigUint64(offset, 0x6fff_fffbn, true);
    expect(describeBinary(openBinary(memorySource(bytes))).kind).toBe('library');
    view.setBigUint64(offset + 8, 0x0800_0001n, true);
    expect(describeBinary(openBinary(memorySource(bytes))).kind).toBe('position-independent program');
  });

  it('reads compressed debugging information through the port', () => {
    const name = 'sample-cc-types-gz.so';
    const mangled = '_ZNK4shop4Item5priceEb';
    expect(openSample(name).functionSignature(mangled)).toMatchObject({ name: 'price', line: 16 });
    const without = openSample(name, {});
    expect(without.functionSignature(mangled)).toBeUndefined();
    expect(without.warnings).toEqual([
      expect.stringMatching(/section \.debug_info: it is packed with zlib, which cannot be unpacked here/),
    ]);
    const damaged = openSample(name, {
      decompress: () => {
        throw new Error('incorrect data check');
      },
    });
    expect(damaged.dwarf).toBeUndefined();
    expect(damaged.warnings[0]).toMatch(/zlib: incorrect data check/);
  });

  it('takes debugging information from a file of the same build', () => {
    const stripped = withoutSections('sample-gcc-v5.so', ['.debug_info', '.symtab']);
    const asked: string[] = [];
    const binary = openBinary(memorySource(stripped), {
      ...ZLIB,
      openDebug: ({ path }) => {
        asked.push(path);
        return memorySource(readSample('sample-gcc-v5.so'));
      },
    });
    expect(binary.functions.named('hidden.constprop.0')).toHaveLength(1);
    expect(binary.functionSignature('hidden')?.parameters).toHaveLength(2);
    expect(asked).toEqual([
      `/usr/lib/debug/.build-id/${binary.buildId?.slice(0, 2)}/${binary.buildId?.slice(2)}.debug`,
    ]);
    expect(binary.warnings).toEqual([]);
  });

  it('refuses debugging information of another build', () => {
    const stripped = withoutSections('sample-gcc-v5.so', ['.debug_info', '.symtab']);
    const binary = openBinary(memorySource(stripped), {
      openDebug: () => memorySource(readSample('sample-cc-v5.so')),
    });
    expect(binary.functionSignature('hidden')).toBeUndefined();
    expect(binary.warnings).toEqual([expect.stringMatching(/^\/usr\/lib\/debug.*: it is of build /)]);
  });
});

/** The file with sections renamed, so that nobody finds them. */
function withoutSections(name: string, sections: readonly string[]): Uint8Array<ArrayBuffer> {
  const bytes = readSample(name);
  const { elf } = openSample(name);
  const view = new DataView(bytes.buffer);
  for (const section of sections) {
    const { index } = elf.section(section) ?? { index: 0 };
    const header = elf.header.sectionTable.offset + index * 64;
    view.setUint32(header, 0, true);
    // SHT_NULL
    view.setUint32(header + 4, 0, true);
  }
  return bytes;
}
