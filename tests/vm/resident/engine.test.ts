/** The resident interpreter where it is not the same as others by construction: faults, fuel, calls back, maps, batches. */
import { describe, expect, test } from 'vitest';
import {
  createMachine,
  type Machine,
  type MemoryMode,
  RunState,
  residentEngine,
  VmFault,
} from '../../../vm/index.ts';
import { assembled } from '../assembly.ts';
import { pair } from '../support.ts';

const MODES: readonly MemoryMode[] = ['trusted', 'checked'];

function machineOf(mode: MemoryMode, fuel = 100_000): Machine {
  return createMachine({ memoryLimit: 1 << 20, mode, fuel, engine: residentEngine });
}

function run(machine: Machine, source: string, context = 0): bigint {
  const { programs } = machine.load(assembled(source));
  const main = programs.get('main')!;
  expect(machine.runnable(main).engine).toBe('resident');
  const r = machine.run(main, 0, context);
  return BigInt.asIntN(64, pair(r[0]!, r[1]!));
}

function faultOf(act: () => unknown): VmFault {
  try {
    act();
  } catch (error) {
    if (error instanceof VmFault) return error;
    throw error;
  }
  throw new Error('no fault');
}

describe.each(MODES)('%s', (mode) => {
  test.each([
    ['a loop', 'r0 = 0\nr0 += 1\ngoto -2'],
    ['a conditional loop', 'r0 = 0\nr0 += 1\nif r0 != -1 goto -2\nexit'],
  ])('%s ends by fuel', (_, source) => {
    const { details } = faultOf(() => run(machineOf(mode), source));
    expect(details.kind).toBe('fuel');
    expect(details.instruction).toBeGreaterThanOrEqual(1);
  });

  test('fuel is taken by instructions', () => {
    const source = (rounds: number): string => `r0 = ${rounds}\nr0 += -1\nr1 = r0\nif r1 != 0 goto -3\nexit`;
    expect(run(machineOf(mode, 3000), source(1000))).toBe(0n);
    expect(faultOf(() => run(machineOf(mode, 3000), source(1002))).details.kind).toBe('fuel');
  });

  test('the ninth frame is refused, by name', () => {
    const source = 'call f\nexit\n.func f\ncall f\nexit';
    const { details, message } = faultOf(() => run(machineOf(mode), source));
    expect(details).toMatchObject({ kind: 'call-depth', program: 'main', instruction: 2 });
    expect(message).toMatch(/more than 8 frames/);
  });

  test('eight frames hold', () => {
    const functions = [1, 2, 3, 4, 5, 6].map((n) => `.func f${n}\nr6 = ${n}\ncall f${n + 1}\nr0 += r6\nexit`);
    const source = `r6 = 100\ncall f1\nr0 += r6\nexit\n${functions.join('\n')}\n.func f7\nr0 = 1000\nexit`;
    expect(run(machineOf(mode), source)).toBe(1121n);
  });

  test('bpf_loop calls back, stops, and keeps registers', () => {
    const source = (limit: number, flags = 0): string => `
r6 = 7
*(u64 *)(r10 - 8) = 0
r1 = 100
r2 = func[f]
r3 = r10
r3 += -8
r4 = ${flags}
call bpf_loop
r1 = *(u64 *)(r10 - 8)
r1 <<= 16
r0 += r1
r6 <<= 32
r0 += r6
exit
.func f
r6 = *(u64 *)(r2 + 0)
r6 += 1
*(u64 *)(r2 + 0) = r6
r0 = 0
if r1 < ${limit} goto +1
r0 = 1
exit`;
    expect(run(machineOf(mode), source(1000))).toBe((7n << 32n) + (100n << 16n) + 100n);
    expect(run(machineOf(mode), source(4))).toBe((7n << 32n) + (5n << 16n) + 5n);
    expect(run(machineOf(mode), source(4, 1))).toBe((7n << 32n) - 22n);
  });

  test('a map is read and written in WebAssembly, and by JavaScript', () => {
    const machine = machineOf(mode);
    const counting = `
.map counts hash key=8 value=8 entries=16
.program main raw_tp/x
r1 = *(u64 *)(r1 + 0)
*(u64 *)(r10 - 8) = r1
*(u64 *)(r10 - 16) = 1
r1 = map[counts]
r2 = r10
r2 += -8
call bpf_map_lookup_elem
if r0 == 0 goto +4
r1 = *(u64 *)(r0 + 0)
r1 += 1
*(u64 *)(r0 + 0) = r1
goto +8
r1 = map[counts]
r2 = r10
r2 += -8
r3 = r10
r3 += -16
r4 = 0
call bpf_map_update_elem
r0 = 0
exit`;
    const image = machine.load(assembled(counting));
    const { helpers } = machine;
    const called: number[] = [];
    for (const id of [1, 2]) {
      const own = helpers[id]!;
      helpers[id] = (r) => {
        called.push(id);
        own(r);
      };
    }
    const contexts = machine.memory.allocateRegion(64, { kind: 'context', label: 'keys', writable: true });
    for (let i = 0; i < 8; i++) machine.memory.writePair(contexts + i * 8, i % 3, 0);
    const runnable = machine.runnable(image.programs.get('main')!);
    expect(runnable.batch(8, contexts, 8)).toBe(8);
    const counts = [...image.maps.get('counts')!.entries()].map(({ key, value }) => [key[0], value[0]]);
    expect(counts.sort((a, b) => a[0]! - b[0]!)).toEqual([
      [0, 3],
      [1, 3],
      [2, 2],
    ]);
    expect(called).toEqual([]);
  });

  test('a batch stops behind output', () => {
    const machine = machineOf(mode);
    const { helpers, memory } = machine;
    const source = 'r6 = *(u64 *)(r1 + 0)\nif r6 != 2 goto +1\ncall bpf_ktime_get_ns\nr0 = r6\nexit';
    const image = machine.load(assembled(source));
    const ktime = helpers[5]!;
    helpers[5] = (r) => {
      ktime(r);
      memory.i32[RunState.output >> 2]!++;
    };
    const contexts = memory.allocateRegion(64, { kind: 'context', label: 'events', writable: true });
    for (let i = 0; i < 8; i++) memory.writePair(contexts + i * 8, i, 0);
    const runnable = machine.runnable(image.programs.get('main')!);
    expect(runnable.batch(8, contexts, 8)).toBe(3);
    expect(runnable.batch(5, contexts + 24, 8)).toBe(5);
  });
});

describe('checked', () => {
  test.each([
    ['NULL', 'r1 = 0', 'read of 8 bytes at 0x10: near NULL'],
    ['no kernel address', 'r1 = 1311768467463790320 ll', 'not a kernel address'],
    ['beyond memory', 'r1 = r10\nr1 += 1048576', 'nothing is mapped there'],
  ])('%s is a fault of its instruction', (_, set, text) => {
    const source = `r0 = 0\n${set}\nr0 = *(u64 *)(r1 + 16)\nexit`;
    const { details, message } = faultOf(() => run(machineOf('checked'), source));
    expect(details).toMatchObject({ kind: 'access', program: 'main', access: 'read', bytes: 8 });
    expect(details.instruction).toBe(set.split('\n').length + 1);
    expect(message).toContain(text);
  });

  test('a bad key is the helper’s fault', () => {
    const source = `
.map m hash key=8 value=8 entries=4
.program main raw_tp/x
r1 = map[m]
r2 = 4096
call bpf_map_lookup_elem
exit`;
    const { details } = faultOf(() => run(machineOf('checked'), source));
    expect(details).toMatchObject({ kind: 'access', instruction: 2 });
  });
});

test('a trusted program beyond all memory ends by a fault', () => {
  const source = 'r1 = r10\nr1 += 1048576\nr0 = *(u64 *)(r1 + 16)\nexit';
  expect(faultOf(() => run(machineOf('trusted'), source)).details.kind).toBe('access');
});

test('addresses are those of other engines', () => {
  const source = '.map m array key=4 value=8 entries=1\n.program main raw_tp/x\nr0 = map[m]\nexit';
  const reference = createMachine({ memoryLimit: 1 << 20 });
  const machine = machineOf('trusted');
  for (let i = 0; i < 2; i++) {
    const r = reference.run(reference.load(assembled(source)).programs.get('main')!, 0, 0);
    expect(run(machine, source)).toBe(BigInt.asIntN(64, pair(r[0]!, r[1]!)));
  }
});
