/** Our disassembler beside dumps that LLVM made (tests/data/bpf/README.md); no tool is needed to run this. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { assembleInstructions } from '../../../bpf/asm/index.ts';
import { decodeInstructions } from '../../../bpf/decode.ts';
import { formatInstruction } from '../../../bpf/disasm/index.ts';
import { encodeInstructions } from '../../../bpf/encode.ts';
import { dumpedBytes, readDump } from './llvm-dump.ts';
import { llvm14Prints, OPCODE_SAMPLES } from './llvm-samples.ts';

const data = (name: string): string =>
  readFileSync(resolve(import.meta.dirname, '../../data/bpf', name), 'utf8');

describe('dumps of clang programs', () => {
  test.each(['packet.dump', 'counters.dump'])('%s', (name) => {
    const dump = readDump(data(name));
    expect(dump.length).toBeGreaterThan(30);
    const { instructions, problems } = decodeInstructions(dumpedBytes(dump));
    expect(problems).toEqual([]);
    expect(instructions.map((one) => formatInstruction(one, { style: 'llvm', alu32: true }))).toEqual(
      dump.map(({ text }) => text),
    );

    // A local call's text does not say that it is one.
    const source = dump.filter(({ bytes }) => bytes[0] !== 0x85 || bytes[1] === 0);
    const assembled = assembleInstructions(source.map(({ text }) => text).join('\n'));
    expect(assembled.diagnostics).toEqual([]);
    expect(encodeInstructions(assembled.instructions).bytes).toEqual(dumpedBytes(source));
  });
});

describe('one instruction of each name', () => {
  const wide = readDump(data('opcodes.dump'));
  const narrow = readDump(data('opcodes-alu32.dump'));

  test('the dumps are of our samples', () => {
    expect(dumpedBytes(wide)).toEqual(encodeInstructions(OPCODE_SAMPLES).bytes);
    expect(dumpedBytes(narrow)).toEqual(dumpedBytes(wide));
  });

  const printed = OPCODE_SAMPLES.map((sample, index) => [sample.op, index] as const).filter(([, index]) =>
    llvm14Prints(OPCODE_SAMPLES[index]!, true),
  );
  test.each(printed)('%s', (_, index) => {
    const sample = OPCODE_SAMPLES[index]!;
    for (const [alu32, dump] of [
      [false, wide],
      [true, narrow],
    ] as const) {
      const text = formatInstruction(sample, { style: 'llvm', alu32 });
      if (llvm14Prints(sample, alu32)) expect(text).toBe(dump[index]!.text);
    }
  });
});
