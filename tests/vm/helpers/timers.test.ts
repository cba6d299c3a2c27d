/** Timers on a machine whose time the test moves. */
import { describe, expect, test } from 'vitest';
import { Current, createMachine, type Machine, type MachineOptions } from '../../../vm/index.ts';
import { directEngine } from '../../../vm/jit/engine.ts';
import { assembled } from '../assembly.ts';
import { pair } from '../support.ts';

const MAPS = `.map m hash key=8 value=32 entries=4\n.map a array key=4 value=32 entries=2\n.map log array key=4 value=8 entries=1\n`;
/** The callback counts, and adds what the value's third word and the key's first hold. */
const CALLBACK = `.func cb\nr4 = map[log][0]+0\nr5 = *(u64 *)(r4 + 0)\nr5 += 1\nr6 = *(u64 *)(r3 + 16)\nr5 += r6
  r6 = *(u32 *)(r2 + 0)\nr5 += r6\n*(u64 *)(r4 + 0) = r5\nr0 = 0\nexit\n`;
const INSERT = `*(u64 *)(r10 - 8) = 1000\n*(u64 *)(r10 - 40) = 0\n*(u64 *)(r10 - 32) = 0\n*(u64 *)(r10 - 24) = 100\n*(u64 *)(r10 - 16) = 0
  r1 = map[m]\nr2 = r10\nr2 += -8\nr3 = r10\nr3 += -40\nr4 = 0\ncall bpf_map_update_elem\n`;
const FIND = 'r1 = map[m]\nr2 = r10\nr2 += -8\ncall bpf_map_lookup_elem\nr6 = r0\n';
const init = (flags = 1): string => `r1 = r6\nr2 = map[m]\nr3 = ${flags}\ncall bpf_timer_init\n`;
const CALLS_BACK = 'r1 = r6\nr2 = func[cb]\ncall bpf_timer_set_callback\n';
const start = (ns: number, flags = 0): string => `r1 = r6\nr2 = ${ns}\nr3 = ${flags}\ncall bpf_timer_start\n`;
const CANCEL = 'r1 = r6\ncall bpf_timer_cancel\n';

class Run {
  readonly machine: Machine;
  readonly result: bigint;
  readonly log: () => bigint;

  constructor(source: string, options: MachineOptions = {}) {
    this.machine = createMachine({ memoryLimit: 2 << 20, cpus: 2, ...options });
    this.at(1_000_000);
    const image = this.machine.load(assembled(`${MAPS}${source}exit\n${CALLBACK}`));
    const [low, high] = this.machine.run(image.programs.get('main')!, 1, 0);
    this.result = BigInt.asIntN(64, pair(low!, high!));
    this.log = () =>
      new DataView([...image.maps.get('log')!.entries()][0]!.value.buffer).getBigInt64(0, true);
  }

  at(time: number): void {
    this.machine.memory.i32[Current.time >> 2] = time;
  }

  /** CPUs that timers fired on. */
  fire(): readonly number[] {
    const cpus: number[] = [];
    this.machine.async.fire((cpu, call) => {
      cpus.push(cpu);
      call();
    });
    return cpus;
  }
}

const READY = `${INSERT}${FIND}${init()}${CALLS_BACK}`;

describe('timers', () => {
  test.each<[string, MachineOptions]>([
    ['interpreted', {}],
    ['compiled', { mode: 'checked', engine: directEngine }],
  ])('fire once, on their CPU, with key and value: %s', (_name, options) => {
    const run = new Run(`${READY}${start(5000)}`, options);
    expect(run.result).toBe(0n);
    expect(run.machine.async.next).toBe(1_005_000);
    expect(run.fire()).toEqual([1]);
    expect(run.log()).toBe(1101n);
    expect(run.machine.async.next).toBe(Number.POSITIVE_INFINITY);
    expect(run.fire()).toEqual([]);
  });

  test('at a time of the clock, and not before an interrupt can come', () => {
    expect(new Run(`${READY}${start(2_000_000, 1)}`).machine.async.next).toBe(2_000_000);
    expect(new Run(`${READY}${start(5, 1)}`).machine.async.next).toBe(1_001_000);
    expect(new Run(`${READY}${start(0, 3)}`).machine.async.next).toBe(1_001_000);
  });

  test.each([
    ['a clock there is not', `${INSERT}${FIND}${init(2)}`, -22n],
    ['twice', `${INSERT}${FIND}${init()}${init()}`, -16n],
    ['a callback of none', `${INSERT}${FIND}${CALLS_BACK}`, -22n],
    ['started without a callback', `${INSERT}${FIND}${init()}${start(5)}`, -22n],
    ['flags', `${READY}${start(5, 4)}`, -22n],
    ['cancelled, started', `${READY}${start(5)}${CANCEL}`, 1n],
    ['cancelled, not started', `${READY}${CANCEL}`, 0n],
    ['cancelled, none', `${INSERT}${FIND}${CANCEL}`, -22n],
    ['a cancelled one has no callback', `${READY}${CANCEL}${start(5)}`, -22n],
  ])('%s', (_name, source, want) => {
    expect(new Run(source).result).toBe(want);
  });

  test('that are cancelled, or whose element is gone or new, do not fire', () => {
    const remove = 'r1 = map[m]\nr2 = r10\nr2 += -8\ncall bpf_map_delete_elem\n';
    for (const end of [CANCEL, remove, INSERT, `${remove}${INSERT}`]) {
      const run = new Run(`${READY}${start(5000)}${end}`);
      run.at(2_000_000);
      run.fire();
      expect(run.log()).toBe(0n);
    }
  });

  test('in an array have the index as key', () => {
    const element =
      '*(u32 *)(r10 - 8) = 1\nr1 = map[a]\nr2 = r10\nr2 += -8\ncall bpf_map_lookup_elem\nr6 = r0\n';
    const run = new Run(`${element}${init().replace('map[m]', 'map[a]')}${CALLS_BACK}${start(1)}`);
    run.fire();
    expect(run.log()).toBe(2n);
  });
});

describe('work queues', () => {
  const CALL = `r1 = r6\nr2 = func[cb]\nr3 = 0\nr4 = 0\ncall bpf_wq_set_callback_impl\n`;
  const head =
    '.kfunc bpf_wq_init\n.kfunc bpf_wq_set_callback_impl\n.kfunc bpf_wq_start\n.program main raw_tp/x\n';
  const initWork = (flags = 0): string => `r1 = r6\nr2 = map[m]\nr3 = ${flags}\ncall bpf_wq_init\n`;
  const startWork = (flags = 0): string => `r1 = r6\nr2 = ${flags}\ncall bpf_wq_start\n`;

  test('run soon', () => {
    const run = new Run(`${head}${INSERT}${FIND}${initWork()}${CALL}${startWork()}`);
    expect(run.result).toBe(0n);
    run.fire();
    expect(run.log()).toBe(1101n);
  });

  test.each([
    ['flags', `${initWork(1)}`, -22n],
    ['twice', `${initWork()}${initWork()}`, -16n],
    ['flags of the start', `${initWork()}${CALL}${startWork(1)}`, -22n],
    ['no callback', `${initWork()}${startWork()}`, -22n],
    ['a timer is none', `${init()}${CALL}`, -22n],
  ])('%s', (_name, source, want) => {
    expect(new Run(`${head}${INSERT}${FIND}${source}`).result).toBe(want);
  });
});
