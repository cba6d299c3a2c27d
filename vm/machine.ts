/**
 * A machine: one linear memory, its CPUs' frames, maps, helpers and the interpreter over them. Objects are loaded into it
 * and their programs run on one CPU at a time.
 */
import { helperById } from '../bpf/helpers/lookup.ts';
import type { BpfObject, BpfProgram } from '../bpf/object.ts';
import { missingType } from '../bpf/sections.ts';
import type { LinearAddress } from './address.ts';
import { LoadError } from './fault.ts';
import type { HelperFunction, HelperTable } from './helper-port.ts';
import { machineHelpers } from './helpers/table.ts';
import {
  FRAME_SIZE,
  Interpreter,
  MAX_FRAMES,
  type PacketPort,
  type StepHook,
} from './interpreter/interpreter.ts';
import { createMap } from './maps/create.ts';
import type { BpfMap } from './maps/map.ts';
import type { RecordRing } from './maps/record-ring.ts';
import { RingBufferMap } from './maps/ring-buffer-map.ts';
import { UserMap } from './maps/user-map.ts';
import { Memory } from './memory.ts';
import type { Program } from './program.ts';
import { relocate } from './relocate.ts';

export interface MachineOptions {
  /** Default 1. */
  readonly cpus?: number;
  /** Bytes of linear memory; the operating system gives them when they are touched. Default 256 MiB. */
  readonly memoryLimit?: number;
  /** Helpers of the world outside; they win over the machine's own. */
  readonly helpers?: (machine: Machine) => HelperTable;
  /** Check every access. Default true. */
  readonly strict?: boolean;
  /** Instructions one run may take. Default 100 million. */
  readonly fuel?: number;
  /** Start of `bpf_get_prandom_u32`. */
  readonly seed?: number;
}

/** A loaded object: instances by name. */
export interface LoadedImage {
  readonly object: BpfObject;
  readonly programs: ReadonlyMap<string, Program>;
  readonly maps: ReadonlyMap<string, UserMap>;
}

const DEFAULT_MEMORY: number = 256 << 20;
const DEFAULT_FUEL = 100_000_000;
/** Registers take 22 words; some more are kept for later engines. */
const REGISTER_WORDS = 32;

export class Machine {
  readonly memory: Memory;
  readonly cpus: number;
  readonly registers: Int32Array;
  readonly seed: number;
  readonly interpreter: Interpreter;
  readonly #maps = new Map<LinearAddress, BpfMap>();
  readonly #rings: RecordRing[] = [];
  #cpu = 0;
  #nextCode = 0xc000_0000;

  constructor(options: MachineOptions = {}) {
    const { cpus = 1, memoryLimit = DEFAULT_MEMORY, strict = true, fuel = DEFAULT_FUEL, seed = 1 } = options;
    this.cpus = cpus;
    this.seed = seed;
    this.memory = new Memory(memoryLimit);
    const start = this.memory.allocate(REGISTER_WORDS * 4, 'registers');
    this.registers = this.memory.i32.subarray(start >> 2, (start >> 2) + REGISTER_WORDS);
    const frameTops = Array.from({ length: cpus }, (_, cpu) => this.#allocateFrames(cpu));
    const { memory, registers } = this;
    this.interpreter = new Interpreter({ memory, registers, frameTops, strict, fuel });
    this.#installHelpers(machineHelpers(this));
    if (options.helpers !== undefined) this.#installHelpers(options.helpers(this));
  }

  /** CPU of the run going on. */
  get cpu(): number {
    return this.#cpu;
  }

  /** Of all ring buffer maps. */
  get rings(): readonly RecordRing[] {
    return this.#rings;
  }

  set packet(port: PacketPort | undefined) {
    this.interpreter.packet = port;
  }

  /** Called before each instruction; undefined stops that. */
  set onStep(hook: StepHook | undefined) {
    this.interpreter.onStep = hook;
  }

  /** Instantiates an object's maps and programs. Throws LoadError. */
  load(object: BpfObject): LoadedImage {
    if (object.endian !== 'little')
      throw new LoadError(`${object.name}: the machine is little-endian, the object is not`);
    const maps = new Map<string, UserMap>();
    for (const definition of object.maps) maps.set(definition.name, this.createMap(definition));
    for (const [name, bytes] of object.data) this.#initialise(maps, name, bytes);
    const programs = new Map<string, Program>();
    for (const program of object.programs) {
      programs.set(program.name, this.#loadProgram(program, object, maps));
    }
    return { object, programs, maps };
  }

  /** A map outside any object. */
  createMap(definition: BpfMap['definition']): UserMap {
    const map = createMap(definition, this);
    this.#maps.set(map.layout.base, map);
    if (map instanceof RingBufferMap) this.#rings.push(map.ring);
    return new UserMap(map, this);
  }

  /** The map whose header is at a linear address, as programs name it. */
  mapAt(address: LinearAddress): BpfMap | undefined {
    return this.#maps.get(address);
  }

  /** Runs a program on a CPU with r1 = the kernel pointer to `context` (0: NULL). r0 is in `registers[0]`, `[1]`. Throws VmFault. */
  run(program: Program, cpu: number, context: LinearAddress): Int32Array {
    this.#cpu = cpu;
    this.interpreter.run(program, cpu, context);
    return this.registers;
  }

  /** For helpers: calls the BPF function at a code address with r1 ... r5 as set; its result is in r0. */
  callback(low: number, high: number): void {
    this.interpreter.callback(low, high);
  }

  #allocateFrames(cpu: number): LinearAddress {
    const size = FRAME_SIZE * MAX_FRAMES;
    const label = `stack of CPU ${cpu}`;
    return this.memory.allocateRegion(size, { kind: 'stack', label, writable: true }, 16) + size;
  }

  #installHelpers(table: ReadonlyMap<number, HelperFunction>): void {
    for (const [id, helper] of table) {
      if (helperById(id) === undefined) throw new LoadError(`no helper has number ${id}`);
      this.interpreter.helpers[id] = helper;
    }
  }

  #initialise(maps: ReadonlyMap<string, UserMap>, name: string, bytes: Uint8Array): void {
    const map = maps.get(name);
    if (map === undefined) throw new LoadError(`data for '${name}', which is no map of the object`);
    if (bytes.length > map.valueSize)
      throw new LoadError(`map ${name}: ${bytes.length} bytes of data, and values have ${map.valueSize}`);
    const value = new Uint8Array(map.valueSize);
    value.set(bytes);
    map.update(new Uint8Array(map.keySize), value, 0);
  }

  #loadProgram(program: BpfProgram, object: BpfObject, maps: ReadonlyMap<string, UserMap>): Program {
    const untyped = missingType(program);
    if (untyped !== undefined) throw new LoadError(`program ${program.name}: ${untyped}`);
    const loaded = relocate(program, object.functions, this.#nextCode | 0, (name) => maps.get(name)?.map);
    this.#nextCode += loaded.slots.length * 8;
    return loaded;
  }
}

/** A machine with empty memory. */
export function createMachine(options: MachineOptions = {}): Machine {
  return new Machine(options);
}
