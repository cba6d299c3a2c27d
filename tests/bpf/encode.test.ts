import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeInstructions } from '../../bpf/decode.ts';
import { encodeInstructions } from '../../bpf/encode.ts';
import type { Instruction } from '../../bpf/instruction.ts';
import { OPCODES } from '../../bpf/opcodes.ts';
import { anyInstruction, instructionOf } from './arbitrary.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const exit: Instruction = { op: 'exit', dst: 0, src: 0, off: 0, imm: 0 };
const ja = (name: string): Instruction => ({
  op: 'ja',
  dst: 0,
  src: 0,
  off: 0,
  imm: 0,
  ref: { kind: 'label', name },
});

describe('encode and decode', () => {
  test.each(OPCODES)('$name survives the wire in both byte orders', (row) => {
    fc.assert(
      fc.property(
        instructionOf(row),
        fc.constantFrom('little' as const, 'big' as const),
        (instruction, order) => {
          const encoded = encodeInstructions([instruction], { order });
          expect(encoded.problems).toEqual([]);
          const decoded = decodeInstructions(encoded.bytes, order);
          expect(decoded).toEqual({ instructions: [instruction], slots: [0], problems: [] });
        },
      ),
      { numRuns: 20 },
    );
  });

  test('any eight bytes that decode cleanly encode to themselves', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 0, maxLength: 64 }), (bytes) => {
        const decoded = decodeInstructions(bytes);
        if (decoded.problems.length > 0) return;
        expect(hex(encodeInstructions(decoded.instructions).bytes)).toBe(hex(bytes));
      }),
      { numRuns: 2000 },
    );
  });

  test('wire examples of both byte orders', () => {
    const store: Instruction = { op: 'stx32', dst: 10, src: 1, off: -4, imm: 0 };
    expect(hex(encodeInstructions([store]).bytes)).toBe('631afcff00000000');
    expect(hex(encodeInstructions([store], { order: 'big' }).bytes)).toBe('63a1fffc00000000');
    const wide: Instruction = { op: 'lddw', dst: 1, src: 0, off: 0, imm: 0x55667788, immHigh: 0x11223344 };
    expect(hex(encodeInstructions([wide]).bytes)).toBe('18010000887766550000000044332211');
  });

  test('bytes after the last whole slot, halves of wide loads and odd registers are told', () => {
    const at = (text: string) => decodeInstructions(Uint8Array.from(Buffer.from(text, 'hex')));
    expect(at('9500000000000000ffff').problems).toMatchObject([{ kind: 'truncated', slot: 1, offset: 8 }]);
    expect(at('1801000000000000').problems).toMatchObject([{ kind: 'wide', slot: 0 }]);
    expect(at('bf1b000000000000').problems).toMatchObject([{ kind: 'register', slot: 0 }]);
    expect(at('ff00000000000000').problems).toMatchObject([{ kind: 'unknown-opcode' }]);
    expect(at('db12000042000000').problems[0]!.message).toBe('unknown opcode 0xdb with imm 66');
    expect(at('9501000000000000')).toMatchObject({
      problems: [{ kind: 'reserved-field', message: 'exit uses reserved field dst (1)' }],
      instructions: [{ op: 'exit', dst: 1 }],
    });
    expect(at('8503000000000000').problems).toMatchObject([{ message: 'call uses reserved field dst (3)' }]);
    expect(at('18010000000000000000000000000100').problems).toEqual([]);
    expect(at('18010000000000000100000000000000').problems).toMatchObject([{ kind: 'reserved-field' }]);
  });

  test('reserved bits are kept only when asked', () => {
    const odd: Instruction = { ...exit, imm: 7 };
    expect(encodeInstructions([odd]).problems).toMatchObject([{ kind: 'reserved-field', slot: 0 }]);
    const kept = encodeInstructions([odd], { keepReserved: true });
    expect(kept.problems).toEqual([]);
    expect(decodeInstructions(kept.bytes).instructions).toEqual([odd]);
  });

  test('labels count slots, not instructions', () => {
    const wide: Instruction = { op: 'lddw', dst: 1, src: 0, off: 0, imm: 1, immHigh: 0 };
    const { bytes, problems } = encodeInstructions([
      { ...ja('end'), label: 'start' },
      wide,
      ja('start'),
      { ...exit, label: 'end' },
    ]);
    expect(problems).toEqual([]);
    expect(decodeInstructions(bytes).instructions.map((one) => one.off)).toEqual([3, 0, -4, 0]);
  });

  test('missing and doubled labels are problems', () => {
    const problems = encodeInstructions([
      ja('nowhere'),
      ja('a'),
      { ...exit, label: 'a' },
      { ...exit, label: 'a' },
    ]).problems;
    expect(problems.map((one) => one.message)).toEqual([
      "no label 'nowhere' in this function",
      "label 'a' is defined twice",
    ]);
  });

  test('a far jump becomes gotol from level 4 on, else says so', () => {
    const nop: Instruction = { op: 'mov64_k', dst: 0, src: 0, off: 0, imm: 0 };
    const far = [ja('end'), ...Array.from({ length: 40_000 }, () => nop), { ...exit, label: 'end' }];
    expect(encodeInstructions(far).problems).toMatchObject([{ kind: 'range', slot: 0 }]);
    const relaxed = encodeInstructions(far, { level: 4 });
    expect(relaxed.problems).toEqual([]);
    expect(decodeInstructions(relaxed.bytes).instructions[0]).toMatchObject({ op: 'ja32', imm: 40_000 });
  });

  test('numbers beyond their fields are problems', () => {
    const problems = encodeInstructions([{ ...exit, op: 'mov64_k', imm: 2 ** 31 }]).problems;
    expect(problems).toMatchObject([{ kind: 'range' }]);
  });

  test('references become holes with their kind in src', () => {
    const load: Instruction = {
      op: 'lddw',
      dst: 1,
      src: 0,
      off: 0,
      imm: 0,
      immHigh: 0,
      ref: { kind: 'map', name: 'm' },
    };
    const { bytes, holes } = encodeInstructions([exit, load]);
    expect(holes).toEqual([{ slot: 1, ref: { kind: 'map', name: 'm' } }]);
    expect(decodeInstructions(bytes).instructions[1]!.src).toBe(1);
  });

  test('many instructions in a row keep their slots', () => {
    fc.assert(
      fc.property(fc.array(anyInstruction, { maxLength: 40 }), (instructions) => {
        const decoded = decodeInstructions(encodeInstructions(instructions).bytes);
        expect(decoded.instructions).toEqual(instructions);
      }),
    );
  });
});
