/** Random instructions for property tests: every name of the table, operand fields random, reserved ones zero. */
import fc from 'fast-check';
import { OPERAND_FIELDS } from '../../bpf/fields.ts';
import type { Instruction, Register } from '../../bpf/instruction.ts';
import { OPCODES, type Opcode } from '../../bpf/opcodes.ts';

const register = fc.integer({ min: 0, max: 10 }) as fc.Arbitrary<Register>;
const int16 = fc.integer({ min: -0x8000, max: 0x7fff });
const int32 = fc.oneof(fc.integer({ min: -0x8000_0000, max: 0x7fff_ffff }), fc.integer({ min: -9, max: 9 }));
const zero = fc.constant(0);

/** A valid instruction of one row. */
export function instructionOf(row: Opcode): fc.Arbitrary<Instruction> {
  const uses = OPERAND_FIELDS[row.form];
  const fields = {
    op: fc.constant(row.name),
    dst: uses.dst ? register : (zero as fc.Arbitrary<Register>),
    src: uses.src ? register : (zero as fc.Arbitrary<Register>),
    off: uses.off ? int16 : zero,
    imm: uses.imm ? int32 : zero,
  };
  switch (row.form) {
    case 'call':
      return fc.oneof(
        fc.record({ ...fields, src: fc.constantFrom<Register>(0, 1), off: zero }),
        fc.record({ ...fields, src: fc.constant<Register>(2) }),
      );
    case 'lddw':
      return fc.record({
        ...fields,
        src: fc.integer({ min: 0, max: 6 }) as fc.Arbitrary<Register>,
        immHigh: int32,
      });
    default:
      return fc.record(fields);
  }
}

/** A valid instruction of any row, every row as likely as the next. */
export const anyInstruction: fc.Arbitrary<Instruction> = fc
  .constantFrom(...OPCODES)
  .chain((row) => instructionOf(row));
