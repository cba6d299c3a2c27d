import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { assemble, assembleInstructions } from '../../../bpf/asm/index.ts';

function one(text: string): object {
  const { instructions, diagnostics } = assembleInstructions(text);
  expect(diagnostics, text).toEqual([]);
  const { span: _, ...rest } = instructions[0]!;
  return rest;
}

/** `line:column: message` of every diagnostic. */
function complaints(text: string): string[] {
  const whole = assemble(text, 'x.bpf').diagnostics;
  return whole.map(({ message, span }) => {
    const before = text.slice(0, span!.start).split('\n');
    return `${before.length}:${before.at(-1)!.length + 1}: ${message}`;
  });
}

describe('assemble', () => {
  // What clang, the kernel's log and people write; expected fields by hand.
  test.each([
    ['r0 = 5', { op: 'mov64_k', dst: 0, imm: 5 }],
    ['w0 += w1', { op: 'add32_x', dst: 0, src: 1 }],
    ['r1 = *(u32 *)(r10 - 4)', { op: 'ldx32', dst: 1, src: 10, off: -4 }],
    ['r1 = *(u32 *)(r10 -4)', { op: 'ldx32', dst: 1, src: 10, off: -4 }],
    ['r1=*(u8*)(r2)', { op: 'ldx8', dst: 1, src: 2, off: 0 }],
    ['if r1 s> 3 goto +2', { op: 'jsgt_k', dst: 1, imm: 3, off: 2 }],
    ['if w1 & w2 goto pc-1', { op: 'jset32_x', dst: 1, src: 2, off: -1 }],
    ['(a5) if r1 < 0xfffffff9 goto pc+1', { op: 'jlt_k', dst: 1, imm: -7, off: 1 }],
    ['if r7 == 1 goto +11 <LBB0_4>', { op: 'jeq_k', dst: 7, imm: 1, off: 11 }],
    ['*(u64 *)(r1 + 8) = r2', { op: 'stx64', dst: 1, src: 2, off: 8 }],
    ['*(u8 *)(r10 - 1) = -1', { op: 'st8', dst: 10, off: -1, imm: -1 }],
    ['lock *(u64 *)(r1 + 0) += r2', { op: 'atomic_add64', dst: 1, src: 2 }],
    ['r0 = atomic_fetch_add((u64 *)(r1 + 0), r0)', { op: 'atomic_fetch_add64', dst: 1, src: 0 }],
    ['r2 = atomic64_xchg((u64 *)(r1 +8), r2)', { op: 'atomic_xchg64', dst: 1, src: 2, off: 8 }],
    ['r0 = cmpxchg_64(r1 + 0, r0, r2)', { op: 'atomic_cmpxchg64', dst: 1, src: 2 }],
    ['w0 = cmpxchg32_32(r1 + 0, w0, w2)', { op: 'atomic_cmpxchg32', dst: 1, src: 2 }],
    ['r1 = bswap16 r1', { op: 'bswap16', dst: 1 }],
    ['r1 = be16 r1', { op: 'be16', dst: 1 }],
    ['r2 = (s8)r1', { op: 'movsx8_64', dst: 2, src: 1 }],
    ['r1 = *(s8 *)(r2 + 0)', { op: 'ldsx8', dst: 1, src: 2 }],
    ['call 6', { op: 'call', src: 0, imm: 6 }],
    ['call bpf_trace_printk', { op: 'call', src: 0, imm: 6 }],
    ['call bpf_trace_printk#6', { op: 'call', src: 0, imm: 6 }],
    ['call bpf_task_acquire#4711', { op: 'call', src: 2, ref: { kind: 'kfunc', name: 'bpf_task_acquire' } }],
    ['may_goto +3', { op: 'may_goto', off: 3 }],
    ['r1 = 0x123 ll', { op: 'lddw', dst: 1, imm: 0x123, immHigh: 0 }],
    ['r1 = -1 ll', { op: 'lddw', dst: 1, imm: -1, immHigh: -1 }],
    ['(18) r1 = 0xffff888000000001', { op: 'lddw', dst: 1, imm: 1, immHigh: 0xffff8880 | 0 }],
    ['r1 = map[m][0]+8', { op: 'lddw', src: 2, ref: { kind: 'map-value', name: 'm', offset: 8 } }],
    ['r1 = map_value[m]+8', { op: 'lddw', src: 2, ref: { kind: 'map-value', name: 'm', offset: 8 } }],
    ['r0 = *(u16 *)skb[r1 + 4]', { op: 'ldind16', src: 1, imm: 4 }],
    [
      '  11: (3d) if r2 >= r1 goto pc+3        ; R1_w=scalar(umin=3)',
      { op: 'jge_x', dst: 2, src: 1, off: 3 },
    ],
    ['       3:\t15 07 0f 00 00 00 00 00\tif r7 == 0 goto +15 <LBB0_4>', { op: 'jeq_k', dst: 7, off: 15 }],
    ['w1 = 0xffffffff', { op: 'mov32_k', dst: 1, imm: -1 }],
  ])('%s', (text, want) => {
    expect(one(text)).toMatchObject(want);
  });

  test('knows programs that may sleep by their section', () => {
    const { object } = assemble(
      '.program a fentry.s/vfs_read\nexit\n.program b fentry/vfs_read\nexit',
      'x.bpf',
    );
    expect(object!.programs.map(({ name, sleepable }) => [name, sleepable])).toEqual([
      ['a', true],
      ['b', undefined],
    ]);
  });

  test('labels, comments, several labels at one place', () => {
    const { object, diagnostics } = assemble(
      `# a comment
a: b:              ; two names, one place
  r0 += 1          // more
  if r0 != 9 goto b
  goto c
c: exit`,
      'x.bpf',
    );
    expect(diagnostics).toEqual([]);
    const [main] = object!.programs;
    expect(main).toMatchObject({ name: 'main', type: 'socket_filter' });
    expect(main!.instructions.map((insn) => [insn.op, insn.label, insn.ref])).toEqual([
      ['add64_k', 'a', undefined],
      ['jne_k', undefined, { kind: 'label', name: 'a' }],
      ['ja', undefined, { kind: 'label', name: 'c' }],
      ['exit', 'c', undefined],
    ]);
  });

  test('every instruction points at its text', () => {
    const text = '  r0 = 0 ; zero\nout: exit\n';
    const { instructions } = assembleInstructions(text);
    expect(instructions.map(({ span }) => text.slice(span!.start, span!.end).trim())).toEqual([
      'r0 = 0',
      'exit',
    ]);
  });

  test.each([
    ['r1 = 5 5', '1:8: unexpected text after the instruction'],
    ['r11 = 5', '1:1: no register r11; the last is r10'],
    ['r1 = w2', '1:6: both registers have the same width'],
    ['r1 = be16 r2', '1:11: a byte swap is in place: r1 = be16 r1'],
    ['r1 = 0xffffffff', '1:6: 4294967295 does not fit 32 bits, sign-extended'],
    ['r1 += 99999999999', '1:7: 99999999999 does not fit 32 bits, sign-extended'],
    ['w1 = (s32)w2', '1:11: a 32-bit move extends from 8 or 16 bits'],
    ['r1 = *(u32 *)(r2 + 40000)', '1:18: offset 40000 is not within -32768 ... 32767'],
    ['r1 = *(s64 *)(r2 + 0)', '1:7: a sign-extending load has 8, 16 or 32 bits'],
    ['frobnicate', "1:1: unknown instruction 'frobnicate'"],
    ['call nobody', "1:6: no function or helper 'nobody'"],
    ['call bpf_map_lookup_elem#2', '1:6: bpf_map_lookup_elem is helper 1, not 2'],
    ['(0f) r1 = 5', '1:1: the text means opcode b7, not 0f'],
    ['goto nowhere\nexit', "1:1: no label 'nowhere' in this function"],
    ['a: exit\na: exit', "2:1: label 'a' is defined twice"],
    ['exit\nb:', "2:1: label 'b' stands before nothing"],
    ['r1 = map[m]\nexit', "1:1: no map 'm'"],
    ['r2 = func[f]\nexit', "1:1: no function 'f'"],
    ['.frob', "1:1: unknown directive '.frob'"],
    ['.map m hash key=0 value=8 entries=1\nexit', '1:8: map m: key size 0 is not 1 to 4194304'],
    ['.map m frob\nexit', "1:8: no map type 'frob'"],
    ['.data d 00', "1:1: no map 'd' above"],
    ['.map d array key=4 value=1 entries=1\n.data d 0011', '2:1: 2 bytes do not fit the value of 1'],
    ['.program p nowhere', "1:12: no program lives in section 'nowhere'"],
    ['.func f\n.func g\nexit', "1:1: function 'f' has no instructions"],
    [
      'r0 = cmpxchg_64(r1 + 0, r3, r2)',
      '1:25: compare-exchange compares with r0 and gives the old value in r0',
    ],
    ['r3 = xchg_64(r1 + 0, r2)', '1:22: the old value lands in the source register: r2 = ...'],
  ])('%s', (text, want) => {
    expect(complaints(text)[0]).toBe(want);
  });

  test('every bad line is told, the rest is read', () => {
    expect(complaints('frob\nr0 = 0\nfrob\nexit')).toHaveLength(2);
  });

  test('one diagnostic a line, also when every line is wrong', () => {
    expect(assemble('goto x\n'.repeat(5_000), 'x').diagnostics).toHaveLength(5_000);
    const empty = Array.from({ length: 5_000 }, (_, index) => `.func f${index}`).join('\n');
    expect(assemble(empty, 'x').diagnostics).toHaveLength(5_000);
  });

  test('no text makes it throw', () => {
    const words = fc.constantFrom(
      'r1',
      'w2',
      '=',
      '+=',
      '*(u32 *)',
      '(r10 - 4)',
      'if',
      'goto',
      '5',
      '0x',
      'll',
      'map[',
      ']',
      'call',
      'lock',
      ':',
      'a:',
      '.map',
      '.func',
      'key=4',
      '\n',
      ';',
      '-',
      'atomic_fetch_add(',
      's>',
      '(18)',
      '12:',
      '\u{1f600}',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(words, fc.string({ maxLength: 4 })), { maxLength: 30 }), (parts) => {
        assemble(parts.join(' '), 'x.bpf');
        assembleInstructions(parts.join(' '));
      }),
      { numRuns: 2000 },
    );
  });
});
