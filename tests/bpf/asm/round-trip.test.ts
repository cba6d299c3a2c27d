import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { assemble, assembleInstructions } from '../../../bpf/asm/index.ts';
import { decodeInstructions } from '../../../bpf/decode.ts';
import {
  type DisasmStyle,
  formatInstruction,
  printInstructions,
  printObject,
} from '../../../bpf/disasm/index.ts';
import { encodeInstructions } from '../../../bpf/encode.ts';
import type { Instruction } from '../../../bpf/instruction.ts';
import { OPCODES } from '../../../bpf/opcodes.ts';
import { anyInstruction, instructionOf } from '../arbitrary.ts';

/** llvm-objdump does not print what a call's number means, nor the immediate of an indirect packet load. */
function llvmTellsAll({ op, src, imm }: Instruction): boolean {
  if (op === 'call') return src === 0;
  return !op.startsWith('ldind') || imm === 0;
}

function parse(text: string): Instruction {
  const { instructions, diagnostics } = assembleInstructions(text);
  expect(diagnostics, text).toEqual([]);
  expect(instructions).toHaveLength(1);
  const { span: _, ...instruction } = instructions[0]!;
  return instruction;
}

describe('text and back', () => {
  test.each(OPCODES)('$name in every style', (row) => {
    const styles = fc.constantFrom<DisasmStyle>('kernel', 'llvm', 'source');
    fc.assert(
      fc.property(instructionOf(row), styles, fc.boolean(), (instruction, style, alu32) => {
        if (style === 'llvm' && !llvmTellsAll(instruction)) return;
        // The kernel's log tells `r1 = 5` from `r1 = 0x5 ll` by the opcode before it only: a whole line is the text.
        const text =
          style === 'source'
            ? formatInstruction(instruction, { style, alu32 })
            : printInstructions([instruction], { style, alu32 }).trimEnd();
        expect(parse(text)).toEqual(instruction);
      }),
      { numRuns: 20 },
    );
  });

  test('whole programs keep their slots in a listing', () => {
    fc.assert(
      fc.property(fc.array(anyInstruction, { minLength: 1, maxLength: 20 }), (program) => {
        const { instructions, diagnostics } = assembleInstructions(printInstructions(program));
        expect(diagnostics).toEqual([]);
        expect(instructions.map(({ span: _, ...rest }) => rest)).toEqual(program);
      }),
      { numRuns: 50 },
    );
  });

  test('names stay names', () => {
    const lines = [
      'r1 = map[events]',
      'r1 = map[.rodata.str1.1][0]+16',
      'r1 = func[callback]',
      'r1 = ksym[jiffies]',
      'if r1 == 5 goto out',
      'goto .Lout_2',
      'gotol far_away',
      'call subprogram',
    ];
    for (const line of lines) expect(formatInstruction(parse(line), { style: 'source' })).toBe(line);
  });

  test('an object printed as source assembles to the same object', () => {
    const text = `.license GPL
.kfunc bpf_rcu_read_lock
.map counts percpu_hash key=16 value=8 entries=1024 flags=0x1
.map outer array_of_maps key=4 value=4 entries=8 inner=hash:4:8:16:0
.map .rodata array key=4 value=4 entries=1 flags=0x480
.data .rodata 00010203

.program main tracepoint/sched/sched_switch
  r6 = r1
top:
  r1 = map[counts]
  r2 = func[callback]
  call bpf_for_each_map_elem#164
  call bpf_rcu_read_lock
  call helper
  if w0 s> 3 goto top
  r1 = map[.rodata][0]+2
  r0 = 81985529216486895 ll
  exit

.func callback
  r0 = 0
  exit

.func helper
  call unknown#300
  exit
`;
    const first = assemble(text, 'x.bpf');
    expect(first.diagnostics).toEqual([]);
    const printed = printObject(first.object!);
    expect(printed).toBe(text);
    const again = assemble(printed, 'x.bpf');
    expect(again.object).toEqual(first.object);
    expect(first.object!.programs[0]).toMatchObject({
      type: 'tracepoint',
      section: 'tracepoint/sched/sched_switch',
    });
    expect(first.object!.maps[1]!.inner).toEqual({
      type: 'hash',
      keySize: 4,
      valueSize: 8,
      maxEntries: 16,
      flags: 0,
    });
  });

  test('hostile bytes that decode print and assemble back to themselves', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 8, maxLength: 8 }), (bytes) => {
        const { instructions, problems } = decodeInstructions(bytes);
        if (problems.length > 0) return;
        const back = assembleInstructions(printInstructions(instructions)).instructions;
        expect(encodeInstructions(back).bytes).toEqual(bytes);
      }),
      { numRuns: 3000 },
    );
  });
});
