/** Debugging information that was made to cost much: few bytes, read again and again. */
import { describe, expect, it } from 'vitest';
import { type ByteSource, memorySource } from '../../../bpf/byte-source.ts';
import { Dwarf } from '../../../bpf/dwarf/index.ts';
import { ByteWriter } from '../../../bpf/elf/write/byte-writer.ts';

const [SUBPROGRAM, STRUCT, MEMBER, PARAMETER, SUBROUTINE] = [0x2e, 0x13, 0x0d, 0x05, 0x15];
const [NAME, ABSTRACT_ORIGIN, TYPE] = [0x03, 0x31, 0x49];
const [STRING, STRP, REF4] = [0x08, 0x0e, 0x13];

/** Tag, children and pairs of attribute and form; codes count from 1. */
type Row = readonly [number, boolean, ...number[]];

function abbreviations(rows: readonly Row[]): Uint8Array {
  const bytes = rows.flatMap(([tag, children, ...pairs], index) => [
    index + 1,
    tag,
    children ? 1 : 0,
    ...pairs,
    0,
    0,
  ]);
  return Uint8Array.from([...bytes, 0]);
}

function unit(write: (out: ByteWriter) => void): Uint8Array {
  const out = new ByteWriter(true);
  out.u32(0);
  out.u16(4);
  out.u32(0);
  out.u8(8);
  write(out);
  out.patchU32(0, out.length - 4);
  return out.finish();
}

function open(sections: Readonly<Record<string, Uint8Array>>): Dwarf {
  const sources = new Map<string, ByteSource>(
    Object.entries(sections).map(([name, bytes]) => [name, memorySource(bytes)]),
  );
  return new Dwarf({ littleEndian: true, section: (name) => sources.get(name) });
}

const f = (out: ByteWriter): void => out.bytes(Uint8Array.of(0x66, 0));

describe('debugging information that overlaps', () => {
  it('functions within functions within functions', { timeout: 60_000 }, () => {
    const depth = 100_000;
    const dwarf = open({
      '.debug_abbrev': abbreviations([[SUBPROGRAM, true, NAME, STRING]]),
      '.debug_info': unit((out) => {
        for (let index = 0; index < depth; index++) {
          out.u8(1);
          f(out);
        }
        out.zeros(depth);
      }),
    });
    dwarf.functions('f');
    expect(dwarf.problems.at(-1)?.message).toMatch(/^\.debug_info: byte \d+: entries overlap too much$/);
  });

  it('copies of a function with very many parameters', () => {
    const many = 2000;
    const dwarf = open({
      '.debug_abbrev': abbreviations([
        [SUBPROGRAM, true, NAME, STRING],
        [PARAMETER, false],
        [SUBPROGRAM, false, ABSTRACT_ORIGIN, REF4],
      ]),
      '.debug_info': unit((out) => {
        out.u8(1);
        f(out);
        out.bytes(new Uint8Array(many).fill(2));
        out.u8(0);
        for (let index = 0; index < many; index++) {
          out.u8(3);
          out.u32(11);
        }
      }),
    });
    const kept = dwarf.functions('f').flatMap(({ parameters }) => parameters).length;
    expect(kept).toBeLessThan(200_000);
    expect(dwarf.problems.at(-1)?.message).toMatch(/entries overlap too much$/);
  });

  it('types of functions that take functions that take functions', () => {
    const dwarf = open({
      '.debug_abbrev': abbreviations([
        [SUBPROGRAM, false, NAME, STRING, TYPE, REF4],
        [SUBROUTINE, true, TYPE, REF4],
        [PARAMETER, false, TYPE, REF4],
      ]),
      '.debug_info': unit((out) => {
        const type = 11 + 7;
        out.u8(1);
        f(out);
        out.u32(type);
        out.u8(2);
        out.u32(type);
        for (let index = 0; index < 50; index++) {
          out.u8(3);
          out.u32(type);
        }
        out.u8(0);
      }),
    });
    const text = dwarf.functionSignature('f')?.returnText;
    expect(text?.length).toBeLessThan(100_000);
    expect(text).toContain('...');
  });

  it('names that are tails of one long name', () => {
    const length = 1 << 18;
    const members = 20_000;
    const dwarf = open({
      '.debug_abbrev': abbreviations([
        [SUBPROGRAM, false, NAME, STRING, TYPE, REF4],
        [STRUCT, true],
        [MEMBER, false, NAME, STRP],
      ]),
      '.debug_str': new Uint8Array(length + 1).fill(0x61, 0, length),
      '.debug_info': unit((out) => {
        out.u8(1);
        f(out);
        out.u32(11 + 7);
        out.u8(2);
        for (let index = 0; index < members; index++) {
          out.u8(3);
          out.u32(index);
        }
        out.u8(0);
      }),
    });
    const type = dwarf.type(dwarf.functionSignature('f')?.returns ?? 0);
    expect(type).toMatchObject({
      kind: 'unknown',
      reason: expect.stringContaining('texts overlap too much'),
    });
  });

  it('abbreviations that each unit begins elsewhere', { timeout: 60_000 }, () => {
    const table = abbreviations(Array.from({ length: 100 }, (): Row => [SUBPROGRAM, false, NAME, STRING]));
    const large = new Uint8Array(table.length * 500);
    for (let index = 0; index < 500; index++) large.set(table.subarray(0, -1), index * (table.length - 1));
    const units = 20_000;
    const info = new Uint8Array(12 * units);
    for (let index = 0; index < units; index++) {
      const one = unit((out) => out.u8(0));
      new DataView(one.buffer).setUint32(6, index * 7, true);
      info.set(one, index * 12);
    }
    let read = 0;
    const { size, read: readAt } = memorySource(large);
    const counting: ByteSource = {
      size,
      read: (offset, length) => {
        read += length;
        return readAt(offset, length);
      },
    };
    const sources = new Map<string, ByteSource>([
      ['.debug_abbrev', counting],
      ['.debug_info', memorySource(info)],
    ]);
    const dwarf = new Dwarf({ littleEndian: true, section: (name) => sources.get(name) });
    dwarf.functions('f');
    expect(dwarf.problems.length).toBeGreaterThan(0);
    // Tables from each of the places to the end would be read some thousand times over.
    expect(read).toBeLessThan(size * 100);
  });
});
