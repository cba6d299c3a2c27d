/** bpf_get_stackid and bpf_get_stack answer as kernel/bpf/stackmap.c does. */
import { describe, expect, test } from 'vitest';
import type { HelperName } from '../../../bpf/helpers/helper.ts';
import { helper } from '../../../bpf/helpers/lookup.ts';
import type { MapDefinition } from '../../../bpf/maps.ts';
import { type CallChain, ExecutionContext } from '../../../runtime/helpers/execution-context.ts';
import { stackHelpers } from '../../../runtime/helpers/stacks.ts';
import { tracerTask } from '../../../runtime/host/program-host.ts';
import { KERNEL_TAG } from '../../../vm/address.ts';
import { Machine } from '../../../vm/machine.ts';

const KERNEL = 0xffff_ffff_8100_0000n;
const CHAIN: CallChain = { kernel: [KERNEL, KERNEL + 0x10n, KERNEL + 0x20n], user: [] };
const USER_STACK = 0x100;
const MAP: MapDefinition = {
  name: 's',
  type: 'stack_trace',
  keySize: 4,
  valueSize: 16,
  maxEntries: 8,
  flags: 0,
};

function setUp(chain: CallChain | undefined) {
  const warnings: string[] = [];
  const machine = new Machine({ mode: 'trusted' });
  const context = new ExecutionContext(machine.memory, tracerTask('t', 1, 0), (message) =>
    warnings.push(message),
  );
  context.callChain = chain;
  machine.installHelpers(new Map(stackHelpers(context, machine)));
  const memory = machine.memory.allocateRegion(64, { kind: 'kernel', label: 'target', writable: true });
  machine.memory.u8.fill(0xff, memory, memory + 64);
  const call = (name: HelperName, ...args: readonly number[]): number => {
    const r = machine.registers;
    for (const [index, value] of args.entries()) {
      r[2 + index * 2] = value;
      r[3 + index * 2] = value === memory || value === map.map.layout.base ? KERNEL_TAG : 0;
    }
    machine.helpers[helper(name).id]!(r);
    return r[0]!;
  };
  const map = machine.createMap(MAP);
  const words = (count: number): readonly bigint[] =>
    Array.from({ length: count }, (_, index) => machine.memory.view.getBigUint64(memory + index * 8, true));
  return { call, map, memory, warnings, words };
}

describe('bpf_get_stackid', () => {
  test('gives one id to one stack, cut to what the map keeps', () => {
    const { call, map } = setUp(CHAIN);
    const id = call('get_stackid', 0, map.map.layout.base, 0);
    expect(id).toBeGreaterThanOrEqual(0);
    expect(call('get_stackid', 0, map.map.layout.base, 0)).toBe(id);
    const value = map.lookup(new Uint8Array(new Int32Array([id]).buffer))!;
    const view = new DataView(value.buffer);
    expect([view.getBigUint64(0, true), view.getBigUint64(8, true)]).toEqual([KERNEL, KERNEL + 0x10n]);
  });

  test('fails as the kernel does', () => {
    const { call, map } = setUp(CHAIN);
    const base = map.map.layout.base;
    expect(call('get_stackid', 0, base, USER_STACK)).toBe(-14);
    expect(call('get_stackid', 0, base, 3)).toBe(-14);
    expect(call('get_stackid', 0, base, 0x1000)).toBe(-22);
  });

  test('says once that there is no chain', () => {
    const { call, map, warnings } = setUp(undefined);
    expect(call('get_stackid', 0, map.map.layout.base, 0)).toBe(-95);
    expect(warnings).toEqual(['there are no call chains here: kstack and ustack are empty']);
  });
});

describe('bpf_get_stack', () => {
  test('writes frames and zeros', () => {
    const { call, memory, words } = setUp(CHAIN);
    expect(call('get_stack', 0, memory, 40, 1)).toBe(16);
    expect(words(6)).toEqual([KERNEL + 0x10n, KERNEL + 0x20n, 0n, 0n, 0n, 2n ** 64n - 1n]);
  });

  test('cuts what does not fit', () => {
    const { call, memory, words } = setUp(CHAIN);
    expect(call('get_stack', 0, memory, 8, 0)).toBe(8);
    expect(words(1)).toEqual([KERNEL]);
  });

  test('clears the memory when it fails', () => {
    const { call, memory, words } = setUp(CHAIN);
    expect(call('get_stack', 0, memory, 16, USER_STACK)).toBe(-14);
    expect(words(2)).toEqual([0n, 0n]);
    expect(call('get_stack', 0, memory, 12, 0)).toBe(-22);
  });
});
