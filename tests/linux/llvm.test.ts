/**
 * Our disassembler and assembler beside LLVM's, on objects clang builds now. With `UPDATE_LLVM=1` the dumps under
 * `tests/data/bpf` are written anew. Skips where clang or llvm-objdump is missing.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeInstructions } from '../../bpf/decode.ts';
import { formatInstruction } from '../../bpf/disasm/index.ts';
import { encodeInstructions } from '../../bpf/encode.ts';
import { dumpedBytes, readDump } from '../bpf/disasm/llvm-dump.ts';
import { llvm14Prints, OPCODE_SAMPLES } from '../bpf/disasm/llvm-samples.ts';

const DATA = resolve(import.meta.dirname, '../data/bpf');
const TOOLS = ['clang', 'llvm-objdump', 'llvm-mc'];
const missing = TOOLS.filter((tool) => spawnSync(tool, ['--version']).status !== 0);
const update = process.env.UPDATE_LLVM === '1';

describe.skipIf(missing.length > 0)(
  `beside LLVM${missing.length > 0 ? ` (missing: ${missing.join(', ')})` : ''}`,
  () => {
    let folder = '';
    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'bpfkit-llvm-'));
    });
    afterAll(() => {
      rmSync(folder, { recursive: true });
    });

    function compile(name: string, cpu: string): string {
      const object = join(folder, `${name}-${cpu}.o`);
      execFileSync('clang', [
        '-O2',
        '-target',
        'bpf',
        `-mcpu=${cpu}`,
        '-c',
        join(DATA, `${name}.c`),
        '-o',
        object,
      ]);
      return object;
    }

    function dump(object: string, ...flags: readonly string[]): string {
      const text = execFileSync('llvm-objdump', ['-d', ...flags, object], { encoding: 'utf8' });
      return text.replace(object, object.slice(object.lastIndexOf('/') + 1));
    }

    function compare(text: string, alu32: boolean): void {
      const dumped = readDump(text);
      const { instructions, problems } = decodeInstructions(dumpedBytes(dumped));
      expect(problems).toEqual([]);
      const known = dumped.filter((_, index) => llvm14Prints(instructions[index]!, alu32));
      expect(known.length).toBeGreaterThan(dumped.length * 0.9);
      const ours = instructions.filter((one) => llvm14Prints(one, alu32));
      expect(ours.map((one) => formatInstruction(one, { style: 'llvm', alu32 }))).toEqual(
        known.map((one) => one.text),
      );
    }

    test.each(
      ['packet', 'counters'].flatMap((name) => ['v1', 'v2', 'v3'].map((cpu) => [name, cpu] as const)),
    )('%s.c for %s', (name, cpu) => {
      // Fetching atomics are not in v1 and v2: clang refuses.
      if (name === 'counters' && cpu !== 'v3') return;
      const object = compile(name, cpu);
      compare(dump(object), false);
      compare(dump(object, '--mattr=+alu32'), true);
      if (update && cpu === 'v3') writeFileSync(join(DATA, `${name}.dump`), dump(object, '--mattr=+alu32'));
    });

    test('one instruction of each name', () => {
      const { bytes } = encodeInstructions(OPCODE_SAMPLES);
      const lines: string[] = ['.text'];
      for (let at = 0; at < bytes.length; at += 8)
        lines.push(`.byte ${bytes.subarray(at, at + 8).join(',')}`);
      const source = join(folder, 'opcodes.s');
      const object = join(folder, 'opcodes.o');
      writeFileSync(source, `${lines.join('\n')}\n`);
      execFileSync('llvm-mc', ['-triple', 'bpfel', '-filetype=obj', source, '-o', object]);
      const wide = dump(object);
      if (update) {
        writeFileSync(join(DATA, 'opcodes.dump'), wide);
        writeFileSync(join(DATA, 'opcodes-alu32.dump'), dump(object, '--mattr=+alu32'));
      }
      const dumped = readDump(wide);
      expect(dumped).toHaveLength(OPCODE_SAMPLES.length);
      for (const [index, sample] of OPCODE_SAMPLES.entries()) {
        if (!llvm14Prints(sample, false)) continue;
        expect(formatInstruction(sample, { style: 'llvm' })).toBe(dumped[index]!.text);
      }
    });
  },
);
