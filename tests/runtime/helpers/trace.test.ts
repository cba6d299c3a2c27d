import { describe, expect, test } from 'vitest';
import { BtfBuilder } from '../../../bpf/btf/index.ts';
import { helper } from '../../../bpf/helpers/index.ts';
import type { KernelInfo } from '../../../bpf/kernel-info.ts';
import {
  type CurrentTask,
  ExecutionContext,
  encodeComm,
} from '../../../runtime/helpers/execution-context.ts';
import { runtimeHelpers } from '../../../runtime/helpers/table.ts';
import { simCgroupPath } from '../../../runtime/sim/identities.ts';
import type { Machine } from '../../../vm/index.ts';
import { runAssembly, storeText } from '../../vm/assembly.ts';

const TASK: CurrentTask = {
  tid: 7,
  tgid: 5,
  uid: 0,
  gid: 0,
  comm: encodeComm('x'),
  cgroupId: 3000,
  object: 0x7000,
};

const builder = new BtfBuilder();
builder.addInt('int', 4);
const THING = builder.addStruct('thing', 0, []);
const BTF = builder.build();
const INFO = {
  btf: BTF,
  symbolAddress: (name: string) => (name === 'init_task' ? 0xffff_8881_0012_3456n : undefined),
};

function run(
  source: string,
  world: boolean,
  prepare: (machine: Machine, context: ExecutionContext) => void = () => {},
) {
  return runAssembly(source, undefined, (machine) => {
    const context = new ExecutionContext(machine.memory, TASK, (message) => machine.warn(message));
    context.world = {
      cgroupPath: simCgroupPath,
      ...(world && { info: () => INFO as unknown as KernelInfo }),
    };
    machine.installHelpers(runtimeHelpers(context, machine));
    prepare(machine, context);
  });
}

const name = (text: string, more: string, call: string, size = text.length + 1): string =>
  `.map out array key=4 value=8 entries=1\n.program main raw_tp/x\n${storeText(text, -32)}\nr1 = r10\nr1 += -32\nr2 = ${size}\n${more}\ncall bpf_${call}\nexit`;

describe('symbols and types', () => {
  const symbol = (text: string, flags = 0, size?: number): string =>
    name(text, `r3 = ${flags}\nr4 = map[out][0]+0`, 'kallsyms_lookup_name', size);

  test('an address by name', () => {
    const found = run(symbol('init_task'), true);
    expect(found.result).toBe(0n);
    expect(found.value('out')).toBe('563412008188ffff');
    expect(run(symbol('nothing'), true)).toMatchObject({ result: -2n, warnings: [] });
    expect(run(symbol('init_task', 1), true).result).toBe(-22n);
    expect(run(symbol('init_task', 0, 9), true).result).toBe(-22n);
  });

  test('a type by name and kind', () => {
    const type = (text: string, kind: number): string =>
      name(text, `r3 = ${kind}\nr4 = 0`, 'btf_find_by_name_kind');
    expect(run(type('thing', 4), true).result).toBe(BigInt(THING));
    expect(run(type('thing', 5), true).result).toBe(-2n);
    expect(run(type('thing', 99), true).result).toBe(-2n);
  });

  test('where nobody tells them, that is said', () => {
    expect(run(symbol('init_task'), false)).toMatchObject({
      result: -2n,
      warnings: ['bpf_kallsyms_lookup_name: the kernel’s symbols are not known here'],
    });
  });
});

describe('how a program came to run', () => {
  const context =
    '*(u64 *)(r10 - 32) = 2\n*(u64 *)(r10 - 24) = 11\n*(u64 *)(r10 - 16) = 22\n*(u64 *)(r10 - 8) = 33\nr1 = r10\nr1 += -24\n';
  const value = 'r1 = *(u64 *)(r10 - 40)\nr0 *= 1000\nr0 += r1\n';
  test.each([
    ['get_func_arg_cnt', `${context}call bpf_get_func_arg_cnt\n`, 2n],
    ['get_func_arg', `${context}r2 = 1\nr3 = r10\nr3 += -40\ncall bpf_get_func_arg\n${value}`, 22n],
    ['get_func_arg past the last', `${context}r2 = 2\nr3 = r10\nr3 += -40\ncall bpf_get_func_arg\n`, -22n],
    ['get_func_ret', `${context}r2 = r10\nr2 += -40\ncall bpf_get_func_ret\n${value}`, 33n],
    ['get_func_ip', `${context}call bpf_get_func_ip\n`, 0n],
    ['get_attach_cookie', `${context}call bpf_get_attach_cookie\n`, 0n],
    ['sys_close', 'r1 = 3\ncall bpf_sys_close\n', -9n],
  ])('%s', (_name, source, want) => {
    expect(run(`${source}exit`, false)).toMatchObject({ result: want, warnings: [] });
  });
});

describe('cgroups', () => {
  const under = (slot: number): string =>
    `.map c cgroup_array key=4 value=4 entries=4\n.program main raw_tp/x\nr1 = map[c]\nr2 = ${slot}\ncall bpf_current_task_under_cgroup\nexit`;

  test('the current task is in its own and those above', () => {
    // Cells are filled when the map is there: by the first helper the program calls.
    const filled = (slot: number): bigint =>
      run(under(slot).replace('r1 = map', 'call bpf_get_numa_node_id\nr1 = map'), false, (machine) => {
        const fill = (): void => {
          for (let at = 0x1_1200; at < machine.memory.used; at += 8) {
            const map = machine.mapAt(at);
            if (map === undefined) continue;
            [1, 3000, 2000].forEach((id, index) => {
              machine.memory.i32[(map.layout.base + map.layout.elements) / 4 + index] = id;
            });
          }
        };
        machine.installHelpers(new Map([[helper('get_numa_node_id').id, fill]]));
      }).result;
    expect([0, 1, 2, 3, 4].map(filled)).toEqual([1n, 1n, 0n, -11n, -7n]);
  });
});

describe('stacks of tasks', () => {
  const stack = (task: string): string =>
    `.map out array key=4 value=16 entries=1\n.program main raw_tp/x\n${task}\nr2 = map[out][0]+0\nr3 = 16\nr4 = 0\ncall bpf_get_task_stack\nexit`;
  const withStack = (_machine: Machine, context: ExecutionContext): void => {
    context.callChain = { kernel: [1n, 2n], user: [] };
  };

  test('the current one', () => {
    const found = run(stack('call bpf_get_current_task\nr1 = r0'), false, withStack);
    expect(found.result).toBe(16n);
    expect(found.value('out')).toBe('01000000000000000200000000000000');
    expect(run(stack('r1 = 0'), false, withStack).result).toBe(-14n);
  });
});
