import { describe, expect, test } from 'vitest';
import { KFUNCS } from '../../../bpf/kfuncs/index.ts';
import { runAssembly } from '../assembly.ts';

const NAMES = KFUNCS.map(({ name }) => name).filter((name) => name.startsWith('bpf_cpumask_'));
/** Two masks in r6 and r7 over five CPUs: 0 and 3; 3 and 4. */
const HEAD = `${NAMES.map((name) => `.kfunc ${name}`).join('\n')}\n.program main raw_tp/x
call bpf_cpumask_create\nr6 = r0\ncall bpf_cpumask_create\nr7 = r0
${[
  [0, 6],
  [3, 6],
  [3, 7],
  [4, 7],
  [5, 7],
]
  .map(([cpu, mask]) => `r1 = ${cpu}\nr2 = r${mask}\ncall bpf_cpumask_set_cpu\n`)
  .join('')}`;
const one = (name: string): string => `r1 = r6\ncall bpf_cpumask_${name}\n`;
const two = (name: string): string => `r1 = r6\nr2 = r7\ncall bpf_cpumask_${name}\n`;
const three = (name: string): string => `r1 = r6\nr2 = r6\nr3 = r7\ncall bpf_cpumask_${name}\n`;
const cpu = (name: string, number: number): string => `r1 = ${number}\nr2 = r6\ncall bpf_cpumask_${name}\n`;

describe('CPU masks', () => {
  test.each([
    [one('first'), 0n],
    [one('first_zero'), 1n],
    [one('weight'), 2n],
    [one('empty'), 0n],
    [one('full'), 0n],
    [two('first_and'), 3n],
    [two('equal'), 0n],
    [two('intersects'), 1n],
    [two('subset'), 0n],
    [`${three('and')}`, 1n],
    [`${three('and')}${one('weight')}`, 1n],
    [`${three('or')}${one('weight')}`, 3n],
    [`${three('xor')}${one('weight')}`, 2n],
    [`${three('or')}${two('subset')}`, 0n],
    [`r1 = r6\nr2 = r7\ncall bpf_cpumask_copy\n${two('equal')}`, 1n],
    [cpu('test_cpu', 3), 1n],
    [cpu('test_cpu', 1), 0n],
    [cpu('test_cpu', 99), 0n],
    [`${cpu('test_and_set_cpu', 1)}`, 0n],
    [`${cpu('test_and_set_cpu', 1)}${cpu('test_and_clear_cpu', 1)}`, 1n],
    [`${cpu('clear_cpu', 0)}${one('first')}`, 3n],
    [`${one('setall')}${one('full')}`, 1n],
    [`${one('setall')}${one('weight')}`, 5n],
    [`${one('clear')}${one('first')}`, 5n],
    [`${one('any_distribute')}${one('any_distribute')}`, 0n],
    [one('any_distribute'), 3n],
    [
      `*(u64 *)(r10 - 8) = 0x12\nr1 = r6\nr2 = r10\nr2 += -8\nr3 = 8\ncall bpf_cpumask_populate\n${one('weight')}`,
      2n,
    ],
    [`r1 = r6\nr2 = r10\nr2 += -8\nr3 = 0\ncall bpf_cpumask_populate\n`, -13n],
    [`r1 = r6\ncall bpf_cpumask_acquire\n${one('release')}${one('weight')}`, 2n],
  ])('%j', (source, want) => {
    expect(runAssembly(`${HEAD}${source}exit`, { memoryLimit: 2 << 20, cpus: 5 }).result).toBe(want);
  });
});
