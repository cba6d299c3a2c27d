import { expect, test } from 'vitest';
import type { PrintkLine } from '../../../runtime/kernel.ts';
import { tracePipeLine } from '../../../runtime/output/trace-pipe.ts';

const LINE: PrintkLine = {
  comm: 'bash',
  tid: 1234,
  cpu: 3,
  flags: 0,
  preemptCount: 0,
  time: 123_456_789_600,
  text: 'hello',
};

test.each<[Partial<PrintkLine>, string]>([
  [{}, '            bash-1234    [003] d..21   123.456790: bpf_trace_printk: hello\n'],
  [{ time: 999_999_999_600 }, '            bash-1234    [003] d..21  1000.000000: bpf_trace_printk: hello\n'],
  [
    { flags: 4 | 16, preemptCount: 0x12 },
    '            bash-1234    [003] dNs42   123.456790: bpf_trace_printk: hello\n',
  ],
  [
    { flags: 8, preemptCount: 15 },
    '            bash-1234    [003] d.hf1   123.456790: bpf_trace_printk: hello\n',
  ],
  [
    { comm: 'a-name-of-15-by', tid: 12345678, cpu: 120, text: 'line\n' },
    ' a-name-of-15-by-12345678 [120] d..21   123.456790: bpf_trace_printk: line\n\n',
  ],
])('%j', (changes, want) => {
  expect(tracePipeLine({ ...LINE, ...changes })).toBe(want);
});
