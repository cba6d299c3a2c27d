import { expect, test } from 'vitest';
import type { VerifierOptions } from '../../../verifier/input.ts';
import type { Report } from '../../../verifier/report.ts';
import { verify } from '../../../verifier/verify.ts';
import { bytesOf, END, STATE_FREQ, WALKS } from './walks.ts';

function walk(text: string, flags = 0, options: VerifierOptions = {}): Report {
  return verify({ type: 'socket_filter', bytes: bytesOf(text), flags }, options);
}

test.each(WALKS)('$name', ({ text, flags, figures }) => {
  const { accepted, statistics } = walk(`${text}\n${END}`, flags);
  const { processed, maxStatesPerInstruction, totalStates, peakStates } = statistics;
  expect(accepted).toBe(true);
  expect(`${processed} ${maxStatesPerInstruction} ${totalStates} ${peakStates}`).toBe(figures);
});

test('a loop in which nothing changes is refused where it is found', () => {
  const { accepted, refusal } = walk(`r6 = 0\nagain:\nr7 = 1\nif r6 == 0 goto again\n${END}`);
  expect(accepted).toBe(false);
  expect(refusal?.message.split('\n')[0]).toBe('infinite loop detected at insn 1');
});

test('a loop without end is refused when it is too long', () => {
  const { accepted, refusal, statistics } = walk(`r6 = 0\nagain:\nr6 += 1\nif r6 != 0 goto again\n${END}`);
  expect(accepted).toBe(false);
  expect(refusal?.message).toBe('BPF program is too large. Processed 1000001 insn');
  expect(statistics.processed).toBe(1_000_001);
}, 60_000);

test('what an index came from is marked through copies, sums, the stack and branches', () => {
  const text = `
    call bpf_get_prandom_u32
    r0 &= 7
    *(u64 *)(r10 - 8) = r0
    r6 = 3
    if r0 > 4 goto l1
    r6 = 5
  l1:
    r7 = *(u64 *)(r10 - 8)
    r7 += r6
    r8 = r10
    r8 += -64
    r8 += r7
    *(u8 *)(r8 + 0) = 1
    r0 = 0
    exit`;
  const { log, accepted } = walk(text, STATE_FREQ, { logLevel: 2 });
  expect(accepted).toBe(true);
  const lines = log.split('\n').filter((line) => line.startsWith('mark_precise'));
  const marks = lines.flatMap((line) => /regs=.*?(?=: )/.exec(line)?.[0] ?? []);
  expect(marks.slice(0, 14)).toEqual([
    'regs=r7 stack= before 9',
    'regs=r7 stack= before 8',
    'regs=r7 stack= before 7',
    'regs=r6,r7 stack= before 6',
    'regs=r6 stack=-8',
    'regs=r6 stack=-8 before 5',
    'regs= stack=-8 before 4',
    'regs=r0 stack=-8',
    'regs=r0 stack=-8 before 3',
    'regs=r0 stack=-8 before 2',
    'regs=r0 stack= before 1',
    'regs=r0 stack=',
    'regs=r0 stack= before 0',
    'regs=r7 stack= before 9',
  ]);
});

test('a path is not taken for another whose index was smaller', () => {
  const text = `
    r6 = -16
    call bpf_get_prandom_u32
    if r0 == 1 goto l1
    r6 = 16
  l1:
    r7 = r10
    r7 += r6
    *(u64 *)(r7 + 0) = 1
    r0 = 0
    exit`;
  expect(walk(text, STATE_FREQ).accepted).toBe(false);
});
