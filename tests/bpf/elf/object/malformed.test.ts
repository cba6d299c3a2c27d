import { describe, expect, test } from 'vitest';
import { openElf } from '../../../../bpf/elf/file.ts';
import { readObject } from '../../../../bpf/elf/object/index.ts';
import { ElfWriter } from '../../../../bpf/elf/write/elf-writer.ts';
import { FormatError } from '../../../../bpf/format-error.ts';
import { objectBytes, patched } from '../support.ts';

type Patch = readonly [offset: number, size: 1 | 2 | 4 | 8, value: number];

/** The error of an object after patches that may ask where things are. */
function failure(name: string, make: (elf: ReturnType<typeof places>) => readonly Patch[]): FormatError {
  const bytes = objectBytes(name);
  try {
    readObject(patched(bytes, ...make(places(bytes))), name);
  } catch (error) {
    if (error instanceof FormatError) return error;
    throw error;
  }
  throw new Error('it was read');
}

function places(bytes: Uint8Array) {
  const elf = openElf(bytes);
  const at = (name: string): number => elf.section(name)!.offset;
  const symbols = elf.section('.symtab')!;
  return {
    at,
    size: (name: string): number => elf.section(name)!.size,
    number: (offset: number): number => new DataView(bytes.buffer).getUint32(offset, true),
    /** The first instruction of an opcode. */
    find: (from: number, opcode: number): number => {
      let offset = from;
      while (bytes[offset] !== opcode) offset += 8;
      return offset;
    },
    /** Where a name stands. */
    text: (name: string): number => new TextDecoder('latin1').decode(bytes).lastIndexOf(`\0${name}\0`) + 1,
    /** A field of a section header. */
    header: (name: string, field: number): number =>
      elf.header.sectionTable.offset + elf.section(name)!.index * 64 + field,
    /** A field of a symbol. */
    symbol: (name: string, field: number): number =>
      symbols.offset + elf.symbols(symbols).find((one) => one.name === name)!.index * 24 + field,
  };
}

/** Where an array type of 32 elements has its count. */
function arrayOf32(btf: number, number: (offset: number) => number): number {
  let at = btf + 24;
  while (number(at + 4) !== 0x0300_0000 || number(at + 20) !== 32) at += 4;
  return at + 20;
}

const SHARED = 'raw_tp/sys_enter';

/** An object with its symbol table at the end of the file, the symbol of a name in it many times more. */
function withAliases(bytes: Uint8Array, name: string, count: number): Uint8Array {
  const elf = openElf(bytes);
  const table = elf.section('.symtab')!;
  const symbols = elf.data(table);
  const { index } = elf.symbols(table).find((one) => one.name === name)!;
  const alias = symbols.subarray(index * 24, index * 24 + 24);
  const copy = new Uint8Array(bytes.length + symbols.length + count * 24);
  copy.set(bytes);
  copy.set(symbols, bytes.length);
  for (let at = bytes.length + symbols.length; at < copy.length; at += 24) copy.set(alias, at);
  const header = elf.header.sectionTable.offset + table.index * 64;
  return patched(copy, [header + 24, 8, bytes.length], [header + 32, 8, copy.length - bytes.length]);
}

test('a hidden map is read, and told: libbpf refuses it', () => {
  const bytes = objectBytes('array-of-maps.o');
  const hidden = readObject(patched(bytes, [places(bytes).symbol('outer', 5), 1, 2]), 'hidden');
  expect(hidden.object.maps).toEqual(readObject(bytes, 'plain').object.maps);
  expect(hidden.warnings).toEqual([
    expect.stringMatching(/^\.maps\+\d+: map outer is static or hidden, which libbpf refuses$/),
  ]);
});

test('functions that are the same bytes are read a few times, not thousands of times', () => {
  const bytes = objectBytes('subprograms.o');
  const few = readObject(withAliases(bytes, 'sum', 2), 'few').object.functions;
  expect(few.length).toBe(readObject(bytes, 'none').object.functions.length + 2);
  const many = withAliases(bytes, 'sum', 20_000);
  expect(() => readObject(many, 'many')).toThrow(/too many functions are the same bytes as sum/);
});

describe('a broken object is refused with section and offset', () => {
  test.each<readonly [string, string, (p: ReturnType<typeof places>) => readonly Patch[], RegExp]>([
    ['an executable', 'data.o', () => [[16, 2, 2]], /byte 16: .* is no object/],
    ['another machine', 'data.o', () => [[18, 2, 62]], /byte 18: .* holds no BPF: its machine is 62/],
    [
      'sections that share bytes',
      'data.o',
      ({ at, header }) => [[header('.rodata', 24), 8, at('.data')]],
      /section .* overlaps the one before it/,
    ],
    [
      'a function outside its section',
      'subprograms.o',
      ({ symbol }) => [[symbol('sum', 16), 8, 1 << 20]],
      /section \.text\+0: function sum at 0 with 1048576 bytes is outside the section/,
    ],
    [
      'a function inside another',
      'subprograms.o',
      ({ symbol }) => [[symbol('twice', 8), 8, 8]],
      /function twice begins inside the one before it/,
    ],
    [
      'half an instruction',
      'subprograms.o',
      ({ symbol }) => [[symbol('deep', 16), 8, 12]],
      /function deep of 12 bytes is no whole number of instructions/,
    ],
    [
      'an unknown opcode',
      'data.o',
      ({ at }) => [[at(SHARED), 1, 0xff]],
      /section raw_tp\/sys_enter\+0: run: unknown opcode 0xff/,
    ],
    [
      'a relocation between instructions',
      'data.o',
      ({ at }) => [[at(`.rel${SHARED}`), 8, 4]],
      /section raw_tp\/sys_enter\+4: a relocation is at no instruction/,
    ],
    [
      'a relocation of an addition',
      'data.o',
      ({ at, size }) => [[at(`.rel${SHARED}`), 8, size(SHARED) - 8]],
      /section raw_tp\/sys_enter\+\d+: exit cannot be relocated, for 'factor'/,
    ],
    [
      'a relocation to no symbol',
      'data.o',
      ({ at }) => [[at(`.rel${SHARED}`) + 12, 4, 9999]],
      /a relocation names symbol 9999 of \d+/,
    ],
    [
      'a relocation of another kind',
      'data.o',
      ({ at }) => [[at(`.rel${SHARED}`) + 8, 4, 77]],
      /relocation type 77 has no meaning for lddw/,
    ],
    [
      'an address where no map is',
      'callbacks.o',
      ({ at, number }) => [[at(SHARED) + number(at(`.rel${SHARED}`)) + 4, 4, 8]],
      /section raw_tp\/sys_enter\+\d+: 'numbers' at \.maps\+8 is no map and no data/,
    ],
    [
      'a call to the middle of a function',
      'subprograms.o',
      ({ at, find }) => [[find(at('.text'), 0x85) + 4, 4, 1]],
      /no function begins at \.text\+\d+/,
    ],
    [
      'a static value outside the array',
      'array-of-maps.o',
      ({ at }) => [[at('.rel.maps'), 8, 0]],
      /section \.maps\+0: map first has no static value here/,
    ],
    [
      'a map that ends outside',
      'array-of-maps.o',
      ({ header }) => [[header('.maps', 32), 8, 64]],
      /section \.maps\+\d+: map \w+ ends outside the section/,
    ],
    [
      'types of another format',
      'data.o',
      ({ at }) => [[at('.BTF'), 2, 0x1234]],
      /^BTF: byte \d{3,}: section \.BTF\+0: the magic number is/,
    ],
    [
      'line info of another format',
      'data.o',
      ({ at }) => [[at('.BTF.ext') + 2, 1, 9]],
      /^\.BTF\.ext: byte \d{3,}: section \.BTF\.ext\+2: version 9 is unknown/,
    ],
    [
      'a configuration value that has no end',
      'kconfig.o',
      ({ at, number }) => [[arrayOf32(at('.BTF'), number), 4, 0x7fff_ffff]],
      /^ELF: byte \d{3,}: symbol CONFIG_\w+ and others are \d+ bytes of configuration/,
    ],
    [
      'legacy definitions of odd size',
      'legacy-maps.o',
      ({ header }) => [[header('maps', 32), 8, 39]],
      /section maps\+0: 39 bytes are no whole definitions of 2 maps/,
    ],
    [
      'an unknown legacy type',
      'legacy-maps.o',
      ({ at }) => [[at('maps'), 4, 1000]],
      /section maps\+0: map counts has the unknown type 1000/,
    ],
    [
      'a version of odd size',
      'foreign.o',
      ({ header, text }) => [
        [text('license'), 4, 0x73726576],
        [text('license') + 3, 4, 0x6e6f6973],
        [header('license', 32), 8, 3],
      ],
      /section version\+0: a version takes 4 bytes, not 3/,
    ],
  ])('%s', (_, name, make, problem) => {
    expect(failure(name, make).message).toMatch(problem);
  });
});

test('many functions of one name are named apart', () => {
  const writer = new ElfWriter({ littleEndian: true });
  const count = 20_000;
  const code = new Uint8Array(count * 8);
  for (let at = 0; at < code.length; at += 8) code[at] = 0x95;
  const section = writer.addSection({ name: '.text', type: 1, flags: 6, alignment: 8, data: code });
  for (let index = 0; index < count; index++) {
    writer.addSymbol({ name: 'f', value: BigInt(index * 8), size: 8, type: 2, binding: 0, section });
  }
  const { functions } = readObject(writer.finish(), 'x.o').object;
  expect(new Set(functions.map(({ name }) => name)).size).toBe(count);
  expect(functions.at(-1)!.name).toBe(`f.${count - 1}`);
});

describe('what is odd is told', () => {
  test('code of no function', () => {
    const bytes = objectBytes('foreign.o');
    const { symbol } = places(bytes);
    const { warnings, object } = readObject(patched(bytes, [symbol('run', 4), 1, 0x10]), 'x.o');
    expect(object.programs).toEqual([]);
    expect(warnings.filter((one) => one.startsWith('socket'))).toEqual([
      'socket+0: 16 bytes of code belong to no function',
    ]);
  });

  // Linkers leave that of a weak function that lost.
  test.each(['core-fields.o', 'callbacks.o'])('code of no function with relocations: %s', (name) => {
    const bytes = objectBytes(name);
    const { programs } = readObject(bytes, name).object;
    const lost = programs[0]!.name;
    const { warnings, object } = readObject(patched(bytes, [places(bytes).symbol(lost, 4), 1, 0x10]), name);
    expect(object.programs.map((one) => one.name)).toEqual(programs.slice(1).map((one) => one.name));
    expect(warnings).toEqual([expect.stringMatching(/bytes of code belong to no function$/)]);
  });

  test('externs that no type declares', () => {
    const bytes = objectBytes('kfuncs.o');
    const { header } = places(bytes);
    const { warnings, object } = readObject(patched(bytes, [header('.BTF', 4), 4, 7]), 'x.o');
    expect(object.externs!.map(({ kind, name, weak }) => [kind, name, weak])).toEqual([
      ['kfunc', 'bpf_task_acquire', false],
      ['kfunc', 'bpf_task_release', false],
      ['ksym', 'no_such_function', true],
    ]);
    expect(warnings).toContain(
      "tp_btf/task_newtask+48: 'no_such_function' is taken for a variable of the kernel: no type tells",
    );
    expect(warnings).toContain('.BTF.ext+0: its strings are in .BTF, which is not there');
  });

  test('reserved fields that are set', () => {
    const bytes = objectBytes('data.o');
    const { at } = places(bytes);
    const end = at(SHARED) + openElf(bytes).section(SHARED)!.size - 8;
    const { warnings, object } = readObject(patched(bytes, [end + 4, 4, 5]), 'x.o');
    expect(warnings).toEqual([
      expect.stringMatching(/^raw_tp\/sys_enter\+\d+: run: exit uses reserved field imm \(5\)$/),
    ]);
    expect(object.programs[0]!.instructions.at(-1)).toMatchObject({ op: 'exit', imm: 5 });
  });
});
