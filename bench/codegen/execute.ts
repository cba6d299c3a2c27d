/** Runs an object over the made events and counts what it takes: instructions, helper calls; keeps what it leaves. */
import { type EventFormat, findEventField } from '../../bpf/event-format.ts';
import { helperById } from '../../bpf/helpers/index.ts';
import type { BpfObject } from '../../bpf/object.ts';
import { ProgramHost } from '../../runtime/host/program-host.ts';
import type { MapHandle } from '../../runtime/kernel.ts';
import { MadeWorld, random } from './world.ts';

/** What fires, in the order of a round: programs by name, and what their context is. */
export interface Firing {
  readonly program: string;
  readonly context: 'registers' | 'user-registers' | 'empty' | EventFormat;
  /** Once before the first round, once after the last, or each round. */
  readonly when: 'first' | 'last' | 'round';
}

export interface Execution {
  readonly executed: number;
  readonly calls: ReadonlyMap<string, number>;
  /** Copies, in order. */
  readonly records: readonly Uint8Array[];
  map(name: string): MapHandle;
}

const ROUNDS = 200;
const START_NS = 3_600_000_000_000;
const CPUS = 2;

/** `mapsToFill`: maps of one value that user space fills with the time tracing began. */
export function execute(
  object: BpfObject,
  firings: readonly Firing[],
  mapsToFill: readonly string[],
): Execution {
  const host = new ProgramHost({
    cpus: CPUS,
    seed: 1,
    tracer: { tid: 1, tgid: 1, uid: 0, gid: 0, comm: new Uint8Array(16), cgroupId: 1, object: 0 },
  });
  const { machine } = host;
  const world = new MadeWorld(machine.memory);
  const loaded = host.load(object);
  for (const name of mapsToFill) fill(loaded.map(name));
  const records: Uint8Array[] = [];
  host.consumer = {
    record: (bytes) => records.push(bytes.slice()),
    lost: () => {},
    warning: () => {},
    stopped: false,
  };
  const calls = countCalls(machine.helpers);
  let executed = 0;
  machine.onStep = () => {
    executed++;
  };
  const programs = new Map(object.programs.map((program) => [program.name, host.program(program)]));
  const next = random(7);
  let now = START_NS;
  const fire = ({ program, context }: Firing, task: number): void => {
    const current = world.tasks[task]!;
    now += 1000 + next(3_000_000);
    if (context === 'empty') world.empty();
    else if (typeof context === 'string') world.registers(next, context === 'user-registers');
    else world.record(context, current, next);
    host.context.task = current;
    host.context.setTime(now);
    host.run([programs.get(program)!], task % CPUS, world.context);
  };
  for (const one of firings) if (one.when === 'first') fire(one, 0);
  for (let round = 0; round < ROUNDS; round++) {
    const task = next(world.tasks.length);
    // Some do not happen, so that keys are missed.
    for (const one of firings) if (one.when === 'round' && next(8) > 0) fire(one, task);
  }
  for (const one of firings) if (one.when === 'last') fire(one, 0);
  return { executed, calls, records, map: (name) => loaded.map(name) };
}

function fill(map: MapHandle): void {
  const value = new Uint8Array(8);
  new DataView(value.buffer).setBigUint64(0, BigInt(START_NS), true);
  map.update(new Uint8Array(map.keySize), value, 0);
}

function countCalls(helpers: (((registers: Int32Array) => void) | undefined)[]): ReadonlyMap<string, number> {
  const calls = new Map<string, number>();
  helpers.forEach((helper, id) => {
    if (helper === undefined) return;
    const { name } = helperById(id)!;
    helpers[id] = (registers) => {
      calls.set(name, (calls.get(name) ?? 0) + 1);
      helper(registers);
    };
  });
  return calls;
}

/** Whether a format has every field in place that made records can fill. */
export function isRecordable(format: EventFormat): boolean {
  return findEventField(format, 'common_type') !== undefined && format.size <= 256;
}
