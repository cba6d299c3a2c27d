/**
 * A machine: one linear memory, maps, helpers, and engines that run loaded programs, one at a time. What running code
 * shares with it is in `layout.ts`.
 */
import type { Btf } from '../bpf/btf/btf.ts';
import { helperById } from '../bpf/helpers/lookup.ts';
import { findKfunc } from '../bpf/kfuncs/index.ts';
import type { BpfObject, BpfProgram } from '../bpf/object.ts';
import { missingType } from '../bpf/sections.ts';
import { KERNEL_TAG, type LinearAddress } from './address.ts';
import { AsyncCallbacks } from './async.ts';
import type { PacketDynptrs } from './dynptr.ts';
import type { Engine, EngineFactory, Runnable } from './engine.ts';
import { accessText, type FaultDetails, type FaultKind, hex64, LoadError, VmFault } from './fault.ts';
import { Heap } from './heap.ts';
import type { HelperFunction, HelperTable } from './helper-port.ts';
import { machineHelpers } from './helpers/table.ts';
import { unsupportedHelpers, unsupportedKfunc } from './helpers/unsupported.ts';
import { Interpreter, type PacketPort, type StepHook } from './interpreter/interpreter.ts';
import { KfuncNumbers, type KfuncTable } from './kfunc-port.ts';
import { machineKfuncs } from './kfuncs/table.ts';
import { Current, FRAME_SIZE, FRAME_TOP, MAX_FRAMES, MAX_LOOPS, REGISTERS, RunState } from './layout.ts';
import { createMap } from './maps/create.ts';
import type { Handles, ObjectKind } from './maps/handles.ts';
import { ID_WORD } from './maps/header.ts';
import type { BpfMap } from './maps/map.ts';
import type { RecordRing } from './maps/record-ring.ts';
import { RingBufferMap } from './maps/ring-buffer-map.ts';
import { checkTailCalls, fillSlots } from './maps/slots.ts';
import { UserMap } from './maps/user-map.ts';
import { Memory } from './memory.ts';
import type { MemoryMode } from './mode.ts';
import { CODE_TAG, codeIndex, type Program } from './program.ts';
import { exceptionCallback, ProgramExit } from './program-exit.ts';
import { randomStart } from './random.ts';
import { relocate } from './relocate.ts';
import { type WasmTable, wasm } from './wasm/platform.ts';

export interface MachineOptions {
  /** Default 1. */
  readonly cpus?: number;
  /** Bytes of linear memory; the operating system gives them when they are touched. Default 256 MiB. */
  readonly memoryLimit?: number;
  /** Helpers of the world outside; they win over the machine's own. */
  readonly helpers?: (machine: Machine) => HelperTable;
  /** For objects that are loaded without saying. Default `strict`. */
  readonly mode?: MemoryMode;
  /** Runs programs that are not strict, as far as it can. Default: the reference interpreter runs all. */
  readonly engine?: EngineFactory;
  /** Whether the world outside has a cgroup, socket, task … that user space puts into a map. Default: it has all. */
  readonly objects?: (kind: ObjectKind, number: number) => boolean;
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
const REGISTER_WORDS = 22;
/** Functions the table has room for at first. */
const TABLE_SIZE = 64;

export class Machine {
  readonly memory: Memory;
  readonly cpus: number;
  readonly mode: MemoryMode;
  readonly registers: Int32Array;
  readonly interpreter: Interpreter;
  /** By helper id; from {@link FIRST_KFUNC} on kernel functions. */
  readonly helpers: (HelperFunction | undefined)[] = [];
  /** Timers and work queues of programs. */
  readonly async: AsyncCallbacks;
  /** Objects that programs and kernel functions allocate. */
  readonly heap: Heap;
  /** Takes what the user should know, once. */
  warn: (message: string) => void = () => {};
  /** Types of the kernel that programs see, where it tells any. */
  kernelTypes: () => Btf | undefined = () => undefined;
  /** What dynptrs to packets read and write; undefined where there are no packets. */
  packetDynptrs: PacketDynptrs | undefined = undefined;
  /** Compiled functions that others call by number: those of programs by {@link Program.slot}, those of maps. */
  readonly table: WasmTable = new wasm.Table({ element: 'anyfunc', initial: TABLE_SIZE });
  /** What user space may put into maps. */
  readonly handles: Handles;
  readonly #i32: Int32Array;
  readonly #maps = new Map<LinearAddress, BpfMap>();
  /** The id is the index plus 1. */
  readonly #mapsById: BpfMap[] = [];
  readonly #rings: RecordRing[] = [];
  readonly #engine: Engine;
  /** By slot. */
  readonly #programs: (Program | undefined)[] = [];
  readonly #runnables: (Runnable | undefined)[] = [];
  readonly #images: (Omit<LoadedImage, 'programs'> | undefined)[] = [];
  /** What programs call when they throw, by slot of the program. */
  readonly #handlers: (Program | undefined)[] = [];
  readonly #kfuncs = new Map<string, HelperFunction>();
  readonly #kfuncNumbers = new KfuncNumbers();
  #slots = 0;
  #nextCode = 0xc000_0000;

  constructor(options: MachineOptions = {}) {
    const {
      cpus = 1,
      memoryLimit = DEFAULT_MEMORY,
      mode = 'strict',
      fuel = DEFAULT_FUEL,
      seed = 1,
    } = options;
    this.cpus = cpus;
    this.mode = mode;
    this.memory = new Memory(memoryLimit);
    this.heap = new Heap(this.memory);
    this.async = new AsyncCallbacks(this);
    this.#i32 = this.memory.i32;
    this.registers = this.#i32.subarray(REGISTERS >> 2, (REGISTERS >> 2) + REGISTER_WORDS);
    this.#i32[RunState.fuelLimit >> 2] = fuel;
    this.#i32[RunState.random >> 2] = randomStart(seed);
    this.handles = {
      map: (id) => this.#mapsById[id - 1],
      program: (id) => this.#programs[id - 1],
      ...(options.objects !== undefined && { has: options.objects }),
    };
    this.interpreter = new Interpreter(this);
    this.#engine = options.engine?.(this) ?? this.interpreter;
    this.installHelpers(new Map(unsupportedHelpers((message) => this.warn(message))));
    this.installHelpers(machineHelpers(this));
    this.installKfuncs(machineKfuncs(this));
    if (options.helpers !== undefined) this.installHelpers(options.helpers(this));
  }

  /** CPU of the run going on. */
  get cpu(): number {
    return this.#i32[Current.cpu >> 2]!;
  }

  /** Of all ring buffer maps. */
  get rings(): readonly RecordRing[] {
    return this.#rings;
  }

  /** Frames in use where the running code called a helper: 1 in the entry function. */
  get depth(): number {
    return (FRAME_TOP - this.registers[20]!) / FRAME_SIZE + 1;
  }

  get packet(): PacketPort | undefined {
    return this.interpreter.packet;
  }

  set packet(port: PacketPort | undefined) {
    this.interpreter.packet = port;
  }

  /** Called before each instruction; undefined stops that. By the reference interpreter, which the others leave such runs to. */
  set onStep(hook: StepHook | undefined) {
    this.interpreter.onStep = hook;
    this.#runnables.length = 0;
  }

  /** Those given win over those there are. */
  installHelpers(table: HelperTable): void {
    for (const [id, helper] of table) {
      if (helperById(id) === undefined) throw new LoadError(`no helper has number ${id}`);
      this.helpers[id] = helper;
    }
  }

  /** Those given win over those there are, in programs loaded from now on. */
  installKfuncs(table: KfuncTable): void {
    for (const [name, kfunc] of table) this.#kfuncs.set(name, kfunc);
  }

  /** The number by which programs call a kernel function; undefined when Linux has none of that name either. */
  kfuncNumber(name: string): number | undefined {
    const known = findKfunc(name);
    const own = this.#kfuncs.get(name);
    if (own === undefined && known === undefined) return undefined;
    const number = this.#kfuncNumbers.numberOf(name);
    const missing = known && unsupportedKfunc(known, (message) => this.warn(message));
    this.helpers[number] = own ?? this.helpers[number] ?? missing;
    return number;
  }

  /** Places in the function table; the first of `count`. */
  takeSlots(count: number): number {
    const first = this.#slots;
    this.#slots += count;
    const missing = this.#slots - this.table.length;
    if (missing > 0) this.table.grow(Math.max(missing, this.table.length));
    return first;
  }

  /** Instantiates an object's maps and programs, which may have modes of their own. Throws LoadError. */
  load(object: BpfObject, mode: MemoryMode | ((program: BpfProgram) => MemoryMode) = this.mode): LoadedImage {
    if (object.endian !== 'little')
      throw new LoadError(`${object.name}: the machine is little-endian, the object is not`);
    const maps = new Map<string, UserMap>();
    for (const definition of object.maps) {
      maps.set(definition.name, this.createMap(definition, object.btf));
    }
    for (const [name, bytes] of object.data) this.#initialise(maps, name, bytes);
    const programs = new Map<string, Program>();
    for (const program of object.programs) {
      const own = typeof mode === 'string' ? mode : mode(program);
      programs.set(program.name, this.#loadProgram(program, object, maps, own));
    }
    fillSlots(object.maps, maps, programs);
    return { object, programs, maps };
  }

  /** A map outside any object; `btf` has the types that the definition names. */
  createMap(definition: BpfMap['definition'], btf?: Btf): UserMap {
    const { memory, cpus, handles } = this;
    const context = { memory, cpus, handles, btf };
    const map = createMap(definition, context);
    this.#maps.set(map.layout.base, map);
    this.#i32[(map.layout.base >> 2) + ID_WORD] = this.#mapsById.push(map);
    if (map instanceof RingBufferMap) this.#rings.push(map.ring);
    return new UserMap(map, context);
  }

  /** The map whose header is at a linear address, as programs name it. */
  mapAt(address: LinearAddress): BpfMap | undefined {
    return this.#maps.get(address);
  }

  /** The program with a place in the function table. */
  programAt(slot: number): Program | undefined {
    return this.#programs[slot];
  }

  /** The program as the machine's engine runs it; by the reference interpreter where it cannot, or when the program is strict. */
  runnable(program: Program): Runnable {
    const known = this.#runnables[program.slot];
    if (known !== undefined) return known;
    const judged = program.mode === 'strict' || this.interpreter.onStep !== undefined;
    const engine = judged ? this.interpreter : this.#engine;
    const prepared = engine.prepare(program);
    const runnable = prepared.kind === 'runnable' ? prepared : this.interpreter.prepare(program);
    this.#runnables[program.slot] = runnable;
    return runnable;
  }

  /** From now on a program runs so. */
  replace(program: Program, runnable: Runnable): void {
    this.#runnables[program.slot] = runnable;
  }

  /** Runs a program on a CPU with r1 = the kernel pointer to `context` (0: NULL). r0 is in `registers[0]`, `[1]`. Throws VmFault. */
  run(program: Program, cpu: number, context: LinearAddress): Int32Array {
    this.#i32[Current.cpu >> 2] = cpu;
    const runnable = this.#runnables[program.slot] ?? this.runnable(program);
    try {
      runnable.entry(context);
    } catch (error) {
      if (!(error instanceof ProgramExit)) throw runnable.explain(error);
      this.#exit(program, cpu, error);
    }
    return this.registers;
  }

  /** What a runnable's `entry` threw, in whatever program it did, as a VmFault where it is one in disguise. */
  explain(error: unknown): unknown {
    const program = this.runningProgram;
    return program === undefined ? error : this.runnable(program).explain(error);
  }

  /**
   * For helpers: calls the BPF function at a code address with r1 ... r5 of the register file; its result is in r0, and
   * r6 ... r10 are kept.
   */
  callback(low: number, high: number): void {
    const program = this.runningProgram;
    const target = program === undefined ? -1 : codeIndex(program, low, high);
    if (program === undefined || target < 0)
      throw this.fault('target', `calls back ${hex64(low, high)}, which is no code of this program`);
    if (this.depth >= MAX_FRAMES) throw this.fault('call-depth', `more than ${MAX_FRAMES} frames`);
    const i32 = this.#i32;
    const pc = i32[RunState.pc >> 2]!;
    if (i32[RunState.refills >> 2]! > 0) {
      i32[RunState.refills >> 2]!--;
      i32[RunState.fuel >> 2] = i32[RunState.fuelLimit >> 2]!;
    } else if (--i32[RunState.fuel >> 2]! < 0) {
      // Compiled code without loops counts nothing.
      throw this.fault('fuel', `ran ${i32[RunState.fuelLimit >> 2]} instructions without an end`);
    }
    this.runnable(program).call(target >> 2);
    i32[RunState.pc >> 2] = pc;
  }

  /** Calls a function of a program outside of any run, as timers do, with r1 ... r5 of the register file. Throws VmFault. */
  invoke(program: Program, cpu: number, low: number, high: number): void {
    const i32 = this.#i32;
    i32[Current.cpu >> 2] = cpu;
    i32[RunState.program >> 2] = program.slot;
    i32[RunState.refills >> 2] = MAX_LOOPS;
    i32[RunState.tailCalls >> 2] = 0;
    // The function's frame is the one below.
    this.registers[20] = FRAME_TOP + FRAME_SIZE;
    this.registers[21] = KERNEL_TAG;
    const runnable = this.runnable(program);
    try {
      this.callback(low, high);
    } catch (error) {
      if (!(error instanceof ProgramExit)) throw runnable.explain(error);
      this.#exit(program, cpu, error);
    }
  }

  /** `bpf_throw`: what was thrown is the result, or what the program's function for it makes of it. */
  #exit({ name, slot, mode }: Program, cpu: number, { low, high }: ProgramExit): void {
    const image = this.#images[slot];
    const callback = image && exceptionCallback(image.object, name);
    const code = image?.object.functions.find((one) => one.name === callback);
    if (image === undefined || code === undefined) {
      this.registers[0] = low;
      this.registers[1] = high;
      return;
    }
    const entry = image.object.programs.find((one) => one.name === name)!;
    const handler =
      this.#handlers[slot] ?? this.#loadProgram({ ...entry, ...code }, image.object, image.maps, mode);
    this.#handlers[slot] = handler;
    // Compiled programs have no way in but as programs; this one is called as a function, and rarely.
    this.#runnables[handler.slot] ??= this.interpreter.prepare(handler);
    this.registers[2] = low;
    this.registers[3] = high;
    this.invoke(handler, cpu, handler.codeAddress, CODE_TAG);
  }

  /** Runs a helper for code that has stored its arguments: what every engine calls. */
  callHelper(id: number): void {
    const helper = this.helpers[id];
    if (helper === undefined) {
      const name = helperById(id)?.name;
      const text = name === undefined ? id : `bpf_${name}`;
      throw this.fault('helper', `calls helper ${text}, which this machine does not have`);
    }
    helper(this.registers);
  }

  /** A fault of the instruction that calls a helper, in the words given. */
  fault(kind: FaultKind, message: string, more: Partial<FaultDetails> = {}): VmFault {
    const instruction = this.#i32[RunState.pc >> 2]!;
    const program = this.runningProgram;
    const span = program?.instructions[instruction]?.span;
    return new VmFault(message, { ...more, kind, program: program?.name ?? 'no program', instruction, span });
  }

  /** Throws unless the running program may have `bytes` at this address read or written for it; trusted ones may. */
  checkArgument(low: number, high: number, bytes: number, write: boolean): void {
    if (bytes <= 0 || (this.runningProgram?.mode ?? this.mode) === 'trusted') return;
    if (high === KERNEL_TAG && this.memory.regions.allows(low >>> 0, bytes, write)) return;
    throw this.accessFault(low, high, bytes, write ? 'write' : 'read');
  }

  accessFault(low: number, high: number, bytes: number, access: 'read' | 'write'): VmFault {
    const { message, ...details } = accessText(this.memory, low, high, bytes, access);
    return this.fault('access', message, details);
  }

  /** The object of the program that runs. */
  get runningObject(): BpfObject | undefined {
    return this.#images[this.#i32[RunState.program >> 2]!]?.object;
  }

  /** None before the first run. */
  get runningProgram(): Program | undefined {
    return this.#programs[this.#i32[RunState.program >> 2]!];
  }

  #initialise(maps: ReadonlyMap<string, UserMap>, name: string, bytes: Uint8Array): void {
    const map = maps.get(name);
    if (map === undefined) throw new LoadError(`data for '${name}', which is no map of the object`);
    if (bytes.length > map.valueSize)
      throw new LoadError(`map ${name}: ${bytes.length} bytes of data, and values have ${map.valueSize}`);
    const value = new Uint8Array(map.valueSize);
    value.set(bytes);
    const result = map.update(new Uint8Array(map.keySize), value, 0);
    if (result !== 0) throw new LoadError(`map ${name} does not take its data`, result);
  }

  #loadProgram(
    program: BpfProgram,
    object: BpfObject,
    maps: ReadonlyMap<string, UserMap>,
    mode: MemoryMode,
  ): Program {
    const { type } = program;
    if (type === 'unspec') throw new LoadError(`program ${program.name}: ${missingType(program)}`);
    const place = { codeAddress: this.#nextCode | 0, slot: this.takeSlots(1), mode, type };
    const loaded = relocate(program, object.functions, place, {
      map: (name) => maps.get(name)?.map,
      kfunc: (name) => this.kfuncNumber(name),
    });
    this.#nextCode += loaded.slots.length * 8;
    checkTailCalls(loaded, maps);
    this.#programs[place.slot] = loaded;
    this.#images[place.slot] = { object, maps };
    return loaded;
  }
}

/** A machine with empty memory. */
export function createMachine(options: MachineOptions = {}): Machine {
  return new Machine(options);
}
