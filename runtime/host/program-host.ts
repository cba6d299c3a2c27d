/**
 * What the simulated kernel and recordings share: a machine with the runtime's helpers, loaded objects, the programs of
 * each attach point, and the draining of what they wrote, after each run, so that output comes in the order of events.
 */
import { helper } from '../../bpf/helpers/lookup.ts';
import type { BpfObject, BpfProgram } from '../../bpf/object.ts';
import type { LinearAddress } from '../../vm/address.ts';
import {
  type EngineFactory,
  type MemoryMode,
  PerfEventArrayMap,
  type Program,
  RingBufferMap,
} from '../../vm/index.ts';
import { type LoadedImage, Machine } from '../../vm/machine.ts';
import { AttachError } from '../attach-error.ts';
import { type CurrentTask, ExecutionContext, encodeComm } from '../helpers/execution-context.ts';
import { runtimeHelpers, runtimeKfuncs } from '../helpers/table.ts';
import type { LoadedObject, MapHandle, OnceResult, OutputConsumer, PrintkLine } from '../kernel.ts';
import { byteString } from '../output/byte-string.ts';
import { callsAny } from './helper-calls.ts';

export interface ProgramHostOptions {
  readonly cpus: number;
  readonly seed: number;
  /** The task programs without an event (BEGIN, END) run in. */
  readonly tracer: CurrentTask;
  /** Runs programs; without it the reference interpreter does, and checks each access by what it is to. */
  readonly engine?: EngineFactory | undefined;
}

/** The tracer's own task, where the machine does not tell of one. */
export function tracerTask(comm: string, pid: number, uid: number): CurrentTask {
  return { tid: pid, tgid: pid, uid, gid: uid, comm: encodeComm(comm), cgroupId: 1, object: 0 };
}

export class ProgramHost {
  readonly machine: Machine;
  readonly context: ExecutionContext;
  readonly tracer: CurrentTask;
  /** Set while a kernel pumps: takes output as it is written. */
  #consumer: OutputConsumer | undefined;
  #stopped = false;
  readonly #isStrict: boolean;
  readonly #programs = new Map<BpfProgram, Program>();
  readonly #rings: RingBufferMap[] = [];
  readonly #arrays: PerfEventArrayMap[] = [];
  /** Address of the record that programs run at; 0 where their context is no record. */
  #record = 0;
  readonly #visit: (address: LinearAddress, length: number) => void;

  constructor(options: ProgramHostOptions) {
    this.tracer = options.tracer;
    const { cpus, seed, engine } = options;
    this.machine = new Machine({ cpus, seed, ...(engine && { engine }) });
    this.#isStrict = engine === undefined;
    const { machine } = this;
    this.context = new ExecutionContext(machine.memory, options.tracer, (message) =>
      this.#consumer?.warning(message),
    );
    machine.kernelTypes = () => this.context.world.info?.().btf;
    machine.warn = (message) => this.context.warn(message);
    machine.installHelpers(runtimeHelpers(this.context, machine));
    machine.installKfuncs(runtimeKfuncs(this.context, machine));
    this.context.printk = (text) => this.#consumer?.printk?.(this.#line(text));
    this.#visit = (address, length) => {
      if (this.#consumer === undefined) return;
      this.#consumer.record(this.machine.memory.bytes(address, length));
      this.#stopped = this.#consumer.stopped;
    };
  }

  /** `accepted`: names of programs that a verifier has accepted. */
  load(object: BpfObject, accepted: ReadonlySet<string> = new Set()): LoadedObject {
    const modeOf = ({ name }: BpfProgram): MemoryMode => (accepted.has(name) ? 'trusted' : 'checked');
    const image: LoadedImage = this.machine.load(object, this.#isStrict ? 'strict' : modeOf);
    for (const program of object.programs) this.#programs.set(program, image.programs.get(program.name)!);
    for (const { map } of image.maps.values()) {
      if (map instanceof RingBufferMap) this.#rings.push(map);
      if (map instanceof PerfEventArrayMap) this.#arrays.push(map);
    }
    return {
      object,
      map(name: string): MapHandle {
        const map = image.maps.get(name);
        if (map === undefined) throw new Error(`the object ${object.name} has no map ${name}`);
        return map;
      },
    };
  }

  /** The loaded form of a program. */
  program(program: BpfProgram): Program {
    const loaded = this.#programs.get(program);
    if (loaded === undefined) throw new AttachError(`the program ${program.name} is not loaded`);
    return loaded;
  }

  /** Output goes here until it is set again. */
  set consumer(consumer: OutputConsumer | undefined) {
    this.#consumer = consumer;
    this.#stopped = consumer?.stopped === true;
  }

  /** Runs a program without an event, and measures. */
  runOnce(program: BpfProgram, context: LinearAddress, repeat: number): OnceResult {
    const loaded = [this.program(program)];
    const start = performance.now();
    for (let run = 0; run < repeat; run++) this.run(loaded, 0, context);
    const nanoseconds = (performance.now() - start) * 1e6;
    return { result: this.machine.registers[0]! >>> 0, nanoseconds };
  }

  /** `exit()` was seen: nothing runs any more. Output is what tells it, so it is asked once a record and not once a run. */
  get stopped(): boolean {
    return this.#stopped;
  }

  /**
   * Runs programs in the context's task and time, and hands on what each wrote. `isRecord`: the context at `address` begins
   * with the common fields of events.
   */
  run(programs: readonly Program[], cpu: number, address: LinearAddress, isRecord = false): void {
    this.#record = isRecord ? address : 0;
    for (const program of programs) {
      if (this.#stopped) return;
      try {
        this.machine.run(program, cpu, address);
      } finally {
        // What a program wrote before a fault is the best witness of it.
        this.drain();
      }
    }
  }

  /** When the next timer that a program started is due; Infinity without one. */
  get nextTimer(): number {
    return this.machine.async.next;
  }

  /** Lets time come to {@link nextTimer}, if it has not, and runs what is due, in the task `taskOf` says the CPU is in. */
  fireTimers(taskOf: (cpu: number) => CurrentTask): void {
    const { context, machine } = this;
    context.setTime(Math.max(context.time, this.nextTimer));
    context.callChain = undefined;
    this.#record = 0;
    machine.async.fire((cpu, call) => {
      if (this.#stopped) return;
      context.task = taskOf(cpu);
      context.cpu = cpu;
      try {
        call();
      } finally {
        this.drain();
      }
    });
  }

  /** Whoever runs the program must say where its record lies, since it may print for the trace pipe. */
  needsPlace({ instructions }: Program): boolean {
    return callsAny(instructions, PRINT_HELPERS);
  }

  #line(text: string): PrintkLine {
    const { task, cpu, timeLow, timeHigh } = this.context;
    const { u8 } = this.machine.memory;
    const record = this.#record;
    const end = task.comm.indexOf(0);
    return {
      comm: byteString(task.comm, 0, end < 0 ? task.comm.length : end),
      tid: task.tid,
      cpu,
      // `struct trace_entry`
      flags: record === 0 ? 0 : u8[record + 2]!,
      preemptCount: record === 0 ? 0 : u8[record + 3]!,
      time: (timeHigh >>> 0) * 2 ** 32 + (timeLow >>> 0),
      text,
    };
  }

  /** Hands on what programs wrote; true when nothing shall run any more. */
  drain(): boolean {
    for (const { ring } of this.#rings) {
      if (ring.available > 0) ring.drain(this.#visit);
    }
    for (const array of this.#arrays) {
      for (const ring of array.rings) {
        if (ring.available > 0) ring.drain(this.#visit);
      }
    }
    return this.#stopped;
  }
}

const PRINT_HELPERS: ReadonlySet<number> = new Set([helper('trace_printk').id, helper('trace_vprintk').id]);
