import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BtfBuilder } from '../../../bpf/btf/builder.ts';
import type { BtfExt } from '../../../bpf/btf/ext.ts';
import { readBtfExt } from '../../../bpf/btf/read-ext.ts';
import { writeBtfExt } from '../../../bpf/btf/write-ext.ts';
import { CORE_RELOCATION_KINDS } from '../../../bpf/core/relocation.ts';

const name = fc.constantFrom('.text', 'kprobe/do_nanosleep', 'xdp', 'größe.c');
const offset = fc.nat({ max: 2 ** 20 }).map((slot) => slot * 8);
const type = fc.nat({ max: 2 });

function sections<T>(record: fc.Arbitrary<T>): fc.Arbitrary<{ section: string; records: T[] }[]> {
  return fc.array(fc.record({ section: name, records: fc.array(record, { minLength: 1, maxLength: 4 }) }), {
    maxLength: 3,
  });
}

const anyExt: fc.Arbitrary<BtfExt> = fc.record({
  functions: sections(fc.record({ offset, type })),
  lines: sections(
    fc.record({
      offset,
      file: name,
      text: fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\0', '')),
      line: fc.nat({ max: 2 ** 22 - 1 }),
      column: fc.nat({ max: 1023 }),
    }),
  ),
  relocations: sections(
    fc.record({
      offset,
      kind: fc.constantFrom(...CORE_RELOCATION_KINDS),
      type,
      access: fc.constantFrom('0', '0:1:2'),
    }),
  ),
});

function someBuilder(): BtfBuilder {
  const builder = new BtfBuilder();
  builder.addPointer(builder.addInt('int', 4));
  return builder;
}

const SOME: BtfExt = {
  functions: [{ section: 'xdp', records: [{ offset: 0, type: 1 }] }],
  lines: [
    {
      section: 'xdp',
      records: [
        { offset: 0, file: 'a.c', text: 'int x(void)', line: 7, column: 3 },
        { offset: 8, file: 'a.c', text: '  return 0;', line: 8, column: 5 },
      ],
    },
  ],
  relocations: [{ section: 'xdp', records: [{ offset: 8, kind: 'field_exists', type: 2, access: '0:1' }] }],
};

describe('.BTF.ext', () => {
  it('reads what it writes', () => {
    fc.assert(
      fc.property(anyExt, fc.boolean(), (ext, littleEndian) => {
        const strings = someBuilder();
        const bytes = writeBtfExt(ext, { strings, littleEndian });
        expect(readBtfExt(bytes, strings.build({ littleEndian }))).toEqual(ext);
      }),
    );
  });

  it('reads over what longer headers and records have more', () => {
    const strings = someBuilder();
    const short = writeBtfExt({ ...SOME, lines: [], relocations: [] }, { strings });
    const words = [...new Uint32Array(short.buffer)];
    // Header of 40 bytes, records of 12: one word more in each.
    words.splice(8, 0, 99, 99);
    words[1] = 40;
    words[3] = words[3]! + 4;
    words[10] = 12;
    words.push(77);
    const long = new Uint8Array(Uint32Array.from(words).buffer);
    expect(readBtfExt(long, strings.build()).functions).toEqual(SOME.functions);
  });

  it('reads a header without relocations', () => {
    const strings = someBuilder();
    const words = [...new Uint32Array(writeBtfExt({ ...SOME, relocations: [] }, { strings }).buffer)];
    words.splice(6, 2);
    words[1] = 24;
    const bytes = new Uint8Array(Uint32Array.from(words).buffer);
    expect(readBtfExt(bytes, strings.build())).toEqual({ ...SOME, relocations: [] });
  });

  it('leaves out sections without records and keeps columns in their bits', () => {
    const strings = someBuilder();
    const bytes = writeBtfExt(
      {
        functions: [{ section: 'none', records: [] }],
        lines: [{ section: 's', records: [{ offset: 0, file: 'f', text: '', line: 1, column: 5000 }] }],
        relocations: [],
      },
      { strings },
    );
    const ext = readBtfExt(bytes, strings.build());
    expect(ext.functions).toEqual([]);
    expect(ext.lines[0]!.records[0]).toMatchObject({ line: 1, column: 1023 });
    const far = { section: 's', records: [{ offset: 0, file: 'f', text: '', line: 2 ** 22, column: 1 }] };
    expect(() => writeBtfExt({ ...SOME, lines: [far] }, { strings })).toThrow('f: line 4194304 is beyond');
  });

  const strings = someBuilder();
  const good = writeBtfExt(SOME, { strings });
  const btf = strings.build();
  // Words: header 0-7, func_info 8-12 (size, section, count, offset, type), line_info 13-23, core_relo 24-30.
  it.each<[string, number, number, string]>([
    ['another magic', 0, 1, 'byte 0: the magic number is 1, not eb9f'],
    ['a short header', 1, 20, 'byte 4: a header of 20 bytes is too short'],
    ['a table beyond', 2, 0x7fff_ffff, 'byte 2147483679: func_info is beyond the end'],
    ['a table too long', 3, 2 ** 20, 'byte 32: func_info takes 1048576 bytes, and 92 are left'],
    ['short records', 8, 4, 'byte 32: func_info has records of 4 bytes'],
    ['crooked records', 8, 9, 'byte 32: func_info has records of 9 bytes'],
    ['a string beyond', 9, 9999, 'byte 36: string offset 9999 is beyond the strings'],
    ['no records', 10, 0, 'byte 40: func_info of xdp has no records'],
    ['too many records', 10, 2 ** 30, 'byte 36: 1073741824 records of 8 bytes for xdp, and 8 bytes are left'],
    ['half an instruction', 11, 4, 'byte 44: instruction offset 4 is no multiple of 8'],
    ['a type beyond', 12, 3, 'byte 48: type 3, and the last is 2'],
    ['a rest', 3, 28, 'byte 52: 1 records of 8 bytes'],
    ['an unknown relocation', 30, 13, 'byte 120: relocation kind 13 is unknown'],
  ])('refuses %s', (_, word, value, message) => {
    const bytes = good.slice();
    new DataView(bytes.buffer).setUint32(word * 4, value, word !== 0);
    if (word === 0) bytes.set([0, 1], 0);
    expect(() => readBtfExt(bytes, btf)).toThrow(message);
  });

  it('refuses strings that overlap to make more than there is', () => {
    const long = someBuilder();
    const start = long.string('x'.repeat(100_000));
    const records = Array.from({ length: 50 }, () => ({
      offset: 0,
      file: '',
      text: 'int',
      line: 1,
      column: 1,
    }));
    const bytes = writeBtfExt(
      { functions: [], relocations: [], lines: [{ section: '', records }] },
      { strings: long },
    );
    const view = new DataView(bytes.buffer);
    for (let index = 0; index < 50; index++) view.setUint32(32 + 12 + index * 16 + 8, start + index, true);
    expect(() => readBtfExt(bytes, long.build())).toThrow('the strings overlap one another too often');
  });
});
