import { describe, expect, it } from 'vitest';
import { memorySource } from '../../../../bpf/byte-source.ts';
import { EM, SHT } from '../../../../bpf/elf/constants.ts';
import { openBinary, type UserBinary } from '../../../../bpf/elf/user/index.ts';
import { ByteWriter } from '../../../../bpf/elf/write/byte-writer.ts';
import { elfImage, IMAGE_BASE } from './elf-image.ts';

interface Machine {
  readonly machine: number;
  readonly is64: boolean;
  readonly littleEndian: boolean;
}

function words(
  { is64, littleEndian }: Machine,
  write: (out: ByteWriter, word: (value: number) => void) => void,
): Uint8Array {
  const out = new ByteWriter(littleEndian);
  write(out, (value) => (is64 ? out.u64(BigInt(value)) : out.u32(value)));
  return out.finish();
}

const text = (...parts: readonly string[]): Uint8Array => new TextEncoder().encode(`${parts.join('\0')}\0`);

/** One probe `app:go`, whose location and semaphore are given, at a base of 0. */
function probeNote(machine: Machine, location: number, semaphore: number, argumentText: string): Uint8Array {
  const descriptor = words(machine, (out, word) => {
    for (const value of [location, 0, semaphore]) word(value);
    out.bytes(text('app', 'go', argumentText));
  });
  return words(machine, (out) => {
    for (const value of [8, descriptor.length, 3]) out.u32(value);
    out.bytes(text('stapsdt'));
    out.bytes(descriptor);
    out.align(4);
  });
}

/** Functions `run` at `value` and an imported one. */
function symbols(machine: Machine, value: number): Uint8Array {
  return words(machine, (out, word) => {
    const symbol = (name: number, address: number, section: number): void => {
      out.u32(name);
      if (machine.is64) out.bytes(Uint8Array.of(0x12, 0));
      else for (const one of [address, 16]) word(one);
      if (!machine.is64) out.bytes(Uint8Array.of(0x12, 0));
      out.u16(section);
      if (machine.is64) for (const one of [address, 16]) word(one);
    };
    out.zeros(machine.is64 ? 24 : 16);
    symbol(1, value, 1);
    symbol(5, IMAGE_BASE + 8, 0);
  });
}

function image(machine: Machine, value: number, argumentText: string, opd?: Uint8Array): UserBinary {
  const sections = [
    { name: '.symtab', type: SHT.SYMTAB, data: symbols(machine, value), link: 2 },
    { name: '.strtab', type: SHT.STRTAB, data: text('', 'run', 'other') },
    {
      name: '.note.stapsdt',
      type: SHT.NOTE,
      data: probeNote(machine, IMAGE_BASE + 4, IMAGE_BASE + 12, argumentText),
    },
    ...(opd === undefined ? [] : [{ name: '.opd', type: SHT.PROGBITS, data: opd }]),
  ];
  return openBinary(memorySource(elfImage({ ...machine, sections })));
}

describe('binaries of other machines', () => {
  it.each([
    ['aarch64', { machine: EM.AARCH64, is64: true, littleEndian: true }, '-4@[sp, 12]', 'sp'],
    ['s390', { machine: EM.S390, is64: true, littleEndian: false }, '8@%r2', 'gprs[2]'],
    ['riscv', { machine: EM.RISCV, is64: true, littleEndian: true }, '-4@a1', 'a1'],
    ['x86', { machine: EM[386], is64: false, littleEndian: true }, '-4@8(%ebp)', 'bp'],
    ['ppc64le', { machine: EM.PPC64, is64: true, littleEndian: true }, '8@31', 'gpr[31]'],
  ] as const)('%s', (_, machine, argumentText, field) => {
    const binary = image(machine, IMAGE_BASE + 0x40, argumentText);
    expect(binary.functions.all.map((one) => `${one.name} ${one.size}`)).toEqual(['run 16']);
    expect(binary.fileOffset(binary.functions.all[0]?.address ?? 0n)).toBe(0x40);
    expect(binary.usdt).toHaveLength(1);
    const [place] = binary.usdt[0]?.places ?? [];
    expect(place).toMatchObject({ offset: 4, semaphore: { offset: 12 } });
    const [argument] = place?.arguments ?? [];
    expect(
      argument?.kind === 'register'
        ? argument.register.field
        : argument?.kind === 'memory' && argument.base?.field,
    ).toBe(field);
    expect(binary.warnings).toEqual([]);
  });

  it('arm: the lowest bit of an address is no part of it', () => {
    const binary = image({ machine: EM.ARM, is64: false, littleEndian: true }, IMAGE_BASE + 0x41, '4@r0');
    expect(binary.functions.all[0]?.address).toBe(BigInt(IMAGE_BASE + 0x40));
  });

  it('ppc64 with function descriptors: a symbol leads to the address', () => {
    const machine: Machine = { machine: EM.PPC64, is64: true, littleEndian: false };
    const descriptor = words(machine, (_, word) => [IMAGE_BASE + 0x78, 0, 0].forEach(word));
    const empty = image(machine, 0, '8@3', descriptor);
    const section = empty.elf.section('.opd');
    const binary = image(machine, Number(section?.address), '8@3', descriptor);
    expect(binary.functions.all[0]?.address).toBe(BigInt(IMAGE_BASE + 0x78));
  });
});
