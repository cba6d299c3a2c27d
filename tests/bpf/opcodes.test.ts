import { describe, expect, test } from 'vitest';
import { isOpName, OPCODE_BY_NAME, OPCODES } from '../../bpf/opcodes.ts';

describe('the opcode table', () => {
  test('codes are dense and names unique', () => {
    expect(OPCODES.map((row) => row.code)).toEqual(OPCODES.map((_, index) => index));
    expect(new Set(OPCODES.map((row) => row.name)).size).toBe(OPCODES.length);
  });

  test('no two rows mean the same bytes', () => {
    const wires = OPCODES.map((row) => `${row.opcode}/${row.fixedOff}/${row.fixedImm}`);
    expect(new Set(wires).size).toBe(OPCODES.length);
  });

  // Class, operation and size bits written out independently (RFC 9669 sections 3 to 5).
  test.each([
    ['add64_k', 0x07, null, null],
    ['sdiv32_x', 0x3c, 1, null],
    ['arsh64_k', 0xc7, null, null],
    ['movsx32_64', 0xbf, 32, null],
    ['be32', 0xdc, null, 32],
    ['bswap64', 0xd7, null, 64],
    ['ja32', 0x06, null, null],
    ['may_goto', 0xe5, null, null],
    ['jset_x', 0x4d, null, null],
    ['jsle32_k', 0xd6, null, null],
    ['ldx16', 0x69, null, null],
    ['ldsx32', 0x81, null, null],
    ['st8', 0x72, null, null],
    ['stx64', 0x7b, null, null],
    ['lddw', 0x18, null, null],
    ['ldind16', 0x48, null, null],
    ['atomic_fetch_xor64', 0xdb, null, 0xa1],
    ['atomic_cmpxchg32', 0xc3, null, 0xf1],
    ['load_acquire8', 0xd3, null, 0x100],
    ['store_release64', 0xdb, null, 0x110],
  ] as const)('%s is 0x%s', (name, opcode, fixedOff, fixedImm) => {
    expect(OPCODE_BY_NAME[name]).toMatchObject({ opcode, fixedOff, fixedImm });
  });

  test('a newer instruction set level never came in an older kernel than jmp32', () => {
    for (const row of OPCODES.filter((one) => one.level === 4)) {
      expect(['6.6', '6.9', '6.15', '6.19', null]).toContain(row.since);
    }
  });

  test('names from outside are told apart', () => {
    expect(isOpName('add64_k')).toBe(true);
    expect(isOpName('toString')).toBe(false);
  });
});
