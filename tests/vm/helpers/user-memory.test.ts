import { describe, expect, test } from 'vitest';
import type { Machine } from '../../../vm/index.ts';
import { runAssembly } from '../assembly.ts';

/** User memory of 16 bytes, 1 ... 16, at the address in the map `user`. */
function withUser(source: string, writable = true) {
  return runAssembly(
    `.map user array key=4 value=8 entries=1\n.map out array key=4 value=16 entries=1\n.program main raw_tp/x
    call bpf_get_numa_node_id\nr6 = map[user][0]+0\nr6 = *(u64 *)(r6 + 0)\n${source}exit\n
    .func area\nr0 = *(u64 *)(r2 + 8)\nr1 = *(u64 *)(r2 + 0)\nr0 -= r1\n*(u64 *)(r3 + 0) = r0\nr0 = 0\nexit`,
    { memoryLimit: 2 << 20 },
    (machine: Machine) => {
      const { memory } = machine;
      const start = memory.allocateRegion(16, { kind: 'user', label: 'user memory', writable });
      for (let i = 0; i < 16; i++) memory.u8[start + i] = i + 1;
      // The helper tells the program where it is: by way of the map.
      machine.installHelpers(new Map([[42, () => memory.writePair(placeOfAddress(machine), start, 0x7f80)]]));
    },
  );
}

/** The first value of the first map made. */
function placeOfAddress(machine: Machine): number {
  for (let at = 0x1_1200; at < machine.memory.used; at += 8) {
    const map = machine.mapAt(at);
    if (map?.definition.name === 'user') return map.layout.base + map.layout.elements;
  }
  throw new Error('no map');
}

const copy = (bytes: number, offset = 0): string =>
  `r1 = map[out][0]+0\nr2 = ${bytes}\nr3 = r6\nr3 += ${offset}\ncall bpf_copy_from_user\n`;
const write = (offset: number, target = 'r6'): string =>
  `r1 = 0x4847464544434241 ll\n*(u64 *)(r10 - 8) = r1\nr1 = ${target}\nr1 += ${offset}\nr2 = r10\nr2 += -8\nr3 = 8\ncall bpf_probe_write_user\n`;
const find = (address: string, flags = 0): string =>
  `*(u64 *)(r10 - 8) = 0\nr1 = r10\nr2 = ${address}\nr3 = func[area]\nr4 = r10\nr4 += -8\nr5 = ${flags}\ncall bpf_find_vma\n`;

describe('user memory', () => {
  test('is copied whole or not at all', () => {
    expect(withUser(copy(4, 2)).value('out').slice(0, 10)).toBe('0304050600');
    const past = withUser(`${copy(4)}${copy(4, 13)}`);
    expect(past.result).toBe(-14n);
    expect(past.value('out')).toBe('0'.repeat(32));
    expect(withUser(copy(0, 99)).result).toBe(0n);
    expect(withUser(`r6 = r10\nr6 += -8\n*(u64 *)(r6 + 0) = 1\n${copy(4)}`).result).toBe(-14n);
  });

  test('of a task takes no flags', () => {
    const ofTask = (flags: number): string =>
      copy(4).replace('call bpf_copy_from_user', `r4 = r10\nr5 = ${flags}\ncall bpf_copy_from_user_task`);
    expect(withUser(ofTask(0)).result).toBe(0n);
    expect(withUser(ofTask(1)).result).toBe(-22n);
  });

  test('is written where it may be', () => {
    expect(withUser(`${write(4)}${copy(16)}`).value('out')).toBe(
      '01020304' + '4142434445464748' + '0d0e0f10',
    );
    expect(withUser(write(9)).result).toBe(-14n);
    expect(withUser(write(0), false).result).toBe(-14n);
    expect(withUser(write(0, 'r10')).result).toBe(-14n);
  });

  test('has areas', () => {
    expect(withUser(`${find('r6')}r0 = *(u64 *)(r10 - 8)\n`).result).toBe(16n);
    expect(withUser(find('r6')).result).toBe(0n);
    expect(withUser(find('5')).result).toBe(-2n);
    expect(withUser(find('r6', 1)).result).toBe(-22n);
  });
});
