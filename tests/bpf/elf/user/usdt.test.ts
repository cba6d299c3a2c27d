import { describe, expect, it } from 'vitest';
import { memorySource } from '../../../../bpf/byte-source.ts';
import { EM } from '../../../../bpf/elf/constants.ts';
import { openBinary } from '../../../../bpf/elf/user/index.ts';
import { parseArguments, type UsdtArgument } from '../../../../bpf/elf/user/usdt-argument.ts';
import { openSample, readSample } from './files.ts';

/** `register+4(field)` and the like: short enough for a table. */
function shown(one: UsdtArgument): string {
  const type = `${one.signed ? 's' : 'u'}${one.size * 8}${one.float ? 'f' : ''}`;
  switch (one.kind) {
    case 'register':
      return `${type} ${one.register.field}@${one.register.offset}${one.register.shift ? `>>${one.register.shift}` : ''}`;
    case 'constant':
      return `${type} ${one.value}`;
    case 'memory':
      return `${type} [${one.symbol ?? ''}${one.base ? `+${one.base.field}` : ''}${one.index ? `+${one.index.field}*${one.scale}` : ''}+${one.displacement}]`;
    case 'unknown':
      return `${type} ?`;
    default:
      return one satisfies never;
  }
}

describe('parseArguments', () => {
  const cases: readonly (readonly [string, number, string, readonly string[]])[] = [
    [
      'x86-64 registers',
      EM.X86_64,
      '8@%rax -4@%edi 2@%r12w -1@%sil 1@%ah',
      ['u64 ax@80', 's32 di@112', 'u16 r12@24', 's8 si@104', 'u8 ax@80>>8'],
    ],
    [
      'x86-64 constants',
      EM.X86_64,
      '4@$5 -8@$-1 -8@$-9223372036854775808',
      ['u32 5', 's64 -1', 's64 -9223372036854775808'],
    ],
    [
      'x86-64 memory',
      EM.X86_64,
      '-4@-20(%rbp) 8@(%rdi,%rsi,8) 8@16(%rsp,%rbx) 8@0x10(%rax)',
      ['s32 [+bp+-20]', 'u64 [+di+si*8+0]', 'u64 [+sp+bx*1+16]', 'u64 [+ax+16]'],
    ],
    [
      'x86-64 symbols',
      EM.X86_64,
      '8@name(%rip) 4@name+8(%rip) 4@-4+name(%rip) 8@table(,%rax,4)',
      ['u64 [name+ip+0]', 'u32 [name+ip+8]', 'u32 [name+ip+-4]', 'u64 [table+ax*4+0]'],
    ],
    ['floating point numbers', EM.X86_64, '8f@%xmm3', ['u64f undefined@undefined']],
    ['x86', EM[386], '-4@%eax 1@%bl 4@8(%ebp)', ['s32 ax@24', 'u8 bx@0', 'u32 [+bp+8]']],
    [
      'aarch64',
      EM.AARCH64,
      '8@x19 -4@w0 8@[sp, 96] -4@[x1] 8@[x1, x2] 8@[x1, x2, lsl 3] -4@-7',
      [
        'u64 regs[19]@152',
        's32 regs[0]@0',
        'u64 [+sp+96]',
        's32 [+regs[1]+0]',
        'u64 [+regs[1]+regs[2]*1+0]',
        'u64 [+regs[1]+regs[2]*8+0]',
        's32 -7',
      ],
    ],
    ['arm', EM.ARM, '4@r0 -4@[r7, #4] 4@#3', ['u32 r0@0', 's32 [+r7+4]', 'u32 3']],
    ['riscv', EM.RISCV, '8@a0 -4@-20(s0) 4@5', ['u64 a0@80', 's32 [+s0+-20]', 'u32 5']],
    [
      's390',
      EM.S390,
      '8@%r2 -4@164(%r11) 8@160(%r1,%r15) -4@7',
      ['u64 gprs[2]@40', 's32 [+gprs[11]+164]', 'u64 [+gprs[15]+gprs[1]*1+160]', 's32 7'],
    ],
    [
      'ppc64',
      EM.PPC64,
      '8@9 -4@i-5 4@128(31) 8@9,10 8@%r3',
      ['u64 gpr[9]@72', 's32 -5', 'u32 [+gpr[31]+128]', 'u64 [+gpr[9]+gpr[10]*1+0]', 'u64 gpr[3]@24'],
    ],
    [
      'what nobody writes',
      EM.X86_64,
      '4@%foo 3@%eax 8@ @%rax 8@(%rax,%rbx,3) 8@[sp',
      ['u32 ?', 'u24 ?', 'u0 ?', 'u0 ?', 'u64 ?', 'u0 ?', 'u0 ?'],
    ],
    ['machines without a table', EM.MIPS, '4@$4', ['u32 ?']],
  ];
  it.each(cases)('knows %s', (_, machine, text, wanted) => {
    expect(parseArguments(text, machine).map(shown)).toEqual(wanted);
  });
});

describe('readUsdt', () => {
  it('finds the places of each probe, their arguments and semaphores', () => {
    const { usdt } = openSample('sample-gcc-v5.so');
    expect(usdt.map(({ provider, name, places }) => `${provider}:${name} ${places.length}`)).toEqual([
      'sample:loop 1',
      'sample:move 1',
      'sample:step 2',
    ]);
    const step = usdt[2]?.places[0];
    expect(step).toMatchObject({ address: 0x3ccn, offset: 0x3cc });
    expect(step?.semaphore).toEqual({ address: 0x2004n, offset: 0x1004 });
    expect(step?.arguments.map(shown)).toEqual(['u64 bx@40', 'u64 r15@0', 's16 r12@24']);
  });

  it('follows a file whose addresses prelink has moved', () => {
    const bytes = readSample('sample-gcc-v5.so');
    const { elf } = openSample('sample-gcc-v5.so');
    const view = new DataView(bytes.buffer);
    const at = elf.header.sectionTable.offset + (elf.section('.stapsdt.base')?.index ?? 0) * 64 + 16;
    view.setBigUint64(at, view.getBigUint64(at, true) + 8n, true);
    const [loop] = openBinary(memorySource(bytes)).usdt;
    expect(loop?.places[0]?.address).toBe(0x458n);
    expect(loop?.places[0]?.semaphore?.address).toBe(0x2008n);
  });

  it('leaves a damaged note out and tells', () => {
    const bytes = readSample('sample-gcc-v5.so');
    const section = openSample('sample-gcc-v5.so').elf.section('.note.stapsdt');
    const start = section?.offset ?? 0;
    // The provider's NUL and all behind it in the first note.
    bytes.fill(0x41, start + 20 + 24, start + 20 + new DataView(bytes.buffer).getUint32(start + 4, true));
    const binary = openBinary(memorySource(bytes));
    expect(binary.usdt.map(({ places }) => places.length)).toEqual([1, 1, 1]);
    expect(binary.warnings).toEqual([`ELF: byte ${start + 44}: the provider of a probe has no end`]);
  });
});
