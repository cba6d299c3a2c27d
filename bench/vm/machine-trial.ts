/** A program in one of this project's engines: called once an event from JavaScript, or in batches. */
import { toHex } from '../../bpf/hex.ts';
import { mapType } from '../../bpf/maps.ts';
import {
  createMachine,
  type EngineFactory,
  type LinearAddress,
  type Machine,
  type MemoryMode,
  RingBufferMap,
  type Runnable,
  type UserMap,
} from '../../vm/index.ts';
import type { Drained, Dump, Subject, Timed, Trial } from './contestant.ts';
import { PERIOD } from './subject.ts';

export interface MachineSetup {
  /** Undefined: the reference interpreter. */
  readonly engine?: EngineFactory;
  readonly mode: MemoryMode;
  readonly batch?: true;
}

/** Bytes of a machine beside its maps. */
const ROOM = 4 << 20;
const POINTERS = 16;
/** More than any program takes. */
const FUEL = 2_000_000_000;
const WORDS = 1024;

/** A string says why the engine does not take the program. */
export function machineTrial(subject: Subject, setup: MachineSetup): Trial | string {
  const machine = createMachine({
    mode: setup.mode,
    memoryLimit: ROOM + memoryOf(subject),
    fuel: FUEL,
    ...(setup.engine === undefined ? {} : { engine: setup.engine }),
  });
  const image = machine.load(subject.object);
  const runnable = machine.runnable(image.programs.get('main')!);
  if (setup.engine !== undefined && runnable.engine === 'reference') {
    return 'it is left to the reference interpreter';
  }
  const count = setup.batch === undefined ? 1 : PERIOD;
  const { first, stride } = stage(machine, subject, count);
  const { result } = subject;
  const once = setup.batch
    ? batches(runnable, first, stride)
    : calls(runnable, first, result === undefined ? undefined : Number(BigInt.asIntN(32, result)));
  return new MachineTrial(machine, subject, runnable, image.maps, count, once);
}

/** `runs` runs; the number of those that returned something else than they must. */
type Loop = (runs: number) => number;

class MachineTrial implements Trial {
  readonly #machine: Machine;
  readonly #subject: Subject;
  readonly #runnable: Runnable;
  readonly #maps: ReadonlyMap<string, UserMap>;
  readonly #step: number;
  readonly #loop: Loop;

  constructor(
    machine: Machine,
    subject: Subject,
    runnable: Runnable,
    maps: ReadonlyMap<string, UserMap>,
    step: number,
    loop: Loop,
  ) {
    this.#machine = machine;
    this.#subject = subject;
    this.#runnable = runnable;
    this.#maps = maps;
    this.#step = step;
    this.#loop = loop;
  }

  async time(wanted: number): Promise<Timed> {
    const runs = Math.ceil(wanted / this.#step) * this.#step;
    const start = process.hrtime.bigint();
    let wrong = 0;
    try {
      wrong = this.#loop(runs);
    } catch (error) {
      throw this.#runnable.explain(error);
    }
    const nanoseconds = Number(process.hrtime.bigint() - start);
    const { registers } = this.#machine;
    const last = (BigInt(registers[1]! >>> 0) << 32n) | BigInt(registers[0]! >>> 0);
    const { result } = this.#subject;
    if (wrong > 0 || (result !== undefined && last !== result)) {
      throw new Error(`${wrong} of ${runs} runs went wrong; the last returned 0x${last.toString(16)}`);
    }
    return { nanoseconds, runs, last };
  }

  async dump(name: string): Promise<Dump> {
    const { map } = this.#maps.get(name)!;
    const user = this.#maps.get(name)!;
    const perCpu = mapType(map.definition.type).perCpu;
    return new Map(
      [...user.entries()].map(({ key, value }) => [
        toHex(key),
        perCpu ? toHex(padded(value, user.valueSize)) : toHex(value),
      ]),
    );
  }

  async drain(name: string): Promise<Drained> {
    const { map } = this.#maps.get(name)!;
    if (!(map instanceof RingBufferMap)) throw new Error(`map ${name} is no ring buffer`);
    const { i32 } = this.#machine.memory;
    const words = new Int32Array(WORDS);
    let longest = 0;
    const count = map.ring.drain((address, length) => {
      const size = length >> 2;
      if (size > longest) longest = size;
      for (let i = 0; i < size; i++) words[i]! ^= i32[(address >> 2) + i]!;
    });
    return { count, words: words.subarray(0, longest) };
  }

  close(): void {}
}

/** Each engine and program has a loop of its own, so that its call is of one function only. */
function calls(runnable: Runnable, context: LinearAddress, expected: number | undefined): Loop {
  const count = expected === undefined ? 'entry(context)' : 'if (entry(context) !== expected) wrong++';
  const body = `// ${Math.random()}
    return (runs) => { let wrong = 0; for (let i = 0; i < runs; i++) ${count}; return wrong; };`;
  return new Function('entry', 'context', 'expected', body)(runnable.entry, context, expected) as Loop;
}

function batches({ batch }: Runnable, first: LinearAddress, stride: number): Loop {
  return (runs) => {
    for (let round = 0; round < runs; round += PERIOD) {
      for (let done = 0; done < PERIOD; ) done += batch(PERIOD - done, first + done * stride, stride);
    }
    return 0;
  };
}

/** `count` contexts one behind the other; the n-th one's packet has n as its sequence. */
export function stage(
  machine: Machine,
  { context, bytes }: Subject,
  count: number,
): { readonly first: LinearAddress; readonly stride: number } {
  const head = context === 'packet' ? POINTERS : 0;
  const stride = Math.ceil((head + bytes.length) / 16) * 16;
  const { memory } = machine;
  const first = memory.allocateRegion(
    stride * count,
    { kind: 'context', label: 'context', writable: true },
    16,
  );
  for (let index = 0; index < count; index++) {
    const at = first + index * stride;
    memory.write(at + head, bytes);
    if (count > 1) memory.view.setInt32(at + head, index, true);
    if (context === 'plain') continue;
    memory.writePointer(at, at + POINTERS);
    memory.writePointer(at + 8, at + POINTERS + bytes.length);
  }
  return { first, stride };
}

function memoryOf({ maps, bytes }: Subject): number {
  const sizes = maps.map(({ type, keySize, valueSize, maxEntries }) =>
    type === 'ringbuf' ? maxEntries * 2 : maxEntries * (keySize + valueSize + 64),
  );
  return sizes.reduce((a, b) => a + b, 0) + PERIOD * (bytes.length + POINTERS * 2);
}

function padded(copies: Uint8Array, size: number): Uint8Array {
  const stride = Math.ceil(size / 8) * 8;
  const all = new Uint8Array((copies.length / size) * stride);
  for (let at = 0, to = 0; at < copies.length; at += size, to += stride) {
    all.set(copies.subarray(at, at + size), to);
  }
  return all;
}
