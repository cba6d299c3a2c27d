import { describe, expect, it } from 'vitest';
import { assembleInstructions } from '../../../bpf/asm/index.ts';
import { resolveLabels } from '../../../bpf/labels.ts';
import { contextReach } from '../../../runtime/replay/context-reach.ts';

function reachOf(text: string): number | undefined {
  const { instructions, diagnostics } = assembleInstructions(text);
  expect(diagnostics).toEqual([]);
  return contextReach(resolveLabels(instructions).instructions);
}

describe('how far a program reads into its context', () => {
  it.each([
    { what: 'nothing', text: 'r0 = 0\nexit', reach: 0 },
    { what: 'a field', text: 'r0 = *(u32 *)(r1 + 12)\nexit', reach: 16 },
    {
      what: 'through a copy',
      text: 'r6 = r1\nr1 = 0\nr0 = *(u64 *)(r6 + 8)\nr6 = 7\nr6 += 1\nexit',
      reach: 16,
    },
    {
      what: 'on one of two paths',
      text: 'r2 = *(u16 *)(r1 + 0)\nif r2 == 0 goto +1\nr2 = *(u8 *)(r1 + 40)\nr0 = 0\nexit',
      reach: 41,
    },
    {
      what: 'in a loop',
      text: 'r2 = 0\nr2 += 1\nr3 = *(u32 *)(r1 + 20)\nif r2 < 5 goto -3\nr0 = 0\nexit',
      reach: 24,
    },
    {
      what: 'before a call that leaves nothing of it',
      text: 'r2 = *(u64 *)(r1 + 0)\ncall bpf_get_smp_processor_id\nr1 = r10\nr1 += -8\nr0 = 0\nexit',
      reach: 8,
    },
    {
      what: 'a helper that does not look',
      text: 'r2 = 0\nr3 = 0\nr4 = 0\nr5 = 0\ncall bpf_perf_event_output\nr0 = 0\nexit',
      reach: 0,
    },
  ])('tells: $what', ({ text, reach }) => expect(reachOf(text)).toBe(reach));

  it.each([
    {
      what: 'a helper reads there',
      text: 'r3 = r1\nr1 = r10\nr1 += -8\nr2 = 8\ncall bpf_probe_read_kernel\nexit',
    },
    { what: 'it is spilled', text: '*(u64 *)(r10 - 8) = r1\nr0 = 0\nexit' },
    { what: 'it is moved', text: 'r1 += 8\nr0 = *(u32 *)(r1 + 0)\nexit' },
    { what: 'it is added to a number', text: 'r2 = 8\nr2 += r1\nr0 = 0\nexit' },
    {
      what: 'on one path only',
      text: 'r2 = *(u32 *)(r1 + 0)\nif r2 == 0 goto +1\nr1 = r10\nr1 += -4\nr0 = 0\nexit',
    },
    { what: 'before the context', text: 'r0 = *(u32 *)(r1 - 4)\nexit' },
  ])('cannot tell: $what', ({ text }) => expect(reachOf(text)).toBeUndefined());
});
