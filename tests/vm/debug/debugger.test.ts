/** Runs looked at instruction by instruction, forward and back, and counted. */
import { describe, expect, test } from 'vitest';
import { Coverage } from '../../../vm/debug/coverage.ts';
import { Debugger, type Stop } from '../../../vm/debug/debugger.ts';
import { createMachine, directEngine } from '../../../vm/index.ts';
import { assembled } from '../assembly.ts';

/** Counts in a map and loops three times. */
const SOURCE = `
.map m array key=4 value=8 entries=1
.program main raw_tp/x
r6 = 3
r7 = map[m][0]+0
r1 = *(u64 *)(r7 + 0)
r1 += 1
*(u64 *)(r7 + 0) = r1
r6 += -1
if r6 != 0 goto -5
r0 = r1
exit`;
const STEPS = 2 + 3 * 5 + 2;
const ADD = 3;

function setup() {
  const machine = createMachine({ memoryLimit: 1 << 20 });
  const image = machine.load(assembled(SOURCE));
  const program = image.programs.get('main')!;
  const count = () => [...image.maps.get('m')!.entries()][0]!.value[0];
  return { machine, program, count };
}

const place = (stop: Stop): readonly (number | string)[] =>
  stop.kind === 'paused' ? [stop.step, stop.instruction] : [stop.step, stop.kind];

describe('a debugged run', () => {
  test('goes by steps, and back', () => {
    const { machine, program, count } = setup();
    const run = new Debugger(machine, program, { cpu: 0, context: 0 });
    expect(place(run.stop)).toEqual([0, 0]);
    expect([run.step(), run.step(), run.step(), run.step()].map(place)).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
      [4, 4],
    ]);
    expect(count()).toBe(0);
    expect(place(run.step())).toEqual([5, 5]);
    expect(count()).toBe(1);
    const back = run.stepBack();
    expect(place(back)).toEqual([4, 4]);
    expect(count()).toBe(0);
    expect(back.kind === 'paused' && back.registers[2]).toBe(1);
    expect(place(run.goTo(0))).toEqual([0, 0]);
    expect(place(run.stepBack())).toEqual([0, 0]);
  });

  test('stops at breakpoints in both directions, and ends', () => {
    const { machine, program, count } = setup();
    const run = new Debugger(machine, program, { cpu: 0, context: 0 });
    run.breakAt(program, ADD);
    expect([run.forward(), run.forward(), run.forward()].map(place)).toEqual([
      [3, ADD],
      [8, ADD],
      [13, ADD],
    ]);
    expect(count()).toBe(2);
    expect(place(run.back())).toEqual([8, ADD]);
    expect(place(run.back())).toEqual([3, ADD]);
    expect(place(run.back())).toEqual([0, 0]);
    expect(count()).toBe(0);
    run.clear(program, ADD);
    const end = run.forward();
    expect(place(end)).toEqual([STEPS, 'ended']);
    expect(end.kind === 'ended' && end.registers[0]).toBe(3);
    expect(run.step()).toBe(end);
    expect(place(run.stepBack())).toEqual([STEPS - 1, 8]);
  });

  test('stops in functions that are called back', () => {
    const machine = createMachine({ memoryLimit: 1 << 20 });
    const source = 'r1 = 3\nr2 = func[f]\nr3 = 0\nr4 = 0\ncall bpf_loop\nexit\n.func f\nr0 = 0\nexit';
    const program = machine.load(assembled(source)).programs.get('main')!;
    const run = new Debugger(machine, program, { cpu: 0, context: 0 });
    run.breakAt(program, 6);
    const indexes = [run.forward(), run.forward(), run.forward()].map((stop) =>
      stop.kind === 'paused' ? stop.registers[2] : stop.kind,
    );
    expect(indexes).toEqual([0, 1, 2]);
    expect(run.forward().kind).toBe('ended');
  });

  test('tells the fault', () => {
    const machine = createMachine({ memoryLimit: 1 << 20 });
    const program = machine.load(assembled('r1 = 0\nr0 = *(u64 *)(r1 + 0)\nexit')).programs.get('main')!;
    const run = new Debugger(machine, program, { cpu: 0, context: 0 });
    run.step();
    const stop = run.step();
    expect(stop.kind === 'faulted' && stop.fault.details).toMatchObject({ kind: 'access', instruction: 1 });
    expect(place(run.stepBack())).toEqual([1, 1]);
  });
});

test('coverage counts instructions, whatever the engine', () => {
  const machine = createMachine({ memoryLimit: 1 << 20, mode: 'trusted', engine: directEngine });
  const program = machine.load(assembled(SOURCE)).programs.get('main')!;
  expect(machine.runnable(program).engine).toBe('direct');
  const coverage = new Coverage(machine);
  machine.run(program, 0, 0);
  expect([...coverage.of(program)]).toEqual([1, 1, 3, 3, 3, 3, 3, 1, 1]);
  coverage.stop();
  machine.run(program, 0, 0);
  expect(coverage.of(program)[0]).toBe(1);
  expect(machine.runnable(program).engine).toBe('direct');
});
