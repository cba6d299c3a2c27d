import { describe, expect, test } from 'vitest';
import { processedOf, reasonOf, reasonOfPath } from '../../../../runtime/linux/judge/reason.ts';

/** Logs as Linux 6.18 and 6.1 wrote them. */
const STATISTICS = `verification time 22 usec
stack depth 0
processed 2 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0
`;
const PATH = `0: R1=ctx() R10=fp0
0: (bf) r0 = r1                       ; R0=ctx() R1=ctx()
1: (79) r2 = *(u64 *)(r0 +0)
invalid bpf_context access off=0 size=8
processed 2 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0
`;
const OLD_PATH = `0: R1=ctx(off=0,imm=0) R10=fp0
0: (b7) r0 = 1                        ; R0_w=1
1: (15) if r0 == 0x0 goto pc+1        ; R0_w=1

from 1 to 3: R0_w=1 R1=ctx(off=0,imm=0) R10=fp0
3: (95) exit
R0 leaks
`;

describe('the message', () => {
  test('is what stands before the statistics', () => {
    expect(reasonOf(`invalid bpf_context access off=0 size=8\n${STATISTICS}`, PATH)).toEqual({
      messages: ['invalid bpf_context access off=0 size=8'],
      insn: 1,
    });
    expect(processedOf(STATISTICS)).toBe(2);
  });

  test('is what stands after the last instruction of a path', () => {
    expect(reasonOfPath(PATH).messages).toEqual(['invalid bpf_context access off=0 size=8']);
    expect(reasonOfPath(OLD_PATH)).toEqual({ messages: ['R0 leaks'], insn: 3 });
  });

  test('may have several lines', () => {
    const two =
      'Unreleased reference id=2 alloc_insn=4\nBPF_EXIT instruction in main prog would lead to reference leak\n';
    expect(reasonOf(two + STATISTICS, '4: (85) call x#1\n9: (95) exit\n')).toEqual({
      messages: two.trimEnd().split('\n'),
      insn: 9,
    });
  });

  test('leaves out the states of an endless loop, and takes its instruction', () => {
    const loop = `infinite loop detected at insn 3
cur state: R0=scalar() R10=fp0
old state: R0=scalar() R10=fp0
${STATISTICS}`;
    expect(reasonOf(loop, '2: (b7) r1 = 0\n')).toEqual({
      messages: ['infinite loop detected at insn 3'],
      insn: 3,
    });
  });

  test.each([
    ['unreachable insn 7', 7],
    ['jump out of range from insn 2 to 9', 2],
    ['back-edge from insn 5 to 1', 5],
    ['unknown opcode 8d', undefined],
  ])('%s tells the instruction without a path', (line, insn) => {
    expect(reasonOf(`${line}\n${STATISTICS}`, '').insn).toBe(insn);
  });

  test('is not what was remarked before the last instruction', () => {
    const path =
      'remark on the program\n0: (79) r1 = *(u64 *)(r1 +0)\nremark on 0\n1: (95) exit\nR0 !read_ok\nmore\n';
    const message = 'remark on the program\nremark on 0\nR0 !read_ok\nmore\n';
    expect(reasonOf(message, path)).toEqual({ messages: ['R0 !read_ok', 'more'], insn: 1 });
  });

  test('may be none', () => {
    expect(reasonOf('', '')).toEqual({ messages: [] });
  });
});
