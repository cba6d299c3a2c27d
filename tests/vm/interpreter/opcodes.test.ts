/** Every row of the opcode table runs and means what the reference says. */
import { describe, expect, test } from 'vitest';
import type { Instruction } from '../../../bpf/instruction.ts';
import { OPCODES, type Opcode } from '../../../bpf/opcodes.ts';
import { createMachine } from '../../../vm/index.ts';
import { compute, EDGES, taken } from '../reference.ts';
import { insn, object, pair, run, runOn, SMALL, wide } from '../support.ts';

const EXIT = insn('exit');
const machine = createMachine(SMALL);
const r0 = (...main: readonly Instruction[]): bigint => runOn(machine, object(main));
const trusting = createMachine({ ...SMALL, mode: 'trusted' });
/** Of a strict run, and of one without checks: accesses are elsewhere in the interpreter then. */
const both = (...main: readonly Instruction[]): bigint => {
  const result = r0(...main);
  expect(runOn(trusting, object(main))).toBe(result);
  return result;
};
const immediate = (value: bigint): number => Number(BigInt.asIntN(32, value));
const extended = (imm: number): bigint => BigInt.asUintN(64, BigInt(imm));

const COMPUTING = new Set(['alu_k', 'alu_x', 'neg', 'movsx', 'end']);
const rowsOf = (keep: (row: Opcode) => boolean): readonly Opcode[] => OPCODES.filter(keep);

describe('computation', () => {
  test.each(rowsOf((row) => COMPUTING.has(row.form)))('$name', (row) => {
    for (const a of EDGES) {
      for (const b of EDGES) {
        const imm = row.form === 'alu_k' ? immediate(b) : 0;
        const operand = row.form === 'alu_k' ? extended(imm) : b;
        const unary = row.form === 'neg' || row.form === 'end';
        const op = insn(row.name, { dst: 0, src: unary ? 0 : 1, imm });
        expect(r0(wide(0, a), wide(1, b), op, EXIT), `${a} ${b}`).toBe(compute(row, a, operand));
        if (unary) break;
      }
    }
  });

  test.each(rowsOf((row) => row.form === 'alu_x'))('$name with one register twice', (row) => {
    for (const a of EDGES) expect(r0(wide(0, a), insn(row.name), EXIT)).toBe(compute(row, a, a));
  });
});

describe('conditional jumps', () => {
  test.each(rowsOf((row) => row.form === 'jmp_k' || row.form === 'jmp_x'))('$name', (row) => {
    for (const a of EDGES) {
      for (const b of EDGES) {
        const imm = row.form === 'jmp_k' ? immediate(b) : 0;
        const operand = row.form === 'jmp_k' ? extended(imm) : b;
        const jump = insn(row.name, { dst: 1, src: row.form === 'jmp_k' ? 0 : 2, off: 1, imm });
        const result = r0(
          wide(1, a),
          wide(2, b),
          insn('mov64_k', { imm: 1 }),
          jump,
          insn('mov64_k', { imm: 0 }),
          EXIT,
        );
        expect(result, `${a} ${b}`).toBe(taken(row, a, operand) ? 1n : 0n);
      }
    }
  });
});

const STACK: Instruction['dst'] = 10;
const VALUE = 0xf1e2_d3c4_b5a6_9788n;
const store = (value: bigint, off: number): readonly Instruction[] => [
  wide(9, value),
  insn('stx64', { dst: STACK, src: 9, off }),
];

describe('memory', () => {
  const loads = rowsOf((row) => ['ldx', 'ldsx', 'load_acquire'].includes(row.form));
  test.each(loads)('$name', (row) => {
    for (const at of [-16, -15, -14, -13]) {
      const load = insn(row.name, { src: STACK, off: at });
      const bits = row.bytes * 8;
      const want =
        row.form === 'ldsx' ? BigInt.asUintN(64, BigInt.asIntN(bits, VALUE)) : BigInt.asUintN(bits, VALUE);
      expect(both(insn('st64', { dst: STACK, off: -8 }), ...store(VALUE, at), load, EXIT)).toBe(want);
    }
  });

  const stores = rowsOf((row) => ['stx', 'st', 'store_release'].includes(row.form));
  test.each(stores)('$name', (row) => {
    for (const at of [-16, -15, -14, -13]) {
      const bits = row.bytes * 8;
      const imm = row.form === 'st' ? -123_456_789 : 0;
      const value = row.form === 'st' ? extended(imm) : VALUE;
      const before = 0x1111_1111_1111_1111n;
      const op = insn(row.name, { dst: STACK, src: row.form === 'st' ? 0 : 1, off: at, imm });
      const result = both(
        wide(1, VALUE),
        ...store(before, at),
        op,
        insn('ldx64', { src: STACK, off: at }),
        EXIT,
      );
      expect(result).toBe(((before >> BigInt(bits)) << BigInt(bits)) | BigInt.asUintN(bits, value));
    }
  });
});

const OLD = 0xffff_fff0_ffff_fff0n;
const OPERAND = 0x0f0f_0f0f_0000_0025n;

function combined(row: Opcode): bigint {
  if (row.operation === 'xchg' || row.operation === 'cmpxchg') return BigInt.asUintN(row.bits, OPERAND);
  return compute(row, OLD, OPERAND);
}

describe('atomics', () => {
  const rows = rowsOf((row) => ['atomic', 'atomic_fetch', 'cmpxchg'].includes(row.form));
  const setup = [...store(OLD, -8), wide(1, OPERAND)];

  test.each(rows)('$name changes memory', (row) => {
    const expected = wide(0, BigInt.asUintN(row.bits, OLD));
    const op = insn(row.name, { dst: STACK, src: 1, off: -8 });
    const result = r0(...setup, expected, op, insn('ldx64', { src: STACK, off: -8 }), EXIT);
    const upper = row.bits === 64 ? 0n : (OLD >> 32n) << 32n;
    expect(result).toBe(upper | combined(row));
  });

  test.each(rows.filter((row) => row.form === 'atomic_fetch'))('$name gives the old value', (row) => {
    const op = insn(row.name, { dst: STACK, src: 1, off: -8 });
    expect(r0(...setup, op, insn('mov64_x', { src: 1 }), EXIT)).toBe(BigInt.asUintN(row.bits, OLD));
  });

  test.each(rows.filter((row) => row.form === 'cmpxchg'))('$name leaves memory when different', (row) => {
    const op = insn(row.name, { dst: STACK, src: 1, off: -8 });
    expect(r0(...setup, wide(0, 5n), op, EXIT)).toBe(BigInt.asUintN(row.bits, OLD));
    expect(r0(...setup, wide(0, 5n), op, insn('ldx64', { src: STACK, off: -8 }), EXIT)).toBe(OLD);
  });
});

describe('control flow', () => {
  const one = insn('mov64_k', { imm: 1 });
  const two = insn('mov64_k', { imm: 2 });

  test('ja and ja32', () => {
    expect(r0(one, insn('ja', { off: 1 }), two, EXIT)).toBe(1n);
    expect(r0(one, insn('ja32', { imm: 1 }), two, EXIT)).toBe(1n);
  });

  test('may_goto falls through 2^23 times', () => {
    const loop = [
      insn('mov64_k'),
      insn('may_goto', { off: 2 }),
      insn('add64_k', { imm: 1 }),
      insn('ja', { off: -3 }),
    ];
    expect(r0(...loop, EXIT)).toBe(1n << 23n);
  });

  test('callx and a function address', () => {
    const function_ = { name: 'f', instructions: [insn('mov64_k', { imm: 42 }), EXIT] };
    const address = {
      ...insn('lddw', { dst: 1, immHigh: 0 }),
      ref: { kind: 'function', name: 'f' } as const,
    };
    expect(run([address, insn('callx', { dst: 1 }), EXIT], [function_])).toBe(42n);
    expect(run([address, insn('gotox', { dst: 1 }), EXIT], [function_])).toBe(42n);
  });

  test('a call keeps r6 ... r9 and gives a frame of its own', () => {
    const callee = {
      name: 'f',
      instructions: [
        insn('mov64_k', { dst: 6, imm: 9 }),
        insn('st64', { dst: STACK, off: -8, imm: 7 }),
        one,
        EXIT,
      ],
    };
    const call = { ...insn('call', { src: 1 }), ref: { kind: 'function', name: 'f' } as const };
    const main = [
      insn('mov64_k', { dst: 6, imm: 5 }),
      insn('st64', { dst: STACK, off: -8, imm: 3 }),
      call,
      insn('add64_x', { src: 6 }),
      insn('ldx64', { dst: 1, src: STACK, off: -8 }),
      insn('add64_x', { src: 1 }),
      EXIT,
    ];
    expect(run(main, [callee])).toBe(9n);
  });

  test('addr_space_cast keeps NULL and the low half', () => {
    const cast = (imm: number): Instruction => insn('addr_space_cast', { src: 1, imm });
    expect(r0(wide(1, 0n), cast(1), EXIT)).toBe(0n);
    expect(r0(wide(1, 0x1234n), cast(1), EXIT)).toBe(0xffff_8881_0000_1234n);
    expect(r0(wide(1, 0x1234n), cast(0x1_0000), EXIT)).toBe(0x7f80_0000_1234n);
  });
});

describe('packet loads', () => {
  const bytes = Uint8Array.of(1, 2, 3, 4, 5, 6);
  const port = {
    load(offset: number, size: number): number | undefined {
      if (offset < 0 || offset + size > bytes.length) return undefined;
      return bytes.subarray(offset, offset + size).reduce((sum, byte) => sum * 256 + byte, 0);
    },
  };
  const withPacket = (...main: readonly Instruction[]): bigint => {
    const own = createMachine(SMALL);
    own.packet = port;
    return runOn(own, object(main));
  };

  test.each(rowsOf((row) => row.form === 'ldabs' || row.form === 'ldind'))('$name', (row) => {
    const index = insn('mov64_k', { dst: 2, imm: row.form === 'ldind' ? 1 : 0 });
    const load = (at: number): Instruction => insn(row.name, { src: row.form === 'ldind' ? 2 : 0, imm: at });
    const at = row.form === 'ldind' ? 2 : 1;
    expect(withPacket(index, load(1), EXIT)).toBe(BigInt(port.load(at, row.bytes)!));
    expect(withPacket(index, load(6), insn('mov64_k', { imm: 9 }), EXIT)).toBe(0n);
  });
});

test('registers start at zero but for r1 and r10', () => {
  const registers = machine.run(machine.load(object([EXIT])).programs.get('main')!, 0, 0);
  expect([...registers.subarray(0, 20)].every((half) => half === 0)).toBe(true);
  expect(pair(registers[20]!, registers[21]!) >> 32n).toBe(0xffff_8881n);
});
