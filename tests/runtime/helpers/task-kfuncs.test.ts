import { describe, expect, test } from 'vitest';
import {
  type CurrentTask,
  ExecutionContext,
  encodeComm,
} from '../../../runtime/helpers/execution-context.ts';
import { runtimeHelpers, runtimeKfuncs } from '../../../runtime/helpers/table.ts';
import { runAssembly } from '../../vm/assembly.ts';

/** Process 10 with threads 10 and 12, process 11, process 20, whose number is as of address 0x...20 (hexadecimal). */
const task = (tid: number, tgid: number): CurrentTask => ({
  tid,
  tgid,
  uid: 0,
  gid: 0,
  comm: encodeComm('x'),
  cgroupId: 1,
  object: 0x8000 + tid,
});
const TASKS = [task(10, 10), task(11, 11), task(12, 10), task(20, 20)];

function run(source: string): bigint {
  const names = [
    'bpf_task_from_pid',
    'bpf_task_release',
    ...['new', 'next', 'destroy'].map((one) => `bpf_iter_task_${one}`),
  ];
  return runAssembly(
    `${names.map((name) => `.kfunc ${name}`).join('\n')}\n.program main raw_tp/x\n${source}`,
    undefined,
    (machine) => {
      const context = new ExecutionContext(machine.memory, TASKS[2]!, machine.warn);
      context.world = { task: (tid) => TASKS.find((one) => one.tid === tid), tasks: () => TASKS };
      machine.installHelpers(runtimeHelpers(context, machine));
      machine.installKfuncs(runtimeKfuncs(context, machine));
    },
  ).result;
}

/** Thread ids in the order given, two digits each. */
const walk = (
  kind: number,
  of = 'r2 = 0',
): string => `r6 = 0\nr1 = r10\nr1 += -24\n${of}\nr3 = ${kind}\ncall bpf_iter_task_new\nr8 = r0
  next:\nr1 = r10\nr1 += -24\ncall bpf_iter_task_next\nif r0 == 0 goto done\nr0 &= 0xff\nr6 *= 100\nr6 += r0\ngoto next
  done:\nr1 = r10\nr1 += -24\ncall bpf_iter_task_destroy\nr0 = r6\nif r8 == 0 goto +1\nr0 = r8\nexit`;
const CURRENT = 'call bpf_get_current_task\nr2 = r0\nr1 = r10\nr1 += -24';

describe('tasks', () => {
  test('by number', () => {
    const of = (tid: number): string => `r1 = ${tid}\ncall bpf_task_from_pid\nr0 &= 0xffff\nexit`;
    expect(run(of(12))).toBe(0x800cn);
    expect(run(of(13))).toBe(0n);
  });

  test.each([
    ['processes', walk(0), 101120n],
    ['all threads', walk(1), 10121120n],
    ['threads of the current process', walk(2, CURRENT), 1012n],
    ['threads of nothing', walk(2), -22n],
    ['a kind there is not', walk(3), -22n],
  ])('%s', (_name, source, want) => {
    expect(run(source)).toBe(want);
  });
});
