import { describe, expect, test } from 'vitest';
import { runAssembly } from '../assembly.ts';

const MAPS = `.map p perf_event_array key=4 value=4 entries=2\n.map out array key=4 value=24 entries=1\n.data out ${'ff'.repeat(24)}\n.program main perf_event\n`;
const read = (flags: string): string => `r1 = map[p]\nr2 = ${flags} ll\ncall bpf_perf_event_read\n`;
const readValue = (size: number): string =>
  `r1 = map[p]\nr2 = 0\nr3 = map[out][0]+0\nr4 = ${size}\ncall bpf_perf_event_read_value\n`;

describe('counters', () => {
  test.each([
    [read('0'), -2n],
    [read('0xffffffff'), -2n],
    [read('2'), -7n],
    [read('0x100000000'), -22n],
    [readValue(24), -2n],
    [readValue(16), -22n],
    ['r1 = 0\nr2 = r10\nr3 = 0\nr4 = 1\ncall bpf_read_branch_records\n', -2n],
    ['r1 = 0\nr2 = r10\nr3 = 0\nr4 = 2\ncall bpf_read_branch_records\n', -22n],
    ['r1 = r10\nr2 = 0\nr3 = 0\ncall bpf_get_branch_snapshot\n', -2n],
    ['r1 = r10\nr2 = 0\nr3 = 1\ncall bpf_get_branch_snapshot\n', -22n],
  ])('%j', (source, want) => {
    const { result, warnings } = runAssembly(`${MAPS}${source}exit`);
    expect(result).toBe(want);
    expect(warnings).toEqual([]);
  });

  test('what cannot be read is zeroed', () => {
    expect(runAssembly(`${MAPS}${readValue(24)}exit`).value('out')).toBe('0'.repeat(48));
    const own = `${MAPS}r1 = 0\nr2 = map[out][0]+0\nr3 = 24\ncall bpf_perf_prog_read_value\nexit`;
    expect(runAssembly(own)).toMatchObject({
      result: -95n,
      warnings: ['bpf_perf_prog_read_value: no perf event counts here'],
    });
    expect(runAssembly(own).value('out')).toBe('0'.repeat(48));
  });
});
