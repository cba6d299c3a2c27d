import { describe, expect, test } from 'vitest';
import { runAssembly, storeText } from '../assembly.ts';

const NAMES = [
  'bpf_copy_from_user_str',
  'bpf_probe_read_user_str_dynptr',
  'bpf_probe_read_kernel_str_dynptr',
  'bpf_probe_read_kernel_dynptr',
];

/** User memory of eight bytes at the address r6 holds: "hello", its end mark and what follows. */
function run(source: string) {
  return runAssembly(
    `${NAMES.map((name) => `.kfunc ${name}`).join('\n')}\n.map out array key=4 value=16 entries=1\n.data out ${'ee'.repeat(16)}\n.program main raw_tp/x
    call bpf_get_numa_node_id\nr6 = r0\nr7 = map[out][0]+0\nr1 = r7\nr2 = 16\nr3 = 0\nr4 = r10\nr4 += -16\ncall bpf_dynptr_from_mem\n${source}exit`,
    undefined,
    (machine) => {
      const start = machine.memory.allocateRegion(8, { kind: 'user', label: 'user memory' });
      machine.memory.write(start, new TextEncoder().encode('hello\0xx'));
      machine.installHelpers(new Map([[42, (r) => r.set([start, 0x7f80])]]));
    },
  );
}

const copy = (size: number, flags = 0, offset = 0): string =>
  `r1 = r7\nr2 = ${size}\nr3 = r6\nr3 += ${offset}\nr4 = ${flags}\ncall bpf_copy_from_user_str\n`;
const dynptr = (name: string, at: number, size: number, from: string): string =>
  `r1 = r10\nr1 += -16\nr2 = ${at}\nr3 = ${size}\nr4 = ${from}\ncall bpf_${name}\n`;

describe('bpf_copy_from_user_str', () => {
  test.each([
    [copy(16), 6n, '68656c6c6f00eeeeeeeeeeeeeeeeeeee'],
    [copy(16, 1), 6n, '68656c6c6f0000000000000000000000'],
    [copy(4), 4n, '68656c00eeeeeeeeeeeeeeeeeeeeeeee'],
    [copy(1), 1n, '00eeeeeeeeeeeeeeeeeeeeeeeeeeeeee'],
    [copy(0), 0n, 'ee'.repeat(16)],
    [copy(16, 2), -22n, 'ee'.repeat(16)],
    [copy(16, 0, 6), -14n, 'ee'.repeat(16)],
    [copy(16, 1, 6), -14n, '00'.repeat(16)],
  ])('%j', (source, want, bytes) => {
    const { result, value } = run(source);
    expect([result, value('out')]).toEqual([want, bytes]);
  });
});

describe('into dynptrs', () => {
  test.each([
    [dynptr('probe_read_user_str_dynptr', 2, 14, 'r6'), 6n, 'eeee68656c6c6f00eeeeeeeeeeeeeeee'],
    [dynptr('probe_read_user_str_dynptr', 2, 15, 'r6'), -7n, 'ee'.repeat(16)],
    [dynptr('probe_read_kernel_str_dynptr', 0, 16, 'r6'), -34n, 'ee'.repeat(16)],
    [
      `${storeText('abcdefg', -32)}\nr8 = r10\nr8 += -32\n${dynptr('probe_read_kernel_dynptr', 8, 4, 'r8')}`,
      0n,
      'eeeeeeeeeeeeeeee61626364eeeeeeee',
    ],
    [
      `${storeText('abcdefg', -32)}\nr8 = r10\nr8 += -32\n${dynptr('probe_read_kernel_str_dynptr', 8, 4, 'r8')}`,
      4n,
      'eeeeeeeeeeeeeeee61626300eeeeeeee',
    ],
  ])('%j', (source, want, bytes) => {
    const { result, value } = run(source);
    expect([result, value('out')]).toEqual([want, bytes]);
  });
});
