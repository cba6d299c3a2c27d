import { describe, expect, test } from 'vitest';
import { BtfBuilder } from '../../../../bpf/btf/builder.ts';
import { SHF, SHN, SHT, STB, STT } from '../../../../bpf/elf/constants.ts';
import { openElf } from '../../../../bpf/elf/file.ts';
import { linkObjects } from '../../../../bpf/elf/link/index.ts';
import { readObject } from '../../../../bpf/elf/object/read.ts';
import { ElfWriter, writeObject } from '../../../../bpf/elf/write/index.ts';
import type { BpfFunction, BpfObject } from '../../../../bpf/object.ts';
import { fixture } from '../objects.ts';

interface Definition {
  readonly name: string;
  /** The number it returns; undefined: only declared and called. */
  readonly returns?: number;
  readonly weak?: boolean;
}

/** A file with one function in `.text`, or with a program that calls one. */
function file({ name, returns, weak = false }: Definition, license = 'GPL'): Uint8Array {
  const writer = new ElfWriter({ littleEndian: true });
  const isCall = returns === undefined;
  const code = new Uint8Array([
    isCall ? 0x85 : 0xb7,
    isCall ? 0x10 : 0,
    0,
    0,
    0,
    0,
    0,
    0,
    0x95,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
  ]);
  new DataView(code.buffer).setInt32(4, returns ?? -1, true);
  const section = writer.addSection({
    name: isCall ? 'xdp' : '.text',
    type: SHT.PROGBITS,
    flags: SHF.ALLOC | SHF.EXECINSTR,
    alignment: 8,
    data: code,
  });
  writer.addSection({
    name: 'license',
    type: SHT.PROGBITS,
    flags: SHF.ALLOC | SHF.WRITE,
    data: new TextEncoder().encode(`${license}\0`),
  });
  const binding = weak ? STB.WEAK : STB.GLOBAL;
  const place = { value: 0n, size: 16, type: STT.FUNC, section };
  if (isCall) writer.addSymbol({ name: 'main', ...place, binding: STB.GLOBAL });
  const target = isCall
    ? writer.addSymbol({ name, value: 0n, size: 0, type: STT.NOTYPE, binding, section: SHN.UNDEF })
    : writer.addSymbol({ name, ...place, binding });
  if (isCall) writer.addRelocation(section, { offset: 0, symbol: target, type: 10 });
  return writer.finish();
}

function linked(...files: readonly Uint8Array[]): BpfObject {
  const inputs = files.map((bytes, index) => ({ name: `${'abc'[index]}.o`, bytes }));
  return readObject(linkObjects(inputs).bytes, 'linked.o').object;
}

/** The function that the program calls. */
function called(object: BpfObject): BpfFunction | undefined {
  const ref = object.programs[0]!.instructions[0]!.ref;
  return object.functions.find(({ name }) => ref?.kind === 'function' && ref.name === name);
}

const main = file({ name: 'f' });

describe('linking', () => {
  test('gives a call the other file’s function', () => {
    const object = linked(main, file({ name: 'f', returns: 7 }));
    expect(called(object)?.instructions[0]).toMatchObject({ imm: 7 });
    expect(object.license).toBe('GPL');
  });

  test.each([
    ['before', [main, file({ name: 'f', returns: 1, weak: true }), file({ name: 'f', returns: 2 })], 2],
    ['after', [main, file({ name: 'f', returns: 2 }), file({ name: 'f', returns: 1, weak: true })], 2],
    [
      'beside another',
      [main, file({ name: 'f', returns: 1, weak: true }), file({ name: 'f', returns: 3, weak: true })],
      1,
    ],
  ] as const)('prefers a strong function to a weak one %s', (_, files, wanted) => {
    const object = linked(...files);
    expect(called(object)?.instructions[0]).toMatchObject({ imm: wanted });
    // The code of the other is still there, and a function.
    expect(object.functions.length).toBe(2);
  });

  test('refuses what is defined twice and names both files', () => {
    const twice = (): BpfObject => linked(file({ name: 'f', returns: 1 }), file({ name: 'f', returns: 2 }));
    expect(twice).toThrow("'f' is defined in a.o and in b.o");
  });

  test('refuses licenses that disagree', () => {
    const other = (): BpfObject => linked(main, file({ name: 'f', returns: 1 }, 'MIT'));
    expect(other).toThrow('section license differs: "GPL" in a.o, "MIT" in b.o');
  });

  test('refuses another byte order and what is no object', () => {
    expect(() => linked(fixture('data.o'), fixture('data.big.o'))).toThrow(/another byte order/);
    expect(() => linked(new Uint8Array(100))).toThrow(/^a\.o: ELF: byte 0/);
  });

  test('of one file changes nothing but where symbols are', () => {
    const bytes = fixture('callbacks.o');
    const [before, after] = [readObject(bytes, 'x').object, linked(bytes)];
    expect(after.programs.map(({ instructions }) => instructions.map(({ ref }) => ref))).toEqual(
      before.programs.map(({ instructions }) => instructions.map(({ ref }) => ref)),
    );
    expect(after.maps.map(({ btf: _, ...map }) => map)).toEqual(before.maps.map(({ btf: _, ...map }) => map));
    expect(after.sources).toEqual(before.sources);
  });

  test('leaves a script section out, and says so', () => {
    const object: BpfObject = {
      name: 'x',
      endian: 'little',
      license: '',
      programs: [],
      functions: [],
      maps: [],
      data: new Map(),
      sources: [],
      btf: new BtfBuilder().build(),
    };
    const bytes = writeObject(object, {
      sections: new Map([['.bpfkit.script', new Uint8Array([0, 65, 0])]]),
    });
    const { warnings, bytes: out } = linkObjects([{ name: 'a.o', bytes }]);
    expect(warnings).toEqual(['a.o: section .bpfkit.script is left out: it cannot be joined with others']);
    expect(openElf(out).section('.bpfkit.script')).toBeUndefined();
  });
});
