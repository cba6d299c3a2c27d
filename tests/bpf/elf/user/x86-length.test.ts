/** Lengths of instructions, as binutils' disassembler has them where that is at hand. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openElf } from '../../../../bpf/elf/file.ts';
import { instructionLength } from '../../../../bpf/elf/user/x86-length.ts';
import { root } from '../../../cli/support.ts';

test.each([
  ['ret', 'c3', 1],
  ['endbr64', 'f30f1efa', 4],
  ['mov rdi, rbx', '4889df', 3],
  ['mov eax, [rip+0]', '8b0500000000', 6],
  ['mov rax, [rsp+8]', '488b442408', 5],
  ['mov rax, [4*rcx+0x10]', '488b048d10000000', 8],
  ['movabs rax, imm64', '48b80102030405060708', 10],
  ['mov ax, imm16', '66b80102', 4],
  ['test dword [rax], imm32', 'f70001020304', 6],
  ['not dword [rax]', 'f710', 2],
  ['movabs al, [moffs64]', 'a00102030405060708', 9],
  ['enter', 'c8010203', 4],
  ['vzeroupper', 'c5f877', 3],
  ['vpalignr ymm, ymm, ymm, imm8', 'c4e37d0fc104', 6],
  ['vmovdqu64 zmm, [rsi] (EVEX)', '62f1fe486f06', 6],
  ['nop word [rax+rax+0]', '66660f1f840000000000', 10],
])('%s', (_, hex, length) => {
  expect(instructionLength(Uint8Array.fromHex(hex), 0)).toBe(length);
  expect(instructionLength(Uint8Array.fromHex(hex.slice(0, -2)), 0)).toBeUndefined();
});

test('what no instruction is has none', () => {
  for (const hex of ['06', '82', '6666666666666666666666666666666690', '']) {
    expect(instructionLength(Uint8Array.fromHex(hex), 0)).toBeUndefined();
  }
});

function hasObjdump(): boolean {
  try {
    execFileSync('objdump', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe.skipIf(!hasObjdump())('agrees with binutils', () => {
  test.each(['sample-gcc-v5.so', 'sample-clang-v4.so', 'sample-cc-v5.so'])('of %s', (name) => {
    const path = join(root, 'tests/data/user', name);
    const elf = openElf(readFileSync(path));
    const section = elf.section('.text')!;
    const code = elf.data(section);
    const words = ['-d', '-w', '-z', '--no-show-raw-insn', '-j', '.text', path];
    const text = execFileSync('objdump', words, { encoding: 'utf8' });
    const starts = [...text.matchAll(/^ +([0-9a-f]+):\t/gm)].map(([, address]) =>
      Number(BigInt(`0x${address}`) - section.address),
    );
    expect(starts.length).toBeGreaterThan(10);
    for (const [index, at] of starts.entries()) {
      const next = starts[index + 1] ?? code.length;
      expect(instructionLength(code, at), at.toString(16)).toBe(next - at);
    }
  });
});
