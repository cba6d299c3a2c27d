import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FormatError } from '../../../bpf/format-error.ts';
import { readBtfPart, writeBtfPart } from '../../../runtime/snapshot/btf-part.ts';
import { readFormats, writeFormats } from '../../../runtime/snapshot/format-part.ts';
import { readFunctions, writeFunctions } from '../../../runtime/snapshot/function-part.ts';
import { parseTraceableFunctions, syscallsOf } from '../../../runtime/snapshot/index.ts';
import { NameCoding, typeCode, typeOf, unzigzag, zigzag } from '../../../runtime/snapshot/word-coding.ts';
import { formatText, moduleBtf, smallBtf } from './small.ts';

const part = (name: string, bytes: Uint8Array) => ({ name, bytes, offset: 0 });

describe('types', () => {
  it.each([true, false])('come back as they were (little-endian: %s)', (littleEndian) => {
    const bytes = smallBtf(littleEndian).bytes();
    const written = writeBtfPart(bytes);
    expect(written[0]).toBe(1);
    expect(readBtfPart(written, 0)).toEqual(bytes);
  });

  it('come back as they were when split', () => {
    const base = smallBtf();
    const bytes = moduleBtf(base).bytes();
    const written = writeBtfPart(bytes, { strings: base.stringsEnd, firstId: base.end });
    expect(written[0]).toBe(1);
    expect(readBtfPart(written, 0)).toEqual(bytes);
  });

  it('come back as they were, whatever they are', () => {
    const bytes = smallBtf().bytes();
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { maxLength: 8 }),
        fc.nat(bytes.length),
        (changes, length) => {
          const mutated = bytes.slice(0, length === 0 ? bytes.length : length);
          for (const [at, value] of changes) if (at < mutated.length) mutated[at] = value;
          expect(readBtfPart(writeBtfPart(mutated), 0)).toEqual(mutated);
        },
      ),
    );
  });

  it('give an error when damaged', () => {
    const written = writeBtfPart(smallBtf().bytes());
    fc.assert(
      fc.property(fc.nat(written.length - 1), fc.nat(255), (at, value) => {
        const mutated = written.slice();
        mutated[at] = value;
        try {
          readBtfPart(mutated, 0);
        } catch (error) {
          expect(error).toBeInstanceOf(FormatError);
        }
      }),
    );
    expect(() => readBtfPart(written.subarray(0, 20), 0)).toThrow(/^snapshot: byte \d+: /);
    expect(() => readBtfPart(Uint8Array.of(7), 0)).toThrow('types are written in way 7, which is not known');
  });
});

describe('words', () => {
  const word = fc.integer({ min: 0, max: 0xffffffff });
  it('come back as they were', () => {
    fc.assert(
      fc.property(word, word, (id, value) => {
        expect(unzigzag(zigzag(value))).toBe(value);
        expect(typeOf(id, typeCode(id, value))).toBe(value);
      }),
    );
    expect([0, -1, 1, -2].map(zigzag)).toEqual([0, 1, 2, 3]);
  });

  it('name the next text by 0', () => {
    const strings = new TextEncoder().encode('\0one\0two\0three\0');
    const offsets = [1, 0, 5, 1, 9, 10, 77];
    const writer = new NameCoding(strings, 0);
    const codes = offsets.map((offset) => writer.code(offset));
    expect(codes).toEqual([0, 1, 0, 3, 0, 22, 156]);
    const reader = new NameCoding(strings, 0);
    expect(codes.map((code) => reader.offset(code))).toEqual(offsets);
    expect(() => reader.offset(101)).toThrow('there is no name 50');
  });
});

describe('formats', () => {
  it('are parsed from the same text', () => {
    const odd =
      'name: b\nID: 3\nformat:\n\tfield:int x;\toffset:8;\tsize:4;\tsigned:1;\n\nprint fmt: "\t*\n\ty|1|2|1\n"\n';
    const events = [
      { system: 's', name: 'b', text: odd },
      { system: 's', name: 'a', text: formatText('a', 1) },
    ];
    const bytes = writeFormats(events);
    const warnings: string[] = [];
    const catalog = readFormats(part('formats', bytes), (problem) => warnings.push(problem));
    expect(catalog.find('s', 'a')?.fields.map((field) => field.declaration)).toEqual([
      'unsigned short common_type',
      'unsigned char common_flags',
      'unsigned char common_preempt_count',
      'int common_pid',
      'int pid',
      '__data_loc char[] comm',
    ]);
    expect(catalog.find('s', 'c')).toBeUndefined();
    expect(catalog.find('s', 'b')?.printFormat).toBe('"\t*\n\ty|1|2|1\n"');
    // Lines of the print format look like short ones: the text is kept as it is.
    expect(warnings).toEqual([]);
    expect(bytes.length).toBeLessThan(events.reduce((sum, { text }) => sum + text.length, 0));
  });
});

describe('functions', () => {
  it('come back once each, in order', () => {
    const name = fc.stringMatching(/^[a-z_]{1,12}$/);
    const one = fc.record({ name, module: fc.constantFrom('xfs', 'btrfs') }, { requiredKeys: ['name'] });
    fc.assert(
      fc.property(fc.array(one, { maxLength: 50 }), (functions) => {
        const read = readFunctions(part('functions', writeFunctions(functions)));
        const key = (item: { name: string; module?: string }): string => `${item.name} ${item.module ?? ''}`;
        expect(read.map(key)).toEqual([...new Set(functions.map(key))].sort((a, b) => (a < b ? -1 : 1)));
      }),
    );
  });

  it('are read from available_filter_functions', () => {
    const text = 'vfs_read\nxfs_read [xfs]\n__ftrace_invalid_address___12\nxfs_read\t[xfs]\n';
    expect(parseTraceableFunctions(text)).toEqual([
      { name: 'vfs_read' },
      { name: 'xfs_read', module: 'xfs' },
      { name: 'xfs_read', module: 'xfs' },
    ]);
  });
});

describe('syscallsOf', () => {
  const formats = ['sys_enter_newfstat', 'sys_exit_read', 'sys_enter_unknown_call'].map((name) => ({
    system: 'syscalls',
    name,
    text: '',
  }));

  it('numbers what tracepoints and symbols tell', () => {
    const kallsyms = '0 T __x64_sys_openat\n0 t __x64_sys_read\n0 T __x64_sys_ni_syscall\n0 T sys_write\n';
    expect(syscallsOf({ architecture: 'x86_64', formats, kallsyms })).toEqual([
      { number: 0, name: 'read' },
      { number: 5, name: 'newfstat' },
      { number: 257, name: 'openat' },
    ]);
    expect(syscallsOf({ architecture: 'aarch64', formats })).toEqual([{ number: 80, name: 'newfstat' }]);
  });

  it('does not guess', () => {
    expect(syscallsOf({ architecture: 's390x', formats })).toBeUndefined();
    expect(syscallsOf({ architecture: 'x86_64' })).toBeUndefined();
  });
});
