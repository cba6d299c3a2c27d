import { describe, expect, test } from 'vitest';
import type { HelperName } from '../../../bpf/helpers/helper.ts';
import { helper } from '../../../bpf/helpers/lookup.ts';
import {
  type CurrentTask,
  ExecutionContext,
  encodeComm,
  UNKNOWN_ID,
} from '../../../runtime/helpers/execution-context.ts';
import { runtimeHelpers } from '../../../runtime/helpers/table.ts';
import { simCgroupPath } from '../../../runtime/sim/identities.ts';
import { createMachine, KERNEL_TAG } from '../../../vm/index.ts';

const TASK: CurrentTask = {
  tid: 7,
  tgid: 5,
  uid: 1000,
  gid: 100,
  comm: encodeComm('postgres'),
  cgroupId: 42,
  object: 0x5000,
};

function call(name: HelperName, task: CurrentTask = TASK, args: readonly number[] = []) {
  const warnings: string[] = [];
  const machine = createMachine({ memoryLimit: 1 << 20, cpus: 4, mode: 'trusted' });
  machine.warn = (message) => warnings.push(message);
  const context = new ExecutionContext(machine.memory, task, machine.warn);
  context.setTime(2 ** 33 + 4_000_005);
  context.cpu = 3;
  machine.installHelpers(runtimeHelpers(context, machine));
  const start = machine.memory.allocateRegion(64, { kind: 'kernel', label: 'a buffer', writable: true });
  const u8 = machine.memory.bytes(start, 64).fill(0xff);
  args.forEach((value, index) => {
    machine.registers[2 + index * 2] = index === 0 ? start + value : value;
    machine.registers[3 + index * 2] = index === 0 ? KERNEL_TAG : 0;
  });
  machine.callHelper(helper(name).id);
  const [low, high] = machine.registers;
  return { result: (BigInt(high!) << 32n) | BigInt(low! >>> 0), warnings, u8 };
}

describe('helpers', () => {
  test.each<[HelperName, bigint]>([
    ['ktime_get_ns', 2n ** 33n + 4_000_005n],
    ['ktime_get_boot_ns', 2n ** 33n + 4_000_005n],
    ['ktime_get_coarse_ns', ((2n ** 33n + 4_000_005n) / 4_000_000n) * 4_000_000n],
    ['get_current_pid_tgid', (5n << 32n) | 7n],
    ['get_current_uid_gid', (100n << 32n) | 1000n],
    ['get_smp_processor_id', 3n],
    ['get_numa_node_id', 0n],
    ['get_current_cgroup_id', 42n],
    ['get_current_task', -(2n ** 64n) + 0xffff_8881_0000_5000n],
    ['get_current_task_btf', -(2n ** 64n) + 0xffff_8881_0000_5000n],
    ['send_signal', -95n],
  ])('%s', (name, want) => {
    expect(call(name).result).toBe(want);
  });

  test('get_current_comm fills the buffer and ends it', () => {
    const whole = call('get_current_comm', TASK, [8, 20]);
    expect(whole.result).toBe(0n);
    expect(new TextDecoder().decode(whole.u8.slice(8, 28))).toBe(`postgres${'\0'.repeat(12)}`);
    expect(whole.u8[28]).toBe(0xff);
    const cut = call('get_current_comm', TASK, [0, 4]);
    expect([...cut.u8.slice(0, 5)]).toEqual([...new TextEncoder().encode('pos\0'), 0xff]);
    expect(call('get_current_comm', TASK, [0, 0]).result).toBe(-22n);
  });

  test('ids in a pid namespace: the one there is', () => {
    const machine = createMachine({ memoryLimit: 1 << 20, mode: 'trusted' });
    const context = new ExecutionContext(machine.memory, TASK, () => {});
    machine.installHelpers(runtimeHelpers(context, machine));
    const at = machine.memory.allocate(16, 'a buffer');
    const ask = (inode: number, size = 8): readonly number[] => {
      machine.registers.set([4, 0, inode, 0, at, KERNEL_TAG, size, 0], 2);
      machine.memory.writePair(at, -1, -1);
      machine.callHelper(helper('get_ns_current_pid_tgid').id);
      return [machine.registers[0]!, machine.memory.readLow(at), machine.memory.readHigh(at)];
    };
    expect(ask(0xefff_fffc)).toEqual([0, 7, 5]);
    expect(ask(0xefff_fffb)).toEqual([-22, 0, 0]);
    expect(ask(0xefff_fffc, 4)).toEqual([-22, 0, -1]);
  });

  test('cgroups above the current one', () => {
    const machine = createMachine({ memoryLimit: 1 << 20, mode: 'trusted' });
    const context = new ExecutionContext(machine.memory, { ...TASK, cgroupId: 3000 }, () => {});
    context.world = { cgroupPath: simCgroupPath };
    machine.installHelpers(runtimeHelpers(context, machine));
    const levels = [-1, 0, 1, 2, 3].map((level) => {
      machine.registers.set([level, level >> 31], 2);
      machine.callHelper(helper('get_current_ancestor_cgroup_id').id);
      return machine.registers[0];
    });
    expect(levels).toEqual([0, 1, 1999, 3000, 0]);
  });

  test('what is not known is said', () => {
    const unknown = { ...TASK, tgid: UNKNOWN_ID, uid: UNKNOWN_ID, gid: UNKNOWN_ID };
    expect(call('get_current_pid_tgid', unknown)).toMatchObject({ result: (-1n << 32n) | 7n });
    expect(call('get_current_pid_tgid', unknown).warnings).toEqual([]);
    expect(call('get_current_uid_gid', unknown).warnings[0]).toContain('uid, gid');
    expect(call('send_signal').warnings).toEqual(['bpf_send_signal: signals cannot be sent here']);
  });
});
